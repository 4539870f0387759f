/** Carries requests through n8n's own HTTP helper, with the token that the credential provides. */
import type {
	IAllExecuteFunctions,
	ICredentialDataDecryptedObject,
	IHttpRequestOptions,
	IN8nHttpFullResponse,
} from 'n8n-workflow';
import { readAccount } from '../account';
import type { Transport, TransportRequest, TransportResponse } from './types';
import { networkError } from '../errors/DingTalkError';
import { abortable, onAbort } from '../utils/abort';
import { rejectToken, tokenFailure, onSend } from './tokenCache';
import { MINUTE } from '../utils/time';

export const CREDENTIAL = 'dingTalkCalendarApi';

/** Without a word from DingTalk. */
const TIMEOUT_MS = 30_000;
/** An answer that trickles in never is without a word; a call takes no longer than this all the same. */
const TOTAL_TIMEOUT_MS = MINUTE;
const SHARED_TIMEOUT_MS = 1000;

interface RequestFailure {
	cause?: unknown;
	code?: string;
	httpCode?: string;
}

/** Either there was no token, or no answer. The raw failure is dropped: it holds the request with its token. */
function toDingTalkError(failure: RequestFailure, credentials: ICredentialDataDecryptedObject, url: string): Error {
	const noToken = tokenFailure(credentials);
	if (noToken) return noToken;
	const { cause, code, httpCode } = failure;
	return networkError(new URL(url).host, (cause as RequestFailure | undefined)?.code ?? code ?? httpCode ?? '');
}

function buildHttpOptions({ method, url, query, body, headers }: TransportRequest): IHttpRequestOptions {
	const options: IHttpRequestOptions = {
		method,
		url,
		headers,
		json: true,
		returnFullResponse: true,
		// DingTalk's refusals are read from the body; n8n would put its own words in their place.
		ignoreHttpStatusErrors: true,
		timeout: TIMEOUT_MS,
	};
	if (query && Object.keys(query).length > 0) options.qs = query;
	if (body !== undefined) options.body = body as IHttpRequestOptions['body'];
	return options;
}

let sharedTimeout: { signal: AbortSignal; setAt: number } | undefined;

/** Calls that begin within a second share one: an alarm for each takes more time than the rest of what is done here. */
function totalTimeoutSignal(): AbortSignal {
	const now = Date.now();
	if (!sharedTimeout || sharedTimeout.signal.aborted || Math.abs(now - sharedTimeout.setAt) >= SHARED_TIMEOUT_MS)
		sharedTimeout = { signal: AbortSignal.timeout(TOTAL_TIMEOUT_MS), setAt: now };
	return sharedTimeout.signal;
}

/** The old API puts it into the body. */
function readRequestId({ headers, body }: IN8nHttpFullResponse): string | undefined {
	const inBody = typeof body === 'object' && body !== null ? (body as { request_id?: unknown }).request_id : undefined;
	const id = headers['x-acs-request-id'] ?? inBody;
	return typeof id === 'string' ? id : undefined;
}

/** n8n cuts off what a context sends when the signal comes that it gets from the context. */
const withCancelSignal = (signal: AbortSignal, context: IAllExecuteFunctions): IAllExecuteFunctions =>
	Object.create(context, { getExecutionCancelSignal: { value: () => signal } }) as IAllExecuteFunctions;

/** Reads the credential once; each request then carries a copy of it, so that n8n does not decrypt it every time. */
export async function createTransport(context: IAllExecuteFunctions): Promise<Transport> {
	const stored = await context.getCredentials(CREDENTIAL);
	const reference = context.getNode().credentials?.[CREDENTIAL];
	const stop = 'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
	return {
		account: readAccount(stored),
		async send(request: TransportRequest): Promise<TransportResponse> {
			// Empty, so that n8n asks the credential for the token, whatever was stored.
			const data: ICredentialDataDecryptedObject = { ...stored, accessToken: '' };
			if (request.onSent) onSend(data, request.onSent);
			// One for each request, because n8n listens to it for each request.
			const cut = new AbortController();
			const forget = [
				onAbort(totalTimeoutSignal(), () => cut.abort(networkError(new URL(request.url).host, 'ETIMEDOUT'))),
				onAbort(request.ignoreStop ? undefined : stop, () => cut.abort(stop?.reason)),
			];
			const sending = context.helpers.httpRequestWithAuthentication
				.call(withCancelSignal(cut.signal, context), CREDENTIAL, buildHttpOptions(request), {
					credentialsDecrypted: {
						id: reference?.id ?? '',
						name: reference?.name ?? '',
						type: CREDENTIAL,
						data,
					},
				})
				.catch((failure: RequestFailure) => toDingTalkError(failure, data, request.url));
			const answer = (await abortable(sending, cut.signal).finally(() => {
				for (const each of forget) each();
			})) as IN8nHttpFullResponse | Error;
			if (answer instanceof Error) throw answer;
			return {
				status: answer.statusCode,
				body: answer.body,
				requestId: readRequestId(answer),
				rejectToken: () => rejectToken(data),
			};
		},
	};
}

/** Carries requests through n8n's own HTTP helper, with the token that the credential provides. */
import type {
	IAllExecuteFunctions,
	ICredentialDataDecryptedObject,
	IHttpRequestOptions,
	IN8nHttpFullResponse,
} from 'n8n-workflow';
import { accountFrom } from '../account';
import type { Wire, WireAnswer, WireRequest } from './client';
import { networkTrouble } from '../errors/DingTalkError';
import { unlessStopped, whenStopped } from '../utils/abort';
import { refuseToken, tokenTrouble, whenCarried } from './tokenCache';

export const CREDENTIAL = 'dingTalkCalendarApi';

/** Without a word from DingTalk. */
const TIMEOUT_MS = 30_000;
/** An answer that trickles in never is without a word; a call takes no longer than this all the same. */
const LONGEST_MS = 60_000;
const SHARED_FOR_MS = 1000;

interface Failure {
	cause?: unknown;
	code?: string;
	httpCode?: string;
}

/** Either there was no token, or no answer. The raw failure is dropped: it holds the request with its token. */
function whatFailed(failure: Failure, credentials: ICredentialDataDecryptedObject, url: string): Error {
	const noToken = tokenTrouble(credentials);
	if (noToken) return noToken;
	const { cause, code, httpCode } = failure;
	return networkTrouble(new URL(url).host, (cause as Failure | undefined)?.code ?? code ?? httpCode ?? '');
}

function httpOptions({ method, url, query, body, headers }: WireRequest): IHttpRequestOptions {
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

let alarm: { signal: AbortSignal; setAt: number } | undefined;

/** Calls that begin within a second share one: an alarm for each takes more time than the rest of what is done here. */
function timeOut(): AbortSignal {
	const now = Date.now();
	if (!alarm || alarm.signal.aborted || Math.abs(now - alarm.setAt) >= SHARED_FOR_MS)
		alarm = { signal: AbortSignal.timeout(LONGEST_MS), setAt: now };
	return alarm.signal;
}

/** The old API puts it into the body. */
function requestIdIn({ headers, body }: IN8nHttpFullResponse): string | undefined {
	const inBody = typeof body === 'object' && body !== null ? (body as { request_id?: unknown }).request_id : undefined;
	const id = headers['x-acs-request-id'] ?? inBody;
	return typeof id === 'string' ? id : undefined;
}

/** n8n cuts off what a context sends when the signal comes that it gets from the context. */
const cutBy = (signal: AbortSignal, context: IAllExecuteFunctions): IAllExecuteFunctions =>
	Object.create(context, { getExecutionCancelSignal: { value: () => signal } }) as IAllExecuteFunctions;

/** Reads the credential once; each request then carries a copy of it, so that n8n does not decrypt it every time. */
export async function openWire(context: IAllExecuteFunctions): Promise<Wire> {
	const stored = await context.getCredentials(CREDENTIAL);
	const reference = context.getNode().credentials?.[CREDENTIAL];
	const stop = 'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
	return {
		account: accountFrom(stored),
		async send(request: WireRequest): Promise<WireAnswer> {
			// Empty, so that n8n asks the credential for the token, whatever was stored.
			const data: ICredentialDataDecryptedObject = { ...stored, accessToken: '' };
			if (request.started) whenCarried(data, request.started);
			// One for each request, because n8n listens to it for each request.
			const cut = new AbortController();
			const forget = [
				whenStopped(timeOut(), () => cut.abort(networkTrouble(new URL(request.url).host, 'ETIMEDOUT'))),
				whenStopped(request.uncut ? undefined : stop, () => cut.abort(stop?.reason)),
			];
			const sending = context.helpers.httpRequestWithAuthentication
				.call(cutBy(cut.signal, context), CREDENTIAL, httpOptions(request), {
					credentialsDecrypted: {
						id: reference?.id ?? '',
						name: reference?.name ?? '',
						type: CREDENTIAL,
						data,
					},
				})
				.catch((failure: Failure) => whatFailed(failure, data, request.url));
			const answer = (await unlessStopped(sending, cut.signal).finally(() => {
				for (const each of forget) each();
			})) as IN8nHttpFullResponse | Error;
			if (answer instanceof Error) throw answer;
			return {
				status: answer.statusCode,
				body: answer.body,
				requestId: requestIdIn(answer),
				refuseToken: () => refuseToken(data),
			};
		},
	};
}

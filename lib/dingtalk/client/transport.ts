/** The HTTP transport: sends requests through n8n's HTTP helper, with the token of the credential. */
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
import { isProved, onSend, rejectToken, secretsOf, tokenFailure } from './tokenCache';
import { createRedactor } from '../utils/redact';
import { MINUTE, monotonicNow, SECOND } from '../utils/time';

export const CREDENTIAL = 'dingTalkCalendarApi';

/** How long the connection may be silent. */
const TIMEOUT_MS = 30 * SECOND;
/** How long a call may take in all, however slowly the response arrives. */
const TOTAL_TIMEOUT_MS = MINUTE;
const SHARED_TIMEOUT_MS = SECOND;

interface RequestFailure {
	cause?: unknown;
	code?: string;
	httpCode?: string;
}

/** The error for a request without a token or without a response. The original error is dropped: it contains the token. */
function toDingTalkError(failure: RequestFailure, credentials: ICredentialDataDecryptedObject, url: string): Error {
	const tokenError = tokenFailure(credentials);
	if (tokenError) return tokenError;
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
		// DingTalk's errors are read from the body; n8n would replace their messages.
		ignoreHttpStatusErrors: true,
		timeout: TIMEOUT_MS,
	};
	if (query && Object.keys(query).length > 0) options.qs = query;
	if (body !== undefined) options.body = body as IHttpRequestOptions['body'];
	return options;
}

let sharedTimeout: { signal: AbortSignal; setAt: number } | undefined;

/** Calls that start within a second share a timer: a timer for each would cost more than the rest of the transport. */
function totalTimeoutSignal(): AbortSignal {
	const now = monotonicNow();
	if (!sharedTimeout || sharedTimeout.signal.aborted || now - sharedTimeout.setAt >= SHARED_TIMEOUT_MS)
		sharedTimeout = { signal: AbortSignal.timeout(TOTAL_TIMEOUT_MS), setAt: now };
	return sharedTimeout.signal;
}

/** The old API returns it in the body. */
function readRequestId({ headers, body }: IN8nHttpFullResponse): string | undefined {
	const inBody = typeof body === 'object' && body !== null ? (body as { request_id?: unknown }).request_id : undefined;
	const id = headers['x-acs-request-id'] ?? inBody;
	return typeof id === 'string' ? id : undefined;
}

/** n8n cancels the requests of a context when the context's cancel signal is aborted; this replaces that signal. */
const withCancelSignal = (signal: AbortSignal, context: IAllExecuteFunctions): IAllExecuteFunctions =>
	Object.create(context, { getExecutionCancelSignal: { value: () => signal } }) as IAllExecuteFunctions;

/** Creates the transport of a run. It reads the credential once; each request carries a copy, so that n8n does not decrypt it again. */
export async function createTransport(context: IAllExecuteFunctions): Promise<Transport> {
	const stored = await context.getCredentials(CREDENTIAL);
	const reference = context.getNode().credentials?.[CREDENTIAL];
	const account = readAccount(stored);
	if (account.appType === 'user') account.person = reference?.id ?? undefined;
	const stopSignal = 'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
	return {
		account,
		isProved: () => isProved(account),
		async send(request: TransportRequest): Promise<TransportResponse> {
			// Empty, so that n8n calls preAuthentication for the token, whatever is stored.
			const data: ICredentialDataDecryptedObject = { ...stored, accessToken: '' };
			// One per request, because n8n adds a listener for each request.
			const controller = new AbortController();
			const startTimeout = (): (() => void) =>
				onAbort(totalTimeoutSignal(), () => controller.abort(networkError(new URL(request.url).host, 'ETIMEDOUT')));
			let removeTimeout = startTimeout();
			onSend(data, {
				onSent: request.onSent,
				async beforeSend() {
					if (!request.beforeSend) return;
					// Waiting for the rate limiter does not count towards the time-out.
					removeTimeout();
					await request.beforeSend();
					removeTimeout = startTimeout();
				},
			});
			const removeStop = onAbort(request.ignoresAbort ? undefined : stopSignal, () =>
				controller.abort(stopSignal?.reason),
			);
			const sent = context.helpers.httpRequestWithAuthentication
				.call(withCancelSignal(controller.signal, context), CREDENTIAL, buildHttpOptions(request), {
					credentialsDecrypted: {
						id: reference?.id ?? '',
						name: reference?.name ?? '',
						type: CREDENTIAL,
						data,
					},
				})
				.catch((failure: RequestFailure) => toDingTalkError(failure, data, request.url));
			const response = (await abortable(sent, controller.signal).finally(() => {
				removeTimeout();
				removeStop();
			})) as IN8nHttpFullResponse | Error;
			if (response instanceof Error) throw response;
			const redact = createRedactor(secretsOf(data, account));
			return {
				status: response.statusCode,
				body: redact(response.body),
				requestId: redact(readRequestId(response)),
				rejectToken: () => rejectToken(data),
			};
		},
	};
}

/** Carries requests through n8n's own HTTP helper, with the token that the credential provides. */
import type {
	IAllExecuteFunctions,
	ICredentialDataDecryptedObject,
	IHttpRequestOptions,
	IN8nHttpFullResponse,
} from 'n8n-workflow';
import { accountFrom } from './account';
import type { Wire, WireAnswer, WireRequest } from './client';
import { networkTrouble } from './errors';
import { unlessStopped } from './pace';
import { refuseToken, tokenTrouble, whenCarried } from './token';

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
	if (!alarm || alarm.signal.aborted || Math.abs(now - alarm.setAt) >= SHARED_FOR_MS) alarm = { signal: AbortSignal.timeout(LONGEST_MS), setAt: now };
	return alarm.signal;
}

const inTime = async <T>(work: Promise<T>, url: string): Promise<T> =>
	await unlessStopped(work, timeOut(), () => networkTrouble(new URL(url).host, 'ETIMEDOUT'));

/** The old API puts it into the body. */
function requestIdIn({ headers, body }: IN8nHttpFullResponse): string | undefined {
	const inBody = typeof body === 'object' && body !== null ? (body as { request_id?: unknown }).request_id : undefined;
	const id = headers['x-acs-request-id'] ?? inBody;
	return typeof id === 'string' ? id : undefined;
}

/** n8n cuts off what the context sends when the execution is stopped; it asks the context for the signal. */
const uncut = (context: IAllExecuteFunctions): IAllExecuteFunctions =>
	Object.create(context, { getExecutionCancelSignal: { value: () => undefined } }) as IAllExecuteFunctions;

/** Reads the credential once; each request then carries a copy of it, so that n8n does not decrypt it every time. */
export async function openWire(context: IAllExecuteFunctions): Promise<Wire> {
	const stored = await context.getCredentials(CREDENTIAL);
	const reference = context.getNode().credentials?.[CREDENTIAL];
	return {
		account: accountFrom(stored),
		async send(request: WireRequest): Promise<WireAnswer> {
			// Empty, so that n8n asks the credential for the token, whatever was stored.
			const data: ICredentialDataDecryptedObject = { ...stored, accessToken: '' };
			if (request.started) whenCarried(data, request.started);
			const sending = context.helpers.httpRequestWithAuthentication
				.call(request.uncut ? uncut(context) : context, CREDENTIAL, httpOptions(request), {
					credentialsDecrypted: {
						id: reference?.id ?? '',
						name: reference?.name ?? '',
						type: CREDENTIAL,
						data,
					},
				})
				.catch((failure: Failure) => whatFailed(failure, data, request.url));
			const answer = (await inTime(sending, request.url)) as IN8nHttpFullResponse | Error;
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

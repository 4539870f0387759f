/** The first step of a Stream connection: DingTalk says where to connect, and hands out a ticket that is good once. */
import type { IHttpRequestHelper } from 'n8n-workflow';
import { regionName, type Account } from '../account';
import { readError } from '../client/parseResponse';
import type { ApiCall } from '../endpoints';
import { DingTalkError, networkError, type ErrorKind } from '../errors/DingTalkError';
import { SECOND } from '../utils/time';

const TIMEOUT_MS = 20 * SECOND;

/** Needs no token and no permission: the app shows its secret instead. */
const OPEN_CALL: ApiCall = {
	action: 'open a Stream connection',
	method: 'POST',
	path: '/v1.0/gateway/connections/open',
	style: 'new',
	scope: 'qyapi_base',
	isRead: true,
	metered: false,
	responseBody: 'json',
};

/** `*`: everything that is ticked in the developer console. */
const SUBSCRIPTIONS = [{ type: 'EVENT', topic: '*' }];
const USER_AGENT = 'n8n-nodes-dingtalk-calendar/1.0';

interface OpenBody {
	endpoint?: unknown;
	ticket?: unknown;
	code?: string;
	message?: string;
	requestid?: string;
}

interface Failure {
	code?: string;
	cause?: { code?: string };
}

/** Refusals that are not about the app, and are the same for every call. */
const GATEWAY_ERRORS: readonly ErrorKind[] = ['throttle', 'address', 'banned'];

const SET_UP_STREAM =
	"In the DingTalk developer console open your app, choose Event Subscription, set the push mode to Stream, tick the calendar's event change, and publish the app.";

/** The URL to connect to, within ninety seconds and once. Never rejects with the raw failure, which holds the secret. */
export async function requestTicket(
	account: Account,
	helpers: Pick<IHttpRequestHelper['helpers'], 'httpRequest'>,
): Promise<string> {
	const url = account.hosts.api + OPEN_CALL.path;
	const answer = (await helpers
		.httpRequest({
			method: 'POST',
			url,
			body: {
				clientId: account.clientId,
				clientSecret: account.clientSecret,
				subscriptions: SUBSCRIPTIONS,
				ua: USER_AGENT,
			},
			// Without it DingTalk answers in XML.
			headers: { Accept: 'application/json' },
			json: true,
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			// The secret goes nowhere else.
			maxRedirects: 0,
			timeout: TIMEOUT_MS,
		})
		.catch((failure: Failure) => networkError(new URL(url).host, failure.code ?? failure.cause?.code ?? ''))) as
		{ statusCode: number; body: unknown } | Error;
	if (answer instanceof Error) throw answer;
	const body = (typeof answer.body === 'object' && answer.body !== null ? answer.body : {}) as OpenBody;
	const { endpoint, ticket } = body;
	if (answer.statusCode >= 400) throw explainTicketError(account, answer.statusCode, answer.body);
	if (typeof endpoint !== 'string' || typeof ticket !== 'string' || !isTrustedEndpoint(endpoint, account))
		throw unexpectedResponseError(account, answer.statusCode);
	const target = new URL(endpoint);
	target.searchParams.set('ticket', ticket);
	return target.href;
}

/** The ticket lets anybody read the events, so it is not sent in the clear, except to this machine. */
function isTrustedEndpoint(endpoint: string, { hosts }: Account): boolean {
	if (!URL.canParse(endpoint)) return false;
	const { protocol, hostname } = new URL(endpoint);
	if (protocol === 'wss:') return true;
	const api = new URL(hosts.api);
	return protocol === 'ws:' && api.protocol === 'http:' && api.hostname === hostname;
}

const unexpectedResponseError = (account: Account, status: number, code?: string): DingTalkError =>
	new DingTalkError({
		kind: 'credentials',
		message: `${account.hosts.api} does not answer like DingTalk when a Stream connection is opened`,
		advice: "Check 'Region' (or 'API Base URL') in the credential.",
		status,
		code,
	});

function explainTicketError(account: Account, status: number, sent: unknown): DingTalkError {
	const { code, message, requestid } = (typeof sent === 'object' && sent !== null ? sent : {}) as OpenBody;
	const evidence = { status, code, text: message, requestId: requestid };
	if (status >= 500) {
		return new DingTalkError({
			kind: 'server',
			message: 'DingTalk could not open a Stream connection at the moment',
			advice: 'Try again in a few minutes.',
			...evidence,
		});
	}
	const general = readError({ status, body: sent }, OPEN_CALL);
	if (general && GATEWAY_ERRORS.includes(general.kind)) return general;
	if (status === 404 || typeof sent === 'string') return unexpectedResponseError(account, status, code);
	if (status !== 401) {
		return new DingTalkError({
			kind: 'permission',
			message: `${regionName(account)} does not let this app open a Stream connection`,
			advice: SET_UP_STREAM,
			...evidence,
		});
	}
	return new DingTalkError({
		kind: 'credentials',
		message: `${regionName(account)} does not accept the 'Client ID' or 'Client Secret' for a Stream connection`,
		advice: `Copy both again from the app's page in the DingTalk developer console, and check 'Region'. ${SET_UP_STREAM}`,
		...evidence,
	});
}

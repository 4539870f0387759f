/** Requests the ticket for a Stream connection: DingTalk returns the address to connect to and a ticket to use once. */
import type { IHttpRequestHelper } from 'n8n-workflow';
import { regionName, type Account } from '../../account';
import { readError, readErrorFields } from '../../client/parseResponse';
import type { ApiCall } from '../../endpoints';
import { DingTalkError, networkError, type ErrorKind } from '../../errors/DingTalkError';
import { storedSecrets } from '../../signIn';
import { createRedactor, MIN_SECRET_LENGTH } from '../../utils/redact';
import { SECOND } from '../../utils/time';
import { t } from '../../../locale/t';

const TIMEOUT_MS = 20 * SECOND;

/** Needs no access token and no permission: the app sends its secret instead. */
const OPEN_CONNECTION: ApiCall = {
	action: t`open a Stream connection`,
	method: 'POST',
	path: '/v1.0/gateway/connections/open',
	style: 'new',
	scope: 'qyapi_base',
	isRead: true,
	metered: false,
	responseBody: 'json',
};

/** `*`: all events that are selected in the developer console. */
const SUBSCRIPTIONS = [{ type: 'EVENT', topic: '*' }];
const USER_AGENT = 'n8n-nodes-dingtalk-calendar/1.0';

/** Both clouds open Stream connections at hosts of these domains. */
const DINGTALK_DOMAINS = ['dingtalk.com', 'dingtalk.io'];

interface OpenResponse {
	endpoint?: unknown;
	ticket?: unknown;
}

const asObject = (body: unknown): OpenResponse => (typeof body === 'object' && body !== null ? body : {});

interface RequestFailure {
	code?: string;
	cause?: { code?: string };
}

/** Errors that any call can get and that say nothing about the app. */
const GATEWAY_ERRORS: readonly ErrorKind[] = ['throttle', 'address', 'banned'];

const SET_UP_STREAM = t`Open your app in the DingTalk developer console, choose Event Subscription, set the push mode to Stream, select Calendar Event Change (calendar_event_change), and publish the app.`;

/** Returns the URL to connect to, once and within 90 seconds. Never rejects with the raw error, which contains the secret. */
export async function requestTicket(
	account: Account,
	helpers: Pick<IHttpRequestHelper['helpers'], 'httpRequest'>,
): Promise<string> {
	const url = account.hosts.api + OPEN_CONNECTION.path;
	const response = (await helpers
		.httpRequest({
			method: 'POST',
			url,
			body: {
				clientId: account.clientId,
				clientSecret: account.clientSecret,
				subscriptions: SUBSCRIPTIONS,
				ua: USER_AGENT,
			},
			// Otherwise DingTalk answers in XML.
			headers: { Accept: 'application/json' },
			json: true,
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			// A redirect must not send the secret to another server.
			maxRedirects: 0,
			timeout: TIMEOUT_MS,
		})
		.catch((failure: RequestFailure) => networkError(new URL(url).host, failure.code ?? failure.cause?.code ?? ''))) as
		{ statusCode: number; body: unknown } | Error;
	if (response instanceof Error) throw response;
	const { endpoint, ticket } = asObject(response.body);
	if (response.statusCode >= 400) {
		// A gateway may quote what it was sent.
		const body = createRedactor(storedSecrets(account))(response.body);
		throw toTicketError(account, response.statusCode, body);
	}
	if (typeof endpoint !== 'string' || typeof ticket !== 'string' || !URL.canParse(endpoint))
		throw unexpectedResponseError(account, response.statusCode);
	const target = new URL(endpoint);
	const isQuoting = [account.clientSecret, ticket].some((secret) => isSecretIn(target.host, secret));
	if (isQuoting || !isTrustedEndpoint(target, account))
		throw foreignEndpointError(account, isQuoting ? '' : target.host);
	target.searchParams.set('ticket', ticket);
	return target.href;
}

/**
 * Anyone with the ticket can read the events, and a server at the endpoint can forge them. So the endpoint must belong
 * to DingTalk or be the host of the API, and the connection is encrypted unless the API itself uses plain HTTP.
 */
function isTrustedEndpoint(endpoint: URL, { hosts }: Account): boolean {
	const api = new URL(hosts.api);
	const isApiHost = endpoint.hostname === api.hostname;
	if (endpoint.protocol === 'ws:') return isApiHost && api.protocol === 'http:';
	const isDingTalk = DINGTALK_DOMAINS.some((domain) => endpoint.hostname.endsWith(`.${domain}`));
	return endpoint.protocol === 'wss:' && (isApiHost || isDingTalk);
}

/** The answer is not from DingTalk, for example from a proxy; this may be temporary. */
const unexpectedResponseError = (account: Account, status: number, code?: string): DingTalkError =>
	new DingTalkError({
		kind: 'server',
		message: t`${account.hosts.api} did not respond like DingTalk when a Stream connection was requested`,
		advice: t`Check 'Region' (or 'API Base URL') in the credential.`,
		status,
		code,
	});

/** A host name is in small letters, so a secret in it is looked for without regard to case. */
const isSecretIn = (host: string, secret: string): boolean =>
	secret.length >= MIN_SECRET_LENGTH && host.includes(secret.toLowerCase());

/** A host that contains a secret is neither named nor looked up, even if it is one of DingTalk's domains. */
function foreignEndpointError(account: Account, host: string): DingTalkError {
	const named = host === '' ? '' : t`: ${host}`;
	return new DingTalkError({
		kind: 'server',
		message: t`${account.hosts.api} returned an address for the Stream connection that does not belong to DingTalk${named}`,
		advice: t`Check 'Region' (or 'API Base URL') in the credential, and any proxy between n8n and DingTalk.`,
	});
}

function toTicketError(account: Account, status: number, responseBody: unknown): DingTalkError {
	const details = readErrorFields({ status, body: responseBody });
	const { code } = details;
	if (status >= 500) {
		return new DingTalkError({
			kind: 'server',
			message: t`DingTalk cannot open a Stream connection at the moment`,
			advice: t`Try again in a few minutes.`,
			...details,
		});
	}
	const general = readError({ status, body: responseBody }, OPEN_CONNECTION);
	if (general && GATEWAY_ERRORS.includes(general.kind)) return general;
	if (status === 404 || typeof responseBody === 'string') return unexpectedResponseError(account, status, code);
	if (status !== 401) {
		return new DingTalkError({
			kind: 'permission',
			message: t`${regionName(account)} does not allow this app to open a Stream connection`,
			advice: SET_UP_STREAM,
			...details,
		});
	}
	return new DingTalkError({
		kind: 'credentials',
		message: t`${regionName(account)} does not accept the 'Client ID' or 'Client Secret' for a Stream connection`,
		advice: t`Copy both again from the app's page in the DingTalk developer console, and check 'Region' in the credential. ${SET_UP_STREAM}`,
		...details,
	});
}

/**
 * Access tokens: fetched once for everybody in the process, renewed before they expire, replaced when DingTalk takes
 * them back early.
 *
 * Why here and not in n8n's own credential storage: n8n renews only on 401, which DingTalk does not send; it has no
 * single flight, so twenty items at once would fetch twenty tokens; and it writes the database at each renewal. The
 * credential's expirable property therefore stays empty, which makes n8n ask `provideToken` before every request; the
 * answer comes from this cache without a call.
 */
import { createHash } from 'node:crypto';
import { accountFrom, AccountError, regionName, type Account } from './account';
import { DingTalkError, networkTrouble } from './errors';

export interface TokenRequest {
	url: string;
	body: Record<string, string>;
}

export interface TokenAnswer {
	status: number;
	body: unknown;
}

/** Sends one token request; rejects only when no answer came. */
export type AskForToken = (request: TokenRequest) => Promise<TokenAnswer>;

interface Token {
	value: string;
	/** From here on it is renewed before use, although DingTalk would still take it. */
	renewAt: number;
	expiresAt: number;
	/** The one to use for the next renewal; DingTalk may hand out a new one each time. */
	refreshToken: string;
}

interface Flight {
	token?: Token;
	fetching?: Promise<Token>;
	/** A refusal of the credential itself; kept a moment so that a thousand items do not ask a thousand times. */
	refusal?: { error: DingTalkError; until: number };
	/** DingTalk gave the refused token out again: it stands by it, so asking once more is useless until then. */
	vouchedUntil?: number;
	/** A new refresh token came that nobody has stored yet. */
	rotated?: boolean;
}

const RENEW_BEFORE_MS = 5 * 60_000;
const REFUSAL_MEMORY_MS = 5_000;
const VOUCHED_MS = 60_000;
/** Several accounts of one company are usual, thousands are not. */
const MAX_ACCOUNTS = 500;

const flights = new Map<string, Flight>();
/** Why a credentials object got none. n8n hands the error on in a wrapping of its own, which older versions empty. */
const troubles = new WeakMap<object, Error>();
/** Which token each credentials object was given. n8n passes one and the same object from here to `carryToken`. */
const handed = new WeakMap<object, string>();

/** Two credentials share a token only when every part that decides about it is the same. */
function keyOf({ hosts, appType, clientId, clientSecret, corpId }: Account, refreshToken: string): string {
	const parts = [hosts.api, appType, clientId, clientSecret, corpId, refreshToken];
	return createHash('sha256').update(JSON.stringify(parts)).digest('base64');
}

function flightOf(key: string): Flight {
	let flight = flights.get(key);
	if (!flight) {
		if (flights.size >= MAX_ACCOUNTS) flights.delete(flights.keys().next().value as string);
		flight = {};
		flights.set(key, flight);
	}
	return flight;
}

function requestFor(account: Account, refreshToken: string): TokenRequest {
	const { hosts, clientId, clientSecret, corpId } = account;
	switch (account.appType) {
		case 'internal':
			return { url: `${hosts.api}/v1.0/oauth2/accessToken`, body: { appKey: clientId, appSecret: clientSecret } };
		case 'thirdParty':
			return {
				url: `${hosts.api}/v1.0/oauth2/${encodeURIComponent(corpId)}/token`,
				body: { client_id: clientId, client_secret: clientSecret, grant_type: 'client_credentials' },
			};
		case 'user':
			return {
				url: `${hosts.api}/v1.0/oauth2/userAccessToken`,
				body: { clientId, clientSecret, refreshToken, grantType: 'refresh_token' },
			};
	}
}

/** Fields are camelCase or snake_case, depending on the endpoint. */
interface TokenBody {
	accessToken?: string;
	access_token?: string;
	expireIn?: number;
	expires_in?: number;
	refreshToken?: string;
	code?: string;
	message?: string;
	requestid?: string;
}

function refusalOf(account: Account, { status, body }: TokenAnswer): DingTalkError {
	const { code, message, requestid } = (typeof body === 'object' && body !== null ? body : {}) as TokenBody;
	const evidence = { status, code, text: message, requestId: requestid };
	const otherRegion =
		account.region === 'custom'
			? "'API Base URL'"
			: "'Region': an app made in mainland China is known only to China, one made on dingtalk.io only to International";
	if (code === 'unauthorized.client') {
		return new DingTalkError({
			trouble: 'credentials',
			message: "The organization in 'Corp ID' has not authorized this DingTalk app",
			advice: "Check 'Corp ID', and that the organization's administrator has installed the app.",
			...evidence,
		});
	}
	if (status >= 500 || status === 429) {
		return new DingTalkError({
			trouble: 'server',
			message: 'DingTalk could not give an access token at the moment',
			advice: 'Try again in a few minutes.',
			...evidence,
		});
	}
	if (status === 404 || typeof body === 'string') {
		return new DingTalkError({
			trouble: 'credentials',
			message: `${account.hosts.api} does not answer like DingTalk`,
			advice: "Check 'Region' (or 'API Base URL') in the credential.",
			...evidence,
		});
	}
	const what = account.appType === 'user' ? "'Client ID', 'Client Secret' or 'Refresh Token'" : "'Client ID' or 'Client Secret'";
	return new DingTalkError({
		trouble: 'credentials',
		message: `${regionName(account)} does not accept the ${what}`,
		advice: `Copy them again from the app's page in the DingTalk developer console, and check ${otherRegion}.${
			account.appType === 'user' ? ' A refresh token lives 30 days.' : ''
		}`,
		...evidence,
	});
}

async function fetchToken(account: Account, refreshToken: string, ask: AskForToken): Promise<Token> {
	const request = requestFor(account, refreshToken);
	const answer = await ask(request).catch((failure: { code?: string; cause?: { code?: string } }) =>
		networkTrouble(new URL(request.url).host, failure.code ?? failure.cause?.code ?? ''),
	);
	if (answer instanceof DingTalkError) throw answer;
	const body = (typeof answer.body === 'object' && answer.body !== null ? answer.body : {}) as TokenBody;
	const value = body.accessToken ?? body.access_token;
	if (!value) throw refusalOf(account, answer);
	const lifeMs = (body.expireIn ?? body.expires_in ?? 7200) * 1000;
	const expiresAt = Date.now() + lifeMs;
	return {
		value,
		expiresAt,
		renewAt: expiresAt - Math.min(RENEW_BEFORE_MS, lifeMs / 10),
		refreshToken: body.refreshToken ?? refreshToken,
	};
}

async function takeToken(account: Account, ask: AskForToken): Promise<Token> {
	const key = keyOf(account, account.refreshToken);
	const flight = flightOf(key);
	if (flight.token && Date.now() < flight.token.renewAt) return flight.token;
	if (flight.refusal && Date.now() < flight.refusal.until) throw flight.refusal.error;
	const current = flight.token;
	const refreshToken = current?.refreshToken ?? account.refreshToken;
	flight.fetching ??= fetchToken(account, refreshToken, ask)
		.then(
			(token) => {
				flight.token = token;
				flight.refusal = undefined;
				if (token.refreshToken !== refreshToken) {
					flight.rotated = true;
					// n8n will store the new refresh token; readers of either one must find the same access token.
					flights.set(keyOf(account, token.refreshToken), flight);
				}
				return token;
			},
			(error: DingTalkError) => {
				// Renewal comes early, so a token endpoint that is down for a moment stops nobody.
				if (current && error.trouble !== 'credentials' && current.renewAt > 0 && Date.now() < current.expiresAt) return current;
				if (error.trouble === 'credentials') flight.refusal = { error, until: Date.now() + REFUSAL_MEMORY_MS };
				return Promise.reject(error);
			},
		)
		.finally(() => {
			flight.fetching = undefined;
		});
	return await flight.fetching;
}

/** Forgets a token that DingTalk took back. A newer one that somebody else fetched meanwhile stays. */
function forget(account: Account, value: string): void {
	const flight = flightOf(keyOf(account, account.refreshToken));
	if (flight.token?.value === value && Date.now() >= (flight.vouchedUntil ?? 0)) flight.token.renewAt = 0;
}

/** DingTalk refused the token that this credentials object carried. */
export function refuseToken(credentials: Record<string, unknown>): void {
	const value = handed.get(credentials);
	if (value !== undefined) forget(accountFrom(credentials), value);
}

/** Why this credentials object has no token, when that is what went wrong. */
export const tokenTrouble = (credentials: Record<string, unknown>): Error | undefined => troubles.get(credentials);

export interface Provided {
	/** The token that this object carried before was refused and another one has taken its place. */
	replaced: boolean;
	/** Present, and only for one caller, when DingTalk replaced the refresh token: it must be stored. */
	newRefreshToken?: string;
}

/** Makes sure that this credentials object has a good token, fetching one only if nobody has. */
export async function provideToken(credentials: Record<string, unknown>, ask: AskForToken): Promise<Provided> {
	const account = accountFrom(credentials);
	const refused = handed.get(credentials);
	if (refused !== undefined) forget(account, refused);
	const token = await takeToken(account, ask).catch((error: Error) => {
		troubles.set(credentials, error);
		return Promise.reject(error);
	});
	const flight = flightOf(keyOf(account, account.refreshToken));
	if (refused === token.value) flight.vouchedUntil = Date.now() + VOUCHED_MS;
	handed.set(credentials, token.value);
	const newRefreshToken = flight.rotated ? token.refreshToken : undefined;
	flight.rotated = false;
	return { replaced: refused !== undefined && refused !== token.value, newRefreshToken };
}

interface Carrier {
	url?: string;
	uri?: string;
	baseURL?: string;
	headers?: Record<string, unknown>;
	qs?: Record<string, unknown>;
}

const NEW_STYLE = /^\/v\d+\.\d+\//;

/**
 * The request with the token where this kind of call wants it; the token never goes to another host. A copy, because
 * n8n's HTTP Request node shows the object it handed over in the editor and in errors.
 */
export function carryToken<T extends object>(credentials: Record<string, unknown>, request: T & Carrier): T {
	const { hosts } = accountFrom(credentials);
	const url = new URL(request.url ?? request.uri ?? '', request.baseURL);
	const own = [hosts.api, hosts.oldApi].map((host) => new URL(host).host);
	if (!own.includes(url.host)) {
		throw new AccountError(`This credential is for ${own[0]}; its token is not sent to ${url.host}`);
	}
	const token = handed.get(credentials);
	return NEW_STYLE.test(url.pathname)
		? { ...request, headers: { ...request.headers, 'x-acs-dingtalk-access-token': token } }
		: { ...request, qs: { ...request.qs, access_token: token } };
}

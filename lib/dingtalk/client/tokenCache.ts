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
import { accountFrom, AccountError, regionName, type Account } from '../account';
import type { ApiCall } from '../endpoints';
import { troubleIn } from './parseResponse';
import { DingTalkError, networkTrouble, type Trouble } from '../errors/DingTalkError';
import { keepRecent } from '../utils/lru';

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
	/** `perhaps`: a request failed with it, and n8n does not tell why. */
	refused?: 'surely' | 'perhaps';
}

interface Flight {
	token?: Token;
	fetching?: Promise<Token>;
	/** A refusal of the credential itself; kept a moment so that a thousand items do not ask a thousand times. */
	refusal?: { error: DingTalkError; until: number };
	/** DingTalk gave a token out again that it refuses: until then it would do so once more. */
	stuckUntil?: number;
	/** A token was renewed on suspicion; until then suspicions are not followed. */
	trustUntil?: number;
	/** A new refresh token came that is not stored yet. Whoever comes after this time is given it to store. */
	storeAt?: number;
}

const RENEW_BEFORE_MS = 5 * 60_000;
/** Nothing that went wrong with a token is tried again sooner. */
const PAUSE_MS = 10_000;
/** DingTalk's own figure, for an answer without a sensible one. */
const USUAL_LIFE_SECONDS = 7200;
/** Several accounts of one company are usual, thousands are not. */
const MAX_ACCOUNTS = 500;

interface Handed {
	flight: Flight;
	token: string;
}

const flights = new Map<string, Flight>();
/** Why a credentials object got none. n8n hands the error on in a wrapping of its own, which older versions empty. */
const troubles = new WeakMap<object, Error>();
/** What each credentials object was given. n8n passes one and the same object from here to `carryToken`. */
const handed = new WeakMap<object, Handed>();
/** Who wants to know when a request goes out with the token of this credentials object. */
const watchers = new WeakMap<object, () => void>();

/** Two credentials share a token only when every part that decides about it is the same. */
function keyOf({ hosts, appType, clientId, clientSecret, corpId }: Account, refreshToken: string): string {
	const parts = [hosts.api, appType, clientId, clientSecret, corpId, refreshToken];
	return createHash('sha256').update(JSON.stringify(parts)).digest('base64');
}

/** The account that was used longest ago makes room. */
function remember(key: string, flight: Flight): void {
	keepRecent(flights, key, flight, MAX_ACCOUNTS);
}

function flightOf(account: Account): Flight {
	const key = keyOf(account, account.refreshToken);
	const flight = flights.get(key) ?? {};
	remember(key, flight);
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

/** Only its name is used, in words about it. */
const TOKEN_CALL: ApiCall = {
	does: 'give an access token',
	method: 'POST',
	path: '/v1.0/oauth2',
	style: 'new',
	scope: 'qyapi_base',
	reads: true,
	metered: false,
	answers: 'json',
};

/** Refusals that are not about the credential, and are the same for every call. */
const OF_THE_GATEWAY: readonly Trouble[] = ['throttle', 'address', 'banned'];

function refusalOf(account: Account, answer: TokenAnswer): DingTalkError {
	const { status, body } = answer;
	const { code, message, requestid } = (typeof body === 'object' && body !== null ? body : {}) as TokenBody;
	const evidence = { status, code, text: message, requestId: requestid };
	if (status >= 500) {
		return new DingTalkError({
			trouble: 'server',
			message: 'DingTalk could not give an access token at the moment',
			advice: 'Try again in a few minutes.',
			...evidence,
		});
	}
	if (status < 400 || status === 404 || typeof body === 'string') {
		return new DingTalkError({
			trouble: 'credentials',
			message: `${account.hosts.api} does not answer like DingTalk`,
			advice: "Check 'Region' (or 'API Base URL') in the credential.",
			...evidence,
		});
	}
	const general = troubleIn(answer, TOKEN_CALL);
	if (general && OF_THE_GATEWAY.includes(general.trouble)) return general;
	if (code === 'unauthorized.client') {
		return new DingTalkError({
			trouble: 'credentials',
			message: "The organization in 'Corp ID' has not authorized this DingTalk app",
			advice: "Check 'Corp ID', and that the organization's administrator has installed the app.",
			...evidence,
		});
	}
	if (code?.includes('refreshToken')) {
		return new DingTalkError({
			trouble: 'credentials',
			message: `${regionName(account)} no longer accepts the 'Refresh Token'`,
			advice: 'It lives 30 days. Have the user sign in again and put the new refresh token into the credential.',
			...evidence,
		});
	}
	const otherRegion =
		account.region === 'custom'
			? "'API Base URL'"
			: "'Region': an app made in mainland China is known only to China, one made on dingtalk.io only to International";
	return new DingTalkError({
		trouble: 'credentials',
		message: `${regionName(account)} does not accept the 'Client ID' or 'Client Secret'`,
		advice: `Copy them again from the app's page in the DingTalk developer console, and check ${otherRegion}.`,
		...evidence,
	});
}

async function fetchToken(account: Account, refreshToken: string, ask: AskForToken): Promise<Token | DingTalkError> {
	const request = requestFor(account, refreshToken);
	const answer = await ask(request).catch((failure: { code?: string; cause?: { code?: string } }) =>
		networkTrouble(new URL(request.url).host, failure.code ?? failure.cause?.code ?? ''),
	);
	if (answer instanceof DingTalkError) return answer;
	const body = (typeof answer.body === 'object' && answer.body !== null ? answer.body : {}) as TokenBody;
	const value = body.accessToken ?? body.access_token;
	if (!value) return refusalOf(account, answer);
	const lifeMs = (Number(body.expireIn ?? body.expires_in) || USUAL_LIFE_SECONDS) * 1000;
	const expiresAt = Date.now() + lifeMs;
	return {
		value,
		expiresAt,
		renewAt: expiresAt - Math.min(RENEW_BEFORE_MS, lifeMs / 10),
		refreshToken: body.refreshToken ?? refreshToken,
	};
}

/** The client asks again after these, so they are not remembered. */
const PASSES_BY_ITSELF: readonly Trouble[] = ['server', 'network', 'throttle'];

async function renew(flight: Flight, account: Account, ask: AskForToken): Promise<Token> {
	const current = flight.token;
	const refreshToken = current?.refreshToken ?? account.refreshToken;
	const outcome = await fetchToken(account, refreshToken, ask);
	const now = Date.now();
	if (outcome instanceof DingTalkError) {
		// Renewal comes early, and suspicions are often wrong: a token that DingTalk still takes is worth more than none.
		if (current && current.refused !== 'surely' && now < current.expiresAt) {
			current.refused = undefined;
			current.renewAt = Math.min(Math.max(current.renewAt, now + PAUSE_MS), current.expiresAt);
			return current;
		}
		if (!PASSES_BY_ITSELF.includes(outcome.trouble)) flight.refusal = { error: outcome, until: now + PAUSE_MS };
		throw outcome;
	}
	flight.token = outcome;
	flight.refusal = undefined;
	if (current?.refused === 'surely' && current.value === outcome.value) flight.stuckUntil = now + PAUSE_MS;
	if (outcome.refreshToken !== refreshToken) {
		flight.storeAt = now;
		// n8n will store the new refresh token; readers of either one must find the same access token.
		remember(keyOf(account, outcome.refreshToken), flight);
	}
	return outcome;
}

async function takeToken(account: Account, ask: AskForToken): Promise<Token> {
	const flight = flightOf(account);
	const { token, refusal } = flight;
	if (token && !token.refused && Date.now() < token.renewAt) return token;
	if (refusal && Date.now() < refusal.until) throw refusal.error;
	flight.fetching ??= renew(flight, account, ask).finally(() => {
		flight.fetching = undefined;
	});
	return await flight.fetching;
}

/** The token in use, if it is still the one that was refused: somebody else may have fetched a newer one meanwhile. */
const ifInUse = ({ token }: Flight, value: string): Token | undefined => (token?.value === value ? token : undefined);

/** DingTalk refused the token that this credentials object carried. */
export function refuseToken(credentials: Record<string, unknown>): void {
	const given = handed.get(credentials);
	const token = given && ifInUse(given.flight, given.token);
	if (token && Date.now() >= (given.flight.stuckUntil ?? 0)) token.refused = 'surely';
}

/** A request with this token failed; n8n does not tell why, so the token may be good. */
function suspect(flight: Flight, value: string): void {
	const token = ifInUse(flight, value);
	if (!token || token.refused || Date.now() < (flight.trustUntil ?? 0)) return;
	token.refused = 'perhaps';
	flight.trustUntil = Date.now() + PAUSE_MS;
}

/** Why this credentials object has no token, when that is what went wrong. */
export const tokenTrouble = (credentials: Record<string, unknown>): Error | undefined => troubles.get(credentials);

export interface Provided {
	/** This object carried another token before; n8n asks again only after a request failed with it. */
	replaced: boolean;
	/** DingTalk replaced the refresh token, and this caller shall store the new one. */
	newRefreshToken?: string;
}

/** Makes sure that this credentials object has a good token, fetching one only if nobody has. */
export async function provideToken(credentials: Record<string, unknown>, ask: AskForToken): Promise<Provided> {
	const account = accountFrom(credentials);
	const flight = flightOf(account);
	const before = handed.get(credentials)?.token;
	if (before !== undefined) suspect(flight, before);
	const token = await takeToken(account, ask).catch((error: Error) => {
		troubles.set(credentials, error);
		return Promise.reject(error);
	});
	handed.set(credentials, { flight, token: token.value });
	const replaced = before !== undefined && before !== token.value;
	if (flight.storeAt === undefined || Date.now() < flight.storeAt) return { replaced };
	// One caller stores it; should that fail, another one is given it a little later.
	flight.storeAt = Date.now() + PAUSE_MS;
	return { replaced, newRefreshToken: token.refreshToken };
}

/** Calls back when a request gets its token, which is the last thing before it goes out. */
export function whenCarried(credentials: Record<string, unknown>, started: () => void): void {
	watchers.set(credentials, started);
}

interface Carrier {
	url?: string;
	uri?: string;
	baseURL?: string;
	headers?: Record<string, unknown>;
	qs?: Record<string, unknown>;
}

/** Anywhere in the path, because a proxy may have put something in front. */
const NEW_STYLE = /\/v\d+\.\d+\//;

/**
 * The request with the token where this kind of call wants it; the token never goes to another host, nor along with a
 * redirect. A copy, because n8n's HTTP Request node shows the object it handed over in the editor and in errors.
 */
export function carryToken<T extends object>(credentials: Record<string, unknown>, request: T & Carrier): T {
	const account = accountFrom(credentials);
	const own = [account.hosts.api, account.hosts.oldApi].map((host) => new URL(host).origin);
	const { origin, pathname } = new URL(request.url ?? request.uri ?? '', request.baseURL);
	if (!own.includes(origin)) {
		throw new AccountError(`This credential is for ${own[0]}; its token is not sent to ${origin}`);
	}
	const given = handed.get(credentials);
	// n8n stores first and sends then, so a refresh token that comes along here is stored.
	if (given?.flight.token?.refreshToken === account.refreshToken) given.flight.storeAt = undefined;
	const token = given?.token;
	watchers.get(credentials)?.();
	return NEW_STYLE.test(pathname)
		? { ...request, maxRedirects: 0, headers: { ...request.headers, 'x-acs-dingtalk-access-token': token } }
		: { ...request, maxRedirects: 0, qs: { ...request.qs, access_token: token } };
}

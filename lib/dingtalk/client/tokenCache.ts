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
import { readAccount, AccountError, regionName, type Account } from '../account';
import type { ApiCall } from '../endpoints';
import { readError } from './parseResponse';
import { DingTalkError, networkError, type ErrorKind } from '../errors/DingTalkError';
import { LruMap } from '../utils/lru';
import { MINUTE } from '../utils/time';

export interface TokenRequest {
	url: string;
	body: Record<string, string>;
}

export interface TokenResponse {
	status: number;
	body: unknown;
}

/** Sends one token request; rejects only when no answer came. */
export type SendTokenRequest = (request: TokenRequest) => Promise<TokenResponse>;

interface Token {
	value: string;
	/** From here on it is renewed before use, although DingTalk would still take it. */
	renewAt: number;
	expiresAt: number;
	/** The one to use for the next renewal; DingTalk may hand out a new one each time. */
	refreshToken: string;
	/** `perhaps`: a request failed with it, and n8n does not tell why. */
	rejected?: 'surely' | 'perhaps';
}

interface CacheEntry {
	token?: Token;
	renewal?: Promise<Token>;
	/** A refusal of the credential itself; kept a moment so that a thousand items do not ask a thousand times. */
	rejection?: { error: DingTalkError; until: number };
	/** DingTalk gave a token out again that it refuses: until then it would do so once more. */
	sameTokenUntil?: number;
	/** A token was renewed on suspicion; until then suspicions are not followed. */
	suspicionPausedUntil?: number;
	/** A new refresh token came that is not stored yet. Whoever comes after this time is given it to store. */
	storeRefreshTokenAt?: number;
}

const RENEW_BEFORE_MS = 5 * MINUTE;
/** Nothing that went wrong with a token is tried again sooner. */
const RETRY_PAUSE_MS = 10_000;
/** DingTalk's own figure, for an answer without a sensible one. */
const DEFAULT_LIFETIME_SECONDS = 7200;
/** Several accounts of one company are usual, thousands are not. */
const MAX_ACCOUNTS = 500;

interface IssuedToken {
	entry: CacheEntry;
	token: string;
}

const cache = new LruMap<string, CacheEntry>(MAX_ACCOUNTS);
/** Why a credentials object got none. n8n hands the error on in a wrapping of its own, which older versions empty. */
const failures = new WeakMap<object, Error>();
/** What each credentials object was given. n8n passes one and the same object from here to `carryToken`. */
const issuedTokens = new WeakMap<object, IssuedToken>();
/** Who wants to know when a request goes out with the token of this credentials object. */
const sendListeners = new WeakMap<object, () => void>();

/** Two credentials share a token only when every part that decides about it is the same. */
function cacheKey({ hosts, appType, clientId, clientSecret, corpId }: Account, refreshToken: string): string {
	const parts = [hosts.api, appType, clientId, clientSecret, corpId, refreshToken];
	return createHash('sha256').update(JSON.stringify(parts)).digest('base64');
}

/** The account that was used longest ago makes room. */
function store(key: string, flight: CacheEntry): void {
	cache.set(key, flight);
}

function entryFor(account: Account): CacheEntry {
	const key = cacheKey(account, account.refreshToken);
	const flight = cache.get(key) ?? {};
	store(key, flight);
	return flight;
}

function buildTokenRequest(account: Account, refreshToken: string): TokenRequest {
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
	action: 'give an access token',
	method: 'POST',
	path: '/v1.0/oauth2',
	style: 'new',
	scope: 'qyapi_base',
	isRead: true,
	metered: false,
	responseBody: 'json',
};

/** Refusals that are not about the credential, and are the same for every call. */
const GATEWAY_ERRORS: readonly ErrorKind[] = ['throttle', 'address', 'banned'];

function explainTokenError(account: Account, answer: TokenResponse): DingTalkError {
	const { status, body } = answer;
	const { code, message, requestid } = (typeof body === 'object' && body !== null ? body : {}) as TokenBody;
	const evidence = { status, code, text: message, requestId: requestid };
	if (status >= 500) {
		return new DingTalkError({
			kind: 'server',
			message: 'DingTalk could not give an access token at the moment',
			advice: 'Try again in a few minutes.',
			...evidence,
		});
	}
	if (status < 400 || status === 404 || typeof body === 'string') {
		return new DingTalkError({
			kind: 'credentials',
			message: `${account.hosts.api} does not answer like DingTalk`,
			advice: "Check 'Region' (or 'API Base URL') in the credential.",
			...evidence,
		});
	}
	const general = readError(answer, TOKEN_CALL);
	if (general && GATEWAY_ERRORS.includes(general.kind)) return general;
	if (code === 'unauthorized.client') {
		return new DingTalkError({
			kind: 'credentials',
			message: "The organization in 'Corp ID' has not authorized this DingTalk app",
			advice: "Check 'Corp ID', and that the organization's administrator has installed the app.",
			...evidence,
		});
	}
	if (code?.includes('refreshToken')) {
		return new DingTalkError({
			kind: 'credentials',
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
		kind: 'credentials',
		message: `${regionName(account)} does not accept the 'Client ID' or 'Client Secret'`,
		advice: `Copy them again from the app's page in the DingTalk developer console, and check ${otherRegion}.`,
		...evidence,
	});
}

async function fetchToken(
	account: Account,
	refreshToken: string,
	ask: SendTokenRequest,
): Promise<Token | DingTalkError> {
	const request = buildTokenRequest(account, refreshToken);
	const answer = await ask(request).catch((failure: { code?: string; cause?: { code?: string } }) =>
		networkError(new URL(request.url).host, failure.code ?? failure.cause?.code ?? ''),
	);
	if (answer instanceof DingTalkError) return answer;
	const body = (typeof answer.body === 'object' && answer.body !== null ? answer.body : {}) as TokenBody;
	const value = body.accessToken ?? body.access_token;
	if (!value) return explainTokenError(account, answer);
	const lifeMs = (Number(body.expireIn ?? body.expires_in) || DEFAULT_LIFETIME_SECONDS) * 1000;
	const expiresAt = Date.now() + lifeMs;
	return {
		value,
		expiresAt,
		renewAt: expiresAt - Math.min(RENEW_BEFORE_MS, lifeMs / 10),
		refreshToken: body.refreshToken ?? refreshToken,
	};
}

/** The client asks again after these, so they are not remembered. */
const TRANSIENT_ERRORS: readonly ErrorKind[] = ['server', 'network', 'throttle'];

async function renewToken(flight: CacheEntry, account: Account, ask: SendTokenRequest): Promise<Token> {
	const current = flight.token;
	const refreshToken = current?.refreshToken ?? account.refreshToken;
	const outcome = await fetchToken(account, refreshToken, ask);
	const now = Date.now();
	if (outcome instanceof DingTalkError) {
		// Renewal comes early, and suspicions are often wrong: a token that DingTalk still takes is worth more than none.
		if (current && current.rejected !== 'surely' && now < current.expiresAt) {
			current.rejected = undefined;
			current.renewAt = Math.min(Math.max(current.renewAt, now + RETRY_PAUSE_MS), current.expiresAt);
			return current;
		}
		if (!TRANSIENT_ERRORS.includes(outcome.kind)) flight.rejection = { error: outcome, until: now + RETRY_PAUSE_MS };
		throw outcome;
	}
	flight.token = outcome;
	flight.rejection = undefined;
	if (current?.rejected === 'surely' && current.value === outcome.value) flight.sameTokenUntil = now + RETRY_PAUSE_MS;
	if (outcome.refreshToken !== refreshToken) {
		flight.storeRefreshTokenAt = now;
		// n8n will store the new refresh token; readers of either one must find the same access token.
		store(cacheKey(account, outcome.refreshToken), flight);
	}
	return outcome;
}

async function getToken(account: Account, ask: SendTokenRequest): Promise<Token> {
	const flight = entryFor(account);
	const { token, rejection: refusal } = flight;
	if (token && !token.rejected && Date.now() < token.renewAt) return token;
	if (refusal && Date.now() < refusal.until) throw refusal.error;
	flight.renewal ??= renewToken(flight, account, ask).finally(() => {
		flight.renewal = undefined;
	});
	return await flight.renewal;
}

/** The token in use, if it is still the one that was refused: somebody else may have fetched a newer one meanwhile. */
const currentToken = ({ token }: CacheEntry, value: string): Token | undefined =>
	token?.value === value ? token : undefined;

/** DingTalk refused the token that this credentials object carried. */
export function rejectToken(credentials: Record<string, unknown>): void {
	const given = issuedTokens.get(credentials);
	const token = given && currentToken(given.entry, given.token);
	if (token && Date.now() >= (given.entry.sameTokenUntil ?? 0)) token.rejected = 'surely';
}

/** A request with this token failed; n8n does not tell why, so the token may be good. */
function suspectToken(flight: CacheEntry, value: string): void {
	const token = currentToken(flight, value);
	if (!token || token.rejected || Date.now() < (flight.suspicionPausedUntil ?? 0)) return;
	token.rejected = 'perhaps';
	flight.suspicionPausedUntil = Date.now() + RETRY_PAUSE_MS;
}

/** Why this credentials object has no token, when that is what went wrong. */
export const tokenFailure = (credentials: Record<string, unknown>): Error | undefined => failures.get(credentials);

export interface TokenResult {
	/** This object carried another token before; n8n asks again only after a request failed with it. */
	replaced: boolean;
	/** DingTalk replaced the refresh token, and this caller shall store the new one. */
	newRefreshToken?: string;
}

/** Makes sure that this credentials object has a good token, fetching one only if nobody has. */
export async function provideToken(credentials: Record<string, unknown>, ask: SendTokenRequest): Promise<TokenResult> {
	const account = readAccount(credentials);
	const flight = entryFor(account);
	const before = issuedTokens.get(credentials)?.token;
	if (before !== undefined) suspectToken(flight, before);
	const token = await getToken(account, ask).catch((error: Error) => {
		failures.set(credentials, error);
		return Promise.reject(error);
	});
	issuedTokens.set(credentials, { entry: flight, token: token.value });
	const replaced = before !== undefined && before !== token.value;
	if (flight.storeRefreshTokenAt === undefined || Date.now() < flight.storeRefreshTokenAt) return { replaced };
	// One caller stores it; should that fail, another one is given it a little later.
	flight.storeRefreshTokenAt = Date.now() + RETRY_PAUSE_MS;
	return { replaced, newRefreshToken: token.refreshToken };
}

/** Calls back when a request gets its token, which is the last thing before it goes out. */
export function onSend(credentials: Record<string, unknown>, started: () => void): void {
	sendListeners.set(credentials, started);
}

interface RequestOptions {
	url?: string;
	uri?: string;
	baseURL?: string;
	headers?: Record<string, unknown>;
	qs?: Record<string, unknown>;
}

/** Anywhere in the path, because a proxy may have put something in front. */
const VERSIONED_PATH = /\/v\d+\.\d+\//;

/**
 * The request with the token where this kind of call wants it; the token never goes to another host, nor along with a
 * redirect. A copy, because n8n's HTTP Request node shows the object it handed over in the editor and in errors.
 */
export function attachToken<T extends object>(credentials: Record<string, unknown>, request: T & RequestOptions): T {
	const account = readAccount(credentials);
	const own = [account.hosts.api, account.hosts.oldApi].map((host) => new URL(host).origin);
	const { origin, pathname } = new URL(request.url ?? request.uri ?? '', request.baseURL);
	if (!own.includes(origin)) {
		throw new AccountError(`This credential is for ${own[0]}; its token is not sent to ${origin}`);
	}
	const given = issuedTokens.get(credentials);
	// n8n stores first and sends then, so a refresh token that comes along here is stored.
	if (given?.entry.token?.refreshToken === account.refreshToken) given.entry.storeRefreshTokenAt = undefined;
	const token = given?.token;
	sendListeners.get(credentials)?.();
	return VERSIONED_PATH.test(pathname)
		? { ...request, maxRedirects: 0, headers: { ...request.headers, 'x-acs-dingtalk-access-token': token } }
		: { ...request, maxRedirects: 0, qs: { ...request.qs, access_token: token } };
}

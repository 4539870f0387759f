/**
 * The token cache: access tokens, fetched once per process, renewed before they expire and replaced when DingTalk revokes
 * them early.
 *
 * n8n's own credential storage does not suffice: n8n renews only on 401, which DingTalk does not send; it does not share
 * a renewal, so twenty items at once would fetch twenty tokens; and it writes to the database at each renewal. So the
 * credential's expirable property stays empty, which makes n8n call `provideToken` before each request; this cache then
 * usually provides the token without a call. See docs/project/decisions/token.md.
 */
import { createHash } from 'node:crypto';
import { readAccount, AccountError, type Account } from '../account';
import { readAuthorizationCode, storedSecrets } from '../signIn';
import { explainTokenError, type TokenBody, type TokenResponse } from '../errors/tokenErrors';
import { DingTalkError, networkError, type ErrorKind } from '../errors/DingTalkError';
import { LruMap } from '../utils/lru';
import type { TransportRequest } from './types';
import { asText, isObject } from '../utils/json';
import { MINUTE, monotonicNow, SECOND } from '../utils/time';
import { t } from '../../locale/t';

export interface TokenRequest {
	url: string;
	body: Record<string, string>;
}

/** Sends a token request; rejects only if there is no response. */
export type SendTokenRequest = (request: TokenRequest) => Promise<TokenResponse>;

interface Token {
	value: string;
	/** From then on it is renewed before use, although DingTalk would still accept it. */
	renewAt: number;
	expiresAt: number;
	/** The refresh token for the next renewal; DingTalk may return a new one each time. */
	refreshToken: string;
	/** `possibly`: a request with it failed, and n8n does not say why. */
	rejected?: 'certainly' | 'possibly';
}

interface CacheEntry {
	token?: Token;
	renewal?: Promise<Token>;
	/** DingTalk rejected the credential itself; kept for a moment so that a thousand items do not send a thousand requests. */
	rejection?: { error: DingTalkError; until: number };
	/** DingTalk returned a token that it rejects; until then it would do so again. */
	sameTokenUntil?: number;
	/** A token was renewed on suspicion; until then no other suspicion causes a renewal. */
	suspicionPausedUntil?: number;
	/** There is a new refresh token that is not stored yet; the first caller after this time gets it to store. */
	storeRefreshTokenAt?: number;
	/** When n8n stored the last refresh token. */
	storedAt?: number;
}

const RENEW_BEFORE_MS = 5 * MINUTE;
/** The least time between two attempts after a problem with a token. */
const RETRY_PAUSE_MS = 10 * SECOND;
/** The lifetime that DingTalk documents, for a response without a valid one. */
const DEFAULT_LIFETIME_SECONDS = 7200;
/** Several accounts of one company are common, thousands are not. */
const MAX_ACCOUNTS = 500;

/** Every secret that an answer to a request with this credentials object could quote. */
export function secretsOf(credentials: Record<string, unknown>, account: Account): string[] {
	const issued = knownOf(credentials).issued;
	const current = issued?.entry.token;
	return [...storedSecrets(account), issued?.token, current?.value, current?.refreshToken].filter(
		(secret): secret is string => typeof secret === 'string' && secret !== '',
	);
}

/** The last steps before a request leaves. */
export type SendListener = Pick<TransportRequest, 'beforeSend' | 'onSent'>;

interface IssuedToken {
	entry: CacheEntry;
	token: string;
}

const cache = new LruMap<string, CacheEntry>(MAX_ACCOUNTS);
/** What is known of a credentials object. n8n passes the same object to `provideToken` and `attachToken`. */
interface Known {
	/** Why it got no token. n8n wraps the error, and older versions lose its message. */
	failure?: Error;
	issued?: IssuedToken;
	/** What a request waits for before it leaves with the token, and what it calls then. */
	listener?: SendListener;
}

/**
 * It is kept on the object itself: where both editions are installed, the node may be of one package and the credential of
 * the other, and each package has its own copy of this file.
 */
const KNOWN = Symbol.for('n8n-nodes-dingtalk-calendar.credentials');

function knownOf(credentials: Record<string, unknown> & { [KNOWN]?: Known }): Known {
	const known = credentials[KNOWN] ?? {};
	if (!(KNOWN in credentials)) Object.defineProperty(credentials, KNOWN, { value: known });
	return known;
}

/** What stands for the user: a code is newer than the refresh token beside it, because it is removed once it is exchanged. */
const signInOf = ({ authorizationCode, refreshToken }: Account): string => authorizationCode || refreshToken;

/** Two credentials share a token only if everything that determines the token is the same. */
function cacheKey({ hosts, appType, clientId, clientSecret, corpId }: Account, signIn: string): string {
	const parts = [hosts.api, appType, clientId, clientSecret, corpId, signIn];
	return createHash('sha256').update(JSON.stringify(parts)).digest('base64');
}

function entryFor(account: Account): CacheEntry {
	const key = cacheKey(account, signInOf(account));
	const entry = cache.get(key) ?? {};
	cache.set(key, entry);
	return entry;
}

/** `current` is the refresh token of the last response; without one, the credential has the code or the refresh token. */
function buildTokenRequest(account: Account, current: string | undefined): TokenRequest {
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
				body: { clientId, clientSecret, ...userGrant(account, current) },
			};
	}
}

function userGrant({ authorizationCode, refreshToken }: Account, current: string | undefined): Record<string, string> {
	return current === undefined && authorizationCode !== ''
		? { code: readAuthorizationCode(authorizationCode), grantType: 'authorization_code' }
		: { refreshToken: current ?? refreshToken, grantType: 'refresh_token' };
}

async function fetchToken(
	account: Account,
	current: string | undefined,
	sendRequest: SendTokenRequest,
): Promise<Token | DingTalkError> {
	const request = buildTokenRequest(account, current);
	const response = await sendRequest(request).catch((failure: { code?: string; cause?: { code?: string } }) =>
		networkError(new URL(request.url).host, failure.code ?? failure.cause?.code ?? ''),
	);
	if (response instanceof DingTalkError) return response;
	const body = (isObject(response.body) ? response.body : {}) as TokenBody;
	const value = body.accessToken ?? body.access_token;
	if (typeof value !== 'string' || value === '') return explainTokenError(account, response, request.body);
	const lifetimeMs = (Number(body.expireIn ?? body.expires_in) || DEFAULT_LIFETIME_SECONDS) * SECOND;
	const expiresAt = monotonicNow() + lifetimeMs;
	return {
		value,
		expiresAt,
		renewAt: expiresAt - Math.min(RENEW_BEFORE_MS, lifetimeMs / 10),
		refreshToken: asText(body.refreshToken) || (current ?? account.refreshToken),
	};
}

/** The client retries after these errors, so they are not kept. */
const TRANSIENT_ERRORS: readonly ErrorKind[] = ['server', 'network', 'throttle'];

async function renewToken(entry: CacheEntry, account: Account, sendRequest: SendTokenRequest): Promise<Token> {
	const current = entry.token;
	const outcome = await fetchToken(account, current?.refreshToken, sendRequest);
	const now = monotonicNow();
	if (outcome instanceof DingTalkError) {
		// Renewal starts early, and suspicions are often wrong: a token that DingTalk still accepts is better than none.
		if (current && current.rejected !== 'certainly' && now < current.expiresAt) {
			current.rejected = undefined;
			current.renewAt = Math.min(Math.max(current.renewAt, now + RETRY_PAUSE_MS), current.expiresAt);
			return current;
		}
		if (!TRANSIENT_ERRORS.includes(outcome.kind)) entry.rejection = { error: outcome, until: now + RETRY_PAUSE_MS };
		throw outcome;
	}
	entry.token = outcome;
	entry.rejection = undefined;
	if (current?.rejected === 'certainly' && current.value === outcome.value) entry.sameTokenUntil = now + RETRY_PAUSE_MS;
	if (outcome.refreshToken !== (current?.refreshToken ?? account.refreshToken)) {
		entry.storeRefreshTokenAt = now;
		// n8n will store the new refresh token; the old and the new one must lead to the same access token.
		cache.set(cacheKey(account, outcome.refreshToken), entry);
	}
	return outcome;
}

async function getToken(account: Account, sendRequest: SendTokenRequest): Promise<Token> {
	const entry = entryFor(account);
	const { token, rejection } = entry;
	if (token && !token.rejected && monotonicNow() < token.renewAt) return token;
	if (rejection && monotonicNow() < rejection.until) throw rejection.error;
	entry.renewal ??= renewToken(entry, account, sendRequest).finally(() => {
		entry.renewal = undefined;
	});
	return await entry.renewal;
}

/** Whether DingTalk has issued a token for exactly this account, and has not refused it since. */
export function isProved(account: Account): boolean {
	const { token, rejection } = cache.get(cacheKey(account, signInOf(account))) ?? {};
	const now = monotonicNow();
	if (!token || token.rejected === 'certainly' || now >= token.expiresAt) return false;
	return rejection === undefined || now >= rejection.until;
}

/** The cached token, if it is still the given one: another request may have renewed it in the meantime. */
const currentToken = ({ token }: CacheEntry, value: string): Token | undefined =>
	token?.value === value ? token : undefined;

/** DingTalk rejected the token of this credentials object. */
export function rejectToken(credentials: Record<string, unknown>): void {
	const issued = knownOf(credentials).issued;
	const token = issued && currentToken(issued.entry, issued.token);
	if (token && monotonicNow() >= (issued.entry.sameTokenUntil ?? 0)) token.rejected = 'certainly';
}

/** A request with this token failed; n8n does not say why, so the token may still be valid. */
function suspectToken(entry: CacheEntry, value: string): void {
	const token = currentToken(entry, value);
	if (!token || token.rejected || monotonicNow() < (entry.suspicionPausedUntil ?? 0)) return;
	token.rejected = 'possibly';
	entry.suspicionPausedUntil = monotonicNow() + RETRY_PAUSE_MS;
}

/** Why this credentials object has no token, if that is why a request failed. */
export const tokenFailure = (credentials: Record<string, unknown>): Error | undefined => knownOf(credentials).failure;

export interface TokenResult {
	/** The object had another token before; n8n asks again only after a request with it failed. */
	replaced: boolean;
	/** A new refresh token for this caller to store. */
	newRefreshToken?: string;
}

/** Whether n8n would write back an older sign-in if it stored this object now, as it does before 2.34. */
const isOutdated = (account: Account, { refreshToken }: Token): boolean =>
	account.appType === 'user' && (account.authorizationCode !== '' || account.refreshToken !== refreshToken);

/**
 * A code that is still there after its refresh token was stored was read before, or an editor that was still open has saved it
 * again. The second one must be stored anew; a pause keeps the first one cheap.
 */
function mustStore({ storeRefreshTokenAt, storedAt }: CacheEntry, { authorizationCode }: Account): boolean {
	const now = monotonicNow();
	if (storeRefreshTokenAt !== undefined) return now >= storeRefreshTokenAt;
	return authorizationCode !== '' && storedAt !== undefined && now >= storedAt + RETRY_PAUSE_MS;
}

/** Makes sure that this credentials object has a valid token; fetches one only if the cache has none. */
export async function provideToken(
	credentials: Record<string, unknown>,
	sendRequest: SendTokenRequest,
): Promise<TokenResult> {
	const account = readAccount(credentials);
	const entry = entryFor(account);
	const previous = knownOf(credentials).issued?.token;
	if (previous !== undefined) suspectToken(entry, previous);
	const token = await getToken(account, sendRequest).catch((error: Error) => {
		knownOf(credentials).failure = error;
		return Promise.reject(error);
	});
	knownOf(credentials).issued = { entry, token: token.value };
	const replaced = previous !== undefined && previous !== token.value;
	if (!(replaced && isOutdated(account, token)) && !mustStore(entry, account)) return { replaced };
	// One caller stores it; if that fails, another caller gets it a little later.
	entry.storeRefreshTokenAt = monotonicNow() + RETRY_PAUSE_MS;
	return { replaced, newRefreshToken: token.refreshToken };
}

/** Sets what a request with this credentials object does between getting its token and leaving. */
export function onSend(credentials: Record<string, unknown>, listener: SendListener): void {
	knownOf(credentials).listener = listener;
}

/** Waits until the request with this credentials object, which has its token, may leave. */
export async function waitToSend(credentials: Record<string, unknown>): Promise<void> {
	await knownOf(credentials).listener?.beforeSend?.();
}

interface RequestOptions {
	url?: string;
	uri?: string;
	baseURL?: string;
	headers?: Record<string, unknown>;
	qs?: Record<string, unknown>;
}

/** The new API; anywhere in the path, because a proxy may add a prefix. */
const VERSIONED_PATH = /\/v\d+\.\d+\//;

/**
 * Adds the token to a request: in a header for the new API, in the query for the old one. The token is never sent to another
 * host or along with a redirect. Returns a copy, because n8n's HTTP Request node shows the original in the editor and in
 * errors.
 */
export function attachToken<T extends object>(credentials: Record<string, unknown>, request: T & RequestOptions): T {
	const account = readAccount(credentials);
	const own = [account.hosts.api, account.hosts.oldApi].map((host) => new URL(host).origin);
	const { origin, pathname } = new URL(request.url ?? request.uri ?? '', request.baseURL);
	if (!own.includes(origin)) {
		throw new AccountError(t`This credential is for ${own[0]}; its token is not sent to ${origin}`);
	}
	const issued = knownOf(credentials).issued;
	// n8n stores the credential before it sends the request, so a refresh token that arrives here is stored.
	if (account.authorizationCode === '' && issued?.entry.token?.refreshToken === account.refreshToken) {
		if (issued.entry.storeRefreshTokenAt !== undefined) issued.entry.storedAt = monotonicNow();
		issued.entry.storeRefreshTokenAt = undefined;
	}
	const token = issued?.token;
	knownOf(credentials).listener?.onSent?.();
	return VERSIONED_PATH.test(pathname)
		? { ...request, maxRedirects: 0, headers: { ...request.headers, 'x-acs-dingtalk-access-token': token } }
		: { ...request, maxRedirects: 0, qs: { ...request.qs, access_token: token } };
}

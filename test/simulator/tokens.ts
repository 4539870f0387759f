/** Access tokens, refresh tokens and login codes. */
import { randomUUID } from 'node:crypto';

import type { World } from './world';

/** `suite` tokens are for the administration of third-party apps; no call for an organization accepts them. */
export type TokenKind = 'app' | 'user' | 'suite';

export interface Token {
	value: string;
	kind: TokenKind;
	clientId: string;
	/** The user of a user token. */
	unionId?: string;
	expiresAt: number;
	/** Refused before it expires, although the token endpoint still returns it. */
	revoked: boolean;
}

/** The consent that a user gave in the browser. */
export interface Consent {
	unionId: string;
	/** Whether the app requested the `corpid` scope: only then does it receive the organization. */
	withCorpId: boolean;
}

interface RefreshToken extends Consent {
	clientId: string;
	expiresAt: number;
}

interface LoginCode extends Consent {
	clientId: string;
	expiresAt: number;
	isUsed: boolean;
}

/** Why a login code is not accepted. */
export type CodeRefusal = 'notFound' | 'used' | 'expired';

export const TOKEN_SECONDS = 7200;
const REFRESH_DAYS = 30;
const DAY = 86_400_000;
const CODE_MS = 5 * 60_000;

/**
 * Login codes and refresh tokens of users who have consented to `openid corpid`, or with the suffix `-openid` only to
 * that; any app can redeem them any number of times.
 */
const SEEDED_CODE = /^sim-code-(.+?)(-openid)?$/;
const SEEDED_REFRESH = /^sim-refresh-(.+?)(-openid)?$/;

export class TokenStore {
	private readonly byValue = new Map<string, Token>();
	/** The tokens that repeated requests return, by app and user. */
	private readonly current = new Map<string, Token>();
	private readonly refreshTokens = new Map<string, RefreshToken>();
	private readonly loginCodes = new Map<string, LoginCode>();
	private readonly forgottenRefreshTokens = new Set<string>();
	private readonly seededAt: number;

	constructor(private readonly world: World) {
		this.seededAt = world.clock.now();
	}

	find(value: string): Token | undefined {
		return this.byValue.get(value);
	}

	/** All tokens that were ever issued. */
	values(): string[] {
		return [...this.byValue.keys()];
	}

	isExpired(token: Token): boolean {
		return token.expiresAt <= this.world.clock.now();
	}

	/** DingTalk returns the same token while it is valid and extends its lifetime. */
	appToken(clientId: string): Token {
		return this.getOrIssue('app', clientId);
	}

	newToken(kind: 'app' | 'suite', clientId: string): Token {
		return this.issue({ kind, clientId });
	}

	userToken(clientId: string, unionId: string): Token {
		return this.getOrIssue('user', clientId, unionId);
	}

	/** Expires the token now; the next token request returns a new one. */
	expire(token: Token): void {
		token.expiresAt = this.world.clock.now();
	}

	revoke(token: Token): void {
		token.revoked = true;
	}

	newRefreshToken(clientId: string, consent: Consent): string {
		const value = randomUUID().replace(/-/g, '');
		const expiresAt = this.world.clock.now() + REFRESH_DAYS * DAY;
		this.refreshTokens.set(value, { ...consent, clientId, expiresAt });
		return value;
	}

	forgetRefreshToken(value: string): void {
		this.refreshTokens.delete(value);
		this.forgottenRefreshTokens.add(value);
	}

	newLoginCode(clientId: string, consent: Consent): string {
		const value = randomUUID().replace(/-/g, '');
		this.loginCodes.set(value, { ...consent, clientId, expiresAt: this.world.clock.now() + CODE_MS, isUsed: false });
		return value;
	}

	/** A code of the sign-in page can be redeemed once, by its app, within five minutes. */
	redeemCode(clientId: string, code: string): Consent | CodeRefusal {
		const known = this.loginCodes.get(code);
		if (known === undefined) return this.seededConsent(SEEDED_CODE, code) ?? 'notFound';
		if (known.clientId !== clientId) return 'notFound';
		if (known.isUsed) return 'used';
		if (known.expiresAt <= this.world.clock.now()) return 'expired';
		known.isUsed = true;
		return known;
	}

	consentOfRefreshToken(clientId: string, value: string): Consent | undefined {
		if (this.forgottenRefreshTokens.has(value)) return undefined;
		const now = this.world.clock.now();
		const known = this.refreshTokens.get(value);
		if (known !== undefined) return known.clientId === clientId && now < known.expiresAt ? known : undefined;
		return now < this.seededAt + REFRESH_DAYS * DAY ? this.seededConsent(SEEDED_REFRESH, value) : undefined;
	}

	private seededConsent(pattern: RegExp, value: string): Consent | undefined {
		const [, userId, openIdOnly] = pattern.exec(value) ?? [];
		const person = userId === undefined ? undefined : this.world.company.byUserId(userId);
		return person && { unionId: person.unionId, withCorpId: openIdOnly === undefined };
	}

	private getOrIssue(kind: 'app' | 'user', clientId: string, unionId?: string): Token {
		const slot = [kind, clientId, unionId].join(' ');
		const current = this.current.get(slot);
		if (current !== undefined && !this.isExpired(current)) {
			current.expiresAt = this.endOfValidity();
			return current;
		}
		const token = this.issue({ kind, clientId, unionId });
		this.current.set(slot, token);
		return token;
	}

	private issue(about: Pick<Token, 'kind' | 'clientId' | 'unionId'>): Token {
		const value = randomUUID().replace(/-/g, '');
		const token: Token = { ...about, value, expiresAt: this.endOfValidity(), revoked: false };
		this.byValue.set(value, token);
		return token;
	}

	private endOfValidity(): number {
		return this.world.clock.now() + TOKEN_SECONDS * 1000;
	}
}

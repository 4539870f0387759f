/** The DingTalk account of a credential: hosts of its region, type of app, and the keys to get a token with. */
import { LIMITS } from './limits';
import { hashText } from './utils/hash';
import { isPathSegment } from './utils/pathSegment';
import { t, translate } from '../locale/t';

export type Region = 'international' | 'china' | 'custom';
export type AppType = 'internal' | 'thirdParty' | 'user';

export interface Hosts {
	/** The new API, `/v1.0/…`: errors are an HTTP status and a `code`. */
	api: string;
	/** The old API, `/topapi/…`: errors are HTTP 200 with an `errcode` in the body. */
	oldApi: string;
}

/** The two clouds are separate: an app created in one does not exist in the other. */
export const REGION_HOSTS: Record<Exclude<Region, 'custom'>, Hosts> = {
	international: { api: 'https://api.dingtalk.io', oldApi: 'https://oapi.dingtalk.io' },
	china: { api: 'https://api.dingtalk.com', oldApi: 'https://oapi.dingtalk.com' },
};

export interface Account {
	region: Region;
	hosts: Hosts;
	appType: AppType;
	clientId: string;
	clientSecret: string;
	/** Only for a third-party enterprise app: the organization it works in. */
	corpId: string;
	/** Only for calls on behalf of a user, until it has been exchanged for a refresh token: the code, or the address with it. */
	authorizationCode: string;
	/** Only for calls on behalf of a user. */
	refreshToken: string;
	/** Tells apart the people who signed in to one app: the ID of the credential, because refresh tokens change. */
	person?: string;
	/** How many calls per second DingTalk allows this app for each API; depends on the edition. */
	callsPerSecond: number;
}

export class AccountError extends Error {}

const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

const LOOPBACK = /^http:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?(\/|$)/;

function readBaseUrl(value: unknown, label: string): string {
	const url = text(value).replace(/(?<!\/)\/+$/, '');
	if (!/^https:\/\/[^\s/]+/.test(url) && !LOOPBACK.test(url)) {
		throw new AccountError(
			t`'${translate(label)}' in the credential must start with https:// (http:// is only accepted for this machine, e.g. http://127.0.0.1:4010)`,
		);
	}
	const parsed = URL.canParse(url) ? new URL(url) : undefined;
	const problem = !parsed
		? t`is not a valid URL`
		: parsed.username || parsed.password
			? t`must not contain a user name or password`
			: /[?#]/.test(url)
				? t`must not contain '${url.includes('?') ? '?' : '#'}'; the paths of the calls are added to it`
				: undefined;
	if (problem) throw new AccountError(t`'${translate(label)}' in the credential ${problem}`);
	return url;
}

function readHosts(region: Region, credential: Record<string, unknown>): Hosts {
	if (region !== 'custom') return REGION_HOSTS[region];
	const api = readBaseUrl(credential.baseUrl, 'API Base URL');
	return { api, oldApi: text(credential.oldBaseUrl) ? readBaseUrl(credential.oldBaseUrl, 'Old API Base URL') : api };
}

/** Credentials saved before this field existed have no value. */
function readCallsPerSecond({ callsPerSecond }: Record<string, unknown>): number {
	const { default: standard, max } = LIMITS.callsPerSecond;
	if (callsPerSecond === undefined || callsPerSecond === null || callsPerSecond === '') return standard;
	const number = Number(callsPerSecond);
	if (number >= 1 && number <= max) return Math.floor(number);
	throw new AccountError(t`'Calls per Second' in the credential must be a number from 1 to ${max}`);
}

/** Reads the credential's fields as n8n stores them; throws an error that names the field if one is missing or invalid. */
export function readAccount(credential: Record<string, unknown>): Account {
	const region = (text(credential.region) || 'international') as Region;
	const appType = (text(credential.appType) || 'internal') as AppType;
	const account: Account = {
		region,
		appType,
		hosts: readHosts(region, credential),
		clientId: text(credential.clientId),
		clientSecret: text(credential.clientSecret),
		corpId: appType === 'thirdParty' ? text(credential.corpId) : '',
		authorizationCode: appType === 'user' ? text(credential.authorizationCode) : '',
		refreshToken: appType === 'user' ? text(credential.refreshToken) : '',
		callsPerSecond: readCallsPerSecond(credential),
	};
	const required: Array<[string, string]> = [
		['Client ID', account.clientId],
		['Client Secret', account.clientSecret],
	];
	if (appType === 'thirdParty') required.push(['Corp ID', account.corpId]);
	const missing = required.filter(([, value]) => value === '').map(([label]) => t`'${translate(label)}'`);
	if (appType === 'user' && account.authorizationCode === '' && account.refreshToken === '') {
		missing.push(t`'Authorization Code' or 'Refresh Token'`);
	}
	if (missing.length > 0) throw new AccountError(t`The credential has no ${missing.join(t` and no `)}`);
	// It becomes a part of the address that the secret is sent to.
	if (account.corpId !== '' && !isPathSegment(account.corpId))
		throw new AccountError(t`'Corp ID' in the credential is not a corp ID`);
	return account;
}

/**
 * Names an account in what the process remembers: two credentials share it only if everything is the same by which DingTalk
 * knows them. A refresh token is not, because it changes; `person` is used instead.
 */
export const accountKey = ({ hosts, appType, clientId, clientSecret, corpId, person }: Account): string =>
	hashText(JSON.stringify([hosts.api, appType, clientId, clientSecret, corpId, person]));

/** The region's name in messages. */
export const regionName = (account: Account): string =>
	({ international: t`DingTalk International`, china: t`DingTalk China`, custom: account.hosts.api })[account.region];

/** Whose DingTalk it is: the hosts of a region, the kind of app, and what that kind needs to get a token. */
import { LIMITS } from './limits';

export type Region = 'international' | 'china' | 'custom';
export type AppType = 'internal' | 'thirdParty' | 'user';

export interface Hosts {
	/** `/v1.0/…`, where HTTP status and `code` tell what happened. */
	api: string;
	/** `/topapi/…` and friends, which answer 200 and put an `errcode` in the body. */
	oldApi: string;
}

/** The two clouds are separate: an app made in one is unknown in the other. */
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
	/** Only for a third-party enterprise app: the organisation it works in. */
	corpId: string;
	/** Only for calls on behalf of a user. */
	refreshToken: string;
	/** How many calls a second DingTalk allows this app for each API; the edition decides. */
	callsPerSecond: number;
}

export class AccountError extends Error {}

const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

const LOOPBACK = /^http:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?(\/|$)/;

function readBaseUrl(value: unknown, label: string): string {
	const url = text(value).replace(/\/+$/, '');
	if (!/^https:\/\/[^\s/]+/.test(url) && !LOOPBACK.test(url)) {
		throw new AccountError(
			`'${label}' in the credential must start with https:// (http:// is accepted only for this machine, e.g. http://127.0.0.1:4010)`,
		);
	}
	return url;
}

function readHosts(region: Region, credential: Record<string, unknown>): Hosts {
	if (region !== 'custom') return REGION_HOSTS[region];
	const api = readBaseUrl(credential.baseUrl, 'API Base URL');
	return { api, oldApi: text(credential.oldBaseUrl) ? readBaseUrl(credential.oldBaseUrl, 'Old API Base URL') : api };
}

/** Credentials that were saved before there was such a field have none. */
function readCallsPerSecond({ callsPerSecond }: Record<string, unknown>): number {
	const { default: standard, max } = LIMITS.callsPerSecond;
	if (callsPerSecond === undefined || callsPerSecond === null || callsPerSecond === '') return standard;
	const number = Number(callsPerSecond);
	if (number >= 1 && number <= max) return Math.floor(number);
	throw new AccountError(`'Calls per Second' in the credential must be a number from 1 to ${max}`);
}

/** Reads the credential's fields as n8n hands them over; refuses what cannot work, naming the field. */
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
		refreshToken: appType === 'user' ? text(credential.refreshToken) : '',
		callsPerSecond: readCallsPerSecond(credential),
	};
	const required: Array<[string, string]> = [
		['Client ID', account.clientId],
		['Client Secret', account.clientSecret],
	];
	if (appType === 'thirdParty') required.push(['Corp ID', account.corpId]);
	if (appType === 'user') required.push(['Refresh Token', account.refreshToken]);
	const missing = required.filter(([, value]) => value === '').map(([label]) => `'${label}'`);
	if (missing.length > 0) throw new AccountError(`The credential has no ${missing.join(' and no ')}`);
	return account;
}

/** How a region is called in messages. */
export const regionName = (account: Account): string =>
	({ international: 'DingTalk International', china: 'DingTalk China', custom: account.hosts.api })[account.region];

/** What DingTalk and the receiver of an HTTP push share, as the developer console shows it. */

import { AccountError } from '../account';

export interface CallbackKeys {
	token: string;
	/** 32 bytes. Their first half is the initialization vector too: DingTalk wants it so. */
	aesKey: Buffer;
	/** Who a push may be for. The first one is the usual one. */
	owners: string[];
}

export class CallbackKeysError extends AccountError {}

/** The console asks for 3 to 32; the retired registration call allowed up to 64. */
const TOKEN = /^[A-Za-z0-9]{3,64}$/;
const AES_KEY = /^[A-Za-z0-9]{43}$/;

const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

function readOwners(credential: Record<string, unknown>): string[] {
	const clientId = text(credential.clientId);
	const corpId = text(credential.corpId);
	const kind = text(credential.ownerKey) || 'clientId';
	const wanted: Array<[string, string]> = [];
	if (kind !== 'corpId') wanted.push(['Client ID', clientId]);
	if (kind !== 'clientId') wanted.push(['Corp ID', corpId]);
	const missing = wanted.filter(([, value]) => value === '').map(([label]) => `'${label}'`);
	if (missing.length > 0) throw new CallbackKeysError(`The callback credential has no ${missing.join(' and no ')}`);
	return wanted.map(([, value]) => value);
}

/** Reads the credential's fields as n8n hands them over; refuses what cannot work, naming the field but never its content. */
export function readCallbackKeys(credential: Record<string, unknown>): CallbackKeys {
	const token = text(credential.token);
	if (!TOKEN.test(token)) {
		throw new CallbackKeysError(
			"'Token' in the callback credential must be 3 to 32 letters and digits, as in the developer console",
		);
	}
	const aesKey = text(credential.aesSecretKey);
	if (!AES_KEY.test(aesKey)) {
		throw new CallbackKeysError(
			`'AES Key' in the callback credential must be 43 letters and digits, as in the developer console (it has ${aesKey.length} characters)`,
		);
	}
	return { token, aesKey: Buffer.from(`${aesKey}=`, 'base64'), owners: readOwners(credential) };
}

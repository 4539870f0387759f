/** Reads and checks the keys that DingTalk and the receiver of HTTP pushes share, as the developer console shows them. */
import { AccountError } from '../account';
import { formatCount } from '../utils/text';
import { t, translate } from '../../locale/t';

export interface CallbackKeys {
	token: string;
	/** 32 bytes. DingTalk uses the first half as the initialization vector too. */
	aesKey: Buffer;
	/** To whom a push may be addressed. */
	owners: string[];
	/** The organization whose changes are wanted, if the credential names one. */
	corpId?: string;
	/** The token and the AES key as they were entered, to keep them out of what is shown. */
	secrets: string[];
}

export class CallbackKeysError extends AccountError {}

/** The developer console accepts 3 to 32 characters; the retired API for registration accepted up to 64. */
const TOKEN = /^[A-Za-z0-9]{3,64}$/;
const AES_KEY = /^[A-Za-z0-9]{43}$/;

const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

function readOwners(credential: Record<string, unknown>): string[] {
	const clientId = text(credential.clientId);
	const corpId = text(credential.corpId);
	const kind = text(credential.ownerKey) || 'clientId';
	const owners: Array<[string, string]> = [];
	if (kind !== 'corpId') owners.push(['Client ID', clientId]);
	if (kind !== 'clientId') owners.push(['Corp ID', corpId]);
	const missing = owners.filter(([, value]) => value === '').map(([label]) => t`'${translate(label)}'`);
	if (missing.length > 0) throw new CallbackKeysError(t`The callback credential has no ${missing.join(t` and no `)}`);
	return owners.map(([, value]) => value);
}

/** Throws for values that cannot work; the message names the field but never shows its value. */
export function readCallbackKeys(credential: Record<string, unknown>): CallbackKeys {
	const token = text(credential.token);
	if (!TOKEN.test(token)) {
		throw new CallbackKeysError(
			t`'Token' in the callback credential must be 3 to 32 letters and digits, as in the developer console`,
		);
	}
	const aesKey = text(credential.aesSecretKey);
	if (!AES_KEY.test(aesKey)) {
		throw new CallbackKeysError(
			t`'AES Key' in the callback credential must be 43 letters and digits, as in the developer console (it has ${formatCount(aesKey.length, 'character')})`,
		);
	}
	// Left over from another choice of 'Push Recipient', it is neither shown nor meant.
	const corpId = (text(credential.ownerKey) || 'clientId') === 'clientId' ? undefined : text(credential.corpId);
	return {
		token,
		aesKey: Buffer.from(`${aesKey}=`, 'base64'),
		owners: readOwners(credential),
		corpId,
		secrets: [token, aesKey],
	};
}

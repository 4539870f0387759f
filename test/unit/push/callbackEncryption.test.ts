/** Tests the encryption of HTTP pushes and replies against DingTalk's documentation, and the keys of the callback credential. */
import { createCipheriv, createHash } from 'node:crypto';
import { readCallbackKeys, CallbackKeysError, type CallbackKeys } from '../../../lib/dingtalk/push/callbackKeys';
import {
	MAX_AGE_MS,
	MAX_ENCRYPTED_CHARACTERS,
	decryptPush,
	PushRejectedError,
	encryptReply,
	type RejectionReason,
	type EncryptedPush,
} from '../../../lib/dingtalk/push/callbackEncryption';

const NOW = 1_763_700_000_000;
const FIELDS = {
	token: 'aToken123',
	aesSecretKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
	clientId: 'dingclient',
	corpId: 'dingcorp',
};
const keys = readCallbackKeys({ ...FIELDS, ownerKey: 'either' });

interface PushOptions {
	message?: Buffer;
	owner?: string;
	/** A wrong value for the length field. */
	claimedLength?: number;
	/** Replaces everything that is encrypted, including the padding. */
	plaintext?: Buffer;
	/** A wrong padding. */
	padding?: (missing: number) => Buffer;
	timestamp?: string;
	nonce?: string;
	token?: string;
	aesKey?: Buffer;
}

const sign = (...parts: string[]): string => createHash('sha1').update(parts.sort().join('')).digest('hex');

/** Encrypts a push as DingTalk does, according to its documentation. */
function pushOf(
	options: PushOptions = {},
): EncryptedPush & { timestamp: string; nonce: string; encrypt: string; signature: string } {
	const { message = Buffer.from('{"EventType":"check_url"}'), owner = 'dingclient', aesKey = keys.aesKey } = options;
	const { timestamp = String(NOW), nonce = 'aNonce', token = FIELDS.token } = options;
	const length = Buffer.alloc(4);
	length.writeUInt32BE(options.claimedLength ?? message.length);
	const plain = Buffer.concat([Buffer.from('0123456789abcdef'), length, message, Buffer.from(owner)]);
	const missing = 32 - (plain.length % 32);
	const padded =
		options.plaintext ?? Buffer.concat([plain, options.padding?.(missing) ?? Buffer.alloc(missing, missing)]);
	const cipher = createCipheriv('aes-256-cbc', aesKey, aesKey.subarray(0, 16)).setAutoPadding(false);
	const encrypt = Buffer.concat([cipher.update(padded), cipher.final()]).toString('base64');
	return { timestamp, nonce, encrypt, signature: sign(token, timestamp, nonce, encrypt) };
}

const resign = (push: ReturnType<typeof pushOf>): EncryptedPush => ({
	...push,
	signature: sign(FIELDS.token, push.timestamp, push.nonce, push.encrypt),
});

function rejectionOf(push: EncryptedPush, callbackKeys: CallbackKeys = keys, now = NOW): RejectionReason {
	try {
		decryptPush(push, callbackKeys, now);
	} catch (error) {
		if (error instanceof PushRejectedError) return error.reason;
		throw error;
	}
	throw new Error('It was accepted');
}

describe("An example of an HTTP push in DingTalk's documentation", () => {
	it.each([
		{
			credential: {
				token: '123456',
				aesSecretKey: '1234567890123456789012345678901234567890123',
				clientId: 'dingsnotzck6pm5veliw',
			},
			push: {
				signature: '9a95a004dd16f5c307e849b994173f76aa26e5eb',
				timestamp: '1614767836',
				nonce: 'A7Co0cJLMzIDtMMI',
				encrypt: 'YvkvaGe4hQxd3VxRmEty0dVlnCOAqwf56xwTRHDHoOURqhalbmBJQk5FNcRk42Gl5T0YQXZNwpwWSm1xAFJ5ZA==',
			},
			now: 1_614_767_836_000,
			text: 'success',
		},
		{
			credential: {
				token: '123456',
				aesSecretKey: '4g5j64qlyl3zvetqxz5jiocdr586fn2zvjpa8zls3ij',
				clientId: 'suite4xxxxxxxxxxxxxxx',
			},
			push: {
				signature: '5a65ceeef9aab2d149439f82dc191dd6c5cbe2c0',
				timestamp: '1445827045067',
				nonce: 'nEXhMP4r',
				encrypt:
					'1a3NBxmCFwkCJvfoQ7WhJHB+iX3qHPsc9JbaDznE1i03peOk1LaOQoRz3+nlyGNhwmwJ3vDMG+OzrHMeiZI7gTRWVdUBmfxjZ8Ej23JVYa9VrYeJ5as7XM/ZpulX8NEQis44w53h1qAgnC3PRzM7Zc/D6Ibr0rgUathB6zRHP8PYrfgnNOS9PhSBdHlegK+AGGanfwjXuQ9+0pZcy0w9lQ==',
			},
			now: 1_445_827_045_067,
			text: '{"EventType":"check_create_suite_url","Random":"LPIdSnlF","TestSuiteKey":"suite4xxxxxxxxxxxxxxx"}',
		},
	])('is decrypted to $text', ({ credential, push, now, text }) => {
		const decrypted = decryptPush(push, readCallbackKeys(credential), now);
		expect(decrypted).toMatchObject({ text, owner: credential.clientId });
		const { signature, ...rest } = push;
		expect(decryptPush({ ...rest, msgSignature: signature }, readCallbackKeys(credential), now)).toEqual(decrypted);
	});
});

describe('An HTTP push', () => {
	it('is accepted with either name of the signature, and with both names if one signature matches', () => {
		const { signature, ...rest } = pushOf();
		const decrypted = { text: '{"EventType":"check_url"}', owner: 'dingclient' };
		expect(decryptPush({ ...rest, signature }, keys, NOW)).toEqual(decrypted);
		expect(decryptPush({ ...rest, msgSignature: signature }, keys, NOW)).toEqual(decrypted);
		expect(decryptPush({ ...rest, signature: 'no', msgSignature: signature }, keys, NOW)).toEqual(decrypted);
	});

	it('is decrypted with padding of any length', () => {
		for (let length = 0; length <= 64; length++) {
			const text = 'x'.repeat(length);
			expect(decryptPush(pushOf({ message: Buffer.from(text) }), keys, NOW).text).toBe(text);
		}
	});

	it('may contain Chinese names', () => {
		expect(decryptPush(pushOf({ message: Buffer.from('张伟的日程 🗓') }), keys, NOW).text).toBe('张伟的日程 🗓');
	});

	it('may be addressed to the organization if the credential allows it, but not if it allows only the app', () => {
		const push = pushOf({ owner: 'dingcorp' });
		expect(decryptPush(push, keys, NOW).owner).toBe('dingcorp');
		expect(decryptPush(push, readCallbackKeys({ ...FIELDS, ownerKey: 'corpId' }), NOW).owner).toBe('dingcorp');
		expect(rejectionOf(push, readCallbackKeys(FIELDS))).toBe('owner');
	});

	it('is accepted if its time is up to five minutes off, in seconds or milliseconds', () => {
		expect(decryptPush(pushOf({ timestamp: String(NOW - MAX_AGE_MS) }), keys, NOW)).toBeDefined();
		expect(decryptPush(pushOf({ timestamp: String(NOW + MAX_AGE_MS) }), keys, NOW)).toBeDefined();
		expect(decryptPush(pushOf({ timestamp: String(NOW / 1000) }), keys, NOW)).toBeDefined();
	});

	it.each<[string, RejectionReason, () => EncryptedPush]>([
		['has no signature', 'signature', () => ({ ...pushOf(), signature: undefined })],
		['has an empty signature', 'signature', () => ({ ...pushOf(), signature: '' })],
		['is signed in capital letters', 'signature', () => ({ ...pushOf(), signature: pushOf().signature.toUpperCase() })],
		['has a list as its signature', 'signature', () => ({ ...pushOf(), signature: [pushOf().signature] })],
		['is signed with another token', 'signature', () => pushOf({ token: 'another' })],
		['has a nonce other than the signed one', 'signature', () => ({ ...pushOf(), nonce: 'another' })],
		['has a time other than the signed one', 'signature', () => ({ ...pushOf(), timestamp: String(NOW + 1) })],
		[
			'has content other than the signed one',
			'signature',
			() => ({ ...pushOf(), encrypt: pushOf({ owner: 'x' }).encrypt }),
		],
		['has no time', 'incomplete', () => ({ ...pushOf(), timestamp: undefined })],
		['has two nonces', 'incomplete', () => ({ ...pushOf(), nonce: ['a', 'b'] })],
		['has no content', 'incomplete', () => ({ ...pushOf(), encrypt: undefined })],
		['has an object as its content', 'incomplete', () => ({ ...pushOf(), encrypt: {} })],
		['has a very long nonce', 'tooLarge', () => pushOf({ nonce: 'n'.repeat(300) })],
		['is too large', 'tooLarge', () => ({ ...pushOf(), encrypt: 'A'.repeat(MAX_ENCRYPTED_CHARACTERS + 4) })],
		['is too old', 'timestamp', () => pushOf({ timestamp: String(NOW - MAX_AGE_MS - 1) })],
		['is from the future', 'timestamp', () => pushOf({ timestamp: String(NOW + MAX_AGE_MS + 1) })],
		['has a word as its time', 'timestamp', () => pushOf({ timestamp: 'now' })],
		['has an empty time', 'timestamp', () => pushOf({ timestamp: '' })],
		['is not base64', 'encoding', () => resign({ ...pushOf(), encrypt: '****' })],
		['is truncated base64', 'encoding', () => resign({ ...pushOf(), encrypt: pushOf().encrypt.slice(0, -1) })],
		['has empty content', 'encoding', () => resign({ ...pushOf(), encrypt: '' })],
		[
			'does not consist of whole blocks',
			'decryption',
			() => resign({ ...pushOf(), encrypt: Buffer.alloc(48).toString('base64') }),
		],
		['is encrypted with another key', 'padding', () => pushOf({ aesKey: Buffer.alloc(32, 7) })],
		[
			'has no padding',
			'padding',
			() => pushOf({ owner: 'dingclient', padding: (missing) => Buffer.alloc(missing, 0) }),
		],
		['has padding longer than a block', 'padding', () => pushOf({ padding: (missing) => Buffer.alloc(missing, 33) })],
		[
			'has padding of two different bytes',
			'padding',
			() => pushOf({ padding: (missing) => Buffer.concat([Buffer.alloc(1, 1), Buffer.alloc(missing - 1, missing)]) }),
		],
		['consists of padding', 'length', () => pushOf({ plaintext: Buffer.alloc(32, 32) })],
		['claims to be longer than its content', 'length', () => pushOf({ claimedLength: 1000 })],
		['claims to be 4 GB long', 'length', () => pushOf({ claimedLength: 0xffffffff })],
		['claims to be shorter than its content', 'owner', () => pushOf({ claimedLength: 3 })],
		['is addressed to another app', 'owner', () => pushOf({ owner: 'dingother' })],
		['has no addressee', 'owner', () => pushOf({ owner: '' })],
		['is addressed to an app whose ID begins with ours', 'owner', () => pushOf({ owner: 'dingclient2' })],
		['is not text', 'text', () => pushOf({ message: Buffer.from([0xc3, 0x28]) })],
	])('that %s is rejected (%s)', (_, reason, push) => {
		expect(rejectionOf(push())).toBe(reason);
	});

	it('does not reveal a secret in the error when it is rejected', () => {
		for (const push of [
			pushOf({ token: 'x' }),
			pushOf({ aesKey: Buffer.alloc(32, 7) }),
			pushOf({ owner: 'dingother' }),
		]) {
			expect(() => decryptPush(push, keys, NOW)).toThrow(PushRejectedError);
			try {
				decryptPush(push, keys, NOW);
			} catch (error) {
				const { message } = error as Error;
				for (const secret of [FIELDS.token, FIELDS.aesSecretKey, push.signature, push.encrypt, 'dingother'])
					expect(message).not.toContain(secret);
			}
		}
	});
});

describe('The reply to an HTTP push', () => {
	it('is encrypted and signed so that DingTalk can decrypt it, differently each time', () => {
		const reply = encryptReply('success', 'dingclient', keys, NOW);
		expect(Object.keys(reply).sort()).toEqual(['encrypt', 'msg_signature', 'nonce', 'timeStamp']);
		expect(reply.timeStamp).toBe(String(NOW));
		expect(reply.nonce).toHaveLength(16);
		expect(reply.msg_signature).toBe(sign(FIELDS.token, reply.timeStamp, reply.nonce, reply.encrypt));
		const decrypted = decryptPush(
			{ signature: reply.msg_signature, timestamp: reply.timeStamp, nonce: reply.nonce, encrypt: reply.encrypt },
			keys,
			NOW,
		);
		expect(decrypted).toMatchObject({ text: 'success', owner: 'dingclient' });
		expect(encryptReply('success', 'dingclient', keys, NOW).encrypt).not.toBe(reply.encrypt);
	});
});

describe('The callback credential', () => {
	it.each([
		[{ token: '' }, "'Token' in the callback credential must be 3 to 32 letters and digits"],
		[{ token: 'with space' }, "'Token' in the callback credential"],
		[
			{ aesSecretKey: 'short' },
			"'AES Key' in the callback credential must be 43 letters and digits, as in the developer console (it has 5 characters)",
		],
		[{ aesSecretKey: `${FIELDS.aesSecretKey.slice(1)}=` }, "'AES Key' in the callback credential"],
		[{ clientId: '' }, "The callback credential has no 'Client ID'"],
		[{ ownerKey: 'corpId', corpId: ' ' }, "The callback credential has no 'Corp ID'"],
		[{ ownerKey: 'either', corpId: '', clientId: '' }, "The callback credential has no 'Client ID' and no 'Corp ID'"],
	])('is rejected with %j, and the error names the field', (changed, message) => {
		expect(() => readCallbackKeys({ ...FIELDS, ...changed })).toThrow(CallbackKeysError);
		expect(() => readCallbackKeys({ ...FIELDS, ...changed })).toThrow(message);
	});
});

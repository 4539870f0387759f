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

interface Written {
	message?: Buffer;
	owner?: string;
	/** What the length field says, where it lies. */
	says?: number;
	/** Everything that is encrypted, padding included, where it follows no rule at all. */
	bare?: Buffer;
	/** What is put behind, where it is not a right padding. */
	padding?: (missing: number) => Buffer;
	timestamp?: string;
	nonce?: string;
	token?: string;
	aesKey?: Buffer;
}

const sign = (...parts: string[]): string => createHash('sha1').update(parts.sort().join('')).digest('hex');

/** DingTalk's side, written from its documentation. */
function pushOf(
	written: Written = {},
): EncryptedPush & { timestamp: string; nonce: string; encrypt: string; signature: string } {
	const { message = Buffer.from('{"EventType":"check_url"}'), owner = 'dingclient', aesKey = keys.aesKey } = written;
	const { timestamp = String(NOW), nonce = 'aNonce', token = FIELDS.token } = written;
	const length = Buffer.alloc(4);
	length.writeUInt32BE(written.says ?? message.length);
	const plain = Buffer.concat([Buffer.from('0123456789abcdef'), length, message, Buffer.from(owner)]);
	const missing = 32 - (plain.length % 32);
	const padded = written.bare ?? Buffer.concat([plain, written.padding?.(missing) ?? Buffer.alloc(missing, missing)]);
	const cipher = createCipheriv('aes-256-cbc', aesKey, aesKey.subarray(0, 16)).setAutoPadding(false);
	const encrypt = Buffer.concat([cipher.update(padded), cipher.final()]).toString('base64');
	return { timestamp, nonce, encrypt, signature: sign(token, timestamp, nonce, encrypt) };
}

const signed = (push: ReturnType<typeof pushOf>): EncryptedPush => ({
	...push,
	signature: sign(FIELDS.token, push.timestamp, push.nonce, push.encrypt),
});

function refusalOf(push: EncryptedPush, by: CallbackKeys = keys, now = NOW): RejectionReason {
	try {
		decryptPush(push, by, now);
	} catch (error) {
		if (error instanceof PushRejectedError) return error.reason;
		throw error;
	}
	throw new Error('It was accepted');
}

describe("DingTalk's two published examples", () => {
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
	])('open: $text', ({ credential, push, now, text }) => {
		const opened = decryptPush(push, readCallbackKeys(credential), now);
		expect(opened).toMatchObject({ text, owner: credential.clientId });
		const { signature, ...rest } = push;
		expect(decryptPush({ ...rest, msgSignature: signature }, readCallbackKeys(credential), now)).toEqual(opened);
	});
});

describe('An envelope', () => {
	it('opens with either name of the signature, and when only one of two fits', () => {
		const { signature, ...rest } = pushOf();
		const opened = { text: '{"EventType":"check_url"}', owner: 'dingclient' };
		expect(decryptPush({ ...rest, signature }, keys, NOW)).toEqual(opened);
		expect(decryptPush({ ...rest, msgSignature: signature }, keys, NOW)).toEqual(opened);
		expect(decryptPush({ ...rest, signature: 'no', msgSignature: signature }, keys, NOW)).toEqual(opened);
	});

	it('opens whatever its length, through all paddings', () => {
		for (let length = 0; length <= 64; length++) {
			const text = 'x'.repeat(length);
			expect(decryptPush(pushOf({ message: Buffer.from(text) }), keys, NOW).text).toBe(text);
		}
	});

	it('keeps Chinese names', () => {
		expect(decryptPush(pushOf({ message: Buffer.from('张伟的日程 🗓') }), keys, NOW).text).toBe('张伟的日程 🗓');
	});

	it('opens for the organization where that is allowed, and not where only the app is', () => {
		const push = pushOf({ owner: 'dingcorp' });
		expect(decryptPush(push, keys, NOW).owner).toBe('dingcorp');
		expect(decryptPush(push, readCallbackKeys({ ...FIELDS, ownerKey: 'corpId' }), NOW).owner).toBe('dingcorp');
		expect(refusalOf(push, readCallbackKeys(FIELDS))).toBe('owner');
	});

	it('opens within five minutes either way, with seconds as with milliseconds', () => {
		expect(decryptPush(pushOf({ timestamp: String(NOW - MAX_AGE_MS) }), keys, NOW)).toBeDefined();
		expect(decryptPush(pushOf({ timestamp: String(NOW + MAX_AGE_MS) }), keys, NOW)).toBeDefined();
		expect(decryptPush(pushOf({ timestamp: String(NOW / 1000) }), keys, NOW)).toBeDefined();
	});

	it.each<[string, RejectionReason, () => EncryptedPush]>([
		['has no signature', 'signature', () => ({ ...pushOf(), signature: undefined })],
		['has an empty signature', 'signature', () => ({ ...pushOf(), signature: '' })],
		['is signed in capitals', 'signature', () => ({ ...pushOf(), signature: pushOf().signature.toUpperCase() })],
		['has two signatures in one', 'signature', () => ({ ...pushOf(), signature: [pushOf().signature] })],
		['is signed with another token', 'signature', () => pushOf({ token: 'another' })],
		['has another nonce', 'signature', () => ({ ...pushOf(), nonce: 'another' })],
		['has another time', 'signature', () => ({ ...pushOf(), timestamp: String(NOW + 1) })],
		['has other content', 'signature', () => ({ ...pushOf(), encrypt: pushOf({ owner: 'x' }).encrypt })],
		['has no time', 'incomplete', () => ({ ...pushOf(), timestamp: undefined })],
		['has two nonces', 'incomplete', () => ({ ...pushOf(), nonce: ['a', 'b'] })],
		['has no content', 'incomplete', () => ({ ...pushOf(), encrypt: undefined })],
		['has an object for content', 'incomplete', () => ({ ...pushOf(), encrypt: {} })],
		['has an endless nonce', 'tooLarge', () => pushOf({ nonce: 'n'.repeat(300) })],
		['is too large', 'tooLarge', () => ({ ...pushOf(), encrypt: 'A'.repeat(MAX_ENCRYPTED_CHARACTERS + 4) })],
		['is too old', 'timestamp', () => pushOf({ timestamp: String(NOW - MAX_AGE_MS - 1) })],
		['is from the future', 'timestamp', () => pushOf({ timestamp: String(NOW + MAX_AGE_MS + 1) })],
		['has words for a time', 'timestamp', () => pushOf({ timestamp: 'now' })],
		['has no time at all', 'timestamp', () => pushOf({ timestamp: '' })],
		['is not base64', 'encoding', () => signed({ ...pushOf(), encrypt: '****' })],
		['is base64 cut short', 'encoding', () => signed({ ...pushOf(), encrypt: pushOf().encrypt.slice(0, -1) })],
		['has empty content', 'encoding', () => signed({ ...pushOf(), encrypt: '' })],
		[
			'is not made of whole blocks',
			'decryption',
			() => signed({ ...pushOf(), encrypt: Buffer.alloc(48).toString('base64') }),
		],
		['is encrypted with another key', 'padding', () => pushOf({ aesKey: Buffer.alloc(32, 7) })],
		[
			'has no padding',
			'padding',
			() => pushOf({ owner: 'dingclient', padding: (missing) => Buffer.alloc(missing, 0) }),
		],
		['has a padding longer than a block', 'padding', () => pushOf({ padding: (missing) => Buffer.alloc(missing, 33) })],
		[
			'has a padding of two kinds',
			'padding',
			() => pushOf({ padding: (missing) => Buffer.concat([Buffer.alloc(1, 1), Buffer.alloc(missing - 1, missing)]) }),
		],
		['is all padding', 'length', () => pushOf({ bare: Buffer.alloc(32, 32) })],
		['says that it is longer than it is', 'length', () => pushOf({ says: 1000 })],
		['says that it is endless', 'length', () => pushOf({ says: 0xffffffff })],
		['says that it is shorter than it is', 'owner', () => pushOf({ says: 3 })],
		['is for another app', 'owner', () => pushOf({ owner: 'dingother' })],
		['is for nobody', 'owner', () => pushOf({ owner: '' })],
		['is for an app whose name begins like ours', 'owner', () => pushOf({ owner: 'dingclient2' })],
		['is not text', 'text', () => pushOf({ message: Buffer.from([0xc3, 0x28]) })],
	])('that %s is refused (%s)', (_, reason, push) => {
		expect(refusalOf(push())).toBe(reason);
	});

	it('never shows a secret in what it says', () => {
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

describe('The answer', () => {
	it('is what DingTalk can open: the word, encrypted and signed, each time anew', () => {
		const reply = encryptReply('success', 'dingclient', keys, NOW);
		expect(Object.keys(reply).sort()).toEqual(['encrypt', 'msg_signature', 'nonce', 'timeStamp']);
		expect(reply.timeStamp).toBe(String(NOW));
		expect(reply.nonce).toHaveLength(16);
		expect(reply.msg_signature).toBe(sign(FIELDS.token, reply.timeStamp, reply.nonce, reply.encrypt));
		const opened = decryptPush(
			{ signature: reply.msg_signature, timestamp: reply.timeStamp, nonce: reply.nonce, encrypt: reply.encrypt },
			keys,
			NOW,
		);
		expect(opened).toMatchObject({ text: 'success', owner: 'dingclient' });
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
	])('is refused with %j, in words that name the field', (changed, message) => {
		expect(() => readCallbackKeys({ ...FIELDS, ...changed })).toThrow(CallbackKeysError);
		expect(() => readCallbackKeys({ ...FIELDS, ...changed })).toThrow(message);
	});
});

/**
 * Decrypts what DingTalk pushes over HTTP and encrypts the reply: signed with the token, encrypted with the AES key,
 * addressed to the app. A sender sees no difference between rejected pushes; the reason is only logged.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { CallbackKeys } from './callbackKeys';
import { MINUTE, SECOND } from '../utils/time';
import { t } from '../../locale/t';

export type RejectionReason =
	| 'incomplete'
	| 'tooLarge'
	| 'signature'
	| 'timestamp'
	| 'encoding'
	| 'decryption'
	| 'padding'
	| 'length'
	| 'owner'
	| 'text';

/** For the log of n8n. None of it is secret or helps an attacker. */
const REJECTION_TEXTS: Record<RejectionReason, string> = {
	incomplete: t`the URL has no signature, timestamp or nonce, or the body has no encrypted text; it does not come from DingTalk`,
	tooLarge: t`the encrypted text is longer than any calendar change`,
	signature: t`the signature does not match; if it comes from DingTalk, 'Token' in the callback credential differs from the one in the developer console`,
	timestamp: t`its time is more than five minutes off; if it comes from DingTalk, the clock of the n8n server is wrong`,
	encoding: t`the encrypted text is not base64`,
	decryption: t`it cannot be decrypted; 'AES Key' in the callback credential differs from the one in the developer console`,
	padding: t`it cannot be decrypted; 'AES Key' in the callback credential differs from the one in the developer console`,
	length: t`it cannot be decrypted; 'AES Key' in the callback credential differs from the one in the developer console`,
	owner: t`it is addressed to another app; check 'Client ID', 'Corp ID' and 'Push Recipient' in the callback credential`,
	text: t`its content is not text`,
};

export class PushRejectedError extends Error {
	constructor(readonly reason: RejectionReason) {
		super(t`A push was rejected: ${REJECTION_TEXTS[reason]}`);
	}
}

/** Query parameters and body as received; nothing has been verified yet. */
export interface EncryptedPush {
	signature?: unknown;
	msgSignature?: unknown;
	timestamp?: unknown;
	nonce?: unknown;
	encrypt?: unknown;
}

export interface DecryptedPush {
	/** The message of DingTalk, usually JSON. */
	text: string;
	/** Which of the accepted owners it is addressed to; the reply names the same one. */
	owner: string;
}

export interface EncryptedReply {
	msg_signature: string;
	/** DingTalk spells it like this. */
	timeStamp: string;
	nonce: string;
	encrypt: string;
}

/** In both directions, because clocks differ. DingTalk's last retry comes 40 seconds after the first attempt. */
export const MAX_AGE_MS = 5 * MINUTE;
/** Five times the length of a change that concerns 5,000 people. */
export const MAX_ENCRYPTED_CHARACTERS = 1024 * 1024;

const BLOCK = 32;
const RANDOM_BYTES = 16;
const LENGTH_BYTES = 4;
const MAX_NONCE_LENGTH = 256;

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const SECONDS = /^\d{10}$/;
const MILLISECONDS = /^\d{13}$/;

const computeSignature = ({ token }: CallbackKeys, timestamp: string, nonce: string, encrypt: string): string =>
	createHash('sha1').update([token, timestamp, nonce, encrypt].sort().join('')).digest('hex');

/** Compares in constant time, so that the time taken does not reveal where the two differ. */
function isEqual(given: string, expected: string): boolean {
	const a = Buffer.from(given);
	const b = Buffer.from(expected);
	return a.length === b.length && timingSafeEqual(a, b);
}

/** DingTalk documents two names for the signature, and some pushes have both; one of them has to match. */
function hasValidSignature(push: EncryptedPush, expected: string): boolean {
	const given = [push.signature, push.msgSignature].filter((value): value is string => typeof value === 'string');
	return given.map((value) => isEqual(value, expected)).includes(true);
}

function isFresh(timestamp: string, now: number): boolean {
	const at = MILLISECONDS.test(timestamp)
		? Number(timestamp)
		: SECONDS.test(timestamp)
			? Number(timestamp) * SECOND
			: NaN;
	return Math.abs(now - at) <= MAX_AGE_MS;
}

function decrypt(aesKey: Buffer, encrypt: string): Buffer {
	if (!BASE64.test(encrypt) || encrypt.length % 4 !== 0) throw new PushRejectedError('encoding');
	const encrypted = Buffer.from(encrypt, 'base64');
	if (encrypted.length % BLOCK !== 0) throw new PushRejectedError('decryption');
	const decipher = createDecipheriv('aes-256-cbc', aesKey, aesKey.subarray(0, 16));
	// Node.js only accepts padding of up to 16 bytes; DingTalk pads to 32.
	decipher.setAutoPadding(false);
	return Buffer.concat([decipher.update(encrypted), decipher.final()]);
}

function removePadding(plain: Buffer): Buffer {
	const pad = plain[plain.length - 1];
	if (pad < 1 || pad > BLOCK) throw new PushRejectedError('padding');
	const padding = plain.subarray(plain.length - pad);
	if (!isEqual(padding.toString('latin1'), String.fromCharCode(pad).repeat(pad)))
		throw new PushRejectedError('padding');
	return plain.subarray(0, plain.length - pad);
}

function splitMessage(plain: Buffer): { message: Buffer; owner: string } {
	const start = RANDOM_BYTES + LENGTH_BYTES;
	if (plain.length < start) throw new PushRejectedError('length');
	const end = start + plain.readUInt32BE(RANDOM_BYTES);
	if (end > plain.length) throw new PushRejectedError('length');
	return { message: plain.subarray(start, end), owner: plain.subarray(end).toString() };
}

function toText(bytes: Buffer): string {
	const text = bytes.toString();
	if (!Buffer.from(text).equals(bytes)) throw new PushRejectedError('text');
	return text;
}

/** Decrypts a push, or throws a PushRejectedError. Nothing is decrypted before the signature is verified. */
export function decryptPush(push: EncryptedPush, keys: CallbackKeys, now: number): DecryptedPush {
	const { timestamp, nonce, encrypt } = push;
	if (typeof timestamp !== 'string' || typeof nonce !== 'string' || typeof encrypt !== 'string') {
		throw new PushRejectedError('incomplete');
	}
	if (encrypt.length > MAX_ENCRYPTED_CHARACTERS || nonce.length > MAX_NONCE_LENGTH)
		throw new PushRejectedError('tooLarge');
	const expected = computeSignature(keys, timestamp, nonce, encrypt);
	if (!hasValidSignature(push, expected)) throw new PushRejectedError('signature');
	if (!isFresh(timestamp, now)) throw new PushRejectedError('timestamp');
	const { message, owner } = splitMessage(removePadding(decrypt(keys.aesKey, encrypt)));
	if (!keys.owners.map((allowed) => isEqual(owner, allowed)).includes(true)) throw new PushRejectedError('owner');
	return { text: toText(message), owner };
}

/** Encrypts and signs a reply, usually the word `success`, as DingTalk expects it. */
export function encryptReply(text: string, owner: string, keys: CallbackKeys, now: number): EncryptedReply {
	const message = Buffer.from(text);
	const length = Buffer.alloc(LENGTH_BYTES);
	length.writeUInt32BE(message.length);
	const plain = Buffer.concat([
		Buffer.from(randomBytes(RANDOM_BYTES / 2).toString('hex')),
		length,
		message,
		Buffer.from(owner),
	]);
	const pad = BLOCK - (plain.length % BLOCK);
	const cipher = createCipheriv('aes-256-cbc', keys.aesKey, keys.aesKey.subarray(0, 16));
	cipher.setAutoPadding(false);
	const encrypt = Buffer.concat([cipher.update(plain), cipher.update(Buffer.alloc(pad, pad)), cipher.final()]).toString(
		'base64',
	);
	const timeStamp = String(now);
	const nonce = randomBytes(8).toString('hex');
	return { msg_signature: computeSignature(keys, timeStamp, nonce, encrypt), timeStamp, nonce, encrypt };
}

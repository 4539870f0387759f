/** Signs, encrypts and decrypts HTTP pushes. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** The shared keys of a callback URL. */
export interface Keys {
	token: string;
	aesKey: string;
	/** The receiver, at the end of each plain text. */
	ownerKey: string;
}

export interface SealedText {
	signature: string;
	timestamp: string;
	nonce: string;
	encrypt: string;
}

/** A text that DingTalk's own helper libraries refuse. */
export class InvalidEnvelope extends Error {}

const RANDOM_BYTES = 16;
const LENGTH_BYTES = 4;
/** Padding up to 32 bytes, not to the 16 of AES. */
const BLOCK_BYTES = 32;

export function seal(text: string, keys: Keys, timestamp: string, nonce = randomText()): SealedText {
	const encrypt = encrypted(text, keys);
	return { signature: signatureOf(keys.token, timestamp, nonce, encrypt), timestamp, nonce, encrypt };
}

/** Verifies and decrypts a text. */
export function unseal({ signature, timestamp, nonce, encrypt }: SealedText, keys: Keys): string {
	if (signature !== signatureOf(keys.token, timestamp, nonce, encrypt)) throw new InvalidEnvelope('wrong signature');
	const { text, ownerKey } = decrypted(encrypt, keys.aesKey);
	if (ownerKey !== keys.ownerKey) throw new InvalidEnvelope(`wrong owner key "${ownerKey}"`);
	return text;
}

export const signatureOf = (token: string, timestamp: string, nonce: string, encrypt: string): string =>
	createHash('sha1').update([token, timestamp, nonce, encrypt].sort().join('')).digest('hex');

export const randomText = (length = 16): string => randomBytes(length).toString('hex').slice(0, length);

function encrypted(text: string, { aesKey, ownerKey }: Keys): string {
	const message = Buffer.from(text, 'utf8');
	const length = Buffer.alloc(LENGTH_BYTES);
	length.writeUInt32BE(message.length);
	const plain = Buffer.concat([Buffer.from(randomText(RANDOM_BYTES)), length, message, Buffer.from(ownerKey)]);
	const pad = BLOCK_BYTES - (plain.length % BLOCK_BYTES);
	const key = keyOf(aesKey);
	const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, RANDOM_BYTES)).setAutoPadding(false);
	return Buffer.concat([cipher.update(plain), cipher.update(Buffer.alloc(pad, pad)), cipher.final()]).toString(
		'base64',
	);
}

export function decrypted(encrypt: string, aesKey: string): { text: string; ownerKey: string } {
	const plain = unpadded(deciphered(Buffer.from(encrypt, 'base64'), keyOf(aesKey)));
	const start = RANDOM_BYTES + LENGTH_BYTES;
	if (plain.length < start) throw new InvalidEnvelope('too short');
	const end = start + plain.readUInt32BE(RANDOM_BYTES);
	if (end > plain.length) throw new InvalidEnvelope('shorter than it says');
	return { text: plain.toString('utf8', start, end), ownerKey: plain.toString('utf8', end) };
}

function deciphered(cipherText: Buffer, key: Buffer): Buffer {
	try {
		const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, RANDOM_BYTES)).setAutoPadding(false);
		return Buffer.concat([decipher.update(cipherText), decipher.final()]);
	} catch {
		throw new InvalidEnvelope('not encrypted in whole blocks');
	}
}

function unpadded(padded: Buffer): Buffer {
	const pad = padded.at(-1) ?? 0;
	const tail = padded.subarray(padded.length - pad);
	if (pad < 1 || pad > BLOCK_BYTES || tail.length !== pad || tail.some((byte) => byte !== pad)) {
		throw new InvalidEnvelope('wrong padding');
	}
	return padded.subarray(0, padded.length - pad);
}

const keyOf = (aesKey: string): Buffer => Buffer.from(`${aesKey}=`, 'base64');

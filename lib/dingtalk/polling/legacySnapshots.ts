/** Reads the snapshots that version 1.0.0-rc.1 stored: one line of text per event. */
import type { Fingerprint } from './fingerprint';
import type { Snapshot } from './snapshotCodec';
import { SECOND } from '../utils/time';

const REMOVED = '-';
const HASH_LENGTH = { person: 3 };
const RESPONSE_LETTERS = 'nadt';

/** The earlier hashes are longer parts of the same hash. */
const shorten = (hash: string, bytes: number): Buffer => Buffer.from(hash, 'base64url').subarray(0, bytes);

function readResponses(text: string): Buffer {
	const people: Array<{ hash: Buffer; response: number }> = [];
	for (let at = 0; at + HASH_LENGTH.person < text.length; at += HASH_LENGTH.person + 1) {
		const hash = shorten(text.slice(at, at + HASH_LENGTH.person), 2);
		people.push({ hash, response: Math.max(0, RESPONSE_LETTERS.indexOf(text.charAt(at + HASH_LENGTH.person))) });
	}
	people.sort((a, b) => Buffer.compare(a.hash, b.hash));
	return Buffer.from(people.map(({ hash, response }) => (hash[0] & 0b11111100) | response));
}

const toFingerprint = (contentHash: string, responses: string): Fingerprint => ({
	parts: [0, 0, 0, 0, 0],
	rest: shorten(contentHash, 2).readUInt16BE(0),
	minutes: 0,
	isAllDay: false,
	responses: readResponses(responses),
	isLegacy: true,
});

export function readLegacyLines(lines: readonly string[], idBytes: number): Map<string, Snapshot> {
	const snapshots = new Map<string, Snapshot>();
	for (const line of lines) {
		const [key = '', times = '', contentHash = '', responses = ''] = line.split(' ');
		if (key === '' || (contentHash !== REMOVED && contentHash.length < 3)) continue;
		const reportedAt = times
			.split('.')
			.filter(Boolean)
			.map((at) => Math.trunc(parseInt(at, 36) / SECOND) * SECOND);
		snapshots.set(shorten(key, idBytes).toString('base64url'), {
			reportedAt,
			...(contentHash !== REMOVED && { fingerprint: toFingerprint(contentHash, responses) }),
		});
	}
	return snapshots;
}

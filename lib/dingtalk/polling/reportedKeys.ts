/** The starts and ends that were reported and could still change, in a few bytes each and bounded in number. */
import { hashText } from '../utils/hash';
import { DAY, MINUTE } from '../utils/time';

/** Part of the state of workflows; see StartEndState. */
interface StoredKeys {
	reported?: string;
	reportedMore?: [number, number];
	told?: Array<[string, number]>;
}

const KEY_BYTES = 4;
const MINUTE_BYTES = 4;
const MAX_KEYS = 1000;
/** Keys are kept for longer than they are needed: n8n's clock may be set back, and others be read after a long time. */
const KEPT_AFTER_EXPIRY_MS = DAY;

const shorten = (hash: string): string => Buffer.from(hash, 'base64url').subarray(0, KEY_BYTES).toString('hex');

const toKey = (key: string): string => shorten(hashText(key));

export class ReportedKeys {
	/** By key, when it may be dropped. */
	private readonly expiresAt = new Map<string, number>();
	/** Keys that there was no room for expire from the first to the second of these times. */
	private readonly more: [number, number];

	constructor({ reported = '', reportedMore = [Infinity, 0], told = [] }: StoredKeys) {
		this.more = reportedMore;
		for (const [hash, expiresAt] of told) this.expiresAt.set(shorten(hash), expiresAt);
		const bytes = Buffer.from(reported, 'base64');
		for (let at = 0; at + KEY_BYTES + MINUTE_BYTES <= bytes.length; at += KEY_BYTES + MINUTE_BYTES) {
			const key = bytes.subarray(at, at + KEY_BYTES).toString('hex');
			this.expiresAt.set(key, bytes.readUInt32BE(at + KEY_BYTES) * MINUTE);
		}
	}

	has(key: string): boolean {
		return this.expiresAt.has(toKey(key));
	}

	/** Also true if the key may be one that there was no room for: missing one report is better than duplicating all. */
	mayHave(key: string, expiresAt: number): boolean {
		const [from, until] = this.more;
		return this.has(key) || (expiresAt >= from && expiresAt <= until);
	}

	add(key: string, expiresAt: number): void {
		this.expiresAt.set(toKey(key), expiresAt);
	}

	/** The keys that expire first are kept, because nothing but them is needed soon. */
	store(now: number): Pick<StoredKeys, 'reported' | 'reportedMore'> {
		const all = [...this.expiresAt].filter(([, expiresAt]) => expiresAt > now - KEPT_AFTER_EXPIRY_MS);
		const current = all.filter(([, expiresAt]) => expiresAt > now).sort(([, a], [, b]) => a - b);
		const expired = all.filter(([, expiresAt]) => expiresAt <= now).sort(([, a], [, b]) => b - a);
		const dropped = current.slice(MAX_KEYS).map(([, expiresAt]) => expiresAt);
		const [from, until] = this.more;
		const more: [number, number] = [Math.min(from, ...dropped), Math.max(until, ...dropped)];
		const records = [...current, ...expired].slice(0, MAX_KEYS).map(([key, expiresAt]) => {
			const record = Buffer.alloc(KEY_BYTES + MINUTE_BYTES, key, 'hex');
			record.writeUInt32BE(Math.ceil(expiresAt / MINUTE), KEY_BYTES);
			return record;
		});
		return {
			...(records.length > 0 && { reported: Buffer.concat(records).toString('base64') }),
			...(more[1] > now && { reportedMore: more }),
		};
	}
}

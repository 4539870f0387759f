/**
 * Encodes snapshots for n8n's static data, where hundreds of events of each person have to fit. The format is part of the
 * stored state of workflows, so it must stay as it is.
 */
import { MINUTE, SECOND } from '../utils/time';
import { HASHED_PARTS, type Fingerprint } from './fingerprint';

export interface Snapshot {
	/** Times of the changes that were reported, in whole seconds; a series has several that still matter. */
	reportedAt: number[];
	/** Undefined if the event is no longer on the calendar. */
	fingerprint?: Fingerprint;
}

/** Of the hash of an event's ID. */
export const ID_BYTES = 4;

/** Times are counted from here, in seconds or minutes. */
const EPOCH = Date.parse('2015-01-01T00:00:00Z');
const LATEST_MINUTE = 0xffffff;

const FLAG = { exists: 1 << 5, legacy: 1 << 6, hasStart: 1 << 7, allDay: 1 << 8, manyAttendees: 1 << 9 };
const TIMES_SHIFT = 10;

class ByteWriter {
	private readonly bytes: number[] = [];

	write(value: number, count: number): void {
		for (let shift = (count - 1) * 8; shift >= 0; shift -= 8) this.bytes.push((value >>> shift) & 0xff);
	}

	writeAll(bytes: Buffer): void {
		this.bytes.push(...bytes);
	}

	toBuffer(): Buffer {
		return Buffer.from(this.bytes);
	}
}

class ByteReader {
	/** The data ended too early. */
	isDamaged = false;
	private at = 0;

	constructor(private readonly bytes: Buffer) {}

	get hasMore(): boolean {
		return this.at < this.bytes.length;
	}

	take(count: number): Buffer {
		const bytes = this.bytes.subarray(this.at, (this.at += count));
		if (bytes.length === count) return bytes;
		this.isDamaged = true;
		return Buffer.alloc(count);
	}

	read(count: number): number {
		return this.take(count).readUIntBE(0, count);
	}
}

/** The times of removals are negative. */
const toSeconds = (at: number): number =>
	Math.sign(at) * Math.min(0x7fffffff, Math.max(1, Math.floor((Math.abs(at) - EPOCH) / SECOND)));

const fromSeconds = (seconds: number): number =>
	seconds === 0 ? 0 : Math.sign(seconds) * (Math.abs(seconds) * SECOND + EPOCH);

const toMinutes = (at: number): number => Math.min(LATEST_MINUTE, Math.max(0, Math.floor((at - EPOCH) / MINUTE)));

function flagsOf({ reportedAt, fingerprint }: Snapshot): number {
	let flags = reportedAt.length << TIMES_SHIFT;
	if (!fingerprint) return flags;
	const { parts, isLegacy, start, isAllDay, responses } = fingerprint;
	parts.forEach((hash, part) => (flags |= hash === 0 ? 0 : 1 << part));
	flags |= FLAG.exists;
	if (isLegacy) flags |= FLAG.legacy;
	if (start !== undefined) flags |= FLAG.hasStart;
	if (isAllDay) flags |= FLAG.allDay;
	if (responses.length > 0xff) flags |= FLAG.manyAttendees;
	return flags;
}

function writeFingerprint(writer: ByteWriter, { parts, rest, start, minutes, responses }: Fingerprint): void {
	if (start !== undefined) {
		writer.write(toMinutes(start), 3);
		writer.write(minutes, 2);
	}
	writer.write(rest, 2);
	for (const hash of parts) if (hash !== 0) writer.write(hash, 2);
	writer.write(responses.length, responses.length > 0xff ? 2 : 1);
	writer.writeAll(responses);
}

function readFingerprint(reader: ByteReader, flags: number): Fingerprint {
	const hasStart = (flags & FLAG.hasStart) !== 0;
	const start = hasStart ? reader.read(3) * MINUTE + EPOCH : undefined;
	const minutes = hasStart ? reader.read(2) : 0;
	const rest = reader.read(2);
	const parts = HASHED_PARTS.map((_, part) => (flags & (1 << part) ? reader.read(2) : 0));
	const responses = reader.take(reader.read(flags & FLAG.manyAttendees ? 2 : 1));
	const isAllDay = (flags & FLAG.allDay) !== 0;
	return { parts, rest, start, minutes, isAllDay, responses, ...(flags & FLAG.legacy && { isLegacy: true }) };
}

export function encodeSnapshot(key: string, snapshot: Snapshot): Buffer {
	const writer = new ByteWriter();
	writer.writeAll(Buffer.from(key, 'base64url'));
	writer.write(flagsOf(snapshot), 2);
	for (const at of snapshot.reportedAt) writer.write(toSeconds(at), 4);
	if (snapshot.fingerprint) writeFingerprint(writer, snapshot.fingerprint);
	return writer.toBuffer();
}

/** Damaged data is read as far as possible. */
export function decodeSnapshots(text: string): Map<string, Snapshot> {
	const reader = new ByteReader(Buffer.from(text, 'base64'));
	const snapshots = new Map<string, Snapshot>();
	while (reader.hasMore) {
		const key = reader.take(ID_BYTES).toString('base64url');
		const flags = reader.read(2);
		const reportedAt = Array.from({ length: flags >> TIMES_SHIFT }, () => fromSeconds(reader.take(4).readInt32BE(0)));
		const fingerprint = flags & FLAG.exists ? readFingerprint(reader, flags) : undefined;
		if (!reader.isDamaged) snapshots.set(key, { reportedAt, ...(fingerprint && { fingerprint }) });
	}
	return snapshots;
}

/**
 * Snapshots of one person's events, with just enough detail to tell a change from a repetition and a response from any
 * other change. n8n saves them with the workflow, so they hold no texts or people, and are bounded in size: the nearest
 * events are kept, and of those that had to go it is still known that they exist.
 */
import { hashText } from '../utils/hash';
import { DAY, SECOND } from '../utils/time';
import { fingerprintOf, type ListedEvent } from './fingerprint';
import { readLegacyLines } from './legacySnapshots';
import { decodeSnapshots, encodeSnapshot, ID_BYTES, type Snapshot } from './snapshotCodec';

/** Part of the static data of workflows, so its keys must stay as they are. */
export interface StoredSnapshots {
	/** In base64. */
	events?: string;
	/** The IDs of events that there was no room for, in base64. */
	evicted?: string;
	/** There was no room for all of these IDs either. */
	isIncomplete?: boolean;
	/** Written by an earlier version. */
	notes?: string[];
}

/** Enough for 180 events with five people, a text, a place and a room each; see docs/triggers.md. */
export const MAX_CHARACTERS = 7500;
const MAX_BYTES = (MAX_CHARACTERS / 4) * 3;
const MAX_EVICTED = 1000;
const EVICTED_BYTES = 3;
/** An event that was removed longer ago and comes back is an unknown one. */
const MAX_REMOVED_AGE_MS = 30 * DAY;
/** Reported times that are kept for one series. */
const MAX_TIMES_PER_SERIES = 6;
/** Past events change more rarely than future ones, so they count as farther away; removed ones rarely come back. */
const PAST_WEIGHT = 3;
const REMOVED_DISTANCE_MS = 60 * DAY;

/** Times of changes are compared and stored in whole seconds. */
export const toWholeSeconds = (at: number): number => Math.trunc(at / SECOND) * SECOND;

export const snapshotOf = (event: ListedEvent, reportedAt: number[]): Snapshot =>
	event.status === 'cancelled' ? { reportedAt } : { reportedAt, fingerprint: fingerprintOf(event) };

/**
 * An invitation is stored as a negative time before the times of updates: others may have had the event for longer, and seen
 * changes before that. It is kept for as long as someone may be unreadable and be told of these changes afterwards.
 */
export const keepInvitation = (before: Snapshot | undefined, now: number): number[] =>
	before?.fingerprint ? before.reportedAt.filter((at) => at < 0 && now + at < MAX_REMOVED_AGE_MS).slice(0, 1) : [];

/** When the person was invited to the event, if that is known; a series also has negative times of removals. */
export const invitationTime = ({ reportedAt }: Snapshot, isSeries: boolean): number =>
	Math.max(0, ...reportedAt.filter((at) => at < 0 && (!isSeries || reportedAt.includes(-at))).map(Math.abs));

const toKey = (id: string, bytes: number): string =>
	Buffer.from(hashText(id), 'base64url').subarray(0, bytes).toString('base64url');

const shorten = (key: string): string => Buffer.from(key, 'base64url').subarray(0, EVICTED_BYTES).toString('base64url');

function decodeEvicted(text = ''): string[] {
	const bytes = Buffer.from(text, 'base64');
	const keys: string[] = [];
	for (let at = 0; at + EVICTED_BYTES <= bytes.length; at += EVICTED_BYTES)
		keys.push(bytes.subarray(at, at + EVICTED_BYTES).toString('base64url'));
	return keys;
}

export class Snapshots {
	private readonly byEvent: Map<string, Snapshot>;
	private readonly evicted: Set<string>;
	private isIncomplete: boolean;

	constructor({ events = '', evicted, isIncomplete = false, notes }: StoredSnapshots = {}) {
		this.byEvent = notes ? readLegacyLines(notes, ID_BYTES) : decodeSnapshots(events);
		this.evicted = new Set(decodeEvicted(evicted));
		// Earlier versions dropped snapshots without a trace.
		this.isIncomplete = isIncomplete || notes !== undefined;
	}

	get(id: string): Snapshot | undefined {
		return this.byEvent.get(toKey(id, ID_BYTES));
	}

	set(id: string, snapshot: Snapshot): void {
		const key = toKey(id, ID_BYTES);
		this.byEvent.set(key, {
			...snapshot,
			reportedAt: snapshot.reportedAt.slice(-MAX_TIMES_PER_SERIES).map(toWholeSeconds),
		});
		this.evicted.delete(shorten(key));
	}

	/** Whether there are events that there was no room for. */
	get hasEvicted(): boolean {
		return this.evicted.size > 0 || this.isIncomplete;
	}

	/** Whether the event was on the calendar although there is no snapshot of it: undefined if that is not known. */
	wasEvicted(id: string): boolean | undefined {
		return this.evicted.has(toKey(id, EVICTED_BYTES)) || (this.isIncomplete ? undefined : false);
	}

	/** Forgets which events there was no room for, except these. To be called when all of them have been read again. */
	keepEvicted(ids: readonly string[]): void {
		this.evicted.clear();
		for (const id of ids) this.evicted.add(toKey(id, EVICTED_BYTES));
		this.isIncomplete = false;
	}

	/** Marks the events that start later than this and are not among the listed ones as removed. */
	removeMissing(listed: readonly ListedEvent[], from: number, at: number): void {
		const known = new Set(
			listed.flatMap(({ id = '', seriesMasterId = id }) => [id, seriesMasterId]).map((id) => toKey(id, ID_BYTES)),
		);
		for (const [key, { fingerprint }] of this.byEvent)
			if (!known.has(key) && (fingerprint?.start ?? 0) > from)
				this.byEvent.set(key, { reportedAt: [toWholeSeconds(at)] });
	}

	/** What to store: the snapshots of the nearest events, and which other events are known. */
	store(now: number): StoredSnapshots {
		const byDistance = [...this.byEvent]
			.filter(([, one]) => one.fingerprint || now - lastReport(one) < MAX_REMOVED_AGE_MS)
			.sort(([, a], [, b]) => distance(a, now) - distance(b, now));
		const records: Buffer[] = [];
		const evicted = [...this.evicted];
		let bytes = 0;
		for (const [key, snapshot] of byDistance) {
			const record = encodeSnapshot(key, snapshot);
			if (bytes + record.length > MAX_BYTES) {
				if (snapshot.fingerprint) evicted.push(shorten(key));
				continue;
			}
			bytes += record.length;
			records.push(record);
		}
		const isIncomplete = this.isIncomplete || evicted.length > MAX_EVICTED;
		return {
			events: Buffer.concat(records).toString('base64'),
			...(evicted.length > 0 && {
				evicted: Buffer.from(evicted.slice(-MAX_EVICTED).join(''), 'base64url').toString('base64'),
			}),
			...(isIncomplete && { isIncomplete }),
		};
	}
}

const lastReport = ({ reportedAt }: Snapshot): number => Math.abs(reportedAt[reportedAt.length - 1] ?? 0);

function distance(snapshot: Snapshot, now: number): number {
	if (!snapshot.fingerprint) return REMOVED_DISTANCE_MS + (now - lastReport(snapshot)) * PAST_WEIGHT;
	const at = snapshot.fingerprint.start ?? lastReport(snapshot);
	return at >= now ? at - now : (now - at) * PAST_WEIGHT;
}

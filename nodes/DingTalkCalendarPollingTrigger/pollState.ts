/**
 * Reads and writes the state of polling in n8n's static data. Exported, copied and restored workflows take it along, so it
 * records its owner; the state of another owner is ignored. It names no people: they appear as hashes.
 */
import type { IDataObject, IPollFunctions } from 'n8n-workflow';
import type { Account } from '../../lib/dingtalk/account';
import type { PolledChange } from '../../lib/dingtalk/polling/describeChange';
import { lacksAttendee, type ListedAttendee } from '../../lib/dingtalk/polling/fingerprint';
import { Snapshots } from '../../lib/dingtalk/polling/snapshots';
import { hashText } from '../../lib/dingtalk/utils/hash';
import { isObject } from '../../lib/dingtalk/utils/json';
import { DAY, MINUTE } from '../../lib/dingtalk/utils/time';
import { triggerId } from '../../lib/n8n/triggers/context';
import { subjectOf, type FoundChange } from './mergeChanges';
import { hashPerson, type PersonState } from './pollPerson';
import { wasShownBy } from './shownByOthers';

const shortHash = (parts: unknown): string => hashText(JSON.stringify(parts), 16);

const recentKey = (groupKey: string, unionId: string): string => hashText(`${groupKey} ${unionId}`, 6);

/** Part of the static data of workflows, so its keys must stay as they are. */
interface StoredState {
	owner?: string;
	/** By the hash of the union ID; an earlier version stored the union ID itself. */
	people?: Record<string, PersonState>;
	/** By the time of the report, hashes of the changes that other people's calendars may still show. */
	recent?: Array<[number, string]>;
	/** The position of the person with whom the next poll begins, if the last one had no time for all. */
	turn?: number;
}

/** Of an earlier version, and values that are not stored any more. */
const OUTDATED_KEYS = ['ids', 'idsAt', 'seen'];
const VALUE_KEYS = ['states', 'zone'];

/** How far n8n's clock may be ahead of DingTalk's. */
const CLOCK_TOLERANCE_MS = 2 * MINUTE;
/** A person whose calendar cannot be read for longer is no reason to keep the keys. */
const MAX_KEY_AGE_MS = 30 * DAY;
const MAX_KEYS = 1000;

interface WriteOptions {
	reported: readonly FoundChange[];
	turn: number;
	/** As with the states: what was reported then is compared with it. */
	readAt: number;
	/** Whether the values of events are stored too. */
	keepsValues: boolean;
	/** Whether to keep the state of people who are not given, because it is not known who is watched. */
	keepsOthers: boolean;
}

export class PollStateStore {
	/** A hash of the workflow, node, app and selection of changes. */
	readonly owner: string;
	private readonly people: Record<string, PersonState>;
	private readonly recent = new Map<string, number>();

	/** The kinds of change are part of the owner, because what is stored depends on them. */
	constructor(
		context: IPollFunctions,
		private readonly data: IDataObject,
		{ hosts, appType, clientId, corpId }: Account,
		kinds: Set<string>,
	) {
		this.owner = shortHash([triggerId(context), hosts.api, appType, clientId, corpId, [...kinds].sort()]);
		const { people, recent } = data as StoredState;
		const isOwn = data.owner === this.owner;
		this.people = isOwn && isObject(people) ? people : {};
		for (const [at, hashes] of isOwn && Array.isArray(recent) ? recent : [])
			for (const hash of hashes.split(' ')) this.recent.set(hash, at);
	}

	/** Whether the stored state belongs to another workflow, node, app or selection of changes. */
	get isForeign(): boolean {
		return this.data.owner !== undefined && this.data.owner !== this.owner;
	}

	get isEmpty(): boolean {
		return Object.keys(this.people).length === 0;
	}

	get turn(): number {
		const { turn } = this.data;
		return this.data.owner === this.owner && typeof turn === 'number' ? turn : 0;
	}

	/** Undefined if the person has not been watched before. */
	get(unionId: string): PersonState | undefined {
		return this.people[hashPerson(unionId)] ?? this.people[unionId];
	}

	/**
	 * Whether the change was reported because of another person's calendar, when this person's was not read or had not shown
	 * it yet. If it had been read after the change, this is another one: a second person who is invited or leaves.
	 */
	wasReported(change: FoundChange, others: readonly string[]): boolean {
		const { key, groupKey, at, unionIds, isInvitation = false } = change;
		const readAt = Math.max(...unionIds.map((unionId) => this.get(unionId)?.readAt ?? 0));
		const isRecent = key === groupKey && !isInvitation && at > readAt - CLOCK_TOLERANCE_MS;
		return others.some((unionId) => {
			if (wasShownBy(this.get(unionId) ?? {}, change, this.get(unionIds[0]) ?? {})) return true;
			const reportedAt = this.recent.get(recentKey(groupKey, unionId));
			if (reportedAt === undefined) return false;
			if (isInvitation && this.lackedAttendee(unionId, subjectOf(change.eventId, change.extraFields), unionIds[0]))
				return false;
			return isRecent || reportedAt > readAt;
		});
	}

	/** Whether a change with the same key may have been reported because of a person whose calendar does not show it now. */
	mayHaveReportedKey({ kind, eventId, extraFields, unionIds }: FoundChange): boolean {
		if (kind !== 'created' && kind !== 'cancelled') return false;
		const found = new Set(unionIds.flatMap((unionId) => [unionId, hashPerson(unionId)]));
		const others = Object.entries(this.people).filter(([person]) => !found.has(person));
		return others.some(([, { calendar }]) => {
			const snapshots = new Snapshots(calendar);
			const snapshot = snapshots.get(kind === 'created' ? subjectOf(eventId, extraFields) : eventId);
			if (kind === 'cancelled') return snapshot !== undefined && !snapshot.fingerprint;
			return snapshot !== undefined || snapshots.wasEvicted(subjectOf(eventId, extraFields)) !== false;
		});
	}

	/** Whether others' calendars have shown the event without the person whose calendar shows it as new. */
	wasInvitedLater({ kind, event }: PolledChange, unionId: string, others: readonly string[]): boolean {
		const organizer = event.organizer as ListedAttendee | undefined;
		if (kind !== 'created' || organizer?.id === unionId) return false;
		return others.some((other) => this.lackedAttendee(other, event.seriesMasterId ?? event.id ?? '', unionId));
	}

	private lackedAttendee(other: string, id: string, unionId: string): boolean {
		const { fingerprint } = new Snapshots(this.get(other)?.calendar).get(id) ?? {};
		return fingerprint !== undefined && lacksAttendee(fingerprint, unionId);
	}

	/** When a poll takes place, for the order of polls: never before the last one, to whatever the clock was set. */
	orderedTime(now: number): number {
		const last = Math.max(0, ...Object.values(this.people).map(({ readAt = 0 }) => readAt));
		return last - now < DAY ? Math.max(now, last + 1) : now;
	}

	/** Writes everything at once, so that n8n never saves an incomplete state. */
	write(
		states: ReadonlyMap<string, PersonState>,
		{ reported, turn, readAt: now, keepsValues, keepsOthers }: WriteOptions,
	): void {
		const kept = keepsOthers ? this.people : {};
		const unread = [...Object.values(kept), ...states.values()].map(({ readAt = now }) => readAt);
		const oldest = Math.max(Math.min(now, ...unread), now - MAX_KEY_AGE_MS);
		const recent = [...this.recent].filter(([, reportedAt]) => reportedAt >= oldest);
		for (const { groupKey, unionIds } of states.size > 1 ? reported : [])
			for (const unionId of unionIds) recent.push([recentKey(groupKey, unionId), now]);
		const times = new Map<number, string[]>();
		for (const [hash, at] of recent.slice(-MAX_KEYS)) times.set(at, [...(times.get(at) ?? []), hash]);
		const outdated =
			this.data.owner === this.owner ? [...OUTDATED_KEYS, ...(keepsValues ? [] : VALUE_KEYS)] : Object.keys(this.data);
		for (const key of outdated) delete this.data[key];
		const state: StoredState = {
			owner: this.owner,
			people: {
				...kept,
				...Object.fromEntries([...states].map(([unionId, one]) => [hashPerson(unionId), one])),
			},
			recent: [...times].map(([at, hashes]) => [at, hashes.join(' ')]),
			turn,
		};
		Object.assign(this.data, state);
	}
}

/**
 * The write ledger: what this process knows of its writes. A write that is asked for again is answered from it if it is
 * confirmed, sent with the same token if DingTalk recognizes it, and refused if it could be carried out twice.
 */
import { accountKey, type Account } from '../account';
import { api, type ApiCall } from '../endpoints';
import { DingTalkError } from '../errors/DingTalkError';
import { asMayBeDone, describeMayBeDone } from '../errors/mayBeDone';
import { fillPath } from '../fillPath';
import { hashText, hashToken } from '../utils/hash';
import { LruMap, WeighedLruMap } from '../utils/lru';
import { DAY, monotonicNow } from '../utils/time';
import type { CallInput } from './types';
import { t } from '../../locale/t';

const MAX_ACCOUNTS = 100;
/** For each account: the characters of all responses, and what an entry takes besides. */
const MAX_CHARACTERS = 20_000_000;
const ENTRY_CHARACTERS = 400;
const MAX_CREATED = 50_000;
const MAX_CHANGES = 50_000;

interface Entry {
	readonly state: 'new' | 'confirmed' | 'rejected' | 'unconfirmed';
	/** The response as JSON, which takes little memory and which nothing changes that gets it. */
	readonly result?: string;
	/** When it was sent first, or confirmed: on the monotonic clock, and as a time of day. */
	readonly since: number;
	readonly sinceDate: number;
	/** Increased when its result was deleted or undone, because DingTalk would answer the same token with that result. */
	readonly generation: number;
	/** How many writes that undo it had left when it was sent last without one of them in between; none if not sent with this token. */
	readonly undoing?: number;
}

interface Writes {
	byName: WeighedLruMap<string, Entry>;
	/** The creations by the ID of what they created: their names, and in whose calendar it is. */
	byCreatedId: LruMap<string, { name: string; userId?: string }>;
	/** What was deleted, each with the person in whose calendar it was: the response to its creation may have been lost. */
	deleted: LruMap<string, true>;
	/** How many requests have left that set one thing, by the call and the thing. */
	changes: LruMap<string, { count: number; last: string }>;
}

const accounts = new LruMap<string, Writes>(MAX_ACCOUNTS);

function writesOf(account: Account): Writes {
	const name = accountKey(account);
	const known = accounts.get(name) ?? {
		byName: new WeighedLruMap<string, Entry>(MAX_CHARACTERS, ({ result = '' }) => result.length + ENTRY_CHARACTERS),
		byCreatedId: new LruMap<string, { name: string; userId?: string }>(MAX_CREATED),
		deleted: new LruMap<string, true>(MAX_CREATED),
		changes: new LruMap<string, { count: number; last: string }>(MAX_CHANGES),
	};
	accounts.set(name, known);
	return known;
}

const DELETED_ID: ReadonlyMap<ApiCall, string> = new Map<ApiCall, string>([
	[api.deleteEvent, 'eventId'],
	[api.cancelEvent, 'eventId'],
	[api.deleteSubscriptionCalendar, 'calendarId'],
	[api.deleteAcl, 'aclId'],
]);

const now = (): Pick<Entry, 'since' | 'sinceDate'> => ({ since: monotonicNow(), sinceDate: Date.now() });

const deletedName = (id: string, userId = ''): string => `${userId} ${id}`;

/** Writes that set something, each with those after which it no longer holds. */
const UNDONE_BY: ReadonlyMap<ApiCall, readonly ApiCall[]> = new Map<ApiCall, readonly ApiCall[]>([
	[api.updateEvent, [api.updateEvent]],
	[api.transferEvent, [api.transferEvent]],
	[api.addAttendees, [api.removeAttendees]],
	[api.removeAttendees, [api.addAttendees]],
	// A response leaves the event with its attendee.
	[api.respond, [api.respond, api.removeAttendees]],
	[api.bookRooms, [api.releaseRooms]],
	[api.releaseRooms, [api.bookRooms]],
	[api.respondForRoom, [api.respondForRoom, api.releaseRooms]],
]);

const ROOM_CALLS: readonly ApiCall[] = [api.bookRooms, api.releaseRooms, api.respondForRoom];

function roomsIn({ path, body }: CallInput): string[] {
	const { meetingRoomsToAdd, meetingRoomsToRemove } = (body ?? {}) as Record<string, Array<{ roomId: string }>>;
	return path?.roomId === undefined
		? (meetingRoomsToAdd ?? meetingRoomsToRemove ?? []).map(({ roomId }) => roomId)
		: [path.roomId];
}

/** What the call sets if it is about the same as the input: rooms, a person's response, or anything else of the event. */
function changesOf(call: ApiCall, input: CallInput): string[] {
	const { eventId, userId } = input.path ?? {};
	const parts = ROOM_CALLS.includes(call) ? roomsIn(input) : [call === api.respond ? userId : ''];
	return parts.map((part) => [call.path, eventId, part].join(' '));
}

const countChanges = ({ changes }: Writes, calls: readonly ApiCall[], input: CallInput): number =>
	calls
		.flatMap((call) => changesOf(call, input))
		.map((name) => changes.get(name)?.count ?? 0)
		.reduce((sum, count) => sum + count, 0);

/** Counts a change. One that sets the same as the last change of the same kind undoes nothing, but a room may have been booked in between. */
function noteChange({ changes }: Writes, call: ApiCall, input: CallInput): void {
	const last = hashText(JSON.stringify(input.body ?? null), 12);
	for (const name of changesOf(call, input)) {
		const known = changes.get(name);
		if (known?.last === last && !ROOM_CALLS.includes(call) && UNDONE_BY.get(call)?.includes(call)) continue;
		changes.set(name, { count: (known?.count ?? 0) + 1, last });
	}
}

/** Increases with each request of this process that may have given back, or answered for, this room of this event. */
export const countRoomChanges = (account: Account, eventId: string, roomId: string): number =>
	countChanges(writesOf(account), [api.releaseRooms, api.respondForRoom], { path: { eventId, roomId } });

const newEntry = (): Entry => ({ state: 'new', ...now(), generation: 0 });

/** What the ledger knows of one write, and what becomes of it. */
export class Write {
	private entry: Entry;
	/**
	 * Other writes had undone it, if it was carried out, before it was sent this time. DingTalk only answers the token that it
	 * knows, so it has to be sent with another one, too.
	 */
	isUndone = false;
	/** DingTalk has replayed the response of an earlier request whose result is deleted or undone, so it must be sent again. */
	isOutdated = false;

	private constructor(
		private readonly writes: Writes,
		/** Undefined for a write without a key, which is known only while it is sent. */
		private readonly name: string | undefined,
		private readonly call: ApiCall,
		private readonly input: CallInput,
		private readonly person: string | undefined,
	) {
		const known = name === undefined ? undefined : writes.byName.get(name);
		const isExpired = known !== undefined && input.lastsOneDay === true && monotonicNow() - known.since > DAY;
		this.entry = known === undefined || isExpired ? newEntry() : known;
	}

	static open(account: Account, call: ApiCall, input: CallInput): Write {
		const { idempotencyKey, path = {} } = input;
		const name = idempotencyKey === undefined ? undefined : `${call.method} ${fillPath(call, path)} ${idempotencyKey}`;
		return new Write(writesOf(account), name, call, input, account.person);
	}

	get isConfirmed(): boolean {
		return this.entry.state === 'confirmed';
	}

	get result(): unknown {
		const { result } = this.entry;
		return result === undefined ? undefined : JSON.parse(result);
	}

	/** Whether an earlier request may have been carried out although no response to it came. */
	get isUnconfirmed(): boolean {
		return this.entry.state === 'unconfirmed';
	}

	/** DingTalk recognizes a repeated write by it. People who signed in to one app have tokens of their own for the same key. */
	get token(): string | undefined {
		const { idempotencyKey } = this.input;
		const { generation } = this.entry;
		const others = [...(generation > 0 ? [generation] : []), ...(this.person === undefined ? [] : [this.person])];
		if (!this.call.isIdempotent || idempotencyKey === undefined || others.length === 0) return idempotencyKey;
		return hashToken([idempotencyKey, ...others].join(' '));
	}

	/** Refuses to send a creation again that DingTalk would carry out twice. Other writes set the same thing twice at worst. */
	throwIfUnrepeatable(): void {
		const { creates, action, isIdempotent } = this.call;
		const { since, sinceDate } = this.entry;
		// DingTalk remembers tokens for a day, also while the machine sleeps, which only the time of day shows.
		const age = Math.max(monotonicNow() - since, Date.now() - sinceDate);
		const isRecognized = isIdempotent === true && age < DAY;
		if (!this.isUnconfirmed || creates === undefined || isRecognized) return;
		throw new DingTalkError({
			kind: 'unclear',
			message: t`An earlier request to ${action} got no response, so its outcome is unknown`,
			advice: t`Nothing was sent this time, because it may have been carried out. ${creates.lookFor} If it is missing, run the workflow again for this item.`,
			notSent: true,
			mayBeDone: true,
		});
	}

	/** Call when the request leaves; returns the function that records how it ended. */
	begin(): (outcome: { body: unknown } | Error) => void {
		const { isUnconfirmed, writes, call, input } = this;
		const undoing = UNDONE_BY.get(call) ?? [];
		const { undoing: known } = this.entry;
		this.isUndone = isUnconfirmed && known !== undefined && countChanges(writes, undoing, input) !== known;
		this.isOutdated = false;
		if (undoing.length > 0) noteChange(writes, call, input);
		// Until there is a response, for example if the workflow is stopped.
		this.record({
			state: 'unconfirmed',
			...(isUnconfirmed ? {} : now()),
			...(undoing.length > 0 && !this.isUndone ? { undoing: countChanges(writes, undoing, input) } : {}),
		});
		return (outcome) => {
			if (!(outcome instanceof Error)) this.confirm(outcome.body);
			// A refusal says nothing about an earlier request without a response: that one may be why this one is refused.
			else if (isUnconfirmed || !(outcome instanceof DingTalkError) || outcome.isOutcomeUnknown) return;
			// An earlier request is being carried out, or has been.
			else if (outcome.kind !== 'inProgress' && outcome.kind !== 'done') this.reject();
		};
	}

	/** Records that DingTalk has not carried it out. */
	reject(): void {
		this.record({ state: 'rejected' });
	}

	/** Records that DingTalk has carried it out. */
	confirm(result: unknown): void {
		const { call, input, name, writes } = this;
		const { byCreatedId, deleted } = writes;
		const { path = {} } = input;
		if (this.isUndone) {
			this.renew();
			return;
		}
		const createdId = call.creates && (result as Record<string, unknown> | undefined)?.[call.creates.idField];
		if (typeof createdId === 'string' && deleted.delete(deletedName(createdId, path.userId))) {
			this.renew(newEntry());
			return;
		}
		this.record({ state: 'confirmed', result: JSON.stringify(result), ...now() });
		if (typeof createdId === 'string' && name !== undefined) byCreatedId.set(createdId, { name, userId: path.userId });
		const transferred = call === api.transferEvent ? byCreatedId.get(path.eventId) : undefined;
		if (transferred) transferred.userId = (input.body as { newOrganizerId?: string }).newOrganizerId;
		const parameter = DELETED_ID.get(call);
		if (parameter === undefined) return;
		if (!byCreatedId.get(path[parameter])) deleted.set(deletedName(path[parameter], path.userId), true);
		// An attendee who deletes an event only leaves it.
		if (call !== api.deleteEvent || byCreatedId.get(path.eventId)?.userId === path.userId)
			forgetCreation(writes, path[parameter]);
	}

	/**
	 * Lets it be sent once more, with another token. Call it when DingTalk has answered to the one that it knows: no earlier
	 * request is still being carried out then, which would come after the new one. Until that is answered, the earlier one counts.
	 */
	renew(change: Partial<Entry> = {}): void {
		this.isOutdated = true;
		this.record({ ...change, undoing: undefined, generation: this.entry.generation + 1 });
	}

	private record(change: Partial<Entry>): void {
		this.entry = { ...this.entry, ...change };
		if (this.name !== undefined) this.writes.byName.set(this.name, this.entry);
	}

	/** Adds to the error of a write whose outcome is unknown that the change may have been made. */
	explain(error: DingTalkError): DingTalkError {
		return this.isUnconfirmed ? asMayBeDone(error, describeMayBeDone(this.call)) : error;
	}
}

/** What was created has been deleted, so the same request creates it again. */
function forgetCreation({ byName, byCreatedId }: Writes, id: string): void {
	const name = byCreatedId.get(id)?.name;
	byCreatedId.delete(id);
	const creation = name === undefined ? undefined : byName.get(name);
	if (name === undefined || !creation) return;
	byName.set(name, { ...newEntry(), generation: creation.generation + 1 });
}

import { randomBytes } from 'crypto';

import { invalidParameter, Refusal } from '../contract';
import { Limits } from '../limits';
import type { World } from '../world';
import { newEventId, newLegacyId, parseInstanceId } from './ids';
import type {
	Attendee,
	BookedRoom,
	Change,
	ChangeType,
	Details,
	EventView,
	Exception,
	Recurrence,
	ResponseStatus,
	StoredEvent,
	Window,
} from './model';
import { describe } from './snapshot';
import { dateOfDay, dayOfInstant, HOME_ZONE, sameSpan } from './time';
import { attendeeOf, instanceAt, isOnCalendarOf, touching, wholeView } from './views';

export const MAX_ATTENDEES = 5000;

export interface NewEvent {
	organizer: string;
	details: Details;
	recurrence?: Recurrence;
	attendees: Array<Pick<Attendee, 'unionId' | 'isOptional'>>;
}

export interface EventUpdate {
	details: Partial<Details>;
	/** `null` makes a series a plain event; undefined leaves the rule alone. */
	recurrence?: Recurrence | null;
	attendees?: NewEvent['attendees'];
}

/** Every event of the organisation. It trusts its callers: whether somebody may do something is decided before. */
export class CalendarStore {
	/** Tokens of one life of the store mean nothing to the next. */
	readonly epoch = randomBytes(4).toString('hex');

	/** Everything that could be pushed to a subscriber, oldest first. */
	readonly changes: Change[] = [];

	/** Ids of subscribed calendars, kept by the calendars' own store: event calls refuse them in their own way. */
	readonly subscribedCalendarIds = new Set<string>();

	private readonly events = new Map<string, StoredEvent>();
	private readonly byLegacyId = new Map<string, StoredEvent>();
	private readonly concerned = new Map<string, Set<StoredEvent>>();
	private readonly createdToday = new Map<string, number>();
	private readonly listeners = new Set<(change: Change) => void>();
	private seq = 0;

	constructor(private readonly world: World) {}

	/** Number of the last change of all: what a sync token remembers. */
	get currentSeq(): number {
		return this.seq;
	}

	onChange(listener: (change: Change) => void): () => void {
		this.listeners.add(listener);
		return () => this.listeners.delete(listener);
	}

	snapshot(): unknown[] {
		return [...this.events.values()].map(describe);
	}

	// Finding

	/** The event, series or date with this id, whoever may see it. */
	byId(id: string): EventView | undefined {
		const event = this.events.get(id);
		if (event) return wholeView(event);
		const instance = parseInstanceId(id);
		const series = instance && this.events.get(instance.seriesId);
		return series && instanceAt(series, instance.originMs);
	}

	/** The same, if it stands on this person's calendar (cancelled ones too). */
	find(unionId: string, id: string): EventView | undefined {
		const view = this.byId(id);
		return view && isOnCalendarOf(view, unionId) ? view : undefined;
	}

	/** Whether the id is a date of a series that exists, though the date does not. */
	isInstanceOfSeries(id: string): boolean {
		const instance = parseInstanceId(id);
		return instance !== undefined && this.events.has(instance.seriesId);
	}

	fromLegacyId(legacyId: string): StoredEvent | undefined {
		return this.byLegacyId.get(legacyId);
	}

	/** Events this person is or ever was concerned with. */
	eventsOf(unionId: string): Iterable<StoredEvent> {
		return this.concerned.get(unionId) ?? [];
	}

	/** What stands on somebody's calendar in the window, one entry per date; declined ones included. */
	occurrencesOf(unionId: string, window: Window): EventView[] {
		const found: EventView[] = [];
		for (const event of this.eventsOf(unionId)) {
			for (const view of touching(event, window)) {
				if (!view.cancelled && isOnCalendarOf(view, unionId)) found.push(view);
			}
		}
		return found.sort((a, b) => a.details.span.startMs - b.details.span.startMs);
	}

	/** What a room is booked for in the window, one entry per date; declined bookings do not occupy it. */
	occurrencesIn(roomId: string, window: Window): EventView[] {
		const found: EventView[] = [];
		for (const event of this.events.values()) {
			if (!usesRoom(event, roomId)) continue;
			for (const view of touching(event, window)) {
				if (!view.cancelled && view.rooms.some((room) => occupies(room, roomId))) found.push(view);
			}
		}
		return found.sort((a, b) => a.details.span.startMs - b.details.span.startMs);
	}

	// Changing

	create(input: NewEvent): EventView {
		this.countCreation(input.organizer);
		const now = this.world.clock.now();
		const event: StoredEvent = {
			id: newEventId(this.world.switches.eventIds),
			legacyId: newLegacyId(),
			organizer: input.organizer,
			details: input.details,
			recurrence: input.recurrence,
			attendees: [{ unionId: input.organizer, isOptional: false, response: 'accepted' }],
			rooms: [],
			cancelled: false,
			exceptions: new Map(),
			retired: [],
			hiddenFrom: new Map(),
			left: new Map(),
			createTime: now,
			updateTime: now,
			seq: 0,
			touchedSeq: 0,
		};
		for (const { unionId, isOptional } of input.attendees) {
			if (unionId !== input.organizer) event.attendees.push({ unionId, isOptional, response: 'needsAction' });
		}
		this.events.set(event.id, event);
		this.byLegacyId.set(event.legacyId, event);
		const view = wholeView(event);
		this.remember(event, event.attendees);
		this.touch(view);
		this.report(view, 'created', 'event', input.organizer);
		return wholeView(event);
	}

	update(view: EventView, update: EventUpdate, operator: string): EventView {
		const before = people(view);
		if (update.attendees) this.mergeOrReplaceAttendees(view, update.attendees);
		if (view.originMs !== undefined) this.updateInstance(view, update);
		else this.updateWhole(view.event, update);
		this.touch(view);
		const after = this.again(view);
		this.report(after, 'updated', 'event', operator, before);
		return after;
	}

	/** Off everybody's calendar: a whole event, or one date of a series. */
	cancel(view: EventView, operator: string): void {
		if (view.originMs === undefined) view.event.cancelled = true;
		else this.exceptionOf(view).cancelled = true;
		this.touch(view);
		this.report(view, 'cancelled', 'event', operator);
	}

	/** Off one person's calendar only. */
	hide(view: EventView, unionId: string): void {
		const target = view.originMs === undefined ? view.event : this.exceptionOf(view);
		// The event itself has not changed for anybody else, so only the bookkeeping of deltas moves on.
		this.seq += 1;
		view.event.touchedSeq = this.seq;
		target.hiddenFrom.set(unionId, this.seq);
		this.report(view, 'deleteView', 'event', unionId, [], [unionId]);
	}

	addAttendees(view: EventView, entries: NewEvent['attendees'], operator: string): void {
		const before = people(view);
		this.invite(view, entries);
		const after = this.again(view);
		const newcomers = people(after).filter((unionId) => !before.includes(unionId));
		if (newcomers.length === 0) return;
		this.touch(view);
		this.report(after, 'updated', 'attendees', operator);
	}

	removeAttendees(view: EventView, unionIds: string[], operator: string): void {
		const before = people(view);
		this.uninvite(view, unionIds);
		if (people(this.again(view)).length === before.length) return;
		this.touch(view);
		this.report(this.again(view), 'updated', 'attendees', operator, before);
	}

	respond(view: EventView, unionId: string, response: ResponseStatus): void {
		if (view.originMs !== undefined) this.exceptionOf(view).responses.set(unionId, response);
		else {
			const attendee = attendeeOf(view, unionId);
			if (attendee) attendee.response = response;
		}
		this.touch(view);
		this.report(view, 'updated', 'response', unionId);
	}

	transfer(event: StoredEvent, newOrganizer: string, leave: boolean): void {
		const view = wholeView(event);
		const before = people(view);
		const old = event.organizer;
		this.invite(view, [{ unionId: newOrganizer, isOptional: false }]);
		const first = event.attendees.filter((attendee) => attendee.unionId === newOrganizer);
		for (const attendee of first) Object.assign(attendee, { isOptional: false, response: 'accepted' });
		event.organizer = newOrganizer;
		event.hiddenFrom.delete(newOrganizer);
		event.attendees = [...first, ...event.attendees.filter((attendee) => attendee.unionId !== newOrganizer)];
		if (leave) this.uninvite(view, [old]);
		this.touch(view);
		this.report(this.again(view), 'updated', 'event', old, before);
	}

	/** Adds rooms to an event, a series or one date of it; whether they are free is the caller's question. */
	bookRooms(view: EventView, rooms: BookedRoom[], operator: string): void {
		const ids = rooms.map((room) => room.roomId);
		this.setRooms(view, [...view.rooms.filter((room) => !ids.includes(room.roomId)), ...rooms], operator);
	}

	releaseRooms(view: EventView, roomIds: string[], operator: string): void {
		this.setRooms(view, view.rooms.filter((room) => !roomIds.includes(room.roomId)), operator);
	}

	private setRooms(view: EventView, rooms: BookedRoom[], operator: string): void {
		if (view.originMs === undefined) view.event.rooms = rooms;
		else this.exceptionOf(view).rooms = rooms;
		this.touch(view);
		this.report(view, 'updated', 'rooms', operator);
	}

	private updateInstance(view: EventView, { details }: EventUpdate): void {
		const moved = details.span !== undefined && !sameSpan(details.span, view.details.span);
		const exception = this.exceptionOf(view);
		Object.assign(exception.changes, details);
		if (moved && this.world.switches.rescheduleResetsResponses) {
			for (const { unionId } of this.again(view).attendees) {
				if (unionId !== view.event.organizer) exception.responses.set(unionId, 'needsAction');
			}
		}
	}

	private updateWhole(event: StoredEvent, { details, recurrence }: EventUpdate): void {
		const moved = details.span !== undefined && !sameSpan(details.span, event.details.span);
		const newRule = recurrence !== undefined && JSON.stringify(recurrence) !== JSON.stringify(event.recurrence ?? null);
		if (newRule || (moved && event.recurrence)) {
			// The dates of the old rule are gone, and with them what was changed about single ones.
			event.retired.push({
				span: event.details.span,
				recurrence: event.recurrence,
				at: this.world.clock.now(),
				seq: this.seq + 1,
			});
			event.exceptions.clear();
		}
		event.details = { ...event.details, ...details };
		if (recurrence !== undefined) event.recurrence = recurrence ?? undefined;
		if (moved && this.world.switches.rescheduleResetsResponses) {
			for (const attendee of event.attendees) {
				if (attendee.unionId !== event.organizer) attendee.response = 'needsAction';
			}
		}
	}

	private mergeOrReplaceAttendees(view: EventView, entries: NewEvent['attendees']): void {
		this.invite(view, entries);
		for (const entry of entries) this.setOptional(this.again(view), entry.unionId, entry.isOptional);
		if (this.world.switches.attendeesInUpdate === 'merge') return;
		const wanted = new Set(entries.map((entry) => entry.unionId));
		this.uninvite(view, people(this.again(view)).filter((unionId) => !wanted.has(unionId)));
	}

	private setOptional(view: EventView, unionId: string, isOptional: boolean): void {
		const attendee = attendeeOf(view, unionId);
		if (!attendee || attendee.isOptional === isOptional || unionId === view.event.organizer) return;
		if (view.originMs === undefined) {
			attendee.isOptional = isOptional;
		} else {
			const exception = this.exceptionOf(view);
			exception.added = [...exception.added.filter((other) => other.unionId !== unionId), { ...attendee, isOptional }];
		}
	}

	private invite(view: EventView, entries: NewEvent['attendees']): void {
		const current = new Set(people(view));
		const newcomers = new Map(
			entries.filter(({ unionId }) => !current.has(unionId)).map((entry) => [entry.unionId, entry]),
		);
		// The organizer is not counted: the limit is about people one adds.
		if (current.size - 1 + newcomers.size > MAX_ATTENDEES) {
			throw invalidParameter(`attendees size too large. Maximum allowed per event:${MAX_ATTENDEES}`);
		}
		const attendees = [...newcomers.values()].map(
			({ unionId, isOptional }): Attendee => ({ unionId, isOptional, response: 'needsAction' }),
		);
		if (view.originMs === undefined) {
			view.event.attendees.push(...attendees);
			for (const { unionId } of attendees) {
				view.event.left.delete(unionId);
				view.event.hiddenFrom.delete(unionId);
			}
		} else if (attendees.length > 0) {
			const exception = this.exceptionOf(view);
			exception.added.push(...attendees);
			for (const { unionId } of attendees) {
				exception.removed.delete(unionId);
				exception.responses.delete(unionId);
				exception.hiddenFrom.delete(unionId);
			}
		}
		this.remember(view.event, attendees);
	}

	private uninvite(view: EventView, unionIds: string[]): void {
		// An event cannot lose the person it belongs to.
		const gone = new Set(unionIds.filter((unionId) => unionId !== view.event.organizer));
		if (view.originMs === undefined) {
			for (const { unionId } of view.event.attendees) {
				if (gone.has(unionId)) view.event.left.set(unionId, this.seq + 1);
			}
			for (const exception of view.event.exceptions.values()) {
				exception.added = exception.added.filter(({ unionId }) => !gone.has(unionId));
			}
			view.event.attendees = view.event.attendees.filter(({ unionId }) => !gone.has(unionId));
			return;
		}
		const exception = this.exceptionOf(view);
		exception.added = exception.added.filter(({ unionId }) => !gone.has(unionId));
		for (const unionId of gone) exception.removed.add(unionId);
	}

	private exceptionOf(view: EventView): Exception {
		const originMs = view.originMs ?? 0;
		let exception = view.event.exceptions.get(originMs);
		if (!exception) {
			exception = {
				originMs,
				cancelled: false,
				changes: {},
				added: [],
				removed: new Set(),
				responses: new Map(),
				hiddenFrom: new Map(),
				updateTime: 0,
				seq: 0,
			};
			view.event.exceptions.set(originMs, exception);
		}
		return exception;
	}

	private touch(view: EventView): void {
		const target = view.originMs === undefined ? view.event : this.exceptionOf(view);
		this.seq += 1;
		target.seq = this.seq;
		target.updateTime = this.world.clock.now();
		view.event.touchedSeq = this.seq;
	}

	/** The view as it is now; one the rule no longer makes is shown as it was. */
	private again(view: EventView): EventView {
		return view.originMs === undefined ? wholeView(view.event) : (instanceAt(view.event, view.originMs) ?? view);
	}

	private remember(event: StoredEvent, attendees: Attendee[]): void {
		for (const { unionId } of attendees) {
			const events = this.concerned.get(unionId) ?? new Set();
			events.add(event);
			this.concerned.set(unionId, events);
		}
	}

	private countCreation(unionId: string): void {
		const limit = this.world.use(Limits).values.eventsPerDay;
		const key = `${unionId} ${dateOfDay(dayOfInstant(this.world.clock.now(), HOME_ZONE))}`;
		const count = this.createdToday.get(key) ?? 0;
		if (limit !== null && count >= limit) {
			throw new Refusal(400, 'flowLimit', `current user can not create events exceed ${limit} per day`);
		}
		this.createdToday.set(key, count + 1);
	}

	private report(
		view: EventView,
		type: ChangeType,
		cause: Change['cause'],
		operator: string,
		before: string[] = [],
		unionIds = [...new Set([...before, ...people(view)])],
	): void {
		const change: Change = {
			type,
			cause,
			eventId: view.id,
			legacyEventId: view.event.legacyId,
			seriesMasterId: view.event.recurrence && view.event.id,
			unionIds,
			operator,
			at: this.world.clock.now(),
		};
		this.changes.push(change);
		for (const listener of this.listeners) listener(change);
	}
}

const people = (view: EventView): string[] => view.attendees.map((attendee) => attendee.unionId);

const occupies = (room: BookedRoom, roomId: string): boolean =>
	room.roomId === roomId && room.responseStatus !== 'declined';

const usesRoom = (event: StoredEvent, roomId: string): boolean =>
	event.rooms.some((room) => room.roomId === roomId) ||
	[...event.exceptions.values()].some((exception) => exception.rooms?.some((room) => room.roomId === roomId));

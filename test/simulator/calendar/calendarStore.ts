/** Stores all events of the organization and reports their changes. */
import { randomBytes } from 'crypto';

import type { World } from '../world';
import { DayLimit } from './dayLimit';
import { exceptionOf } from './exceptions';
import { addAttendees, attendeeIds, isGuestId, setOptional, removeAttendees } from './eventAttendees';
import { newEventId, newLegacyId, parseInstanceId } from './ids';
import type {
	BookedRoom,
	Change,
	ChangeType,
	Details,
	EventView,
	NewAttendee,
	Recurrence,
	ResponseStatus,
	StoredEvent,
	Window,
} from './model';
import { describe } from './snapshot';
import { sameSpan } from './time';
import { attendeeOf, instanceAt, isOnCalendarOf, refreshed, overlapping, wholeView } from './views';

export interface NewEvent {
	organizer: string;
	details: Details;
	recurrence?: Recurrence;
	attendees: NewAttendee[];
}

export interface EventUpdate {
	details: Partial<Details>;
	/** `null` makes a series a single event; undefined leaves the rule unchanged. */
	recurrence?: Recurrence | null;
	attendees?: NewAttendee[];
}

/** All events of the organization. Callers must have checked permissions. */
export class CalendarStore {
	/** Page and sync tokens are valid only for this instance of the store. */
	readonly epoch = randomBytes(4).toString('hex');

	/** All changes that can be pushed, oldest first. */
	readonly changes: Change[] = [];

	/** IDs of subscription calendars, set by their store: event calls refuse them with their own error. */
	readonly subscribedCalendarIds = new Set<string>();

	private readonly events = new Map<string, StoredEvent>();
	private readonly byLegacyId = new Map<string, StoredEvent>();
	private readonly eventsByUser = new Map<string, Set<StoredEvent>>();
	private readonly listeners = new Set<(change: Change) => void>();
	private seq = 0;

	private readonly dayLimit: DayLimit;

	constructor(private readonly world: World) {
		this.dayLimit = new DayLimit(world);
	}

	/** Number of the last change, which sync tokens contain. */
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

	/** Finds the event, series or occurrence with this ID, for any user. */
	byId(id: string): EventView | undefined {
		const event = this.events.get(id);
		if (event) return wholeView(event);
		const instance = parseInstanceId(id);
		const series = instance && this.events.get(instance.seriesId);
		return series && instanceAt(series, instance.originMs);
	}

	/** The same, if it is on this user's calendar (including cancelled ones). */
	find(unionId: string, id: string): EventView | undefined {
		const view = this.byId(id);
		return view && isOnCalendarOf(view, unionId) ? view : undefined;
	}

	/** Whether the ID is an occurrence of an existing series, even if that occurrence does not exist. */
	isInstanceOfSeries(id: string): boolean {
		const instance = parseInstanceId(id);
		return instance !== undefined && this.events.has(instance.seriesId);
	}

	fromLegacyId(legacyId: string): StoredEvent | undefined {
		return this.byLegacyId.get(legacyId);
	}

	/** Events that this user is or was an attendee of. */
	eventsOf(unionId: string): Iterable<StoredEvent> {
		return this.eventsByUser.get(unionId) ?? [];
	}

	/** Events and occurrences on a user's calendar in the window, including declined ones. */
	occurrencesOf(unionId: string, window: Window): EventView[] {
		const found: EventView[] = [];
		for (const event of this.eventsOf(unionId)) {
			for (const view of overlapping(event, window)) {
				if (!view.cancelled && isOnCalendarOf(view, unionId)) found.push(view);
			}
		}
		return found.sort((a, b) => a.details.span.startMs - b.details.span.startMs);
	}

	/** Events and occurrences that a room is booked for in the window, without declined bookings. */
	occurrencesIn(roomId: string, window: Window): EventView[] {
		const found: EventView[] = [];
		for (const event of this.events.values()) {
			if (!usesRoom(event, roomId)) continue;
			for (const view of overlapping(event, window)) {
				if (!view.cancelled && view.rooms.some((room) => occupies(room, roomId))) found.push(view);
			}
		}
		return found.sort((a, b) => a.details.span.startMs - b.details.span.startMs);
	}

	/** All events, including deleted ones. */
	all(): Iterable<StoredEvent> {
		return this.events.values();
	}

	// Changing

	create(input: NewEvent): EventView {
		this.dayLimit.count(input.organizer);
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
		this.events.set(event.id, event);
		this.byLegacyId.set(event.legacyId, event);
		const view = wholeView(event);
		this.addToAttendees(view, [{ unionId: input.organizer, isOptional: false }, ...input.attendees]);
		this.touch(view);
		this.report(view, 'created', 'event', input.organizer);
		return wholeView(event);
	}

	update(view: EventView, update: EventUpdate, operator: string): EventView {
		const before = attendeeIds(view);
		if (update.attendees) this.changeAttendees(view, update.attendees);
		if (view.originMs !== undefined) this.updateInstance(view, update);
		else this.updateWhole(view.event, update);
		this.touch(view);
		const after = refreshed(view);
		this.report(after, 'updated', 'event', operator, before);
		return after;
	}

	/** Cancels a whole event or one occurrence for all attendees. */
	cancel(view: EventView, operator: string): void {
		if (view.originMs === undefined) view.event.cancelled = true;
		else exceptionOf(view).cancelled = true;
		this.touch(view);
		this.report(view, 'cancelled', 'event', operator);
	}

	/** Removes an event or occurrence from one user's calendar. */
	hide(view: EventView, unionId: string): void {
		const target = view.originMs === undefined ? view.event : exceptionOf(view);
		// The event has not changed for other users, so only the sync state advances.
		this.seq += 1;
		view.event.touchedSeq = this.seq;
		target.hiddenFrom.set(unionId, this.seq);
		this.report(view, 'deleteView', 'event', unionId, [], [unionId]);
	}

	addAttendees(view: EventView, entries: NewAttendee[], operator: string): void {
		const before = view.attendees.length;
		this.addToAttendees(view, entries);
		const after = refreshed(view);
		if (after.attendees.length === before) return;
		this.touch(view);
		this.report(after, 'updated', 'attendees', operator);
	}

	removeAttendees(view: EventView, unionIds: string[], operator: string): void {
		const before = attendeeIds(view);
		removeAttendees(view, unionIds, this.seq + 1);
		if (attendeeIds(refreshed(view)).length === before.length) return;
		this.touch(view);
		this.report(refreshed(view), 'updated', 'attendees', operator, before);
	}

	respond(view: EventView, unionId: string, response: ResponseStatus): void {
		if (view.originMs !== undefined) exceptionOf(view).responses.set(unionId, response);
		else {
			const attendee = attendeeOf(view, unionId);
			if (attendee) attendee.response = response;
		}
		this.touch(view);
		this.report(view, 'updated', 'response', unionId);
	}

	transfer(event: StoredEvent, newOrganizer: string, leave: boolean): void {
		const view = wholeView(event);
		const before = attendeeIds(view);
		const old = event.organizer;
		this.addToAttendees(view, [{ unionId: newOrganizer, isOptional: false }]);
		const first = event.attendees.filter((attendee) => attendee.unionId === newOrganizer);
		for (const attendee of first) Object.assign(attendee, { isOptional: false, response: 'accepted' });
		event.organizer = newOrganizer;
		event.hiddenFrom.delete(newOrganizer);
		event.attendees = [...first, ...event.attendees.filter((attendee) => attendee.unionId !== newOrganizer)];
		if (leave) removeAttendees(view, [old], this.seq + 1);
		this.touch(view);
		this.report(refreshed(view), 'updated', 'event', old, before);
	}

	/** Adds rooms to an event, a series or one occurrence; the caller checks that they are free. */
	bookRooms(view: EventView, rooms: BookedRoom[], operator: string): void {
		const ids = rooms.map((room) => room.roomId);
		this.setRooms(view, [...view.rooms.filter((room) => !ids.includes(room.roomId)), ...rooms], operator);
	}

	releaseRooms(view: EventView, roomIds: string[], operator: string): void {
		this.setRooms(
			view,
			view.rooms.filter((room) => !roomIds.includes(room.roomId)),
			operator,
		);
	}

	private addToAttendees(view: EventView, guests: NewAttendee[]): void {
		addAttendees(view, guests);
		this.remember(view.event, guests);
	}

	private changeAttendees(view: EventView, guests: NewAttendee[]): void {
		this.addToAttendees(view, guests);
		for (const { unionId, isOptional } of guests) setOptional(refreshed(view), unionId, isOptional);
		if (this.world.switches.attendeesInUpdate === 'merge') return;
		const wanted = new Set(guests.map((guest) => guest.unionId));
		const others = attendeeIds(refreshed(view)).filter((unionId) => !wanted.has(unionId));
		removeAttendees(view, others, this.seq + 1);
	}

	private setRooms(view: EventView, rooms: BookedRoom[], operator: string): void {
		if (view.originMs === undefined) view.event.rooms = rooms;
		else exceptionOf(view).rooms = rooms;
		this.touch(view);
		this.report(view, 'updated', 'rooms', operator);
	}

	private updateInstance(view: EventView, { details }: EventUpdate): void {
		const moved = details.span !== undefined && !sameSpan(details.span, view.details.span);
		const exception = exceptionOf(view);
		Object.assign(exception.changes, details);
		if (moved && this.world.switches.rescheduleResetsResponses) {
			for (const { unionId } of refreshed(view).attendees) {
				if (unionId !== view.event.organizer) exception.responses.set(unionId, 'needsAction');
			}
		}
	}

	private updateWhole(event: StoredEvent, { details, recurrence }: EventUpdate): void {
		const moved = details.span !== undefined && !sameSpan(details.span, event.details.span);
		const newRule = recurrence !== undefined && JSON.stringify(recurrence) !== JSON.stringify(event.recurrence ?? null);
		if (newRule || (moved && event.recurrence)) {
			// The occurrences of the old rule are gone.
			event.retired.push({
				span: event.details.span,
				recurrence: event.recurrence,
				at: this.world.clock.now(),
				seq: this.seq + 1,
			});
			if (this.world.switches.exceptionsAfterRuleChange === 'lost') event.exceptions.clear();
		}
		event.details = { ...event.details, ...details };
		if (recurrence !== undefined) event.recurrence = recurrence ?? undefined;
		for (const originMs of event.exceptions.keys()) {
			if (!instanceAt(event, originMs)) event.exceptions.delete(originMs);
		}
		if (moved && this.world.switches.rescheduleResetsResponses) {
			for (const attendee of event.attendees) {
				if (attendee.unionId !== event.organizer) attendee.response = 'needsAction';
			}
		}
	}

	private touch(view: EventView): void {
		const target = view.originMs === undefined ? view.event : exceptionOf(view);
		this.seq += 1;
		target.seq = this.seq;
		target.updateTime = this.world.clock.now();
		view.event.touchedSeq = this.seq;
	}

	private remember(event: StoredEvent, guests: NewAttendee[]): void {
		for (const { unionId } of guests) {
			const events = this.eventsByUser.get(unionId) ?? new Set();
			events.add(event);
			this.eventsByUser.set(unionId, events);
		}
	}

	private report(
		view: EventView,
		type: ChangeType,
		cause: Change['cause'],
		operator: string,
		before: string[] = [],
		unionIds = [...new Set([...before, ...attendeeIds(view)])].filter((id) => !isGuestId(id)),
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

const occupies = (room: BookedRoom, roomId: string): boolean =>
	room.roomId === roomId && room.responseStatus !== 'declined';

const usesRoom = (event: StoredEvent, roomId: string): boolean =>
	event.rooms.some((room) => room.roomId === roomId) ||
	[...event.exceptions.values()].some((exception) => exception.rooms?.some((room) => room.roomId === roomId));

/** The events with an external key in the calendars that one run writes to: read once for all items, not once for each. */
import { DateTime, Interval } from 'luxon';
import { api } from '../endpoints';
import { LIMITS } from '../limits';
import { listRows } from '../client/pagination';
import {
	AmbiguousKeyError,
	getExistingEvent,
	isOwn,
	seriesIdOf,
	type CalendarRef,
	type KeyedEvent,
} from '../events/findByKey';
import { readKey } from '../events/keyMarker';
import { monotonicNow, MINUTE } from '../utils/time';
import { apiDateTime, type ApiTime } from '../utils/timestamps';

/** What was read is trusted for that many changes of the run, and for that long. */
const MAX_CHANGES = 100;
const MAX_AGE_MS = MINUTE;

/** A gap between two windows is read, too: a call of its own for the second one would cost as much. */
const MAX_GAP = { days: 31 };
/** Whether DingTalk accepts more is not documented. */
const MAX_SPAN = { days: 365 };

export interface FoundEvent {
	event: KeyedEvent;
	/** Whether it was read by itself, with its reminders and up to 500 attendees. */
	isComplete: boolean;
	/** Whether others may have changed it since, so that it has to be found again before it is changed. */
	isOutdated(): boolean;
}

interface Reading {
	/** By key. */
	events: Promise<Map<string, KeyedEvent[]>>;
	changesBefore: number;
	at: number;
}

/** All-day events take the days of DingTalk's own zone. */
const toDateTime = ({ date, dateTime }: ApiTime): DateTime =>
	DateTime.fromISO(dateTime ?? date ?? '', dateTime ? {} : { zone: 'Asia/Shanghai' });

/** DingTalk lists an event that ends when the window starts, too. */
function overlaps({ start, end }: KeyedEvent, window: Interval<true>): boolean {
	const [from, to] = [start, end].map((time) => toDateTime(time ?? {}).toMillis());
	if (Number.isNaN(from)) return true;
	return from < window.end.toMillis() && (Number.isNaN(to) ? from : to) >= window.start.toMillis();
}

export class KeyedCalendar {
	private readonly readings = new Map<string, Reading>();
	/** The events that this run has written, by the key they have since. */
	private readonly written = new Map<string, string>();
	/** The run has changed these events, or has tried to: what was read of them may no longer be so. */
	private readonly staleIds = new Set<string>();
	private readonly goneIds = new Set<string>();
	private readonly windows = new Set<Array<Interval<true>>>();
	private spans: Array<Interval<true>> = [];
	private changes = 0;

	/** Adds windows that items will search, the same list only once. */
	addWindows(windows: Array<Interval<true>>): void {
		if (this.windows.has(windows)) return;
		this.windows.add(windows);
		this.spans = joinWindows([...this.windows].flat());
	}

	/**
	 * The event with this key in the window. What the run has written itself is read again, everything else only if it must
	 * be `recent`. That there is none has to be recent in any case: a second event would be created.
	 */
	async find(
		calendar: CalendarRef,
		key: string,
		window: Interval<true>,
		recent = false,
	): Promise<FoundEvent | undefined> {
		const own = this.written.get(key);
		const event = own === undefined ? undefined : await getExistingEvent(calendar, own);
		if (event && readKey(event.description) === key) return { event, isComplete: true, isOutdated: () => false };
		const reading = this.read(calendar, window, recent);
		const found = await this.findIn(reading, calendar, key, window);
		if (found || !this.isOutdated(reading)) return found;
		return await this.findIn(this.read(calendar, window, true), calendar, key, window);
	}

	private async findIn(
		reading: Reading,
		calendar: CalendarRef,
		key: string,
		window: Interval<true>,
	): Promise<FoundEvent | undefined> {
		const found = new Map<string, FoundEvent>();
		for (const listed of (await reading.events).get(key) ?? []) {
			const id = seriesIdOf(listed);
			if (this.goneIds.has(id) || found.has(id) || !overlaps(listed, window)) continue;
			if (!this.staleIds.has(id)) {
				found.set(id, { event: listed, isComplete: false, isOutdated: () => this.isOutdated(reading) });
				continue;
			}
			const event = await getExistingEvent(calendar, id);
			if (event && readKey(event.description) === key)
				found.set(id, { event, isComplete: true, isOutdated: () => false });
		}
		if (found.size > 1) throw new AmbiguousKeyError(key, [...found.keys()]);
		return [...found.values()][0];
	}

	/** All events with a key in the window, as they are after everything that the run has written. */
	async list(calendar: CalendarRef, window: Interval<true>): Promise<KeyedEvent[]> {
		let reading = this.read(calendar, window, true);
		if (reading.changesBefore !== this.changes) {
			this.readings.clear();
			reading = this.read(calendar, window, true);
		}
		return [...(await reading.events).values()].flat();
	}

	/** Keeps in mind that the run has created or is about to change an event, which then has this key. */
	noteChange(key: string, id: string): void {
		this.changes++;
		this.written.set(key, id);
		this.staleIds.add(id);
	}

	/** The event does not exist any more. */
	noteGone(id: string): void {
		this.goneIds.add(id);
	}

	/** The events with keys in all windows that this one belongs to. */
	private read(calendar: CalendarRef, window: Interval<true>, recent: boolean): Reading {
		const span = this.spans.find((joined) => joined.engulfs(window)) ?? window;
		const name = span.toISO();
		const known = this.readings.get(name);
		if (known && !(recent && this.isOutdated(known))) return known;
		const events = readKeyed(calendar, span).then(groupByKey);
		const reading = { events, changesBefore: this.changes, at: monotonicNow() };
		this.readings.set(name, reading);
		// The next item tries again.
		events.catch(() => {
			if (this.readings.get(name) === reading) this.readings.delete(name);
		});
		return reading;
	}

	private isOutdated(reading: Reading): boolean {
		return (
			![...this.readings.values()].includes(reading) ||
			this.changes - reading.changesBefore >= MAX_CHANGES ||
			monotonicNow() - reading.at >= MAX_AGE_MS
		);
	}
}

/** The windows of a run, those close to each other as one. */
function joinWindows(windows: Array<Interval<true>>): Array<Interval<true>> {
	const sorted = [...windows].sort((a, b) => a.start.toMillis() - b.start.toMillis());
	const joined: Array<Interval<true>> = [];
	for (const window of sorted) {
		const last = joined.at(-1);
		if (last && window.start <= last.end.plus(MAX_GAP))
			joined[joined.length - 1] = last.union(window) as Interval<true>;
		else joined.push(window);
	}
	return joined;
}

/** DingTalk has no search, so all events of the span are read; those without a key are dropped. */
export async function readKeyed({ client, path }: CalendarRef, span: Interval<true>): Promise<KeyedEvent[]> {
	const found: KeyedEvent[] = [];
	for (const { start, end } of span.splitBy(MAX_SPAN) as Array<Interval<true>>) {
		const times = { timeMin: apiDateTime(start), timeMax: apiDateTime(end) };
		const query = { ...times, maxResults: api.listEventsView.pageSize, maxAttendees: LIMITS.attendeesInList };
		const matches = (event: KeyedEvent): boolean =>
			event.status !== 'cancelled' && readKey(event.description) !== undefined && isOwn(event, path.userId);
		found.push(...(await listRows<KeyedEvent>(client, api.listEventsView, 'events', { path, query }, { matches })));
	}
	return found;
}

function groupByKey(events: KeyedEvent[]): Map<string, KeyedEvent[]> {
	const groups = new Map<string, KeyedEvent[]>();
	for (const event of events) {
		const key = readKey(event.description) ?? '';
		const group = groups.get(key);
		if (group) group.push(event);
		else groups.set(key, [event]);
	}
	return groups;
}

/** The calendars of a run. Before anything is searched for, each item says where it will search. */
export class KeyedEvents {
	private readonly windows = new Map<string, Array<Interval<true>>>();
	private readonly calendars = new Map<string, KeyedCalendar>();

	/** `name` is the calendar as the item names it: people are not looked up yet. */
	announce(name: string, window: Interval<true>): void {
		const windows = this.windows.get(name);
		if (windows) windows.push(window);
		else this.windows.set(name, [window]);
	}

	calendar({ path }: CalendarRef, name: string): KeyedCalendar {
		const id = JSON.stringify([path.userId, path.calendarId]);
		const calendar = this.calendars.get(id) ?? new KeyedCalendar();
		this.calendars.set(id, calendar);
		calendar.addWindows(this.windows.get(name) ?? []);
		return calendar;
	}
}

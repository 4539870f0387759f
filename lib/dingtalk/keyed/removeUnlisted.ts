/** Finds and removes the events of a calendar whose key has a prefix and is on no list. */
import { DateTime, type Interval } from 'luxon';
import { api } from '../endpoints';
import { DingTalkError } from '../errors/DingTalkError';
import { runSteps } from '../errors/runSteps';
import { seriesIdOf, type CalendarRef, type KeyedEvent } from '../events/findByKey';
import { readKey } from '../events/keyMarker';
import { t } from '../../locale/t';

export interface KeyList {
	prefix: string;
	/** Every key that is to stay. */
	keys: ReadonlySet<string>;
	/** Only events that start in it are removed: one that reaches into it belongs to the list of another time. */
	window: Interval<true>;
	/** In which the day of an all-day event begins. */
	zone: string;
}

export interface UnlistedEvent {
	id: string;
	key: string;
	event: KeyedEvent;
	/** A series also has dates outside the window, so it stays. */
	isSeries: boolean;
}

const startOf = ({ start: { date, dateTime } = {} }: KeyedEvent, zone: string): DateTime =>
	DateTime.fromISO(dateTime ?? date ?? '', dateTime ? {} : { zone });

/** In the order of their starts; a series once. */
export function findUnlisted(events: KeyedEvent[], { prefix, keys, window, zone }: KeyList): UnlistedEvent[] {
	const found = new Map<string, UnlistedEvent>();
	const sorted = events
		.map((event) => ({ event, start: startOf(event, zone) }))
		.filter(({ start }) => start.isValid && window.contains(start))
		.sort((a, b) => a.start.toMillis() - b.start.toMillis());
	for (const { event } of sorted) {
		const key = readKey(event.description) ?? '';
		const id = seriesIdOf(event);
		if (!key.startsWith(prefix) || keys.has(key) || found.has(id)) continue;
		found.set(id, { id, key, event, isSeries: id !== event.id || event.recurrence !== undefined });
	}
	return [...found.values()];
}

/** Such as `Early shift (key SHIFT-1, 2026-03-09 06:00)`. */
function nameOf({ key, event: { summary = '', start = {} } }: UnlistedEvent): string {
	const at = start.date ?? DateTime.fromISO(start.dateTime ?? '', { setZone: true }).toFormat('yyyy-MM-dd HH:mm');
	return t`${summary} (key ${key}, ${at})`;
}

/** Cancels the events for everyone. An error names those that were removed and those that were not. */
export async function removeEvents(
	{ client, path }: CalendarRef,
	events: UnlistedEvent[],
	idempotencyKey: (eventId: string) => string,
): Promise<void> {
	const remove = async (eventId: string): Promise<unknown> =>
		await client
			.request(api.deleteEvent, { path: { ...path, eventId }, idempotencyKey: idempotencyKey(eventId) })
			.catch(async (error: unknown) =>
				// Another person was faster.
				error instanceof DingTalkError && error.isThingMissing ? undefined : await Promise.reject(error),
			);
	await runSteps(
		events.map((event) => ({ what: t`remove ${nameOf(event)}`, run: async () => await remove(event.id) })),
	);
}

/** Reduces an event to readable texts for comparison: the properties whose change a user would call a change of the event. */
import { simplify, type ApiEvent } from '../fields/eventOutput';
import { formatPerson } from '../fields/people';
import type { EventState } from './changeStore';

interface EventParts {
	description?: string;
	recurrence?: unknown;
	attendees?: Array<{ id?: string; displayName?: string; responseStatus?: string }>;
	meetingRooms?: Array<{ displayName?: string; roomId?: string }>;
}

const toText = (value: unknown): string | null =>
	value === undefined || value === null || value === '' ? null : String(value);

/**
 * `id` and `seriesId` never change, `timeZone` is the node's, not the event's, and `repeats` says the same as the recurrence. `link` and `showAs` are returned by some calls
 * only, so that an event would seem to change when another call reads it.
 */
const IGNORED_FIELDS = ['id', 'timeZone', 'showAs', 'repeats', 'seriesId', 'link'];

export function toEventState(event: ApiEvent, zone: string): EventState {
	const simplified = Object.entries(simplify(event, zone)).filter(([name]) => !IGNORED_FIELDS.includes(name));
	const { description, recurrence, attendees = [], meetingRooms = [] } = event as EventParts;
	return {
		...Object.fromEntries(simplified.map(([name, value]) => [name, toText(value)])),
		description: toText(description),
		meetingRooms: toText(meetingRooms.map(({ displayName, roomId }) => displayName ?? roomId).join(', ')),
		recurrence: recurrence ? JSON.stringify(recurrence) : null,
		responses: toText(
			attendees.map((one) => `${formatPerson(one)}: ${one.responseStatus ?? 'needsAction'}`).join(', '),
		),
	};
}

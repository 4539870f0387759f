/** An event as texts that can be compared: what somebody would mean by "the event is different now". */
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

/** The one never changes, the other is not the event's own. */
const IGNORED_FIELDS = ['id', 'timeZone'];

export function toComparableEvent(event: ApiEvent, zone: string): EventState {
	const shown = Object.entries(simplify(event, zone)).filter(([name]) => !IGNORED_FIELDS.includes(name));
	const { description, recurrence, attendees = [], meetingRooms = [] } = event as EventParts;
	return {
		...Object.fromEntries(shown.map(([name, value]) => [name, toText(value)])),
		description: toText(description),
		meetingRooms: toText(meetingRooms.map(({ displayName, roomId }) => displayName ?? roomId).join(', ')),
		recurrence: recurrence ? JSON.stringify(recurrence) : null,
		responses: toText(
			attendees.map((one) => `${formatPerson(one)}: ${one.responseStatus ?? 'needsAction'}`).join(', '),
		),
	};
}

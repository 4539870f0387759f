/** An invented change, for building a workflow before the first real one; it says so wherever somebody might look. */
import type { ApiEvent } from '../fields/eventOutput';
import type { ReportedChange } from './changeOutput';
import { HOUR, DAY } from '../../dingtalk/utils/time';

const PERSON = { id: 'sampleUnionIdiEiE', displayName: 'Sample Person' };

const timeAt = (start: number, hours: number) => ({
	dateTime: new Date(start + hours * HOUR).toISOString(),
	timeZone: 'UTC',
});

/** Shaped like what DingTalk answers, so that every choice of 'Output' shows what it will give. */
function sampleEvent(now: number): ApiEvent {
	const tomorrow = Math.floor(now / DAY) * DAY + DAY;
	return {
		id: 'sampleEventId',
		summary: 'SAMPLE - not a real event',
		description: 'Invented by the trigger for a test run.',
		status: 'confirmed',
		start: timeAt(tomorrow, 9),
		end: timeAt(tomorrow, 10),
		isAllDay: false,
		location: { displayName: 'Sample Room' },
		organizer: { ...PERSON, self: true, responseStatus: 'accepted' },
		attendees: [{ ...PERSON, self: true, responseStatus: 'accepted' }],
	};
}

/** `event` is left out where the user wants no details. */
export const createSample = (kind: string, withEvent: boolean, now = Date.now()): ReportedChange => ({
	kind,
	eventId: 'sampleEventId',
	at: now,
	unionIds: [PERSON.id],
	key: 'sample',
	details: withEvent ? 'fetched' : 'notAsked',
	event: withEvent ? sampleEvent(now) : undefined,
	operator: 'user',
	sample: true,
});

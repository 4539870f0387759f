/** Creates a sample change for building a workflow before the first real one, clearly marked as a sample. */
import type { ApiEvent } from '../fields/eventOutput';
import type { ReportedChange } from './changeOutput';
import { HOUR, DAY } from '../../dingtalk/utils/time';

const PERSON = { id: 'sampleUnionIdiEiE', displayName: 'Sample Person' };

const timeAt = (start: number, hours: number) => ({
	dateTime: new Date(start + hours * HOUR).toISOString(),
	timeZone: 'UTC',
});

/** Has the shape of DingTalk's response, so that each value of 'Output' shows its real result. */
function sampleEvent(now: number): ApiEvent {
	const tomorrow = Math.floor(now / DAY) * DAY + DAY;
	return {
		id: 'sampleEventId',
		summary: 'SAMPLE - not a real event',
		description: 'Sample data for building the workflow.',
		status: 'confirmed',
		start: timeAt(tomorrow, 9),
		end: timeAt(tomorrow, 10),
		isAllDay: false,
		location: { displayName: 'Sample Room' },
		organizer: { ...PERSON, self: true, responseStatus: 'accepted' },
		attendees: [{ ...PERSON, self: true, responseStatus: 'accepted' }],
	};
}

/** `withEvent`: whether the user wants the event's details. */
export const createSampleChange = (kind: string, withEvent: boolean, now = Date.now()): ReportedChange => ({
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

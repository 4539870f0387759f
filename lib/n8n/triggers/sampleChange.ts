/** Creates a sample change for building a workflow before the first real one, clearly marked as a sample. */
import type { ApiEvent } from '../fields/eventOutput';
import type { ReportedChange } from './changeOutput';
import { ChangeStore } from './changeStore';
import { toEventState } from './comparableEvent';
import { formatBooking } from './formatBooking';
import type { RoomBooking } from '../../dingtalk/push/parseRoomBooking';
import { HOUR, DAY } from '../../dingtalk/utils/time';
import { t } from '../../locale/t';

const PERSON = { id: 'sampleUnionIdiEiE', displayName: t`Sample Person` };
const EVENT_ID = 'sampleEventId';

/** The kinds that a sample shows first: those with an event, because most workflows use its fields. */
const PREFERRED_KINDS = ['created', 'updated', 'responded', 'starting', 'ended'];

const isRoomKind = (kind: string): boolean => kind.startsWith('room');

/** The kinds after which DingTalk no longer returns the event. */
const GONE_KINDS = ['cancelled', 'left'];

/** The kind of the sample, out of the selected ones. */
export const chooseSampleKind = (kinds: ReadonlySet<string>): string =>
	[...PREFERRED_KINDS, ...kinds].find((kind) => kinds.has(kind)) ?? PREFERRED_KINDS[0];

export const isGoneKind = (kind: string): boolean => GONE_KINDS.includes(kind);

const timeAt = (start: number, hours: number) => ({
	dateTime: new Date(start + hours * HOUR).toISOString(),
	timeZone: 'UTC',
});

/** Has the shape of DingTalk's response, so that each value of 'Output' shows its real result. */
function sampleEvent(now: number, startHour = 9): ApiEvent {
	const tomorrow = Math.floor(now / DAY) * DAY + DAY;
	return {
		id: EVENT_ID,
		summary: t`SAMPLE - not a real event`,
		description: t`Sample data for building the workflow.`,
		status: 'confirmed',
		start: timeAt(tomorrow, startHour),
		end: timeAt(tomorrow, startHour + 1),
		isAllDay: false,
		location: { displayName: t`Sample Room` },
		organizer: { ...PERSON, self: true, responseStatus: 'accepted' },
		attendees: [{ ...PERSON, self: true, responseStatus: 'accepted' }],
	};
}

/** What the trigger adds to an event that it has seen before, as it stores it: the sample event was moved, or is gone. */
function addKnownState(change: ReportedChange, { zone, rememberValues }: SampleOptions, now: number): void {
	const store = new ChangeStore({}, zone, { rememberValues });
	store.recordState(EVENT_ID, now - HOUR, toEventState(sampleEvent(now, 8), zone));
	if (isGoneKind(change.kind)) change.lastKnown = store.lastKnown(EVENT_ID);
	if (change.kind === 'updated')
		change.differences = store.compare(EVENT_ID, now, toEventState(sampleEvent(now), zone));
}

const toLocalText = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');

/** DingTalk says less of a cancelled booking. */
function sampleBooking(kind: string, now: number): RoomBooking {
	const tomorrow = Math.floor(now / DAY) * DAY + DAY;
	const booking: RoomBooking = { id: 'sampleBookId', needsApproval: false, statusBefore: 'INIT' };
	if (kind === 'roomCancelled') return { ...booking, statusBefore: 'SUCCESS' };
	return {
		...booking,
		roomId: 'sampleRoomId',
		room: t`Sample Room`,
		title: t`SAMPLE - not a real event`,
		start: toLocalText(tomorrow + 9 * HOUR),
		end: toLocalText(tomorrow + 10 * HOUR),
		bookedBy: { userId: 'sampleUserId', name: PERSON.displayName },
	};
}

export interface SampleOptions {
	/** Whether the user wants the event's details. */
	withEvent: boolean;
	/** Whether the user wants earlier values to be stored, so that changes contain them. */
	rememberValues: boolean;
	zone: string;
	now?: number;
}

/** Looks like a real change of this kind. */
export function createSampleChange(kind: string, options: SampleOptions): ReportedChange {
	const { withEvent, now = Date.now() } = options;
	const change: ReportedChange = {
		kind,
		eventId: EVENT_ID,
		at: now,
		unionIds: [PERSON.id],
		key: 'sample',
		details: 'notAsked',
		sample: true,
	};
	if (isRoomKind(kind))
		return { ...change, unionIds: [], extraFields: { booking: formatBooking(sampleBooking(kind, now)) } };
	if (!withEvent) return change;
	change.details = isGoneKind(kind) ? 'gone' : 'fetched';
	change.event = isGoneKind(kind) ? undefined : sampleEvent(now);
	addKnownState(change, options, now);
	return change;
}

const PUSHED_CHANGE_TYPES: Record<string, string> = { left: 'deleteView' };

/** What DingTalk would have pushed. */
export const createSamplePush = ({ kind, eventId, at, unionIds }: ReportedChange): Record<string, unknown> => ({
	calendarEventId: eventId,
	calendarEventUpdateTime: at,
	calendarId: 'sampleCalendarId',
	unionIdList: unionIds,
	changeType: PUSHED_CHANGE_TYPES[kind] ?? kind,
	operator: { type: 'user' },
});

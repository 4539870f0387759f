/** Parses the changes of events and of room bookings that DingTalk pushes, regardless of the transport and of how the keys are capitalized. */
import { hashText } from '../utils/hash';
import { isObject } from '../utils/json';
import { parseRoomBooking, ROOM_BOOKING, type RoomBooking, type RoomKind } from './parseRoomBooking';
import { quote, readFields, readId, toMillis, type ReadField } from './pushFields';
import { t } from '../../locale/t';

type EventKind = 'created' | 'updated' | 'cancelled' | 'left';
export type ChangeKind = EventKind | RoomKind;

/** Stored with the executions of the webhook trigger, so its keys must stay as they are. */
export interface Change {
	kind: ChangeKind;
	/** For calls about the event; empty if DingTalk does not name it. */
	eventId: string;
	/** The event's ID in DingTalk's old calendar API. */
	legacyEventId?: string;
	/** DingTalk's internal ID of the calendar; calls expect the word `primary` instead. */
	calendarId?: string;
	/** The people concerned; for `left`, who left. */
	unionIds: string[];
	/** Milliseconds. */
	updatedAt: number;
	/** Identifies the change: the same in each delivery of it. */
	key: string;
	/** The type of actor that made the change; DingTalk does not say who. */
	operator?: string;
	/** The organization in which the change was made. */
	corpId?: string;
	/** Only for news of a room booking. */
	booking?: RoomBooking;
	/** As received. */
	raw: Record<string, unknown>;
}

/** What accompanies a change outside its body. */
export interface DeliveryHeaders {
	eventType?: string;
	/** Identifies the change: the same in each delivery of it. */
	eventId?: string;
	/** Milliseconds. */
	createdAt?: unknown;
	/** The organization in which the change was made. */
	corpId?: string;
}

export type ParsedChange = { change: Change } | { change?: undefined; reason: string };

export const CALENDAR_EVENT_CHANGE = 'calendar_event_change';

/** Whether a trigger can report such a push; the app may have subscribed to others too. */
export const isReportable = (eventType: unknown): boolean =>
	eventType === CALENDAR_EVENT_CHANGE || eventType === ROOM_BOOKING;

/** The documentation uses the present tense, real deliveries the past. `deleteView`: removed from one's own calendar. */
const KINDS: Record<string, EventKind> = {
	create: 'created',
	created: 'created',
	update: 'updated',
	updated: 'updated',
	cancel: 'cancelled',
	canceled: 'cancelled',
	cancelled: 'cancelled',
	deleteview: 'left',
};

/** More than an event can have. */
const MAX_PEOPLE = 10_000;

const readList = (value: unknown): string[] =>
	(Array.isArray(value) ? value : [value])
		.slice(0, MAX_PEOPLE)
		.map(readId)
		.filter((id) => id !== undefined);

/**
 * Stands in for the event ID that DingTalk leaves out of some deliveries. DingTalk may push one change of several people
 * together or once for each of them, so the people are part of it, in any order.
 */
function createKey(read: ReadField, eventId: string, kind: ChangeKind, unionIds: string[]): string {
	const updatedAt = readId(read('calendarEventUpdateTime')) ?? '';
	const parts = [readId(read('bizId')) ?? '', eventId, updatedAt, kind, [...unionIds].sort()];
	return hashText(JSON.stringify(parts));
}

const readPushTime = (read: ReadField, headers: DeliveryHeaders): number =>
	toMillis(read('eventTime')) ?? toMillis(headers.createdAt) ?? Date.now();

const readCorpId = (read: ReadField, headers: DeliveryHeaders): string | undefined =>
	readId(headers.corpId) ?? readId(read('corpId')) ?? readId(read('eventCorpId'));

function parseRoomNews(raw: Record<string, unknown>, read: ReadField, headers: DeliveryHeaders): ParsedChange {
	const parsed = parseRoomBooking(read);
	if (parsed.kind === undefined) return { reason: parsed.reason };
	const { kind, eventId, booking } = parsed;
	const key = hashText(JSON.stringify([readId(read('bizId')) ?? '', readId(read('bookTime')) ?? '', kind, booking]));
	return {
		change: {
			kind,
			eventId,
			unionIds: [],
			updatedAt: readPushTime(read, headers),
			key: readId(headers.eventId) ?? readId(read('eventId')) ?? key,
			corpId: readCorpId(read, headers),
			booking,
			raw,
		},
	};
}

/** Never throws: for anything that is not a change, it returns the reason. */
export function parseChange(raw: unknown, headers: DeliveryHeaders = {}): ParsedChange {
	if (!isObject(raw)) return { reason: t`it is not an object` };
	const read = readFields(raw);
	const type = read('eventType') || headers.eventType || undefined;
	if (type === ROOM_BOOKING) return parseRoomNews(raw, read, headers);
	if (type !== undefined && type !== CALENDAR_EVENT_CHANGE) return { reason: t`it is of another type: ${quote(type)}` };
	const eventId = readId(read('calendarEventId'));
	if (eventId === undefined) return { reason: t`it names no event` };
	const changeType = readId(read('changeType')) ?? '';
	const kind = Object.hasOwn(KINDS, changeType.toLowerCase()) ? KINDS[changeType.toLowerCase()] : undefined;
	if (changeType === '') return { reason: t`it does not say what has changed` };
	if (kind === undefined) return { reason: t`it is an unknown kind of change: ${quote(changeType)}` };
	const unionIds = readList(read('unionIdList'));
	const operator = read('operator');
	return {
		change: {
			kind,
			eventId,
			legacyEventId: readId(read('legacyCalendarEventId')),
			calendarId: readId(read('calendarId')),
			unionIds,
			updatedAt: toMillis(read('calendarEventUpdateTime')) ?? readPushTime(read, headers),
			key: readId(headers.eventId) ?? readId(read('eventId')) ?? createKey(read, eventId, kind, unionIds),
			operator: isObject(operator) ? readId(operator.type) : undefined,
			corpId: readCorpId(read, headers),
			raw,
		},
	};
}

/**
 * Whether a change belongs to an organization. An app of a single organization gets no others, so there it is not asked;
 * DingTalk names the organization in each push to an app of several.
 */
export const isOfOrganization = ({ corpId }: Change, expected: string | undefined): boolean =>
	expected === undefined || expected === '' || corpId === expected;

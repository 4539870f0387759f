/** What DingTalk pushes when an event changes, read the same way however it came and whoever wrote the keys. */
import { hashText } from '../utils/hash';

export type ChangeKind = 'created' | 'updated' | 'cancelled' | 'left';

export interface Change {
	kind: ChangeKind;
	/** For calls about the event. */
	eventId: string;
	/** Of the calendar before. */
	legacyEventId?: string;
	/** DingTalk's own name of the calendar; calls want the word `primary` instead. */
	calendarId?: string;
	/** Whom it concerns; for `left` who left. */
	unionIds: string[];
	/** Milliseconds. */
	updatedAt: number;
	/** The same for every delivery of one change. */
	key: string;
	/** What kind of actor changed it; DingTalk does not tell who. */
	operator?: string;
	/** As it came. */
	raw: Record<string, unknown>;
}

/** What came around the change and belongs to it. */
export interface Delivery {
	/** The same for every delivery of one change. */
	eventId?: string;
	/** Milliseconds. */
	bornAt?: unknown;
}

export type ParsedChange = { change: Change } | { change?: undefined; reason: string };

export const CALENDAR_EVENT_CHANGE = 'calendar_event_change';

/** The documentation writes the present, deliveries the past tense. `deleteView`: out of one person's own calendar. */
const KINDS: Record<string, ChangeKind> = {
	create: 'created',
	created: 'created',
	update: 'updated',
	updated: 'updated',
	cancel: 'cancelled',
	canceled: 'cancelled',
	cancelled: 'cancelled',
	deleteview: 'left',
};

/** Longer than any ID that DingTalk gives out; what is longer is none. */
const MAX_ID_LENGTH = 1024;
/** More than an event can have. */
const MAX_PEOPLE = 10_000;

const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const readId = (value: unknown): string | undefined => {
	const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
	return typeof text === 'string' && text.trim() !== '' && text.length <= MAX_ID_LENGTH ? text.trim() : undefined;
};

const toMillis = (value: unknown): number | undefined => {
	const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
	return typeof number === 'number' && Number.isSafeInteger(number) && number > 0 ? number : undefined;
};

const readList = (value: unknown): string[] =>
	(Array.isArray(value) ? value : [value])
		.slice(0, MAX_PEOPLE)
		.map(readId)
		.filter((id) => id !== undefined);

/** Without a name from DingTalk, what tells one change of an event from the next. */
function changeKey(read: (name: string) => unknown, eventId: string, kind: ChangeKind, unionIds: string[]): string {
	const business = readId(read('bizId')) ?? unionIds.join();
	const parts = [business, eventId, readId(read('calendarEventUpdateTime')) ?? '', kind];
	return hashText(JSON.stringify(parts));
}

/** Never throws: what is no change is given back with a reason. */
export function parseChange(raw: unknown, delivery: Delivery = {}): ParsedChange {
	if (!isRecord(raw)) return { reason: 'it is not an object' };
	const byName = new Map(Object.entries(raw).map(([name, value]) => [name.toLowerCase(), value]));
	const read = (name: string): unknown => byName.get(name.toLowerCase());

	const type = read('eventType');
	if (type !== undefined && type !== CALENDAR_EVENT_CHANGE)
		return { reason: `it is of another type: ${truncate(type)}` };
	const eventId = readId(read('calendarEventId'));
	if (eventId === undefined) return { reason: 'it names no event' };
	const changeType = readId(read('changeType')) ?? '';
	const kind = Object.hasOwn(KINDS, changeType.toLowerCase()) ? KINDS[changeType.toLowerCase()] : undefined;
	if (kind === undefined) return { reason: `it is an unknown kind of change: ${truncate(read('changeType'))}` };
	const unionIds = readList(read('unionIdList'));
	const operator = read('operator');
	return {
		change: {
			kind,
			eventId,
			legacyEventId: readId(read('legacyCalendarEventId')),
			calendarId: readId(read('calendarId')),
			unionIds,
			updatedAt:
				toMillis(read('calendarEventUpdateTime')) ??
				toMillis(read('eventTime')) ??
				toMillis(delivery.bornAt) ??
				Date.now(),
			key: readId(delivery.eventId) ?? readId(read('eventId')) ?? changeKey(read, eventId, kind, unionIds),
			operator: isRecord(operator) ? readId(operator.type) : undefined,
			raw,
		},
	};
}

/** For messages: nobody wants to read a megabyte. */
const truncate = (value: unknown): string => String(JSON.stringify(value) ?? value).slice(0, 60);

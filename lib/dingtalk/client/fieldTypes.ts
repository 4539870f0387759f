/**
 * Checks the types of the fields that the package reads in a response. A text where a list is documented would break whatever
 * reads it; here the field is found and named.
 */
import { asBoolean, isObject } from '../utils/json';
import { withoutBackEndPrefix } from '../utils/text';

type Fields = Record<string, unknown>;

/**
 * `opaque`: an object with other people's keys, which is passed on as it is. `failure`: the text of an error; anything else in its
 * place stands for an error as well.
 */
export type FieldType =
	| 'text'
	| 'number'
	| 'boolean'
	| 'textOrNumber'
	| 'dateTime'
	| 'date'
	| 'object'
	| 'opaque'
	| 'texts'
	| 'numbers'
	| 'failure'
	| 'objects'
	| 'list'
	| 'textsByKey';

const named = (type: FieldType, names: string): Array<[string, FieldType]> =>
	names.split('|').map((name) => [name, type]);

/** A name means the same in all responses, apart from those that a call lists itself. */
const TYPES: ReadonlyMap<string, FieldType> = new Map([
	...named(
		'objects',
		'acls|attendees|calendars|categories|events|failedList|reminders|scheduleInformation|scheduleItems|users',
	),
	...named('objects', 'roomLabels|uiConfigs|cardInstances'),
	...named('list', 'meetingRooms'),
	...named('texts', 'corpIds|exclusive_account_userid_list|managers|openConversationIds|unionIds'),
	...named('numbers', 'dept_id_list'),
	...named('object', 'end|location|onlineMeetingInfo|organizer|originStart|pattern|range|recurrence|response'),
	...named('object', 'richTextDescription|roomGroup|roomLocation|scope|start|subscribeScope'),
	...named('object', 'extendedProperties'),
	...named('opaque', 'extraInfo|privateProperties|sharedProperties'),
	...named('textsByKey', 'legacyEventIdMap'),
	...named('dateTime', 'dateTime'),
	...named('date', 'date'),
	...named(
		'text',
		'aclId|calendarId|callBackTag|conferenceId|corpId|createTime|daysOfWeek|description|desc|displayName',
	),
	...named('text', 'eTag|email|endDate|eventId|firstDayOfWeek|freeBusyStatus|groupName|id|index|labelName|method'),
	...named('text', 'mobile|name|openCategoryId|org_email|password|privilege|responseStatus|roomCode|roomId|roomName'),
	...named('text', 'scopeType|seriesMasterId|serverAddress|signInLink|signOutLink|status|summary|syncToken'),
	...named('text', 'text|timeZone|title|type'),
	...named('text', 'uiName|uiStatus|unionId|unionid|updateTime|url|userId|userid|username'),
	...named('textOrNumber', 'eventTime|minutes|nextToken'),
	...named(
		'number',
		'checkInTime|checkOutTime|dayOfMonth|dept_id|interval|next_cursor|numberOfOccurrences|roomCapacity',
	),
	...named('number', 'approvalType'),
	...named('failure', 'error'),
	...named('boolean', 'approvalSwitch|enableCycleReservation|hasMore|has_more|isAllDay|isOptional|self'),
]);

/** Nothing is decided by these, so a value that cannot be read is left out instead of spoiling the whole response. */
const LEFT_OUT_IF_WRONG: ReadonlySet<string> = new Set(
	[
		'approvalSwitch|approvalType|cardInstances|conferenceId|createTime|displayName|eTag|enableCycleReservation',
		'extendedProperties|extraInfo|freeBusyStatus|isOptional|location|onlineMeetingInfo|privateProperties|richTextDescription|roomGroup|roomLabels|roomLocation|scope|sharedProperties',
		'title|uiConfigs|uiName|uiStatus|updateTime|url',
	].flatMap((names) => names.split('|')),
);

/** What the package writes again or compares: there, these would be lost if they were left out. */
const NEEDED_TO_WRITE: ReadonlySet<string> = new Set(
	[
		'cardInstances|displayName|freeBusyStatus|isOptional|location|onlineMeetingInfo|richTextDescription',
		'uiConfigs|uiName|uiStatus',
	].flatMap((names) => names.split('|')),
);

/** The names of places and categories are written; those of these are not. */
const NAMED_BY_ID: readonly string[] = ['attendees', 'organizer', 'meetingRooms'];

/** The same among other events: of a single one they count, for example where it is made again. */
const LEFT_OUT_OF_LISTS: ReadonlySet<string> = new Set(['reminders']);

const EVENTS = 'events';

/** The fields that an event is documented with. */
export const EVENT_FIELDS: ReadonlySet<string> = new Set(
	[
		'attendees|cardInstances|categories|createTime|description|eTag|end|extendedProperties|freeBusyStatus|id|isAllDay',
		'location|meetingRooms|onlineMeetingInfo|organizer|originStart|recurrence|reminders|richTextDescription|seriesMasterId|start|status|summary|uiConfigs|updateTime',
	].flatMap((fields) => fields.split('|')),
);

/** What other responses call so is unknown in these objects, and nothing reads it. */
const OWN_FIELDS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
	[EVENTS, EVENT_FIELDS],
	['attendees', new Set('displayName|email|id|isOptional|responseStatus|self'.split('|'))],
	['organizer', new Set('displayName|email|id|responseStatus|self'.split('|'))],
]);

/** Stands for a value that has the wrong type. */
const WRONG = Symbol('wrong type');

const DATE = /^(\d{4})-(\d\d)-(\d\d)(?:$|T)/;
const TIME = String.raw`(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.,]\d{1,30})?)?|24:00(?::00(?:[.,]0{1,30})?)?`;
const DATE_TIME = new RegExp(String.raw`^\d{4}-\d\d-\d\d(?:T(?:${TIME})(?:Z|[+-]\d\d:?\d\d)?)?$`, 'i');

/** Lists have thousands of times, so they are checked without luxon, which would read each of them whole. */
function isCalendarDay(text: string): boolean {
	const [year, month, day] = (DATE.exec(text) ?? []).slice(1).map(Number);
	if (year === undefined || month < 1 || month > 12) return false;
	// The calendar repeats every 400 years; JavaScript takes years of one or two digits for others.
	const daysInMonth = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
	return day >= 1 && day <= daysInMonth;
}

const isDateTime = (text: string): boolean => DATE_TIME.test(text) && isCalendarDay(text);

function readText(value: unknown): unknown {
	if (typeof value === 'string') return value;
	return typeof value === 'number' ? String(value) : WRONG;
}

function readNumber(value: unknown): unknown {
	if (typeof value === 'number') return value;
	return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : WRONG;
}

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

const SCALARS: Partial<Record<FieldType, (value: unknown) => unknown>> = {
	text: readText,
	number: readNumber,
	boolean: (value) => asBoolean(value) ?? WRONG,
	textOrNumber: (value) => (typeof value === 'number' || typeof value === 'string' ? value : WRONG),
	failure: (value) => {
		if (value === 0 || value === false || isEmptyList(value)) return undefined;
		return withoutBackEndPrefix(typeof value === 'string' ? value : JSON.stringify(value));
	},
	dateTime: (value) => (typeof value === 'string' && isDateTime(value) ? value : WRONG),
	date: (value) => (typeof value === 'string' && isCalendarDay(value) ? value : WRONG),
};

const MAYBE_EMPTY: readonly FieldType[] = ['text', 'textOrNumber', 'dateTime', 'date'];

const isInList = (path: string): boolean => path === EVENTS || path.startsWith(`${EVENTS}.`);

const lastOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

const isWritten = (name: string, path: string): boolean =>
	NEEDED_TO_WRITE.has(name) && !(name === 'displayName' && NAMED_BY_ID.includes(lastOf(path)));

/** Where there is a time, it counts and not the date. */
const isBesideTime = (name: string, { dateTime }: Fields): boolean =>
	name === 'date' && typeof dateTime === 'string' && dateTime !== '' && isDateTime(dateTime);

const isObjectOrNull = (value: unknown): boolean => value === null || isObject(value);

class Check {
	/** Where each is, such as `events.start`. */
	readonly wrong: string[] = [];

	constructor(
		private readonly ofCall: Readonly<Record<string, FieldType>>,
		/** Of which kind the body itself is. */
		private readonly root: string,
		private readonly needsAllFields: boolean,
	) {}

	private isDispensable(name: string, value: Fields, path: string): boolean {
		if (isBesideTime(name, value)) return true;
		if (LEFT_OUT_IF_WRONG.has(name)) return !(this.needsAllFields && isWritten(name, path));
		return !this.needsAllFields && LEFT_OUT_OF_LISTS.has(name) && isInList(path);
	}

	private ownFields(path: string): ReadonlySet<string> | undefined {
		return OWN_FIELDS.get(path === '' ? this.root : lastOf(path));
	}

	/** The same fields with the right types; a copy only where one is changed. */
	readFields(value: Fields, path: string): Fields {
		let fields = value;
		const ownFields = this.ownFields(path);
		for (const name in value) {
			const entry = value[name];
			const isOfCall = Object.hasOwn(this.ofCall, name);
			const type = isOfCall ? this.ofCall[name] : TYPES.get(name);
			if (type === undefined || entry === undefined || entry === null) continue;
			if (!isOfCall && ownFields?.has(name) === false) continue;
			// Some languages write an empty object as an empty list. What a call asks for must be there.
			const isMissing = !isOfCall && isEmptyList(entry) && (type === 'object' || type === 'opaque');
			const place = path === '' ? name : `${path}.${name}`;
			const wrongBefore = this.wrong.length;
			let read = isMissing ? undefined : this.readValue(type, entry, place);
			if (read === WRONG) this.wrong.push(place);
			if (this.wrong.length > wrongBefore && this.isDispensable(name, value, path)) {
				this.wrong.length = wrongBefore;
				// A part of it would look like all of it.
				if (LEFT_OUT_OF_LISTS.has(name)) read = WRONG;
			}
			if (read === entry) continue;
			if (fields === value) fields = { ...fields };
			if (read !== WRONG && read !== undefined) fields[name] = read;
			else delete fields[name];
		}
		return fields;
	}

	private readValue(type: FieldType, value: unknown, path: string): unknown {
		// In place of anything else, an empty text means that it is missing.
		if (value === '') return MAYBE_EMPTY.includes(type) ? value : undefined;
		const readScalar = SCALARS[type];
		if (readScalar) return readScalar(value);
		switch (type) {
			case 'object':
				return isObject(value) ? this.readFields(value, path) : WRONG;
			case 'opaque':
				return isObject(value) ? value : WRONG;
			case 'textsByKey':
				return isObject(value) && Object.values(value).every((one) => one === null || typeof one === 'string')
					? value
					: WRONG;
			case 'texts':
				return this.readList(value, readText);
			case 'numbers':
				return this.readList(value, readNumber);
			case 'objects':
				return Array.isArray(value) && value.every(isObjectOrNull) ? this.readEntries(value, path) : WRONG;
			default:
				return Array.isArray(value) ? this.readEntries(value, path) : WRONG;
		}
	}

	private readList(value: unknown, read: (entry: unknown) => unknown): unknown {
		if (!Array.isArray(value)) return WRONG;
		const entries = value.filter((entry) => entry !== null).map(read);
		if (entries.includes(WRONG)) return WRONG;
		return entries.length === value.length && entries.every((entry, index) => entry === value[index]) ? value : entries;
	}

	private readEntries(list: unknown[], path: string): unknown[] {
		let entries = list;
		for (let index = 0; index < list.length; index++) {
			const entry = list[index];
			if (!isObject(entry)) continue;
			const read = this.readFields(entry, path);
			if (read === entry) continue;
			if (entries === list) entries = [...list];
			entries[index] = read;
		}
		return entries;
	}
}

/** The body without the fields that have a wrong type, and which ones those are. Numbers sent as texts, and the like, are read. */
export function checkTypes(
	body: unknown,
	ofCall: Readonly<Record<string, FieldType>> = {},
	{ isEvent = false, needsAllFields = false }: { isEvent?: boolean; needsAllFields?: boolean } = {},
): { body: unknown; wrong: string[] } {
	if (!isObject(body)) return { body, wrong: [] };
	const check = new Check(ofCall, isEvent ? EVENTS : '', needsAllFields);
	return { body: check.readFields(body, ''), wrong: check.wrong };
}

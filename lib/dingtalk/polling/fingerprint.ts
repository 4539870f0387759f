/**
 * Reduces an event to fingerprints of its parts and responses, without texts and people: enough to tell which parts changed
 * and who responded, in some thirty bytes.
 */
import type { ApiTime } from '../utils/timestamps';
import { LIMITS } from '../limits';
import { hashText } from '../utils/hash';
import { MINUTE } from '../utils/time';
import { isAllDay } from '../events/readEvent';

export interface ListedAttendee {
	id?: string;
	displayName?: string;
	responseStatus?: string;
}

/** An event as DingTalk's lists return it. */
export interface ListedEvent {
	id?: string;
	status?: string;
	seriesMasterId?: string;
	createTime?: string;
	updateTime?: string;
	start?: { date?: string; dateTime?: string };
	end?: { date?: string; dateTime?: string };
	attendees?: ListedAttendee[];
	[part: string]: unknown;
}

/** The parts whose change is named, apart from times and people; the order is part of the stored state. */
export const HASHED_PARTS = ['summary', 'description', 'location', 'meetingRooms', 'recurrence'] as const;

export interface Fingerprint {
	/** One hash for each of the parts above; 0 for an empty one. */
	parts: number[];
	/** A hash of everything else, responses and the time of the change excepted. */
	rest: number;
	/** In milliseconds, to the minute; undefined if unknown. */
	start?: number;
	/** The length of the event. */
	minutes: number;
	isAllDay: boolean;
	/** One byte per attendee: six bits of a hash of the person, and two for the response. */
	responses: Buffer;
	/** Written by an earlier version: `rest` covers the whole event, and the parts are unknown. */
	isLegacy?: boolean;
}

/** Two bytes; 0 means an empty part. */
const MAX_HASH = 0xffff;
export const MAX_MINUTES = 0xffff;

const RESPONSES = ['needsAction', 'accepted', 'declined', 'tentative'];

/** A new time alone is no change, and responses are compared by themselves. */
const IGNORED_FIELDS = new Set(['updateTime', 'responseStatus']);
const FIELDS_BY_THEMSELVES = new Set<string>([
	...HASHED_PARTS,
	'richTextDescription',
	'start',
	'end',
	'attendees',
	// These differ between the occurrences of one series.
	'id',
	'originStart',
]);

const toJson = (value: unknown): string =>
	JSON.stringify(value, (key, one: unknown) => (IGNORED_FIELDS.has(key) ? undefined : one)) ?? '';

/** The first two bytes of the hash. */
export const shortHash = (text: string): number => Buffer.from(hashText(text), 'base64url').readUInt16BE(0);

const hashPart = (value: unknown): number => {
	const isEmpty = [undefined, null, ''].includes(value as string) || toJson(value) === '[]';
	return isEmpty ? 0 : (shortHash(toJson(value)) % MAX_HASH) + 1;
};

const toInstant = (time: ListedEvent['start']): number =>
	Date.parse(time?.dateTime ? time.dateTime : (time?.date ?? ''));

/** Sorted, so that the order in which DingTalk lists people does not matter. */
const sortAttendees = ({ attendees }: ListedEvent): Array<{ attendee: ListedAttendee; hash: Buffer }> =>
	(attendees ?? [])
		.map((attendee) => ({ attendee, hash: Buffer.from(hashText(attendee.id ?? ''), 'base64url') }))
		.sort((a, b) => Buffer.compare(a.hash, b.hash));

const toResponseByte = ({ responseStatus = '' }: ListedAttendee, hash: Buffer): number =>
	(hash[0] & 0b11111100) | Math.max(0, RESPONSES.indexOf(responseStatus));

export const fingerprintOf = (event: ListedEvent): Fingerprint => {
	const { description, richTextDescription, location } = event as { [part: string]: unknown };
	const place = (location as { displayName?: string } | undefined)?.displayName;
	const values: Record<(typeof HASHED_PARTS)[number], unknown> = {
		summary: event.summary,
		description: richTextDescription ? [description, richTextDescription] : description,
		location: place,
		meetingRooms: event.meetingRooms,
		recurrence: event.recurrence,
	};
	const [start, end] = [toInstant(event.start), toInstant(event.end)];
	const minutes = Math.floor((end - start) / MINUTE) || 0;
	const attendees = sortAttendees(event);
	const others = Object.fromEntries(Object.entries(event).filter(([field]) => !FIELDS_BY_THEMSELVES.has(field)));
	// The times below are whole minutes, and long events have no exact length.
	const exactTimes = [start % MINUTE, end % MINUTE, minutes > MAX_MINUTES ? minutes : 0];
	return {
		parts: HASHED_PARTS.map((part) => hashPart(values[part])),
		rest: shortHash(toJson([others, attendees.map(({ attendee }) => attendee), exactTimes])),
		start: Number.isNaN(start) ? undefined : Math.floor(start / MINUTE) * MINUTE,
		minutes: Math.min(Math.max(minutes, 0), MAX_MINUTES),
		isAllDay: isAllDay(event),
		responses: Buffer.from(attendees.map(({ attendee, hash }) => toResponseByte(attendee, hash))),
	};
};

/** As earlier versions compared the content of an event. */
const legacyRest = (event: ListedEvent): number => shortHash(toJson(event));

export const hasSameContent = (before: Fingerprint, after: Fingerprint, event: ListedEvent): boolean =>
	before.isLegacy
		? before.rest === legacyRest(event)
		: before.rest === after.rest &&
			before.start === after.start &&
			before.minutes === after.minutes &&
			before.isAllDay === after.isAllDay &&
			before.parts.every((hash, part) => hash === after.parts[part]);

export const hasSameResponses = (before: Fingerprint, after: Fingerprint): boolean =>
	before.responses.equals(after.responses);

/** A part that changed; the earlier value is only known of times, and of parts that were empty. */
export interface ChangedPart {
	name: string;
	before?: ApiTime | null;
}

const toApiTime = (at: number, allDay: boolean): ApiTime => {
	const iso = new Date(at).toISOString();
	return allDay ? { date: iso.slice(0, 10) } : { dateTime: iso };
};

/** Whether someone was certainly not among the attendees. */
export function lacksAttendee({ responses, isLegacy }: Fingerprint, unionId: string): boolean {
	if (isLegacy || responses.length >= LIMITS.attendeesInList) return false;
	const person = toResponseByte({}, Buffer.from(hashText(unionId), 'base64url'));
	return !responses.some((byte) => (byte & 0b11111100) === person);
}

const peopleOf = ({ responses }: Fingerprint): Buffer => responses.map((byte) => byte & 0b11111100) as Buffer;

/** Returns undefined if the parts are not known. */
export function findChangedParts(before: Fingerprint, after: Fingerprint): ChangedPart[] | undefined {
	if (before.isLegacy) return undefined;
	const changed: ChangedPart[] = [];
	HASHED_PARTS.forEach((name, part) => {
		if (before.parts[part] !== after.parts[part])
			changed.push(before.parts[part] === 0 ? { name, before: null } : { name });
	});
	const { start, minutes, isAllDay: wasAllDay } = before;
	const end = start === undefined ? undefined : start + minutes * MINUTE;
	const endAfter = after.start === undefined ? undefined : after.start + after.minutes * MINUTE;
	const isOther = wasAllDay !== after.isAllDay;
	if (start !== undefined && (isOther || start !== after.start))
		changed.push({ name: 'start', before: toApiTime(start, wasAllDay) });
	if (end !== undefined && (isOther || end !== endAfter))
		changed.push({ name: 'end', ...(minutes < MAX_MINUTES && { before: toApiTime(end, wasAllDay) }) });
	if (!hasSameResponses(before, after)) changed.push({ name: 'responses' });
	if (Buffer.compare(peopleOf(before), peopleOf(after)) !== 0) changed.push({ name: 'attendees' });
	return changed;
}

/** The attendees who have responded since; a response that was reset because the event moved is none. */
export function findNewResponses(event: ListedEvent, before: Fingerprint): ListedAttendee[] {
	const earlier = new Map<number, number[]>();
	for (const byte of before.responses) earlier.set(byte >> 2, [...(earlier.get(byte >> 2) ?? []), byte & 0b11]);
	const now = new Map<number, Array<{ attendee: ListedAttendee; response: number }>>();
	for (const { attendee, hash } of sortAttendees(event)) {
		const byte = toResponseByte(attendee, hash);
		now.set(byte >> 2, [...(now.get(byte >> 2) ?? []), { attendee, response: byte & 0b11 }]);
	}
	return [...now].flatMap(([person, people]) => {
		const then = earlier.get(person) ?? [];
		return findChanged(people, then)
			.filter(({ response }) => response !== 0)
			.map(({ attendee }) => attendee);
	});
}

/** Few people of one event share a hash. If one of them came or left, those whose response existed before are the others. */
function findChanged<T extends { response: number }>(people: T[], then: number[]): T[] {
	if (people.length === then.length) return people.filter(({ response }, n) => response !== then[n]);
	const left = [...then];
	const others = people.filter(({ response }) => {
		const found = left.indexOf(response);
		if (found >= 0) left.splice(found, 1);
		return found < 0;
	});
	return others.length <= people.length - then.length ? [] : others;
}

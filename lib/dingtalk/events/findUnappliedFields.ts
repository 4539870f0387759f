/** Compares what an update asked for with the event that DingTalk returned: success is not the absence of an error. */
import { LIMITS } from '../limits';
import { isObject } from '../utils/json';
import { findChangedFields, type EventState } from './compareEvent';

type Fields = Record<string, unknown>;

export interface AttendeeOutcome {
	added?: string[];
	removed?: string[];
}

export interface Comparison {
	/** The fields that the returned event shows not to be set as asked. */
	unapplied: string[];
	/** The fields that DingTalk documents in the response to an update, and that this response does not have. */
	notReturned: string[];
}

/** Which event it is, and how people are notified, is not returned; the kind of event shows in its times. */
const NOT_COMPARED = ['id', 'extra', 'isAllDay'];

const COMPARED_BY_MEANING = [
	'summary',
	'description',
	'start',
	'end',
	'location',
	'richTextDescription',
	'onlineMeetingInfo',
	'reminders',
	'freeBusyStatus',
	'recurrence',
];

/**
 * Without a value they may be left out; one that was set is in the response that DingTalk documents. The fields that only the
 * SDK has (`freeBusyStatus`, `categories`, `cardInstances`) are compared only where they are returned.
 */
const ALWAYS_RETURNED = [
	'summary',
	'description',
	'start',
	'end',
	'location',
	'reminders',
	'recurrence',
	'attendees',
	'onlineMeetingInfo',
	'richTextDescription',
	'uiConfigs',
];

export function findUnappliedFields(requested: Fields, returned: Fields, people: AttendeeOutcome = {}): Comparison {
	const isReturned = (field: string): boolean => returned[field] !== undefined;
	const asked = Object.keys(requested).filter((field) => !NOT_COMPARED.includes(field));
	const others = asked.filter((field) => field !== 'attendees' && !COMPARED_BY_MEANING.includes(field));
	const unapplied = [
		...findDifferent(requested, returned),
		...others.filter((field) => isReturned(field) && !isSet(field, requested[field], returned[field])),
		...(showsAttendees(requested.attendees, returned, people) ? [] : ['attendees']),
	];
	const notReturned = asked.filter(
		(field) => ALWAYS_RETURNED.includes(field) && !isReturned(field) && isNoted(field, requested[field]),
	);
	return { unapplied, notReturned };
}

/** Fields with a meaning of their own: times in any zone, rules with their defaults, reminders in any order. */
function findDifferent(requested: Fields, returned: Fields): string[] {
	const known = Object.entries(requested).filter(
		([field]) => COMPARED_BY_MEANING.includes(field) && returned[field] !== undefined,
	);
	const { recurrence, ...others } = Object.fromEntries(known);
	// An empty rule asks for a single event, so any rule that is still there is a difference.
	const keepsRule = 'recurrence' in requested && !requested.recurrence && isFilled(returned.recurrence);
	const desired = { ...others, ...(recurrence ? { recurrence } : {}) } as EventState;
	const withTimes =
		desired.start === undefined || desired.end === undefined ? { ...desired, ...timesOf(returned) } : desired;
	const changed = Object.keys(findChangedFields(returned as EventState, withTimes)).filter(
		(field) => field in requested && !NOT_COMPARED.includes(field),
	);
	return [...changed, ...(keepsRule ? ['recurrence'] : [])];
}

/** An update of one end, or of none, leaves the times to the event. */
const timesOf = ({ start, end }: Fields): Pick<EventState, 'start' | 'end'> =>
	({ start, end }) as Pick<EventState, 'start' | 'end'>;

function isFilled(value: unknown): boolean {
	if (Array.isArray(value)) return value.length > 0;
	return isObject(value) ? Object.values(value).some(isFilled) : value !== undefined && value !== null && value !== '';
}

interface Component {
	uiName?: string;
	uiStatus?: string;
}

const ENABLED = 'enable';

/** A component that is not returned is enabled: that is how each of them begins. */
function showsComponents(asked: Component[], returned: Component[]): boolean {
	if (asked.length === 0) return returned.every(({ uiStatus = ENABLED }) => uiStatus === ENABLED);
	const states = new Map(returned.map(({ uiName, uiStatus }) => [uiName, uiStatus]));
	return asked.every(({ uiName, uiStatus }) => (states.get(uiName) ?? ENABLED) === uiStatus);
}

/** Whether DingTalk has something to return: an empty value is left out, and so is a component as it is at first. */
const isNoted = (field: string, asked: unknown): boolean =>
	isFilled(asked) && !(field === 'uiConfigs' && Array.isArray(asked) && showsComponents(asked as Component[], []));

const isSet = (field: string, asked: unknown, returned: unknown): boolean =>
	field === 'uiConfigs' && Array.isArray(asked) && Array.isArray(returned)
		? showsComponents(asked as Component[], returned as Component[])
		: isShown(asked, returned);

/**
 * Whether the asked value is in the returned one. Numbers may be text, and parts that are not returned say nothing. Whether a
 * list replaces the earlier one is not documented, so it may hold more, unless it was to be emptied.
 */
function isShown(asked: unknown, returned: unknown): boolean {
	if (Array.isArray(asked)) {
		if (!Array.isArray(returned)) return false;
		if (asked.length === 0) return returned.length === 0;
		return asked.every((entry) => returned.some((one) => isShown(entry, one)));
	}
	if (!isObject(asked)) return String(asked) === String(returned);
	return (
		isObject(returned) &&
		Object.entries(asked).every(([name, value]) => returned[name] === undefined || isShown(value, returned[name]))
	);
}

interface Person {
	id?: string;
	email?: string;
}

/** Whether the attendees of the event are the requested ones, without those who were just removed. */
function showsAttendees(asked: unknown, returned: Fields, { added = [], removed = [] }: AttendeeOutcome): boolean {
	if (!Array.isArray(returned.attendees)) return true;
	const shown = returned.attendees as Person[];
	const ids = new Set(shown.flatMap(({ id, email }) => [id, email]));
	const back = new Set(added);
	if (removed.some((id) => ids.has(id) && !back.has(id))) return false;
	// A long list may be cut.
	if (shown.length >= LIMITS.attendeesInList) return true;
	const wanted = Array.isArray(asked) ? (asked as Person[]) : [];
	const known = new Set([...added, ...wanted.flatMap(({ id }) => id ?? [])]);
	// DingTalk does not say whether the organizer is on the list.
	known.delete((returned.organizer as Person | undefined)?.id ?? '');
	if ([...known].some((id) => !ids.has(id))) return false;
	// How DingTalk names a person outside the directory is not documented, so one more person may be that one.
	const external = wanted.filter(({ id, email }) => id === undefined && !ids.has(email));
	return shown.filter(({ id }) => id === undefined || !known.has(id)).length >= external.length;
}

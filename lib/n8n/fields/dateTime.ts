/** Points in time: what the user types, what DingTalk wants, and what comes back. */
import { DateTime, IANAZone } from 'luxon';
import type { INodeProperties } from 'n8n-workflow';
import type { Item } from '../ItemContext';
import { apiDateTime, clockOf, isSteady, shownIn } from '../../dingtalk/utils/timestamps';
import { InputError } from '../InputError';

/** Start and end as the API takes them: a date alone for an all-day event, else date-time and zone. */
export interface ApiTime {
	date?: string;
	dateTime?: string;
	timeZone?: string;
}

const FORMAT_ADVICE = 'Use for example 2026-03-02T10:00 or 2026-03-02 10:00.';

export const timeZoneField: INodeProperties = {
	displayName: 'Time Zone',
	name: 'timeZone',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	description: "Where the clock times above are meant. Without it, the workflow's time zone counts.",
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchTimeZones', searchable: true },
		},
		{ displayName: 'By Name', name: 'id', type: 'string', placeholder: 'e.g. Asia/Shanghai' },
	],
};

/** The zone that clock times are meant in: the field if the user added it, else the workflow's. */
export function readZone(item: Item, typed: unknown): string {
	if (typed === undefined) return item.zone;
	const zone = typeof typed === 'string' ? typed.trim() : '';
	if (zone === '') {
		throw new InputError(
			'Time Zone',
			'is empty',
			'Choose a time zone, or remove the field to use that of the workflow.',
		);
	}
	if (!IANAZone.isValidZone(zone)) {
		throw new InputError(
			'Time Zone',
			`is not a known time zone: ${zone}`,
			'Use a name such as Asia/Shanghai or Europe/Berlin.',
		);
	}
	return zone;
}

/** A year, a week or a clock time alone is not enough: what is missing would be guessed. */
const HAS_DATE = /^(?:\d{4}-\d{2}-\d{2}|\d{8}T)/;
const HAS_OFFSET = /T.*(?:Z|[+-]\d{2}(?::?\d{2})?)$/i;
const DATE_ONLY = /^\d{4}-\d{2}-\d{2}$/;
/** Also with an offset: a day that luxon or a sheet wrote as its first moment, wherever that was. */
const MIDNIGHT = /[T ]00:00(?::00(?:\.0+)?)?(?:Z|[+-]\d{2}:?\d{2})?$/i;

/** Below this a number is one of seconds, or no time at all. */
const FIRST_MILLISECONDS = 1e11;

/** Expressions give luxon objects, dates or milliseconds; people and agents give text. */
function asText(value: unknown, label: string): string {
	if (typeof value === 'string' && value.trim() !== '') return value.trim();
	if (typeof value === 'number' && Math.abs(value) < FIRST_MILLISECONDS) {
		throw new InputError(
			label,
			`is a number that would mean the year 1970: ${value}`,
			`Give milliseconds, or text. ${FORMAT_ADVICE}`,
		);
	}
	if (value instanceof Date || typeof value === 'number') {
		return DateTime.fromMillis(Number(value), { zone: 'utc' }).toISO() ?? String(value);
	}
	// n8n may bring a second copy of luxon, so the class cannot be asked.
	if (typeof value === 'object' && value !== null && 'toISO' in value) return String((value as DateTime).toISO());
	throw new InputError(label, 'is empty', FORMAT_ADVICE);
}

function parse(text: string, zone: string, label: string): DateTime {
	// People and sheets write a space where ISO has a T.
	const iso = text.replace(/^(\d{4}-\d{2}-\d{2})\s+(\d)/, '$1T$2');
	const moment = HAS_DATE.test(iso) ? DateTime.fromISO(iso, { zone }) : DateTime.invalid('unparsable');
	if (!moment.isValid) {
		const reason =
			moment.invalidReason === 'unit out of range' ? 'is a date or time that does not exist' : 'is not a date and time';
		throw new InputError(label, `${reason}: ${text}`, FORMAT_ADVICE);
	}
	if (HAS_OFFSET.test(iso) || DATE_ONLY.test(iso)) return moment;
	if (isSteady(zone, moment.toMillis())) return moment;
	if (clock(moment) !== clock(DateTime.fromISO(iso, { zone: 'utc' }))) {
		throw new InputError(
			label,
			`does not exist in ${zone}: ${text} is skipped when the clocks go forward`,
			FORMAT_ADVICE,
		);
	}
	// When the clocks go back an hour comes twice. Luxon's choice depends on the season it is asked in; the first counts.
	return moment.getPossibleOffsets()[0];
}

const clock = (moment: DateTime): string => moment.toFormat('yyyy-MM-dd HH:mm');

/** A point in time. An offset in the value counts more than the zone. */
export function readMoment(value: unknown, zone: string, label: string): DateTime {
	const text = asText(value, label);
	if (DATE_ONLY.test(text)) {
		parse(text, zone, label);
		throw new InputError(label, `has no time of day: ${text}`, "Add a time such as 10:00, or turn on 'All Day'.");
	}
	return parse(text, zone, label);
}

/** A day. A time of day other than midnight would be lost, so it is refused. */
export function readDay(value: unknown, zone: string, label: string): DateTime {
	// Not every day has a midnight: in some zones the clocks go forward then.
	const text = asText(value, label).replace(MIDNIGHT, '');
	const moment = parse(text, zone, label);
	if (!DATE_ONLY.test(text) && moment.toMillis() !== moment.startOf('day').toMillis()) {
		throw new InputError(
			label,
			`has a time of day (${moment.toFormat('HH:mm')}), but 'All Day' is on`,
			"Give only the date, for example 2026-03-02, or turn off 'All Day'.",
		);
	}
	return moment.startOf('day');
}

const apiMoment = (moment: DateTime, zone: string): ApiTime => ({
	dateTime: clockOf(zone, moment.toMillis()) ?? apiDateTime(moment.setZone(zone)),
	timeZone: zone,
});

const apiDay = (day: DateTime): ApiTime => ({ date: day.toISODate() ?? undefined });

export interface Times {
	start?: ApiTime;
	end?: ApiTime;
	/** For checks against the start; a day's is its midnight. */
	startsAt?: DateTime;
}

export interface TypedTimes {
	start?: unknown;
	end?: unknown;
	allDay: boolean;
	zone: string;
}

/** Start and end, each of them only if it was typed; checked against each other if both were. */
export function readTimes({ start, end, allDay, zone }: TypedTimes): Times {
	const read = allDay ? readDay : readMoment;
	const from = start === undefined ? undefined : read(start, zone, 'Start');
	const to = end === undefined ? undefined : read(end, zone, 'End');
	if (from && to && to < from) {
		throw new InputError('End', "is before 'Start'", "Give an 'End' that is later than 'Start'.");
	}
	if (allDay) {
		return {
			start: from && apiDay(from),
			// People name the last day; DingTalk wants the day after it.
			end: to && apiDay(to.plus({ days: 1 })),
			startsAt: from,
		};
	}
	return { start: from && apiMoment(from, zone), end: to && apiMoment(to, zone), startsAt: from };
}

/** The start of a window in the form that queries take, or undefined where the field is empty. */
export function readOptionalMoment(value: unknown, zone: string, label: string): DateTime | undefined {
	if (value === undefined || value === null || value === '') return undefined;
	const text = asText(value, label);
	return parse(text, zone, label);
}

/** A time as people read it: local, with its offset; a date alone for an all-day event. */
export function localTime(time: ApiTime | undefined, zone: string): string | null {
	if (time?.date) return time.date;
	if (!time?.dateTime) return null;
	return shownIn(zone, time.dateTime) ?? apiDateTime(DateTime.fromISO(time.dateTime, { zone }));
}

/** DingTalk's end of an all-day event is the day after; people say the last day. */
export function localEnd(time: ApiTime | undefined, zone: string): string | null {
	if (time?.date) return DateTime.fromISO(time.date, { zone: 'utc' }).minus({ days: 1 }).toISODate();
	return localTime(time, zone);
}

/** Reads dates and times from fields, converts them for DingTalk, and formats them for output. */
import { DateTime, IANAZone } from 'luxon';
import type { INodeProperties } from 'n8n-workflow';
import type { Item } from '../ItemContext';
import {
	apiDateTime,
	formatLocalTime,
	hasFixedOffset,
	toLocalTime,
	type ApiTime,
} from '../../dingtalk/utils/timestamps';
import { InputError } from '../InputError';
import { isDay } from '../../dingtalk/events/readEvent';
import { t } from '../../locale/t';

const FORMAT_ADVICE = t`Use a format such as 2026-03-02T10:00 or 2026-03-02 10:00.`;

export const timeZoneField: INodeProperties = {
	displayName: 'Time Zone',
	name: 'timeZone',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	description: "The time zone of the times above. Remove this field to use the workflow's time zone.",
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchTimeZones', searchable: true },
		},
		// n8n writes its own label over a mode named `id`, which workflows of earlier versions have; it is read all the same.
		{ displayName: 'By Name', name: 'name', type: 'string', placeholder: 'e.g. Asia/Shanghai' },
	],
};

/** Which zone counts, beside the times. `collection` is where the Time Zone can be added, if it can. */
export const timeZoneNotice = (collection?: string): INodeProperties => ({
	displayName: `Times are in the workflow's time zone (Workflow Settings)${collection ? `. For another one, add <b>Time Zone</b> under <b>${collection}</b>.` : '.'}`,
	name: 'timeZoneNotice',
	type: 'notice',
	default: '',
});

/** The zone of times without an offset: the field if the user added it, otherwise the workflow's. */
export function readZone(item: Item, typed: unknown): string {
	if (typed === undefined) return item.zone;
	const zone = typeof typed === 'string' ? typed.trim() : '';
	if (zone === '') {
		throw new InputError('Time Zone', t`is empty`, t`Choose a time zone, or remove the field to use the workflow's.`);
	}
	if (!IANAZone.isValidZone(zone)) {
		throw new InputError(
			'Time Zone',
			t`is not a known time zone: ${zone}`,
			t`Use a name such as Asia/Shanghai or Europe/Berlin.`,
		);
	}
	return zone;
}

/** A year, a week or a time alone is not accepted: the rest would be a guess. */
const HAS_DATE = /^(?:\d{4}-\d{2}-\d{2}|\d{8}T)/;
const HAS_OFFSET = /T[^T]*(?:Z|[+-]\d{2}(?::?\d{2})?)$/i;
const DATE_ONLY = /^\d{4}-\d{2}-\d{2}$/;
/** Also with an offset: a day that luxon or a sheet wrote as its first instant, in any time zone. */
const MIDNIGHT = /[T ]00:00(?::00(?:\.0+)?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?$/i;

const LOCAL_MIDNIGHT = /[T ]00:00(?::00(?:\.0+)?)?$/i;

/** A smaller number counts seconds, or is no time at all. */
const FIRST_MILLISECONDS = 1e11;

/** n8n may load a second copy of luxon, so `instanceof` does not work. */
const isLuxon = (value: unknown): value is DateTime =>
	typeof value === 'object' && value !== null && 'toISO' in value && 'toISODate' in value;

/** In its own time zone. */
const dayOf = (moment: DateTime): string => String(moment.toISODate());

/** Of a day as luxon has it, which begins later where the clocks skip midnight, only the date; otherwise the text. */
const asDayText = (value: unknown, label: string): string =>
	isLuxon(value) && value.toMillis() === value.startOf('day').toMillis()
		? dayOf(value)
		: asText(value, label).replace(MIDNIGHT, '');

/** Expressions give luxon objects, dates or milliseconds; users and agents give text. */
function asText(value: unknown, label: string): string {
	if (typeof value === 'string' && value.trim() !== '') return value.trim();
	if (typeof value === 'number' && Math.abs(value) < FIRST_MILLISECONDS) {
		throw new InputError(
			label,
			t`is a number that would be a time in 1970: ${value}`,
			t`Enter milliseconds or text. ${FORMAT_ADVICE}`,
		);
	}
	if (value instanceof Date || typeof value === 'number') {
		return DateTime.fromMillis(Number(value), { zone: 'utc' }).toISO() ?? String(value);
	}
	if (isLuxon(value)) return String(value.toISO());
	throw new InputError(label, t`is empty`, FORMAT_ADVICE);
}

function parse(text: string, zone: string, label: string): DateTime {
	// Users and sheets often write a space instead of the T of ISO 8601.
	const iso = text.replace(/^(\d{4}-\d{2}-\d{2})\s+(\d)/, '$1T$2');
	const moment = HAS_DATE.test(iso) ? DateTime.fromISO(iso, { zone }) : DateTime.invalid('unparsable');
	if (!moment.isValid) {
		const reason =
			moment.invalidReason === 'unit out of range'
				? t`is a date or time that does not exist`
				: t`is not a valid date and time`;
		throw new InputError(label, t`${reason}: ${text}`, FORMAT_ADVICE);
	}
	if (HAS_OFFSET.test(iso) || DATE_ONLY.test(iso)) return moment;
	if (hasFixedOffset(zone, moment.toMillis())) return moment;
	if (clock(moment) !== clock(DateTime.fromISO(iso, { zone: 'utc' }))) {
		throw new InputError(
			label,
			t`does not exist in ${zone}: ${text} is skipped when the clocks go forward`,
			FORMAT_ADVICE,
		);
	}
	// When the clocks go back, an hour occurs twice. Luxon's choice depends on the current season; the first one is used.
	return moment.getPossibleOffsets()[0];
}

const clock = (moment: DateTime): string => moment.toFormat('yyyy-MM-dd HH:mm');

/** A point in time. An offset in the value takes precedence over the zone. */
export function readMoment(value: unknown, zone: string, label: string): DateTime {
	const text = asText(value, label);
	if (DATE_ONLY.test(text)) {
		parse(text, zone, label);
		throw new InputError(label, t`has no time of day: ${text}`, t`Add a time such as 10:00, or turn on 'All Day'.`);
	}
	return parse(text, zone, label);
}

/** A day. A time other than midnight would be lost, so it is rejected, except in an expression such as `$now`, which gives its day. */
export function readDay(value: unknown, zone: string, label: string): DateTime {
	// Not every day has a midnight: in some zones the clocks go forward at that time.
	const text = isLuxon(value) ? dayOf(value) : asText(value, label).replace(MIDNIGHT, '');
	const moment = parse(text, zone, label);
	if (!DATE_ONLY.test(text) && moment.toMillis() !== moment.startOf('day').toMillis()) {
		throw new InputError(
			label,
			t`has a time of day (${moment.toFormat('HH:mm')}), but 'All Day' is on`,
			t`Enter only the date, for example 2026-03-02, or turn off 'All Day'.`,
		);
	}
	return moment.startOf('day');
}

export interface CalendarDay {
	/** An ISO date. Midnight in any time zone means that day, because sheets, luxon and JavaScript dates write days like this. */
	day: string;
	/** Where the value is a time other than a midnight of the zone: the point in time, whose day differs by zone. */
	moment?: string;
}

/** A day, or undefined if the field is empty. */
export function readCalendarDay(value: unknown, zone: string, label: string): CalendarDay | undefined {
	if (value === undefined || value === null || value === '') return undefined;
	const text = asText(value, label);
	const dayText = text.replace(MIDNIGHT, '');
	const day = apiDay(parse(dayText, zone, label).setZone(zone)).date ?? '';
	// Not every day has a midnight, so a midnight without an offset is not parsed as a time.
	if (DATE_ONLY.test(dayText) && !HAS_OFFSET.test(text)) return { day };
	const moment = parse(text, zone, label).setZone(zone);
	return moment.toMillis() === moment.startOf('day').toMillis() ? { day } : { day, moment: apiDateTime(moment) };
}

/** The day in the zone of what it is for; undefined for what has whole days. */
export const dayInZone = ({ day, moment }: CalendarDay, zone: string | undefined): string =>
	moment === undefined || zone === undefined ? day : (apiDay(DateTime.fromISO(moment, { zone })).date ?? day);

/** The end of the day if the value means a day, as above; otherwise the point in time. Undefined if the field is empty. */
export function readLastMoment(value: unknown, zone: string, label: string): DateTime | undefined {
	if (value === undefined || value === null || value === '') return undefined;
	const moment = parse(asDayText(value, label), zone, label).setZone(zone);
	return moment.toMillis() === moment.startOf('day').toMillis() ? moment.endOf('day') : moment;
}

const apiMoment = (moment: DateTime, zone: string): ApiTime => ({
	dateTime: formatLocalTime(zone, moment.toMillis()) ?? apiDateTime(moment.setZone(zone)),
	timeZone: zone,
});

const apiDay = (day: DateTime): ApiTime => ({ date: day.toISODate() ?? undefined });

export interface Times {
	start?: ApiTime;
	end?: ApiTime;
	/** The start as a point in time, for checks; midnight for a day. */
	startsAt?: DateTime;
}

interface TimeLabels {
	start: string;
	end: string;
	isBefore: string;
	advice: string;
}

const TIMED: TimeLabels = {
	start: 'Start',
	end: 'End',
	isBefore: t`is before 'Start'`,
	advice: t`Enter an 'End' that is later than 'Start'.`,
};

/** The labels of an all-day event whose fields are days. */
export const DAYS: TimeLabels = {
	start: 'First Day',
	end: 'Last Day',
	isBefore: t`is before 'First Day'`,
	advice: t`Enter a 'Last Day' that is not before 'First Day'.`,
};

export interface TypedTimes {
	start?: unknown;
	end?: unknown;
	allDay: boolean;
	zone: string;
	/** As the panel names the fields. */
	labels?: TimeLabels;
}

/** Start and end, each only if it was entered; checked against each other if both were. */
export function readTimes({ start, end, allDay, zone, labels = TIMED }: TypedTimes): Times {
	const read = allDay ? readDay : readMoment;
	const from = start === undefined ? undefined : read(start, zone, labels.start);
	const to = end === undefined ? undefined : read(end, zone, labels.end);
	if (from && to && to < from) {
		throw new InputError(labels.end, labels.isBefore, labels.advice);
	}
	if (allDay) {
		return {
			start: from && apiDay(from),
			// Users enter the last day; DingTalk expects the day after it.
			end: to && apiDay(to.plus({ days: 1 })),
			startsAt: from,
		};
	}
	return { start: from && apiMoment(from, zone), end: to && apiMoment(to, zone), startsAt: from };
}

/** A point in time, or undefined if the field is empty; a date or its midnight means when the day begins. */
export function readOptionalMoment(value: unknown, zone: string, label: string): DateTime | undefined {
	if (value === undefined || value === null || value === '') return undefined;
	const text = asText(value, label);
	// Not every day has a midnight, but editors write days like this.
	const day = text.replace(LOCAL_MIDNIGHT, '');
	return parse(DATE_ONLY.test(day) ? day : text, zone, label);
}

/** A time for output: local, with its offset; a date alone for an all-day event. */
export function localTime(time: ApiTime | undefined, zone: string): string | null {
	if (isDay(time)) return time.date;
	if (!time?.dateTime) return null;
	return toLocalTime(zone, time.dateTime) ?? apiDateTime(DateTime.fromISO(time.dateTime, { zone }));
}

/** DingTalk's end of an all-day event is the day after the last; the output shows the last day. */
export function localEnd(time: ApiTime | undefined, zone: string): string | null {
	if (isDay(time)) return DateTime.fromISO(time.date, { zone: 'utc' }).minus({ days: 1 }).toISODate();
	return localTime(time, zone);
}

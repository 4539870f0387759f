/** Converts recurrence rules between RRULE and DingTalk; an unsupported rule results in the reason. */
import { DateTime } from 'luxon';
import { t } from '../locale/t';

export interface Recurrence {
	pattern: {
		type: string;
		interval: number;
		dayOfMonth?: number;
		daysOfWeek?: string;
		index?: string;
		firstDayOfWeek?: string;
	};
	range: { type: string; endDate?: string; numberOfOccurrences?: number };
}

/** A rule as the 'Repeat' field of the node takes it. */
export interface FormRule {
	frequency: string;
	interval: number;
	ends: 'never' | 'onDate' | 'after';
	weekIndex?: string;
	daysOfWeek?: string[];
	dayOfMonth?: number;
	firstDayOfWeek?: string;
	until?: string;
	occurrences?: number;
}

const DAYS: Record<string, string> = {
	MO: 'monday',
	TU: 'tuesday',
	WE: 'wednesday',
	TH: 'thursday',
	FR: 'friday',
	SA: 'saturday',
	SU: 'sunday',
};
const CODES = Object.keys(DAYS);
const WEEK_INDEXES: Record<string, string> = { '1': 'first', '2': 'second', '3': 'third', '4': 'fourth', '-1': 'last' };
const FREQUENCIES = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'];
const MAX_OCCURRENCES = 99;
const MAX_INTERVAL = 365;

const codeOf = (day: string): string => CODES.find((code) => DAYS[code] === day.trim()) ?? '';
const ordinalOf = (index = 'first'): string =>
	Object.keys(WEEK_INDEXES).find((ordinal) => WEEK_INDEXES[ordinal] === index) ?? '1';

const isGiven = (value: unknown): boolean => value !== undefined && value !== '';

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 1;

/** Whether nothing is missing that says when the event repeats. Days that are missing are those of the start. */
export function isCompleteRule({ pattern, range }: Partial<Recurrence>): boolean {
	const { type, interval = 1, daysOfWeek, index } = pattern ?? {};
	if (!['daily', 'weekly', 'absoluteMonthly', 'relativeMonthly', 'absoluteYearly'].includes(type ?? '')) return false;
	if (type === 'relativeMonthly' && !(isGiven(daysOfWeek) && isGiven(index))) return false;
	if (!isCount(interval)) return false;
	if (range?.type === 'numbered') return isCount(range.numberOfOccurrences);
	return range?.type === 'noEnd' || (range?.type === 'endDate' && DateTime.fromISO(range.endDate ?? '').isValid);
}

/** `until` formats the end date, which must match the start: a date or a UTC time. */
export function toRrule({ pattern, range }: Recurrence, until: (endDate: string) => string): string {
	const days = (pattern.daysOfWeek ?? '')
		.split(',')
		.map(codeOf)
		.filter((code) => code !== '');
	const parts: string[] = [];
	switch (pattern.type) {
		case 'daily':
			parts.push('FREQ=DAILY');
			break;
		case 'weekly':
			parts.push('FREQ=WEEKLY');
			if (days.length > 0) parts.push(`BYDAY=${days.join(',')}`);
			parts.push(`WKST=${codeOf(pattern.firstDayOfWeek || 'sunday')}`);
			break;
		case 'absoluteMonthly':
			parts.push('FREQ=MONTHLY');
			if (pattern.dayOfMonth) parts.push(`BYMONTHDAY=${pattern.dayOfMonth}`);
			break;
		case 'relativeMonthly':
			parts.push('FREQ=MONTHLY', `BYDAY=${days.join(',')}`, `BYSETPOS=${ordinalOf(pattern.index)}`);
			break;
		default:
			parts.push('FREQ=YEARLY');
	}
	if (pattern.interval > 1) parts.push(`INTERVAL=${pattern.interval}`);
	if (range.type === 'numbered') parts.push(`COUNT=${range.numberOfOccurrences}`);
	if (range.type === 'endDate' && range.endDate) parts.push(`UNTIL=${until(range.endDate)}`);
	return parts.join(';');
}

type RruleParts = Record<string, string>;
type Conversion = { rule: FormRule } | { reason: string };

const unsupported = (reason: string): { reason: string } => ({ reason });

/** Without BYDAY, the weekday of the start counts. */
function readWeekdays(parts: RruleParts, start: DateTime): Array<{ ordinal: string; code: string }> {
	if (!parts.BYDAY) return [{ ordinal: '', code: CODES[start.weekday - 1] }];
	return parts.BYDAY.split(',').map((day) => {
		const [, ordinal = '', code = ''] = /^([+-]?\d+)?(\w\w)$/.exec(day.trim()) ?? [];
		return { ordinal: ordinal.replace('+', ''), code };
	});
}

function convertMonthly(parts: RruleParts, start: DateTime): Partial<FormRule> | string {
	if (!parts.BYDAY) {
		const day = parts.BYMONTHDAY ?? String(start.day);
		if (parts.BYSETPOS) return t`selects one of several days of the month (BYSETPOS)`;
		if (!/^\d+$/.test(day))
			return day.startsWith('-') ? t`counts days from the end of the month` : t`repeats on several days of the month`;
		return { frequency: 'monthlyOnDate', dayOfMonth: Number(day) };
	}
	if (parts.BYMONTHDAY) return t`combines weekdays with days of the month`;
	const days = readWeekdays(parts, start);
	if (parts.BYSETPOS && days.some(({ ordinal }) => ordinal !== '')) return t`combines BYSETPOS with numbered weekdays`;
	const ordinals = new Set(days.map(({ ordinal }) => ordinal || (parts.BYSETPOS ?? '')));
	const [ordinal] = ordinals;
	// "The first Monday and the first Tuesday" are two days per month, but DingTalk supports only one.
	if (ordinals.size > 1 || (days.length > 1 && !parts.BYSETPOS)) return t`repeats on several weekdays of the month`;
	if (!Object.hasOwn(WEEK_INDEXES, ordinal))
		return ordinal === ''
			? t`repeats on every such weekday of the month`
			: t`repeats on weekday number ${ordinal} of the month`;
	return {
		frequency: 'monthlyOnWeekday',
		weekIndex: WEEK_INDEXES[ordinal],
		daysOfWeek: days.map(({ code }) => DAYS[code]),
	};
}

function convertPattern(parts: RruleParts, start: DateTime): Partial<FormRule> | string {
	switch (parts.FREQ) {
		case 'DAILY':
			if (parts.BYMONTHDAY) return t`limits a daily rule to days of the month`;
			if (parts.BYDAY) {
				if (Number(parts.INTERVAL ?? 1) > 1) return t`limits a daily rule with an interval to weekdays`;
				return { frequency: 'weekly', daysOfWeek: readWeekdays(parts, start).map(({ code }) => DAYS[code]) };
			}
			return { frequency: 'daily' };
		case 'WEEKLY':
			if (parts.BYMONTHDAY) return t`limits a weekly rule to days of the month`;
			return {
				frequency: 'weekly',
				daysOfWeek: readWeekdays(parts, start).map(({ code }) => DAYS[code]),
				firstDayOfWeek: DAYS[parts.WKST ?? 'MO'],
			};
		case 'MONTHLY':
			return convertMonthly(parts, start);
		default: {
			const sameMonth = !parts.BYMONTH || parts.BYMONTH === String(start.month);
			if (!sameMonth) return t`repeats in other months than that of the start`;
			if (!parts.BYDAY) {
				if (parts.BYSETPOS) return t`selects one of several days of the year (BYSETPOS)`;
				if (parts.BYMONTHDAY && !parts.BYMONTH) return t`repeats on a day of every month`;
				const sameDay = !parts.BYMONTHDAY || parts.BYMONTHDAY === String(start.day);
				return sameDay ? { frequency: 'yearly' } : t`repeats on another day than that of the start`;
			}
			if (!parts.BYMONTH) return t`counts weekdays within the year`;
			// DingTalk has no yearly rule by weekday, but one of every twelve months.
			const rule = convertMonthly(parts, start);
			return typeof rule === 'string' ? rule : { ...rule, interval: 12 * Number(parts.INTERVAL ?? 1) };
		}
	}
}

const SUPPORTED_PARTS = 'FREQ INTERVAL COUNT UNTIL BYDAY BYMONTHDAY BYMONTH BYSETPOS WKST'.split(' ');
const UNSUPPORTED_PARTS = ['BYSECOND', 'BYMINUTE', 'BYHOUR', 'BYYEARDAY', 'BYWEEKNO'];

const COUNTED_PARTS = ['COUNT', 'INTERVAL'];

function isReadable(part: string, parts: RruleParts): boolean {
	const value = parts[part];
	if (!SUPPORTED_PARTS.includes(part) || !value) return false;
	if (COUNTED_PARTS.includes(part)) return /^0*[1-9]\d*$/.test(value);
	// Only within a month or a year are weekdays numbered.
	return part !== 'BYDAY' || !['DAILY', 'WEEKLY'].includes(parts.FREQ) || !/\d/.test(value);
}

/** Numbers may have a sign and leading zeros: `BYMONTH=03` is March. */
function readPart(text: string): [name: string, value: string] {
	const position = text.indexOf('=');
	const [name, value] = position < 0 ? [text, ''] : [text.slice(0, position), text.slice(position + 1)];
	return [name, name.startsWith('BY') ? value.replace(/(^|,)\+?(-?)0*(?=\d)/g, '$1$2') : value];
}

/** `until` parses the end in the time zone of the start. */
export function fromRrule(text: string, start: DateTime, until: (value: string) => DateTime): Conversion {
	const entries = text
		.toUpperCase()
		.split(';')
		.map((part) => part.trim())
		.filter((part) => part !== '')
		.map((part) => readPart(part));
	const parts: RruleParts = Object.fromEntries(entries);
	if (!FREQUENCIES.includes(parts.FREQ))
		return unsupported(t`repeats ${String(parts.FREQ).toLowerCase()}, but DingTalk supports at most daily`);
	const unsupportedPart = UNSUPPORTED_PARTS.find((part) => parts[part] !== undefined);
	if (unsupportedPart) return unsupported(t`uses ${unsupportedPart}`);
	const unreadable = Object.keys(parts).find((part) => !isReadable(part, parts));
	if (unreadable !== undefined) return unsupported(t`has a part that cannot be read: ${unreadable}`);
	const [repeated] =
		entries.find(([name], position) => entries.findIndex(([other]) => other === name) < position) ?? [];
	if (repeated !== undefined) return unsupported(t`has a part twice: ${repeated}`);
	if (parts.COUNT && parts.UNTIL) return unsupported(t`ends both after a number of dates and on a date`);
	if (parts.WKST && !CODES.includes(parts.WKST))
		return unsupported(t`begins the week on an unknown day: ${parts.WKST}`);
	if (parts.BYMONTH && parts.FREQ !== 'YEARLY') return unsupported(t`is limited to certain months`);
	if (parts.BYSETPOS && parts.FREQ !== 'MONTHLY' && parts.FREQ !== 'YEARLY')
		return unsupported(t`selects one of several days (BYSETPOS)`);
	const converted = convertPattern(parts, start);
	if (typeof converted === 'string') return unsupported(converted);
	const rule: FormRule = { frequency: '', interval: Number(parts.INTERVAL ?? 1), ends: 'never', ...converted };
	if (!(rule.interval >= 1 && rule.interval <= MAX_INTERVAL))
		return unsupported(t`has an interval of ${rule.interval}, but DingTalk supports at most ${MAX_INTERVAL}`);
	if (rule.daysOfWeek?.some((day) => day === undefined)) return unsupported(t`contains an unknown weekday`);
	if (parts.COUNT) {
		if (Number(parts.COUNT) > MAX_OCCURRENCES)
			return unsupported(t`repeats ${parts.COUNT} times, but DingTalk supports at most ${MAX_OCCURRENCES}`);
		return { rule: { ...rule, ends: 'after', occurrences: Number(parts.COUNT) } };
	}
	if (!parts.UNTIL) return { rule };
	const last = until(parts.UNTIL);
	if (!last.isValid) return unsupported(t`has an invalid end date`);
	return { rule: { ...rule, ends: 'onDate', until: last.toISO({ suppressMilliseconds: true }) ?? '' } };
}

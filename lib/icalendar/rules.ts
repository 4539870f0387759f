/** RRULE and DingTalk's recurrence, both ways. What DingTalk cannot say has a reason instead. */
import { DateTime } from 'luxon';

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

/** As the node's form has it. */
export interface Rule {
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
const INDEXES: Record<string, string> = { '1': 'first', '2': 'second', '3': 'third', '4': 'fourth', '-1': 'last' };
const FREQUENCIES = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'];
const MOST_TIMES = 99;
const LARGEST_INTERVAL = 365;

const codeOf = (day: string): string => CODES.find((code) => DAYS[code] === day.trim()) ?? '';
const ordinalOf = (index = 'first'): string =>
	Object.keys(INDEXES).find((ordinal) => INDEXES[ordinal] === index) ?? '1';

/** `until` is how the end is written, which depends on how the start is. */
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
			parts.push('FREQ=WEEKLY', `BYDAY=${days.join(',')}`, `WKST=${codeOf(pattern.firstDayOfWeek ?? 'sunday')}`);
			break;
		case 'absoluteMonthly':
			parts.push('FREQ=MONTHLY', `BYMONTHDAY=${pattern.dayOfMonth}`);
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

type Parts = Record<string, string>;
type Outcome = { rule: Rule } | { reason: string };

const cannot = (reason: string): { reason: string } => ({ reason });

/** Without a day in the rule, the start says which day is meant. */
function daysIn(parts: Parts, start: DateTime): Array<{ ordinal: string; code: string }> {
	if (!parts.BYDAY) return [{ ordinal: '', code: CODES[start.weekday - 1] }];
	return parts.BYDAY.split(',').map((day) => {
		const [, ordinal = '', code = ''] = /^([+-]?\d+)?(\w\w)$/.exec(day.trim()) ?? [];
		return { ordinal: ordinal.replace('+', ''), code };
	});
}

function monthly(parts: Parts, start: DateTime): Partial<Rule> | string {
	if (!parts.BYDAY) {
		const day = parts.BYMONTHDAY ?? String(start.day);
		if (parts.BYSETPOS) return 'picks one of several days of the month';
		if (!/^\d+$/.test(day))
			return day.startsWith('-') ? 'counts days from the end of the month' : 'names several days of the month';
		return { frequency: 'monthlyOnDate', dayOfMonth: Number(day) };
	}
	if (parts.BYMONTHDAY) return 'combines a weekday with a day of the month';
	const days = daysIn(parts, start);
	if (parts.BYSETPOS && days.some(({ ordinal }) => ordinal !== '')) return 'picks one of several numbered weekdays';
	const ordinals = new Set(days.map(({ ordinal }) => ordinal || (parts.BYSETPOS ?? '')));
	const [ordinal] = ordinals;
	// "The first Monday and the first Tuesday" are two days a month; DingTalk's rule gives one.
	if (ordinals.size > 1 || (days.length > 1 && !parts.BYSETPOS)) return 'names several weekdays of the month';
	if (!(ordinal in INDEXES))
		return ordinal === ''
			? 'takes place on every such weekday of the month'
			: `names the weekday number ${ordinal} of the month`;
	return { frequency: 'monthlyOnWeekday', weekIndex: INDEXES[ordinal], daysOfWeek: days.map(({ code }) => DAYS[code]) };
}

function pattern(parts: Parts, start: DateTime): Partial<Rule> | string {
	switch (parts.FREQ) {
		case 'DAILY':
			if (parts.BYMONTHDAY) return 'names days of the month day by day';
			if (parts.BYDAY) {
				if (Number(parts.INTERVAL ?? 1) > 1) return 'leaves out weekdays of every other day';
				return { frequency: 'weekly', daysOfWeek: daysIn(parts, start).map(({ code }) => DAYS[code]) };
			}
			return { frequency: 'daily' };
		case 'WEEKLY':
			if (parts.BYMONTHDAY) return 'names days of the month week by week';
			return {
				frequency: 'weekly',
				daysOfWeek: daysIn(parts, start).map(({ code }) => DAYS[code]),
				firstDayOfWeek: DAYS[parts.WKST ?? 'MO'],
			};
		case 'MONTHLY':
			return monthly(parts, start);
		default: {
			const sameMonth = !parts.BYMONTH || parts.BYMONTH === String(start.month);
			if (!sameMonth) return 'names other months than that of the start';
			if (!parts.BYDAY) {
				if (parts.BYSETPOS) return 'picks one of several days of the year';
				if (parts.BYMONTHDAY && !parts.BYMONTH) return 'names a day of every month';
				const sameDay = !parts.BYMONTHDAY || parts.BYMONTHDAY === String(start.day);
				return sameDay ? { frequency: 'yearly' } : 'names another day than that of the start';
			}
			if (!parts.BYMONTH) return 'counts weekdays through the year';
			// A year is twelve months to DingTalk, which has no weekday of a year.
			const rule = monthly(parts, start);
			return typeof rule === 'string' ? rule : { ...rule, interval: 12 * Number(parts.INTERVAL ?? 1) };
		}
	}
}

const UNKNOWN = ['BYSECOND', 'BYMINUTE', 'BYHOUR', 'BYYEARDAY', 'BYWEEKNO'];

/** `until` reads the end in the zone of the start. */
export function fromRrule(text: string, start: DateTime, until: (value: string) => DateTime): Outcome {
	const parts: Parts = Object.fromEntries(
		text
			.toUpperCase()
			.split(';')
			.map((part) => part.trim().split('=') as [string, string]),
	);
	if (!FREQUENCIES.includes(parts.FREQ))
		return cannot(`repeats ${String(parts.FREQ).toLowerCase()}, DingTalk at most daily`);
	const unknown = UNKNOWN.find((part) => parts[part] !== undefined);
	if (unknown) return cannot(`uses ${unknown}, which DingTalk does not have`);
	if (parts.BYMONTH && parts.FREQ !== 'YEARLY') return cannot('is limited to some months');
	if (parts.BYSETPOS && parts.FREQ !== 'MONTHLY' && parts.FREQ !== 'YEARLY') return cannot('picks one of several days');
	const found = pattern(parts, start);
	if (typeof found === 'string') return cannot(found);
	const rule: Rule = { frequency: '', interval: Number(parts.INTERVAL ?? 1), ends: 'never', ...found };
	if (!(rule.interval >= 1 && rule.interval <= LARGEST_INTERVAL))
		return cannot(`repeats every ${rule.interval} times, DingTalk takes up to ${LARGEST_INTERVAL}`);
	if (rule.daysOfWeek?.some((day) => day === undefined)) return cannot('names a day that does not exist');
	if (parts.COUNT) {
		if (Number(parts.COUNT) > MOST_TIMES)
			return cannot(`takes place ${parts.COUNT} times, DingTalk takes up to ${MOST_TIMES}`);
		return { rule: { ...rule, ends: 'after', occurrences: Number(parts.COUNT) } };
	}
	if (!parts.UNTIL) return { rule };
	const last = until(parts.UNTIL);
	if (!last.isValid) return cannot('has an end that is no date');
	return { rule: { ...rule, ends: 'onDate', until: last.toISO({ suppressMilliseconds: true }) ?? '' } };
}

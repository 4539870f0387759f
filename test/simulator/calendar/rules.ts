/** Validates the recurrence of a request. */
import { invalidParameter } from '../contract';
import type { Fields } from '../fields';
import type { Pattern, Range, Recurrence, Span } from './model';
import { objectField, isBlank, isSet, oneOf, textField } from './read';
import { occurrences, WEEKDAYS } from './recurrence';
import { isDate, parseTimestamp } from './time';

const TYPES = ['daily', 'weekly', 'absoluteMonthly', 'relativeMonthly', 'absoluteYearly'] as const;
const INDEXES = ['first', 'second', 'third', 'fourth', 'last'] as const;
const RANGES = ['noEnd', 'endDate', 'numbered'] as const;

function whole(value: unknown, min: number, max: number, message: string): number {
	if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
		throw invalidParameter(message);
	}
	return value;
}

function readDaysOfWeek(pattern: Fields): string {
	const days = textField(pattern, 'daysOfWeek', 'recurrence.pattern.daysOfWeek');
	if (isBlank(days) || days === undefined) throw invalidParameter('recurrence.pattern.daysOfWeek must be provided');
	for (const day of days.split(',')) oneOf(day.trim(), WEEKDAYS, 'recurrence.pattern.daysOfWeek');
	return days;
}

function readDayOfMonth(pattern: Fields): number {
	const message = 'recurrence.pattern.dayOfMonth must between [1, 31]';
	return whole(pattern.dayOfMonth, 1, 31, message);
}

function readPattern(recurrence: Fields): Pattern {
	const fields = objectField(recurrence, 'pattern', 'recurrence.pattern');
	if (!fields) throw invalidParameter('recurrence.pattern must be provided');
	const pattern: Pattern = {
		type: oneOf(fields.type, TYPES, 'recurrence.pattern.type'),
		interval: whole(fields.interval, 1, 365, 'Recurrence interval must between [1, 365]'),
	};
	if (pattern.type === 'absoluteMonthly') pattern.dayOfMonth = readDayOfMonth(fields);
	// Yearly patterns are documented only without a day; a given day is accepted.
	if (pattern.type === 'absoluteYearly' && isSet(fields.dayOfMonth)) pattern.dayOfMonth = readDayOfMonth(fields);
	if (pattern.type === 'weekly' || pattern.type === 'relativeMonthly') pattern.daysOfWeek = readDaysOfWeek(fields);
	if (pattern.type === 'relativeMonthly') pattern.index = oneOf(fields.index, INDEXES, 'recurrence.pattern.index');
	if (!isBlank(fields.firstDayOfWeek)) {
		pattern.firstDayOfWeek = oneOf(fields.firstDayOfWeek, WEEKDAYS, 'recurrence.pattern.firstDayOfWeek');
	}
	return pattern;
}

function readRange(recurrence: Fields, needMilliseconds: boolean): Range {
	const fields = objectField(recurrence, 'range', 'recurrence.range');
	if (!fields) throw invalidParameter('recurrence.range must be provided');
	const type = oneOf(fields.type, RANGES, 'recurrence.range.type');
	const counted = isSet(fields.numberOfOccurrences);
	const dated = !isBlank(fields.endDate);
	if (counted && dated) {
		throw invalidParameter('Recurrence range endDate and numberOfOccurrences can not be set together');
	}
	if (counted || type === 'numbered') {
		const message = 'Recurrence range numberOfOccurrences must between [1, 99]';
		const numberOfOccurrences = whole(fields.numberOfOccurrences, 1, 99, message);
		if (type === 'numbered') return { type, numberOfOccurrences };
	}
	if (type === 'noEnd') return { type };
	const endDate = textField(fields, 'endDate', 'recurrence.range.endDate');
	if (!endDate) throw invalidParameter('recurrence.range.endDate must be provided');
	// Samples show a date-time; a plain date means until the end of that day.
	if (!isDate(endDate)) parseTimestamp(endDate, 'recurrence.range.endDate', needMilliseconds);
	return { type, endDate };
}

export const readRecurrence = (fields: Fields, needMilliseconds: boolean): Recurrence => ({
	pattern: readPattern(fields),
	range: readRange(fields, needMilliseconds),
});

/** Refuses rules without any occurrence, such as an end before the start or a day that no month has. */
export function requireOccurrence(span: Span, recurrence: Recurrence): void {
	const window = { fromMs: -Infinity, toMs: Infinity };
	if (occurrences(span, recurrence, window).next().done) {
		throw invalidParameter('recurrence has no occurrence at or after the start');
	}
}

/** The Repeat field, such as every second Tuesday until June, and its conversion to DingTalk's pattern and range. */
import type { DateTime } from 'luxon';
import type { INodeProperties } from 'n8n-workflow';
import { LIMITS } from '../../../../lib/dingtalk/limits';
import { isObject } from '../../../../lib/dingtalk/utils/json';
import {
	WEEKDAYS,
	WEEKS,
	type ApiRecurrence,
	type RecurrencePattern,
	type RecurrenceRange,
} from '../../../../lib/dingtalk/events/occurrences';
import { apiDateTime } from '../../../../lib/dingtalk/utils/timestamps';
import { InputError } from '../../../../lib/n8n/InputError';
import { readChoice, readList, readWholeNumber, titleCaseOptions } from '../../../../lib/n8n/fields/primitives';
import { readLastMoment } from '../../../../lib/n8n/fields/dateTime';
import { t } from '../../../../lib/locale/t';

const FREQUENCIES = {
	daily: 'Daily',
	weekly: 'Weekly',
	monthlyOnDate: 'Monthly on a Date',
	monthlyOnWeekday: 'Monthly on a Weekday',
	yearly: 'Yearly',
};
const DEFAULT_OCCURRENCES = 10;
const ENDS = { never: 'Never', onDate: 'On a Date', after: 'After a Number of Times' };

type Frequency = keyof typeof FREQUENCIES;
type End = keyof typeof ENDS;

const keysOf = <K extends string>(names: Record<K, string>): K[] => Object.keys(names) as K[];
const namedOptions = (names: Record<string, string>) => Object.entries(names).map(([value, name]) => ({ name, value }));

const frequencyField: INodeProperties = {
	displayName: 'Frequency',
	name: 'frequency',
	type: 'options',
	default: 'weekly',
	options: namedOptions(FREQUENCIES),
};

const intervalField: INodeProperties = {
	displayName: 'Interval',
	name: 'interval',
	type: 'number',
	typeOptions: { minValue: LIMITS.interval.from, maxValue: LIMITS.interval.to },
	default: 1,
	description: 'For example, 2 for every second week',
};

const weekField: INodeProperties = {
	displayName: 'Which Week',
	name: 'weekIndex',
	type: 'options',
	default: 'first',
	options: titleCaseOptions(WEEKS),
	displayOptions: { show: { frequency: ['monthlyOnWeekday'] } },
};

const daysField: INodeProperties = {
	displayName: 'Days of Week',
	name: 'daysOfWeek',
	type: 'multiOptions',
	default: [],
	options: titleCaseOptions(WEEKDAYS),
	description: 'If empty, a weekly event repeats on the weekday of its start',
	displayOptions: { show: { frequency: ['weekly', 'monthlyOnWeekday'] } },
};

const dayOfMonthField: INodeProperties = {
	displayName: 'Day of Month',
	name: 'dayOfMonth',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 31 },
	default: 1,
	description: 'Months without this day are skipped',
	displayOptions: { show: { frequency: ['monthlyOnDate'] } },
};

const firstDayField: INodeProperties = {
	displayName: 'First Day of Week',
	name: 'firstDayOfWeek',
	type: 'options',
	default: 'sunday',
	options: titleCaseOptions(WEEKDAYS),
	description: 'Determines where a week begins, for example with an interval of two weeks',
	displayOptions: { show: { frequency: ['weekly', 'monthlyOnWeekday'] } },
};

const endsField: INodeProperties = {
	displayName: 'Ends',
	name: 'ends',
	type: 'options',
	default: 'never',
	options: namedOptions(ENDS),
	description:
		'To book a meeting room for the whole series, choose On a Date. DingTalk may require a last day for that.',
};

const untilField: INodeProperties = {
	displayName: 'Last Day',
	name: 'until',
	type: 'dateTime',
	typeOptions: { dateOnly: true },
	default: '',
	description: 'The last day on which an occurrence starts. Midnight in any time zone stands for its day.',
	displayOptions: { show: { ends: ['onDate'] } },
};

const occurrencesField: INodeProperties = {
	displayName: 'Number of Times',
	name: 'occurrences',
	type: 'number',
	typeOptions: { minValue: LIMITS.occurrences.from, maxValue: LIMITS.occurrences.to },
	default: DEFAULT_OCCURRENCES,
	displayOptions: { show: { ends: ['after'] } },
};

export const recurrenceField: INodeProperties = {
	displayName: 'Repeat',
	name: 'recurrence',
	type: 'fixedCollection',
	default: {},
	placeholder: 'Add Rule',
	options: [
		{
			displayName: 'Rule',
			name: 'rule',
			// In the order in which people describe a rule, not alphabetical.
			values: [
				frequencyField,
				intervalField,
				weekField,
				daysField,
				dayOfMonthField,
				firstDayField,
				endsField,
				untilField,
				occurrencesField,
			],
		},
	],
};

type Rule = Record<string, unknown>;

const isGiven = (value: unknown): boolean => value !== undefined && value !== null && value !== '';

function readDays(rule: Rule, purpose: string): string {
	const days = readList(rule.daysOfWeek).map((day) => readChoice(day, 'Days of Week', WEEKDAYS));
	if (days.length === 0) throw new InputError('Days of Week', t`is empty, but ${purpose}`, t`Choose at least one day.`);
	return WEEKDAYS.filter((day) => days.includes(day)).join(',');
}

/** "Every week" means the weekday of the start. */
function readWeekdays(rule: Rule, startsAt: DateTime | undefined): string {
	if (startsAt && readList(rule.daysOfWeek).length === 0)
		return startsAt.setLocale('en').toFormat('cccc').toLowerCase();
	return readDays(rule, t`a weekly event needs a day`);
}

/** Sent only if it was chosen; DingTalk's default is Sunday. */
const readFirstDay = ({ firstDayOfWeek }: Rule): Pick<RecurrencePattern, 'firstDayOfWeek'> =>
	isGiven(firstDayOfWeek) ? { firstDayOfWeek: readChoice(firstDayOfWeek, 'First Day of Week', WEEKDAYS) } : {};

function readPattern(rule: Rule, frequency: Frequency, startsAt: DateTime | undefined): RecurrencePattern {
	const interval = readWholeNumber(rule.interval ?? 1, 'Interval', LIMITS.interval);
	switch (frequency) {
		case 'daily':
			return { type: 'daily', interval };
		case 'weekly':
			return { type: 'weekly', interval, daysOfWeek: readWeekdays(rule, startsAt), ...readFirstDay(rule) };
		case 'monthlyOnDate':
			if (!isGiven(rule.dayOfMonth)) {
				throw new InputError(
					'Day of Month',
					t`is empty, but a monthly event needs a date`,
					t`Enter a day from 1 to 31.`,
				);
			}
			return {
				type: 'absoluteMonthly',
				interval,
				dayOfMonth: readWholeNumber(rule.dayOfMonth, 'Day of Month', { from: 1, to: 31 }),
			};
		case 'monthlyOnWeekday':
			return {
				type: 'relativeMonthly',
				interval,
				index: readChoice(rule.weekIndex ?? '', 'Which Week', WEEKS),
				daysOfWeek: readDays(rule, t`the rule needs a weekday`),
				...readFirstDay(rule),
			};
		case 'yearly':
			return { type: 'absoluteYearly', interval };
	}
}

function readRange(rule: Rule, zone: string, startsAt: DateTime | undefined): RecurrenceRange {
	const ends = readChoice<End>(rule.ends ?? 'never', 'Ends', keysOf(ENDS));
	// If 'Ends' is an expression, the editor shows both fields, and n8n fills in the default of this one.
	const isFilledIn = ends === 'onDate' && rule.occurrences === DEFAULT_OCCURRENCES;
	if (isGiven(rule.until) && isGiven(rule.occurrences) && !isFilledIn) {
		throw new InputError(
			'Repeat',
			t`has both a 'Last Day' and a 'Number of Times'`,
			t`DingTalk accepts only one of them. Remove the other.`,
		);
	}
	switch (ends) {
		case 'never':
			return { type: 'noEnd' };
		case 'after':
			return {
				type: 'numbered',
				numberOfOccurrences: readWholeNumber(rule.occurrences ?? '', 'Number of Times', LIMITS.occurrences),
			};
		case 'onDate': {
			// Includes occurrences that start on the last day.
			const last = readLastMoment(rule.until, zone, 'Last Day');
			if (!last) throw new InputError('Last Day', t`is empty`, t`Enter a date, or set 'Ends' to Never.`);
			if (startsAt && last < startsAt) {
				throw new InputError('Last Day', t`is before 'Start'`, t`Enter a day on or after the start of the event.`);
			}
			return { type: 'endDate', endDate: apiDateTime(last) };
		}
	}
}

/** Undefined if the user added no rule. Incomplete and contradictory rules are rejected. */
export function readRecurrence(value: unknown, zone: string, startsAt?: DateTime): ApiRecurrence | undefined {
	const rule = isObject(value) && isObject(value.rule) ? value.rule : undefined;
	if (!rule) return undefined;
	const pattern = readPattern(
		rule,
		readChoice<Frequency>(rule.frequency ?? 'weekly', 'Frequency', keysOf(FREQUENCIES)),
		startsAt,
	);
	return { pattern, range: readRange(rule, zone, startsAt) };
}

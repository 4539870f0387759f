/** Tests how the Repeat and Reminders fields are read. */
import { DateTime } from 'luxon';

import { InputError } from '../../../lib/n8n/InputError';
import { readRecurrence } from '../../../nodes/DingTalkCalendar/fields/event/recurrence';
import { defaultReminders, readReminders } from '../../../nodes/DingTalkCalendar/fields/event/reminders';

const ZONE = 'Asia/Shanghai';
const START = DateTime.fromISO('2026-03-02T10:00', { zone: ZONE });

const read = (rule: Record<string, unknown>) => readRecurrence({ rule }, ZONE, START);

describe('The Repeat field', () => {
	it.each([undefined, null, {}, { rule: null }, 'weekly', []])('has no rule if its value is %j', (value) => {
		expect(readRecurrence(value, ZONE, START)).toBeUndefined();
	});

	it.each<[string, Record<string, unknown>, object]>([
		['every day', { frequency: 'daily', interval: 1 }, { type: 'daily', interval: 1 }],
		['every day, in words', { frequency: 'Daily' }, { type: 'daily', interval: 1 }],
		['every 365th day', { frequency: 'daily', interval: '365' }, { type: 'daily', interval: 365 }],
		[
			'every second week on two days, in the order of the week',
			{ frequency: 'weekly', interval: 2, daysOfWeek: ['friday', 'monday'], firstDayOfWeek: 'monday' },
			{ type: 'weekly', interval: 2, daysOfWeek: 'monday,friday', firstDayOfWeek: 'monday' },
		],
		['every week, without a weekday', { frequency: 'weekly' }, { type: 'weekly', interval: 1, daysOfWeek: 'monday' }],
		[
			'weekly, in the format of an agent',
			{ daysOfWeek: '["Monday","monday"]' },
			{ type: 'weekly', interval: 1, daysOfWeek: 'monday' },
		],
		[
			'weekly, with weekdays separated by commas',
			{ daysOfWeek: 'Sunday, tuesday' },
			{ type: 'weekly', interval: 1, daysOfWeek: 'tuesday,sunday' },
		],
		[
			'monthly on a date',
			{ frequency: 'monthlyOnDate', dayOfMonth: 31 },
			{ type: 'absoluteMonthly', interval: 1, dayOfMonth: 31 },
		],
		[
			'monthly on a weekday',
			{ frequency: 'monthlyOnWeekday', weekIndex: 'last', daysOfWeek: ['friday'] },
			{ type: 'relativeMonthly', interval: 1, index: 'last', daysOfWeek: 'friday' },
		],
		[
			'monthly on a weekday, with weeks that begin on Monday',
			{ frequency: 'monthlyOnWeekday', weekIndex: 'first', daysOfWeek: ['friday'], firstDayOfWeek: 'Monday' },
			{ type: 'relativeMonthly', interval: 1, index: 'first', daysOfWeek: 'friday', firstDayOfWeek: 'monday' },
		],
		['yearly', { frequency: 'yearly', interval: 3 }, { type: 'absoluteYearly', interval: 3 }],
	])('can repeat %s', (_, rule, pattern) => {
		expect(read(rule)).toEqual({ pattern, range: { type: 'noEnd' } });
	});

	it.each<[string, Record<string, unknown>, object]>([
		['never', { ends: 'never' }, { type: 'noEnd' }],
		['after a number of times', { ends: 'after', occurrences: 99 }, { type: 'numbered', numberOfOccurrences: 99 }],
		[
			'after a number of times, as text',
			{ ends: 'After', occurrences: '5' },
			{ type: 'numbered', numberOfOccurrences: 5 },
		],
		['with a day', { ends: 'onDate', until: '2026-03-31' }, { type: 'endDate', endDate: '2026-03-31T23:59:59+08:00' }],
		[
			'with the day of the start',
			{ ends: 'onDate', until: '2026-03-02' },
			{ type: 'endDate', endDate: '2026-03-02T23:59:59+08:00' },
		],
		...[
			'2026-03-31T00:00:00.000Z',
			'2026-03-31T00:00:00.000-08:00',
			'2026-03-31 00:00',
			// As PostgreSQL writes it.
			'2026-03-31 00:00:00+00',
			'2026-03-30T16:00:00.000Z',
		].map((until): [string, Record<string, unknown>, object] => [
			`with midnight of its own or another time zone (${until})`,
			{ ends: 'onDate', until },
			{ type: 'endDate', endDate: '2026-03-31T23:59:59+08:00' },
		]),
		[
			'with a JavaScript date',
			{ ends: 'onDate', until: new Date('2026-03-31') },
			{ type: 'endDate', endDate: '2026-03-31T23:59:59+08:00' },
		],
		[
			'with a luxon day of another zone',
			{ ends: 'onDate', until: DateTime.fromISO('2026-03-31', { zone: 'America/New_York' }) },
			{ type: 'endDate', endDate: '2026-03-31T23:59:59+08:00' },
		],
		[
			'with a luxon day that has no midnight',
			{ ends: 'onDate', until: DateTime.fromISO('2026-04-24', { zone: 'Africa/Cairo' }) },
			{ type: 'endDate', endDate: '2026-04-24T23:59:59+08:00' },
		],
		[
			'with a moment',
			{ ends: 'onDate', until: '2026-03-31T12:00' },
			{ type: 'endDate', endDate: '2026-03-31T12:00:00+08:00' },
		],
		[
			'with a moment of another zone',
			{ ends: 'onDate', until: '2026-03-31T12:00Z' },
			{ type: 'endDate', endDate: '2026-03-31T20:00:00+08:00' },
		],
	])('can end %s', (_, end, range) => {
		expect(read({ frequency: 'daily', ...end })?.range).toEqual(range);
	});

	it('repeats on the weekday of the start in the local time zone, not in UTC', () => {
		const sunday = DateTime.fromISO('2026-03-01T01:00', { zone: ZONE });
		expect(readRecurrence({ rule: { frequency: 'weekly', daysOfWeek: [] } }, ZONE, sunday)?.pattern).toMatchObject({
			daysOfWeek: 'sunday',
		});
	});

	it('requires a weekday if the start of the event is unknown', () => {
		const reading = () => readRecurrence({ rule: { frequency: 'weekly', daysOfWeek: [] } }, ZONE);
		expect(reading).toThrow(
			new InputError('Days of Week', 'is empty, but a weekly event needs a day', 'Choose at least one day.'),
		);
	});

	it.each<[string, string, Record<string, unknown>]>([
		['Frequency', "has no option 'hourly'", { frequency: 'hourly' }],
		['Interval', 'must be a whole number from 1 to 365, not 0', { frequency: 'daily', interval: 0 }],
		['Interval', 'must be a whole number from 1 to 365, not 366', { frequency: 'daily', interval: '366' }],
		['Interval', 'must be a whole number', { frequency: 'daily', interval: 1.5 }],
		['Days of Week', 'is empty, but the rule needs a weekday', { frequency: 'monthlyOnWeekday', weekIndex: 'first' }],
		['Days of Week', "has no option 'Mon'", { frequency: 'weekly', daysOfWeek: 'Mon' }],
		[
			'First Day of Week',
			"has no option 'weekend'",
			{ frequency: 'weekly', daysOfWeek: 'monday', firstDayOfWeek: 'weekend' },
		],
		[
			'Which Week',
			"has no option 'fifth'",
			{ frequency: 'monthlyOnWeekday', weekIndex: 'fifth', daysOfWeek: 'monday' },
		],
		['Day of Month', 'is empty, but a monthly event needs a date', { frequency: 'monthlyOnDate' }],
		['Day of Month', 'must be a whole number from 1 to 31, not 32', { frequency: 'monthlyOnDate', dayOfMonth: 32 }],
		['Ends', "has no option 'someday'", { frequency: 'daily', ends: 'someday' }],
		[
			'Number of Times',
			'must be a whole number from 1 to 99, not 100',
			{ frequency: 'daily', ends: 'after', occurrences: 100 },
		],
		[
			'Number of Times',
			'must be a whole number from 1 to 99, not 0',
			{ frequency: 'daily', ends: 'after', occurrences: '0' },
		],
		['Number of Times', 'must be a whole number', { frequency: 'daily', ends: 'after' }],
		['Last Day', 'is empty', { frequency: 'daily', ends: 'onDate' }],
		['Last Day', "is before 'Start'", { frequency: 'daily', ends: 'onDate', until: '2026-03-01' }],
		['Last Day', "is before 'Start'", { frequency: 'daily', ends: 'onDate', until: '2026-03-02T09:59' }],
		['Last Day', 'is a date or time that does not exist', { frequency: 'daily', ends: 'onDate', until: '2026-02-30' }],
		[
			'Repeat',
			"has both a 'Last Day' and a 'Number of Times'",
			{ frequency: 'daily', ends: 'after', until: '2026-04-01', occurrences: 3 },
		],
		[
			'Repeat',
			"has both a 'Last Day' and a 'Number of Times'",
			{ frequency: 'daily', ends: 'onDate', until: '2026-04-01', occurrences: 3 },
		],
	])("is refused where '%s' %s", (field, problem, rule) => {
		expect(() => read(rule)).toThrow(InputError);
		expect(() => read(rule)).toThrow(
			expect.objectContaining({ field, message: expect.stringContaining(`'${field}' ${problem}`) }),
		);
	});
});

describe('The Reminders field', () => {
	const setting = (value: Record<string, unknown>, asDefault = defaultReminders(false)) =>
		readReminders({ setting: value }, asDefault);
	const at = (...minutes: number[]) => minutes.map((one) => ({ method: 'dingtalk', minutes: one }));

	it.each([undefined, {}, { setting: null }, 'none'])('leaves reminders unchanged if its value is %j', (value) => {
		expect(readReminders(value, defaultReminders(false))).toBeUndefined();
	});

	it.each<[unknown, object[]]>([
		['15', at(15)],
		['15, 60', at(15, 60)],
		['15，60', at(15, 60)],
		[0, at(0)],
		['0', at(0)],
		[[15, '60'], at(15, 60)],
		['[15,60]', at(15, 60)],
		['15, 15', at(15)],
		[40_320, at(40_320)],
		['129600', at(129_600)],
	])('accepts %j minutes before the start', (minutes, reminders) => {
		expect(setting({ mode: 'custom', minutes })).toEqual(reminders);
	});

	it('sends an empty list for no reminders', () => {
		expect(setting({ mode: 'none', minutes: '15' })).toEqual([]);
	});

	it('sends what the caller passes for the default reminders', () => {
		expect(setting({ mode: 'default' })).toEqual(at(15));
		expect(readReminders({ setting: { mode: 'default' } })).toBeUndefined();
	});

	it.each<[string, string, Record<string, unknown>]>([
		['Remind', "has no option 'often'", { mode: 'often' }],
		['Minutes Before', 'is empty', { mode: 'custom', minutes: '' }],
		['Minutes Before', 'is empty', { mode: 'custom', minutes: '[]' }],
		['Minutes Before', 'must be a whole number of at least 0, not -5', { minutes: '-5' }],
		['Minutes Before', 'must be a whole number of at least 0, not soon', { minutes: '15, soon' }],
		['Minutes Before', 'must be a whole number of at least 0, not 1.5', { minutes: 1.5 }],
		['Minutes Before', 'must be a whole number of at least 0, not 1e+300', { minutes: 1e300 }],
	])("is refused where '%s' %s", (field, problem, value) => {
		expect(() => setting(value)).toThrow(
			expect.objectContaining({ field, message: expect.stringContaining(`'${field}' ${problem}`) }),
		);
	});
});

/** Reads working hours, working days and holidays from the form, from JSON, or from both, for the search of free time. */
import { IANAZone } from 'luxon';
import { isObject, parseJson } from '../../../../lib/dingtalk/utils/json';
import { WEEKDAYS } from '../../../../lib/dingtalk/events/occurrences';
import {
	hasStatutoryDays,
	LAST_HOLIDAY_YEAR,
	listUnannouncedYears,
	MAINLAND_CHINA_ZONES,
} from '../../../../lib/dingtalk/freeBusy/holidays';
import type { Workplace } from '../../../../lib/dingtalk/freeBusy/slotSearch';
import type { Hours, WorkingTime } from '../../../../lib/dingtalk/freeBusy/workingHours';
import { InputError } from '../../../../lib/n8n/InputError';
import type { Item, Values } from '../../../../lib/n8n/ItemContext';
import { readPeople, resolveUnionIds, type PersonReference } from '../../../../lib/n8n/fields/people';
import { readChoice, readList, readText, readWholeNumber } from '../../../../lib/n8n/fields/primitives';
import { readCalendarDay } from '../../../../lib/n8n/fields/dateTime';
import { DEFAULT_BREAK, DEFAULT_HOURS, workingTimeFields, WORKING_TIME_JSON } from './workingTimeFields';
import { joinSentences, joinWords, t } from '../../../../lib/locale/t';

const DEFAULT_DAYS = WEEKDAYS.slice(0, 5);
const HOLIDAYS = ['auto', 'china', 'none'] as const;
const MAX_RANGE_DAYS = 366;

const HOURS = /^(\d{1,2})(?:[:：.．](\d{2}))?\s*(?:-|–|—|~|～|至|到|to)\s*(\d{1,2})(?:[:：.．](\d{2}))?$/i;

function readHours(text: string, label: string): Hours {
	const [, hour1, minute1 = '0', hour2, minute2 = '0'] = HOURS.exec(text) ?? [];
	const [from, to] = [Number(hour1) * 60 + Number(minute1), Number(hour2) * 60 + Number(minute2)];
	const isClock = Number(minute1) < 60 && Number(minute2) < 60 && from < 24 * 60 && to <= 24 * 60;
	if (!isClock || from === to)
		throw new InputError(label, t`is not a time range: ${text}`, t`Use a format such as ${DEFAULT_HOURS}.`);
	return { from, to };
}

const readHoursList = (value: unknown, label: string): Hours[] =>
	readList(value).map((entry) => readHours(readText(entry, label).trim(), label));

const readDate = (value: unknown, zone: string, label: string): string => {
	const date = readCalendarDay(value, zone, label)?.day;
	if (!date) throw new InputError(label, t`has an empty entry`, t`Use dates such as 2026-12-24.`);
	return date;
};

/** Single dates, and ranges with two dots. */
function readDates(value: unknown, zone: string, label: string): Set<string> {
	const dates = new Set<string>();
	for (const entry of readList(value)) {
		const [first, last = first] =
			typeof entry === 'string'
				? entry.split('..').map((part) => readDate(part.trim(), zone, label))
				: [readDate(entry, zone, label)];
		if (last < first)
			throw new InputError(
				label,
				t`has a range that ends before it begins: ${String(entry)}`,
				t`Enter the earlier date first.`,
			);
		let length = 0;
		for (
			const date = new Date(`${first}T00:00:00Z`);
			date.toISOString().slice(0, 10) <= last;
			date.setUTCDate(date.getUTCDate() + 1)
		) {
			if (++length > MAX_RANGE_DAYS)
				throw new InputError(label, t`has a range of more than a year: ${String(entry)}`, t`Check the years.`);
			dates.add(date.toISOString().slice(0, 10));
		}
	}
	return dates;
}

/** The names of the rules, which are the same in JSON as in a stored workflow. */
const RULES = workingTimeFields.map(({ name }) => name).filter((name) => name !== WORKING_TIME_JSON.name);

/** Time zones of people as the form stores them, as a list of rows, or as an object from time zone to people. */
function toZoneRows(value: unknown): Values[] {
	if (Array.isArray(value)) return value.filter(isObject).map((row) => ({ theirZone: row.timeZone, ...row }));
	if (!isObject(value)) return [];
	if ('place' in value) return toZoneRows(value.place);
	return Object.entries(value).map(([theirZone, people]) => ({ theirZone, people }));
}

function parseRules(value: unknown): unknown {
	if (typeof value !== 'string') return value;
	return value.trim() === '' ? {} : parseJson(value);
}

/** All rules: those of the JSON, and those of the form, which win. */
export function collectWorkingTimeRules(fields: Values): Values {
	const { [WORKING_TIME_JSON.name]: json, ...form } = fields;
	const label = WORKING_TIME_JSON.displayName;
	const shared = parseRules(json ?? {});
	if (!isObject(shared) || Array.isArray(shared))
		throw new InputError(label, t`is not a JSON object`, t`Use a format such as ${WORKING_TIME_JSON.example}.`);
	const unknown = Object.keys(shared).find((key) => !RULES.includes(key));
	if (unknown !== undefined)
		throw new InputError(label, t`has an unknown rule: ${unknown}`, t`Use these names: ${joinWords(RULES)}.`);
	const given = Object.entries(shared).filter(([, value]) => value !== null && value !== undefined);
	return { ...Object.fromEntries(given), ...form };
}

/** Reads the rules that `collectWorkingTimeRules` returns. */
export function readWorkingTime(rules: Values, zone: string): WorkingTime {
	const daysOff = readDates(rules.nonWorkingDates, zone, 'Non-Working Dates');
	const extraWorkingDays = readDates(rules.extraWorkingDates, zone, 'Extra Working Dates');
	const both = [...daysOff].find((date) => extraWorkingDays.has(date));
	if (both)
		throw new InputError(
			'Extra Working Dates',
			t`has a date that is also in 'Non-Working Dates': ${both}`,
			t`Remove it from one of the fields.`,
		);
	// As JavaScript numbers them, from Sunday.
	const days = readList(rules.workingDays ?? DEFAULT_DAYS)
		.map((one) => readChoice(one, 'Working Days', WEEKDAYS))
		.map((weekday) => (WEEKDAYS.indexOf(weekday) + 1) % WEEKDAYS.length);
	if (days.length === 0 && extraWorkingDays.size === 0)
		throw new InputError('Working Days', t`is empty`, t`Choose at least one day, or remove the field.`);
	const shifts = readHoursList(rules.hours ?? DEFAULT_HOURS, 'Working Hours');
	if (shifts.length === 0)
		throw new InputError('Working Hours', t`is empty`, t`Use a format such as ${DEFAULT_HOURS}, or remove the field.`);
	return {
		shifts,
		// A day of several shifts already has its breaks.
		breaks: readHoursList(rules.lunch ?? (shifts.length === 1 ? DEFAULT_BREAK : ''), 'Lunch Break'),
		days: new Set(days),
		daysOff,
		extraWorkingDays,
		minutesOutside: readWholeNumber(rules.beyond ?? 0, 'Minutes Outside Working Hours', { from: 0, to: 720 }),
	};
}

/** Whether China's holidays are days off in a time zone; `isHome` unless the user assigned this zone to certain people. */
export function readHolidayRule(rules: Values): (zone: string, isHome: boolean) => boolean {
	const holidays = readChoice(rules.holidays ?? 'auto', 'Holidays', HOLIDAYS);
	return (zone, isHome) =>
		holidays !== 'none' && (MAINLAND_CHINA_ZONES.has(zone.toLowerCase()) || (holidays === 'china' && isHome));
}

export interface Workplaces {
	/** Where a person works. */
	of(id: string): Workplace;
	/** The node's own time zone. */
	home: Workplace;
}

/** Validates now; looks up the people when the returned function runs. */
export function readWorkplaces(item: Item, rules: Values, zone: string): () => Promise<Workplaces> {
	const isHoliday = readHolidayRule(rules);
	const assignments = toZoneRows(rules.personZones).map(
		({ people, theirZone }): { people: PersonReference[]; zone: string } => {
			const assigned = typeof theirZone === 'string' ? theirZone.trim() : '';
			if (!IANAZone.isValidZone(assigned)) {
				throw new InputError(
					'Time Zones of People',
					t`has an unknown time zone: ${assigned}`,
					t`Use a name such as Asia/Shanghai or Europe/Berlin.`,
				);
			}
			return { people: readPeople(item, people, 'Time Zones of People'), zone: assigned };
		},
	);
	return async () => {
		const assignedZones = new Map<string, string>();
		for (const assignment of assignments) {
			for (const id of await resolveUnionIds(assignment.people)) assignedZones.set(id, assignment.zone);
		}
		const home: Workplace = { zone, observesChineseHolidays: isHoliday(zone, true) };
		return {
			home,
			of(id) {
				const assigned = assignedZones.get(id);
				return assigned === undefined ? home : { zone: assigned, observesChineseHolidays: isHoliday(assigned, false) };
			},
		};
	};
}

/** The hint for a period, first to last day, in which make-up working days are not known and the user entered none. */
export function describeUnknownHolidays(
	[first, last]: readonly string[],
	{ extraWorkingDays }: WorkingTime,
): string | undefined {
	const enteredYears = new Set([...extraWorkingDays].map((date) => Number(date.slice(0, 4))));
	const years = listUnannouncedYears(first, last).filter((year) => !enteredYears.has(year));
	if (years.length === 0) return undefined;
	const applied = years.every(hasStatutoryDays)
		? t`the days off that the law fixes were applied`
		: t`for years outside 2025 to 2099 only the regular working days were applied`;
	return joinSentences(
		t`China's make-up working days of ${years.join(t` and `)} are not built in (the last known year is ${LAST_HOLIDAY_YEAR}); ${applied}.`,
		t`Add the announced dates to 'Extra Working Dates' and 'Non-Working Dates'.`,
	);
}

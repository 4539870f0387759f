/** The fields for working hours, working days and holidays, and their values in the form that the slot finder uses. */
import { IANAZone } from 'luxon';
import type { INodeProperties } from 'n8n-workflow';
import { isObject } from '../../../../lib/dingtalk/utils/isObject';
import { WEEKDAYS } from '../../../../lib/dingtalk/events/occurrences';
import {
	FIRST_HOLIDAY_YEAR,
	LAST_HOLIDAY_YEAR,
	MAINLAND_CHINA_ZONES,
	getNoticeNumber,
} from '../../../../lib/dingtalk/freeBusy/holidays';
import type { Hours, WorkingTime } from '../../../../lib/dingtalk/freeBusy/workingHours';
import { InputError } from '../../../../lib/n8n/InputError';
import type { Item, Values } from '../../../../lib/n8n/ItemContext';
import { readPeople, resolveUnionIds, type PersonReference } from '../../../../lib/n8n/fields/people';
import {
	readChoice,
	readList,
	readText,
	readWholeNumber,
	titleCaseOptions,
} from '../../../../lib/n8n/fields/primitives';
import { readOptionalMoment, timeZoneField } from '../../../../lib/n8n/fields/dateTime';

const DEFAULT_HOURS = '09:00-18:00';
const DEFAULT_LUNCH = '12:00-13:00';
const DEFAULT_DAYS = WEEKDAYS.slice(0, 5);
const HOLIDAYS = ['auto', 'china', 'none'] as const;
const MAX_RANGE_DAYS = 366;

export const workingTimeFields: INodeProperties[] = [
	{
		displayName: 'Extra Working Dates',
		name: 'extraWorkingDates',
		type: 'string',
		default: '',
		placeholder: 'e.g. 2026-10-10',
		description:
			'Working days on dates that would otherwise be days off, such as make-up working days. Separate dates with commas; write a range as 2026-10-10..2026-10-11.',
	},
	{
		displayName: 'Holidays',
		name: 'holidays',
		type: 'options',
		default: 'auto',
		description: `Which statutory holidays and make-up working days to apply. The built-in calendar of mainland China covers ${FIRST_HOLIDAY_YEAR} to ${LAST_HOLIDAY_YEAR}.`,
		options: [
			{
				name: 'Mainland China for All People',
				value: 'china',
				description: 'Except for people to whom you assign the time zone of another country',
			},
			{
				name: 'Mainland China for People in Its Time Zone',
				value: 'auto',
			},
			{ name: 'None', value: 'none', description: "Only the dates in 'Non-Working Dates' are days off" },
		],
	},
	{
		displayName: 'Lunch Break',
		name: 'lunch',
		type: 'string',
		default: DEFAULT_LUNCH,
		placeholder: `e.g. ${DEFAULT_LUNCH}`,
		description: "Time without meetings, in each person's time zone. Leave empty for no break.",
	},
	{
		displayName: 'Minutes Outside Working Hours',
		name: 'beyond',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 720 },
		default: 0,
		description:
			'How many minutes before and after working hours a meeting may take place, for teams in distant time zones',
	},
	{
		displayName: 'Non-Working Dates',
		name: 'nonWorkingDates',
		type: 'string',
		default: '',
		placeholder: 'e.g. 2026-12-24, 2026-12-28..2026-12-31',
		description:
			'Additional days off, such as company holidays. Separate dates with commas; write a range as 2026-12-28..2026-12-31.',
	},
	{
		displayName: 'Time Zones of People',
		name: 'personZones',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Time Zone',
		default: {},
		description:
			'People who work in another time zone. Their working hours, lunch breaks and days off follow that zone.',
		options: [
			{
				displayName: 'Time Zone',
				name: 'place',
				values: [
					{
						displayName: 'People',
						name: 'people',
						type: 'string',
						default: '',
						placeholder: 'e.g. Anna Schmidt, 13800138000',
						description:
							'Names, mobile numbers, e-mail addresses or IDs, separated by commas. People who are not attendees are ignored.',
					},
					{
						...timeZoneField,
						displayName: 'Time Zone',
						name: 'theirZone',
						description: 'The time zone in which these people work',
					},
				],
			},
		],
	},
	{
		displayName: 'Working Days',
		name: 'workingDays',
		type: 'multiOptions',
		default: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'],
		description: 'The days of the week on which people work',
		options: titleCaseOptions(WEEKDAYS),
	},
	{
		displayName: 'Working Hours',
		name: 'hours',
		type: 'string',
		default: DEFAULT_HOURS,
		placeholder: `e.g. ${DEFAULT_HOURS}`,
		description: "In each person's time zone. 22:00-06:00 ends on the next day; 00:00-24:00 is all day.",
	},
];

const HOURS = /^(\d{1,2})(?:[:：](\d{2}))?\s*(?:-|–|—|~|～|至|到|to)\s*(\d{1,2})(?:[:：](\d{2}))?$/i;

function readHours(value: unknown, label: string): Hours {
	const text = readText(value, label).trim();
	const [, hour1, minute1 = '0', hour2, minute2 = '0'] = HOURS.exec(text) ?? [];
	const [from, to] = [Number(hour1) * 60 + Number(minute1), Number(hour2) * 60 + Number(minute2)];
	const isClock = Number(minute1) < 60 && Number(minute2) < 60 && from < 24 * 60 && to <= 24 * 60;
	if (!isClock || from === to)
		throw new InputError(label, `is not a time range: ${text}`, `Use a format such as ${DEFAULT_HOURS}.`);
	return { from, to };
}

const readDate = (value: unknown, zone: string, label: string): string => {
	const date = readOptionalMoment(value, zone, label)?.toISODate();
	if (!date) throw new InputError(label, 'has an empty entry', 'Use dates such as 2026-12-24.');
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
				`has a range that ends before it begins: ${String(entry)}`,
				'Enter the earlier date first.',
			);
		let length = 0;
		for (
			const date = new Date(`${first}T00:00:00Z`);
			date.toISOString().slice(0, 10) <= last;
			date.setUTCDate(date.getUTCDate() + 1)
		) {
			if (++length > MAX_RANGE_DAYS)
				throw new InputError(label, `has a range of more than a year: ${String(entry)}`, 'Check the years.');
			dates.add(date.toISOString().slice(0, 10));
		}
	}
	return dates;
}

export function readWorkingTime(fields: Values, zone: string): WorkingTime {
	const daysOff = readDates(fields.nonWorkingDates, zone, 'Non-Working Dates');
	const extraWorkingDays = readDates(fields.extraWorkingDates, zone, 'Extra Working Dates');
	const both = [...daysOff].find((date) => extraWorkingDays.has(date));
	if (both)
		throw new InputError(
			'Extra Working Dates',
			`has a date that is also in 'Non-Working Dates': ${both}`,
			'Remove it from one of the fields.',
		);
	// As JavaScript numbers them, from Sunday.
	const days = readList(fields.workingDays ?? DEFAULT_DAYS)
		.map((one) => readChoice(one, 'Working Days', WEEKDAYS))
		.map((weekday) => (WEEKDAYS.indexOf(weekday) + 1) % WEEKDAYS.length);
	if (days.length === 0 && extraWorkingDays.size === 0)
		throw new InputError('Working Days', 'is empty', 'Choose at least one day, or remove the field.');
	const lunch = fields.lunch ?? DEFAULT_LUNCH;
	return {
		hours: readHours(fields.hours ?? DEFAULT_HOURS, 'Working Hours'),
		lunch: lunch === '' ? undefined : readHours(lunch, 'Lunch Break'),
		days: new Set(days),
		daysOff,
		extraWorkingDays,
		minutesOutside: readWholeNumber(fields.beyond ?? 0, 'Minutes Outside Working Hours', { from: 0, to: 720 }),
	};
}

export interface PersonZones {
	/** The time zone in which a person works, and whether China's holidays are days off there. */
	zoneOf(id: string): { zone: string; observesChineseHolidays: boolean };
}

/** Validates now; looks up the people when the returned function runs. */
export function readPersonZones(item: Item, fields: Values, zone: string): () => Promise<PersonZones> {
	const holidays = readChoice(fields.holidays ?? 'auto', 'Holidays', HOLIDAYS);
	const rows =
		isObject(fields.personZones) && Array.isArray(fields.personZones.place)
			? (fields.personZones.place as Values[])
			: [];
	const assignments = rows.map(({ people, theirZone }): { people: PersonReference[]; zone: string } => {
		const assigned = typeof theirZone === 'string' ? theirZone.trim() : '';
		if (!IANAZone.isValidZone(assigned)) {
			throw new InputError(
				'Time Zones of People',
				`has an unknown time zone: ${assigned}`,
				'Use a name such as Asia/Shanghai or Europe/Berlin.',
			);
		}
		return { people: readPeople(item, people, 'Time Zones of People'), zone: assigned };
	});
	return async () => {
		const assignedZones = new Map<string, string>();
		for (const assignment of assignments) {
			for (const id of await resolveUnionIds(assignment.people)) assignedZones.set(id, assignment.zone);
		}
		return {
			zoneOf(id) {
				const ownZone = assignedZones.get(id) ?? zone;
				const isChinese = MAINLAND_CHINA_ZONES.has(ownZone.toLowerCase());
				return {
					zone: ownZone,
					observesChineseHolidays:
						holidays !== 'none' && (isChinese || (holidays === 'china' && !assignedZones.has(id))),
				};
			},
		};
	};
}

/** The hint for years that the built-in holidays do not cover. */
export function describeMissingHolidays(years: readonly number[]): string | undefined {
	const unknown = years.filter((year) => year < FIRST_HOLIDAY_YEAR || year > LAST_HOLIDAY_YEAR);
	if (unknown.length === 0) return undefined;
	return (
		`The built-in calendar of China's statutory holidays covers ${FIRST_HOLIDAY_YEAR} to ${LAST_HOLIDAY_YEAR} (${getNoticeNumber(LAST_HOLIDAY_YEAR)}), not ${unknown.join(' or ')}: ` +
		"only the regular working days were applied. Add the dates to 'Non-Working Dates' and 'Extra Working Dates'."
	);
}

/** When people work: what the form shows, and the finder's terms. Without a field its usual value counts. */
import { IANAZone } from 'luxon';
import type { INodeProperties } from 'n8n-workflow';
import { isObject } from '../../../../lib/dingtalk/utils/isObject';
import { WEEKDAYS } from '../../../../lib/dingtalk/events/occurrences';
import { CHINA_FROM, CHINA_TO, CHINA_ZONES, chinaNotice } from '../../../../lib/dingtalk/freeBusy/holidays';
import type { Hours, WorkTime } from '../../../../lib/dingtalk/freeBusy/workingHours';
import { InputError } from '../../../../lib/n8n/InputError';
import type { Item, Values } from '../../../../lib/n8n/ItemContext';
import { readPeople, resolveUnionIds, type PersonReference } from '../../../../lib/n8n/fields/people';
import { readChoice, readList, readText, readWholeNumber, titleCaseOptions } from '../../../../lib/n8n/fields/primitives';
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
			'Days on which everybody works although they would be off, such as make-up working days. Dates with commas; 2026-10-10..2026-10-11 for several in a row.',
	},
	{
		displayName: 'Holidays',
		name: 'holidays',
		type: 'options',
		default: 'auto',
		description: `Which statutory holidays and make-up working days count. The built-in table of mainland China goes from ${CHINA_FROM} to ${CHINA_TO}.`,
		options: [
			{
				name: "Mainland China's for Everybody",
				value: 'china',
				description: 'Except for people whom you give a time zone of another country',
			},
			{
				name: "Mainland China's for People in Its Time Zone",
				value: 'auto',
				description: 'Used when this is not added',
			},
			{ name: 'None', value: 'none', description: "Only the days in 'Non-Working Dates' are off" },
		],
	},
	{
		displayName: 'Lunch Break',
		name: 'lunch',
		type: 'string',
		default: DEFAULT_LUNCH,
		placeholder: `e.g. ${DEFAULT_LUNCH}`,
		description: `When nobody is asked to meet, by each person's own clock. Leave empty for no break. ${DEFAULT_LUNCH} when this is not added.`,
	},
	{
		displayName: 'Minutes Outside Working Hours',
		name: 'beyond',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 720 },
		default: 60,
		description:
			'How long before and after their working hours people may be asked to meet, for teams in far apart time zones. None when this is not added.',
	},
	{
		displayName: 'Non-Working Dates',
		name: 'nonWorkingDates',
		type: 'string',
		default: '',
		placeholder: 'e.g. 2026-12-24, 2026-12-28..2026-12-31',
		description:
			'Days on which nobody works, such as company holidays. Dates with commas; two dots between the first and the last of several.',
	},
	{
		displayName: 'Time Zones of People',
		name: 'personZones',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Time Zone',
		default: {},
		description: 'Who works by another clock. Their working hours, lunch and days off are those of their place.',
		options: [
			{
				displayName: 'Place',
				name: 'place',
				values: [
					{
						displayName: 'People There',
						name: 'people',
						type: 'string',
						default: '',
						placeholder: 'e.g. Anna Schmidt, 13800138000',
						description:
							'Names, mobile numbers, e-mail addresses or IDs, separated by commas. Who is not asked to the meeting is passed over.',
					},
					{
						...timeZoneField,
						displayName: 'Their Time Zone',
						name: 'theirZone',
						description: 'By which clock these people work',
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
		description: 'Monday to Friday when this is not added',
		options: titleCaseOptions(WEEKDAYS),
	},
	{
		displayName: 'Working Hours',
		name: 'hours',
		type: 'string',
		default: DEFAULT_HOURS,
		placeholder: `e.g. ${DEFAULT_HOURS}`,
		description: `By each person's own clock. 22:00-06:00 ends on the next day, 00:00-24:00 is all day. ${DEFAULT_HOURS} when this is not added.`,
	},
];

const HOURS = /^(\d{1,2})(?:[:：](\d{2}))?\s*(?:-|–|—|~|～|至|到|to)\s*(\d{1,2})(?:[:：](\d{2}))?$/i;

function readHours(value: unknown, label: string): Hours {
	const text = readText(value, label).trim();
	const [, hour1, minute1 = '0', hour2, minute2 = '0'] = HOURS.exec(text) ?? [];
	const [from, to] = [Number(hour1) * 60 + Number(minute1), Number(hour2) * 60 + Number(minute2)];
	const isClock = Number(minute1) < 60 && Number(minute2) < 60 && from < 24 * 60 && to <= 24 * 60;
	if (!isClock || from === to)
		throw new InputError(label, `is not a time from one hour to another: ${text}`, `Write it like ${DEFAULT_HOURS}.`);
	return { from, to };
}

const readDate = (value: unknown, zone: string, label: string): string => {
	const date = readOptionalMoment(value, zone, label)?.toISODate();
	if (!date) throw new InputError(label, 'has an empty entry', 'Write dates like 2026-12-24.');
	return date;
};

/** Single days and rows of days, each with two dots. */
function readDates(value: unknown, zone: string, label: string): Set<string> {
	const dates = new Set<string>();
	for (const entry of readList(value)) {
		const [first, last = first] =
			typeof entry === 'string'
				? entry.split('..').map((part) => readDate(part.trim(), zone, label))
				: [readDate(entry, zone, label)];
		if (last < first)
			throw new InputError(label, `ends before it begins: ${String(entry)}`, 'Write the earlier date first.');
		let length = 0;
		for (
			const date = new Date(`${first}T00:00:00Z`);
			date.toISOString().slice(0, 10) <= last;
			date.setUTCDate(date.getUTCDate() + 1)
		) {
			if (++length > MAX_RANGE_DAYS)
				throw new InputError(label, `is longer than a year: ${String(entry)}`, 'Check the years.');
			dates.add(date.toISOString().slice(0, 10));
		}
	}
	return dates;
}

export function readWorkingTime(fields: Values, zone: string): WorkTime {
	const offDays = readDates(fields.nonWorkingDates, zone, 'Non-Working Dates');
	const workedDays = readDates(fields.extraWorkingDates, zone, 'Extra Working Dates');
	const both = [...offDays].find((date) => workedDays.has(date));
	if (both)
		throw new InputError(
			'Extra Working Dates',
			`has a day that is in 'Non-Working Dates' too: ${both}`,
			'Take it out of one of them.',
		);
	// As dates count them, from Sunday.
	const days = readList(fields.workingDays ?? DEFAULT_DAYS)
		.map((one) => readChoice(one, 'Working Days', WEEKDAYS))
		.map((day) => (WEEKDAYS.indexOf(readDate) + 1) % WEEKDAYS.length);
	if (days.length === 0 && workedDays.size === 0)
		throw new InputError('Working Days', 'is empty', 'Choose at least one day, or remove the field.');
	const lunch = fields.lunch ?? DEFAULT_LUNCH;
	return {
		hours: readHours(fields.hours ?? DEFAULT_HOURS, 'Working Hours'),
		lunch: lunch === '' ? undefined : readHours(lunch, 'Lunch Break'),
		days: new Set(days),
		offDays,
		workedDays,
		beyond: readWholeNumber(fields.beyond ?? 0, 'Minutes Outside Working Hours', { from: 0, to: 720 }),
	};
}

export interface PersonZones {
	/** The clock somebody works by, and whether China's holidays are days off there. */
	placeOf(id: string): { zone: string; chinasHolidays: boolean };
}

/** Checks now; looks the people up when the returned function runs. */
export function readPersonZones(item: Item, fields: Values, zone: string): () => Promise<PersonZones> {
	const holidays = readChoice(fields.holidays ?? 'auto', 'Holidays', HOLIDAYS);
	const rows =
		isObject(fields.personZones) && Array.isArray(fields.personZones.place)
			? (fields.personZones.place as Values[])
			: [];
	const places = rows.map(({ people, theirZone }): { people: PersonReference[]; zone: string } => {
		const their = typeof theirZone === 'string' ? theirZone.trim() : '';
		if (!IANAZone.isValidZone(their)) {
			throw new InputError(
				'Their Time Zone',
				`is not a known time zone: ${their}`,
				'Use a name such as Asia/Shanghai or Europe/Berlin.',
			);
		}
		return { people: readPeople(item, people, 'People There'), zone: their };
	});
	return async () => {
		const own = new Map<string, string>();
		for (const place of places) for (const id of await resolveUnionIds(place.people)) own.set(id, place.zone);
		return {
			placeOf(id) {
				const their = own.get(id) ?? zone;
				const chinese = CHINA_ZONES.has(their.toLowerCase());
				return {
					zone: their,
					chinasHolidays: holidays !== 'none' && (chinese || (holidays === 'china' && !own.has(id))),
				};
			},
		};
	};
}

/** What must be said where the table of holidays does not reach. */
export function describeMissingHolidays(years: readonly number[]): string | undefined {
	const unknown = years.filter((year) => year < CHINA_FROM || year > CHINA_TO);
	if (unknown.length === 0) return undefined;
	return (
		`China's statutory holidays of ${unknown.join(' and ')} are not in the built-in table, which goes from ${CHINA_FROM} to ${CHINA_TO} ` +
		`(${chinaNotice(CHINA_TO)}): only the usual working days counted there. Give the days in 'Non-Working Dates' and 'Extra Working Dates'.`
	);
}

/** The fields for working hours, working days and holidays. */
import type { INodeProperties } from 'n8n-workflow';
import { WEEKDAYS } from '../../../../lib/dingtalk/events/occurrences';
import { FIRST_HOLIDAY_YEAR, LAST_HOLIDAY_YEAR } from '../../../../lib/dingtalk/freeBusy/holidays';
import { titleCaseOptions } from '../../../../lib/n8n/fields/primitives';
import { timeZoneField } from '../../../../lib/n8n/fields/dateTime';

export const DEFAULT_HOURS = '09:00-18:00';
export const DEFAULT_BREAK = '12:00-13:00';

export const WORKING_TIME_JSON = {
	displayName: 'Working Time (JSON)',
	name: 'json',
	example:
		'{"hours": "9:00-12:00, 13:30-18:00", "workingDays": ["monday", "friday"], "nonWorkingDates": ["2026-12-24"]}',
};

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
		description: `Which statutory holidays and make-up working days to apply. The holidays of mainland China that the law fixes are known for every year, make-up working days for ${FIRST_HOLIDAY_YEAR} to ${LAST_HOLIDAY_YEAR}.`,
		options: [
			{
				name: 'Mainland China (All)',
				value: 'china',
				description: 'Except for people to whom you assign the time zone of another country',
			},
			{
				name: 'Mainland China (By Time Zone)',
				value: 'auto',
			},
			{ name: 'None', value: 'none', description: "Only the dates in 'Non-Working Dates' are days off" },
		],
	},
	{
		displayName: 'Lunch Break',
		name: 'lunch',
		type: 'string',
		default: DEFAULT_BREAK,
		placeholder: `e.g. ${DEFAULT_BREAK}`,
		description:
			"Time without meetings, in each person's time zone. Separate several breaks with commas; leave empty for no break. With several shifts in 'Working Hours', the default is no break.",
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
		description:
			"In each person's time zone. Separate several shifts with commas, as in 9:00-12:00, 13:30-18:00. 22:00-06:00 ends on the next day; 00:00-24:00 is all day.",
	},
	{
		displayName: WORKING_TIME_JSON.displayName,
		name: WORKING_TIME_JSON.name,
		type: 'json',
		default: '{}',
		placeholder: `e.g. ${WORKING_TIME_JSON.example}`,
		description:
			'All rules as JSON, to share them between nodes, for example from a variable. Its names are hours, lunch, workingDays, nonWorkingDates, extraWorkingDates, holidays, beyond and personZones. Rules set in the form take precedence.',
	},
];

/** Gets the agenda of one or more people as data, and as text, Markdown and HTML for messages. */
import { DateTime, Interval } from 'luxon';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import {
	buildAgenda,
	type AgendaEvent,
	type AgendaOptions,
	type AgendaDay,
	type AgendaEntry,
	type CalendarOwner,
} from '../../../../lib/dingtalk/agenda/build';
import { renderAgenda, LANGUAGES, type Language } from '../../../../lib/dingtalk/agenda/render';
import { renderAgendaHtml } from '../../../../lib/dingtalk/agenda/renderHtml';
import { api, OWN_CALENDAR } from '../../../../lib/dingtalk/endpoints';
import { LIMITS } from '../../../../lib/dingtalk/limits';
import { listRows } from '../../../../lib/dingtalk/client/pagination';
import { apiDateTime } from '../../../../lib/dingtalk/utils/timestamps';
import {
	identifyByField,
	formatPerson,
	PERSON_LOOKUPS,
	peopleField,
	personField,
	readIdentifyBy,
	readPeople,
} from '../../../../lib/n8n/fields/people';
import { readScheduleWindow } from '../../fields/freeBusy/scheduleFields';
import { readBoolean, readChoice, readText, readWholeNumber } from '../../../../lib/n8n/fields/primitives';
import { linkOf, seriesIdOf } from '../../../../lib/n8n/fields/eventOutput';
import {
	localEnd,
	localTime,
	readCalendarDay,
	readZone,
	timeZoneField,
	timeZoneNotice,
} from '../../../../lib/n8n/fields/dateTime';
import { workingTimeFields } from '../../fields/freeBusy/workingTimeFields';
import {
	collectWorkingTimeRules,
	describeUnknownHolidays,
	readHolidayRule,
	readWorkingTime,
} from '../../fields/freeBusy/readWorkingTime';
import { InputError } from '../../../../lib/n8n/InputError';
import type { Item, Values } from '../../../../lib/n8n/ItemContext';
import type { Operation } from '../../../../lib/n8n/Operation';
import { MINUTE } from '../../../../lib/dingtalk/utils/time';
import { t } from '../../../../lib/locale/t';
import { DATE_LANGUAGES, OWN_LANGUAGE } from '../../../../lib/locale/dates';

const PERIODS = ['day', 'week', 'custom'] as const;
const ARRANGEMENTS = ['merged', 'perPerson'] as const;
const MAX_DAYS = 62;

const firstPersonField = personField('Person', 'The person whose agenda to get');

const optionFields: INodeProperties[] = [
	{
		displayName: 'Heading',
		name: 'heading',
		type: 'string',
		default: '',
		placeholder: 'e.g. Your day',
		description: "The first line of the text. Defaults to 'Agenda for' and the names of the people.",
	},
	identifyByField,
	{
		displayName: 'Language',
		name: 'language',
		type: 'options',
		default: OWN_LANGUAGE,
		description: 'The language of the text around the events',
		options: [
			{ name: 'Chinese', value: 'zh' },
			{ name: 'English', value: 'en' },
		],
	},
	{
		displayName: 'Shortest Free Time (Minutes)',
		name: 'shortestFree',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 30,
		description: "Hides shorter gaps. Only used with 'Show Free Time'.",
	},
	{
		displayName: 'Show Declined Events',
		name: 'withDeclined',
		type: 'boolean',
		default: false,
		description: 'Whether to include events that the person has declined',
	},
	{
		displayName: 'Show Free Time',
		name: 'showFree',
		type: 'boolean',
		default: false,
		description: 'Whether to show free time within working hours between the events',
	},
	{
		...timeZoneField,
		description: "The time zone of the days and times. Remove this field to use the workflow's time zone.",
	},
	{
		displayName: 'Week Starts On',
		name: 'weekStart',
		type: 'options',
		default: 'monday',
		description: 'The first day of the week',
		options: [
			{ name: 'Monday', value: 'monday' },
			{ name: 'Sunday', value: 'sunday' },
		],
	},
];

function readAgendaDay(item: Item, zone: string): DateTime {
	const given = readCalendarDay(item.value('date'), zone, 'Date');
	if (!given)
		throw new InputError('Date', t`is empty`, t`Use a format such as 2026-03-02T10:00, or a date for its midnight.`);
	return DateTime.fromISO(given.day, { zone });
}

function readAgendaWindow(item: Item, options: Values, zone: string): Interval<true> {
	const period = readChoice(item.value('period') ?? 'day', 'Period', PERIODS);
	if (period !== 'custom') {
		const day = readAgendaDay(item, zone);
		const startsOn = readChoice(options.weekStart ?? 'monday', 'Week Starts On', ['monday', 'sunday'] as const);
		const daysBack = period === 'day' ? 0 : startsOn === 'monday' ? day.weekday - 1 : day.weekday % 7;
		const start = day.minus({ days: daysBack }).startOf('day');
		// Where the clocks skip midnight, a day begins at one o'clock, and the next one at midnight all the same.
		const end = start.plus({ days: period === 'day' ? 1 : 7 }).startOf('day');
		return Interval.fromDateTimes(start, end) as Interval<true>;
	}
	const window = readScheduleWindow(item, zone);
	if (window.length('days') > MAX_DAYS)
		throw new InputError('To', t`is more than ${MAX_DAYS} days after 'From'`, t`Choose a shorter period.`);
	return window;
}

function eventOutput({ event, allDay, owners }: AgendaEntry, zone: string): IDataObject {
	const place = [event.location?.displayName, ...(event.location?.meetingRooms ?? [])].filter(Boolean).join(', ');
	return {
		id: event.id ?? null,
		summary: event.summary ?? null,
		start: localTime(event.start, zone),
		end: localEnd(event.end, zone),
		allDay,
		location: place || null,
		organizer: event.organizer ? formatPerson(event.organizer) : null,
		response: owners[0].response ?? null,
		people: owners.map(({ owner }) => owner.name),
		onlineMeetingUrl: event.onlineMeetingInfo?.url ?? null,
		seriesId: seriesIdOf(event),
		link: linkOf(event),
	};
}

function agendaOutput(
	owners: CalendarOwner[],
	days: AgendaDay[],
	agendaOptions: AgendaOptions,
	textOptions: { heading: string; language: Language },
): IDataObject {
	const { window } = agendaOptions;
	const zone = window.start.zoneName;
	const { listSeparator, title: formatTitle } = LANGUAGES[textOptions.language];
	const title = textOptions.heading || formatTitle(owners.map(({ name }) => name).join(listSeparator));
	// An event of several days is listed on each day but is one event.
	const entries = [...new Set(days.flatMap((day) => day.entries))];
	const renderOptions = { language: textOptions.language, zone, now: Date.now() };
	const formatTime = (at: number): string => apiDateTime(DateTime.fromMillis(at, { zone }));
	return {
		title,
		people: owners.map(({ name }) => name),
		from: apiDateTime(window.start),
		to: apiDateTime(window.end),
		timeZone: zone,
		count: entries.length,
		events: entries.map((entry) => eventOutput(entry, zone)),
		free: days.flatMap(({ free }) =>
			free.map(([from, to]) => ({
				start: formatTime(from),
				end: formatTime(to),
				minutes: Math.round((to - from) / MINUTE),
			})),
		),
		...renderAgenda(title, days, { ...renderOptions, showOwners: owners.length > 1 }),
		html: renderAgendaHtml(title, days, owners, renderOptions),
	};
}

export const getAgenda: Operation = {
	value: 'getAgenda',
	name: 'Get Agenda',
	action: 'Get the agenda of one or more people',
	description: `Returns a day or a week as a list, and as text, Markdown and an HTML table for messages; costs one call per person and ${api.listEventsView.pageSize} events`,
	calls: [api.listEventsView, api.userIdByUnionId, ...PERSON_LOOKUPS],
	properties: [
		firstPersonField.property,
		peopleField('More People', 'morePeople', 'Other people to include'),
		{
			displayName: 'Arrangement',
			name: 'arrangement',
			type: 'options',
			noDataExpression: true,
			default: 'merged',
			options: [
				{
					name: 'One Agenda for All',
					value: 'merged',
					description: 'Lists an event that several people share only once',
				},
				{ name: 'One Agenda per Person', value: 'perPerson', description: 'Returns one item per person' },
			],
		},
		{
			displayName: 'Period',
			name: 'period',
			type: 'options',
			noDataExpression: true,
			default: 'day',
			options: [
				{ name: 'Custom', value: 'custom', description: 'Any start and end' },
				{ name: 'Day', value: 'day' },
				{ name: 'Week', value: 'week' },
			],
		},
		{
			displayName: 'Date',
			name: 'date',
			type: 'dateTime',
			typeOptions: { dateOnly: true },
			required: true,
			default: '={{ $today }}',
			description: 'The day, or any day in the week',
			displayOptions: { show: { period: ['day', 'week'] } },
		},
		{
			displayName: 'From',
			name: 'timeMin',
			type: 'dateTime',
			required: true,
			default: '={{ $today }}',
			displayOptions: { show: { period: ['custom'] } },
		},
		{
			displayName: 'To',
			name: 'timeMax',
			type: 'dateTime',
			required: true,
			default: '={{ $today.plus({ days: 7 }) }}',
			description: 'A date without a time means the start of that day',
			displayOptions: { show: { period: ['custom'] } },
		},
		timeZoneNotice('Options'),
		{
			displayName: 'Working Time',
			name: 'workingTime',
			type: 'collection',
			placeholder: 'Add Rule',
			default: {},
			description:
				"The hours in which 'Show Free Time' looks for free time. Defaults to Monday to Friday, 9:00 to 18:00 except 12:00 to 13:00.",
			options: workingTimeFields.filter(({ name }) => !['beyond', 'personZones'].includes(name)),
		},
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			options: optionFields,
		},
	],
	prepare(item) {
		const options = item.collection('options');
		const zone = readZone(item, options.timeZone);
		const people = [
			firstPersonField.read(item),
			...readPeople(item, item.value('morePeople'), 'More People', readIdentifyBy(options.identifyBy)),
		];
		const window = readAgendaWindow(item, options, zone);
		// Free time is within the hours themselves, whatever rules the JSON shares with other nodes.
		const workingRules = { ...collectWorkingTimeRules(item.collection('workingTime')), beyond: 0 };
		const workingTime = readWorkingTime(workingRules, zone);
		const observesChineseHolidays = readHolidayRule(workingRules)(zone, true);
		const minFreeMs =
			readWholeNumber(options.shortestFree ?? 30, 'Shortest Free Time (Minutes)', { from: 1, to: 1440 }) * MINUTE;
		const showFree = readBoolean(options.showFree ?? false, 'Show Free Time');
		const agendaOptions: AgendaOptions = {
			window,
			includeDeclined: readBoolean(options.withDeclined ?? false, 'Show Declined Events'),
			freeTime: showFree ? { workingTime, observesChineseHolidays, minLength: minFreeMs } : undefined,
		};
		const textOptions = {
			heading: options.heading === undefined ? '' : readText(options.heading, 'Heading').trim(),
			language: readChoice<Language>(options.language ?? OWN_LANGUAGE, 'Language', DATE_LANGUAGES),
		};
		const onePerPerson = readChoice(item.value('arrangement') ?? 'merged', 'Arrangement', ARRANGEMENTS) === 'perPerson';
		// DingTalk may start all-day events in another time zone, so whole days are read and the excess is dropped.
		const query = {
			timeMin: apiDateTime(window.start.startOf('day')),
			timeMax: apiDateTime(window.end.minus(1).endOf('day').plus(1)),
			maxResults: api.listEventsView.pageSize,
			maxAttendees: LIMITS.attendeesInList,
		};

		return async () => {
			const inputNames = new Map(
				await Promise.all(
					people.map(async (person) => [await person.unionId(api.listEventsView), person.typed] as const),
				),
			);
			const calendars = await Promise.all(
				[...inputNames].map(async ([userId, inputName]) => ({
					owner: { id: userId, name: (await item.directory.nameOf(userId)) ?? inputName },
					events: await listRows<AgendaEvent>(item.client, api.listEventsView, 'events', {
						path: { userId, calendarId: OWN_CALENDAR },
						query,
					}),
				})),
			);
			const unknownHolidays =
				showFree && observesChineseHolidays
					? describeUnknownHolidays(
							[window.start, window.end.minus(1)].map((day) => day.toISODate()),
							workingTime,
						)
					: undefined;
			if (unknownHolidays) item.addHint(unknownHolidays);
			const groups = onePerPerson ? calendars.map((calendar) => [calendar]) : [calendars];
			return groups.map((group) =>
				agendaOutput(
					group.map(({ owner }) => owner),
					buildAgenda(group, agendaOptions),
					agendaOptions,
					textOptions,
				),
			);
		};
	},
};

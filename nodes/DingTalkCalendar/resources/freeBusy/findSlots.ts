/** Finds times when people, and rooms if requested, are free. */
import type { INodeProperties } from 'n8n-workflow';
import { api } from '../../../../lib/dingtalk/endpoints';
import { readSchedules, readRoomSchedules } from '../../../../lib/dingtalk/freeBusy/schedules';
import { getUtcOffsets, utcToLocal } from '../../../../lib/dingtalk/freeBusy/utcOffsets';
import {
	findCommonSlots,
	type PersonAvailability,
	type SlotQuery,
} from '../../../../lib/dingtalk/freeBusy/findCommonSlots';
import type { Span } from '../../../../lib/dingtalk/freeBusy/intervals';
import { readBusySpans } from '../../../../lib/dingtalk/freeBusy/busySpans';
import { explainNoSlots } from '../../../../lib/dingtalk/freeBusy/explainNoSlots';
import {
	attendeesField,
	departmentsField,
	optionalAttendeesField,
	readAttendees,
} from '../../../../lib/n8n/fields/attendeeFields';
import {
	identifyByField,
	PERSON_LOOKUPS,
	personField,
	readIdentifyBy,
	readPeople,
} from '../../../../lib/n8n/fields/people';
import {
	readScheduleWindow,
	readTentativeIsFree,
	scheduleWindowProperties,
	tentativeField,
} from '../../fields/freeBusy/scheduleFields';
import { readNames } from '../../fields/freeBusy/slotNames';
import { formatNoSlot, formatSlots, type SlotContext } from '../../fields/freeBusy/slotOutput';
import { readSlotRooms, slotRoomProperties } from '../../fields/freeBusy/slotRoomChoice';
import { readBoolean, readChoice, readWholeNumber } from '../../../../lib/n8n/fields/primitives';
import { readZone, timeZoneField } from '../../../../lib/n8n/fields/dateTime';
import {
	describeMissingHolidays,
	readPersonZones,
	readWorkingTime,
	workingTimeFields,
} from '../../fields/freeBusy/workingTimeFields';
import { InputError } from '../../../../lib/n8n/InputError';
import type { Item, Values } from '../../../../lib/n8n/ItemContext';
import type { Operation } from '../../../../lib/n8n/Operation';
import { HOUR } from '../../../../lib/dingtalk/utils/time';

/** All-day events follow the time zone of their owner, so they may reach into the window from outside. */
const WINDOW_MARGIN = 26 * HOUR;
const MAX_DAYS = 366;
const MAX_MINUTES = 24 * 60;
const STEPS = ['5', '10', '15', '20', '30', '60'] as const;
const RANKINGS = ['earliest', 'fewestConflicts', 'fairest'] as const;
const SPREADS = ['apart', 'days', 'overlapping'] as const;
const UNREADABLE_CHOICES = ['free', 'busy', 'leaveOut'] as const;

const organizerField = personField(
	'Organizer',
	'The person who will send the invitation. The request is made in their name, and the time must suit them too.',
);

const optionFields: INodeProperties[] = [
	{
		displayName: 'Buffer After (Minutes)',
		name: 'bufferAfter',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: MAX_MINUTES },
		default: 0,
		description: 'How long people must be free after the meeting, for example to walk back',
	},
	{
		displayName: 'Buffer Before (Minutes)',
		name: 'bufferBefore',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: MAX_MINUTES },
		default: 0,
		description: 'How long people must be free before the meeting, for example to prepare',
	},
	departmentsField,
	identifyByField,
	{
		displayName: 'One Item Per Result',
		name: 'oneItemPerResult',
		type: 'boolean',
		default: false,
		description:
			"Whether to return each time as an item of its own. If not, the best time is the only item, with the others in 'alternatives', so that the next node books one meeting.",
	},
	optionalAttendeesField,
	{
		displayName: 'Order of Results',
		name: 'ranking',
		type: 'options',
		default: 'earliest',
		options: [
			{ name: 'Earliest First', value: 'earliest' },
			{
				name: 'Fairest Across Time Zones First',
				value: 'fairest',
				description: 'Closest to the middle of the working day for the person it suits least',
			},
			{ name: 'Most Optional Attendees First', value: 'fewestConflicts' },
		],
	},
	{
		displayName: 'Organizer Attends',
		name: 'organizerAttends',
		type: 'boolean',
		default: true,
		description: "Whether the organizer's own calendar is taken into account",
	},
	{
		displayName: 'Spread of Results',
		name: 'spread',
		type: 'options',
		default: 'apart',
		description: 'How close together the results may be',
		options: [
			{ name: 'One per Day', value: 'days' },
			{
				name: 'May Overlap',
				value: 'overlapping',
				description: 'Returns every possible start, such as 9:00, 9:15 and 9:30',
			},
			{ name: 'Must Not Overlap', value: 'apart' },
		],
	},
	{
		displayName: 'Start Every',
		name: 'step',
		type: 'options',
		default: '15',
		description: 'At which minutes of the hour a meeting may start',
		options: STEPS.map((minutes) => ({ name: minutes === '60' ? 'Full Hour' : `${minutes} Minutes`, value: minutes })),
	},
	tentativeField,
	{
		...timeZoneField,
		description: "The time zone of 'From', 'To' and the working hours. Defaults to the workflow's time zone.",
	},
	{
		displayName: 'Unreadable Calendars',
		name: 'unreadable',
		type: 'options',
		default: 'free',
		description: 'How to treat people whose calendar cannot be read. They are always listed under conflicts.',
		options: [
			{
				name: 'Count as Free',
				value: 'free',
				description: 'Includes them as attendees at any time',
			},
			{ name: 'Count as Busy', value: 'busy', description: 'No time suits them' },
			{ name: 'Leave Out', value: 'leaveOut', description: 'Does not include them as attendees' },
		],
	},
];

/** The part of the search that does not depend on people and rooms. */
function readSearchOptions(item: Item, options: Values, zone: string) {
	const window = readScheduleWindow(item, zone);
	if (window.length('days') > MAX_DAYS)
		throw new InputError('To', "is more than a year after 'From'", 'Choose a shorter period.');
	const minutes = (value: unknown, label: string, from = 0): number =>
		readWholeNumber(value, label, { from, to: MAX_MINUTES });
	return {
		window: [window.start.toMillis(), window.end.toMillis()] as Span,
		zone,
		duration: minutes(item.value('duration') ?? 60, 'Duration (Minutes)', 1),
		bufferBefore: minutes(options.bufferBefore ?? 0, 'Buffer Before (Minutes)'),
		bufferAfter: minutes(options.bufferAfter ?? 0, 'Buffer After (Minutes)'),
		step: Number(readChoice(options.step ?? '15', 'Start Every', STEPS)) as SlotQuery['step'],
		workingTime: readWorkingTime(item.collection('workingTime'), zone),
		tentativeCounts: !readTentativeIsFree(options.tentativeIsFree),
		ranking: readChoice(options.ranking ?? 'earliest', 'Order of Results', RANKINGS),
		spread: readChoice(options.spread ?? 'apart', 'Spread of Results', SPREADS),
		count: readWholeNumber(item.value('results') ?? 5, 'Number of Results', { from: 1, to: 1000 }),
	};
}

export const findSlots: Operation = {
	value: 'findSlots',
	name: 'Find Common Free Time',
	action: 'Find common free time for people and rooms',
	description: `Finds times when everyone is free, within working hours and optionally with a free room; costs one call per ${api.getSchedule.maxBatch} people and one per ${api.getRoomSchedule.maxBatch} rooms`,
	calls: [api.getSchedule, api.getRoomSchedule, api.listRooms, api.userIdByUnionId, ...PERSON_LOOKUPS],
	properties: [
		organizerField.property,
		attendeesField,
		{
			displayName: 'Duration (Minutes)',
			name: 'duration',
			type: 'number',
			required: true,
			typeOptions: { minValue: 1, maxValue: MAX_MINUTES },
			default: 60,
			description: 'How long the meeting takes',
		},
		...scheduleWindowProperties.map((field) =>
			field.name === 'timeMin' ? { ...field, default: '={{ $now }}' } : field,
		),
		...slotRoomProperties,
		{
			displayName: 'Number of Results',
			name: 'results',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 5,
			description: 'How many times to suggest at most: the best one and its alternatives',
		},
		{
			displayName: 'Working Time',
			name: 'workingTime',
			type: 'collection',
			placeholder: 'Add Rule',
			default: {},
			description: 'Defaults to Monday to Friday, 9:00 to 18:00 except 12:00 to 13:00',
			options: workingTimeFields,
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
		const organizer = organizerField.read(item);
		const options = item.collection('options');
		const zone = readZone(item, options.timeZone);
		const searchOptions = readSearchOptions(item, options, zone);
		const roomChoice = readSlotRooms(item);
		const readZones = readPersonZones(item, item.collection('workingTime'), zone);
		const ifUnreadable = readChoice(options.unreadable ?? 'free', 'Unreadable Calendars', UNREADABLE_CHOICES);
		const oneItemPerResult = readBoolean(options.oneItemPerResult ?? false, 'One Item Per Result');
		const organizerAttends = readBoolean(options.organizerAttends ?? true, 'Organizer Attends');
		const lists = { ...options, attendees: item.value('attendees') };
		const resolveAttendees = readAttendees(item, lists);
		const identifyBy = readIdentifyBy(options.identifyBy);
		const namedPeople = [
			...readPeople(item, lists.attendees, 'Attendees', identifyBy),
			...readPeople(item, options.optionalAttendees, 'Optional Attendees', identifyBy),
		];

		return async () => {
			const organizerId = await organizer.unionId();
			const guests = (await resolveAttendees(organizerId)).filter(({ id }) => id !== organizerId);
			const participants = [...(organizerAttends ? [{ id: organizerId, isOptional: false }] : []), ...guests];
			if (participants.length === 0)
				throw new InputError('Attendees', 'is empty', "Name at least one person, or turn on 'Organizer Attends'.");
			const { zoneOf } = await readZones();
			const paddedWindow: Span = [searchOptions.window[0] - WINDOW_MARGIN, searchOptions.window[1] + WINDOW_MARGIN];
			const utcOffsets = new Map(
				[...new Set([zone, ...participants.map(({ id }) => zoneOf(id).zone)])].map((one) => [
					one,
					getUtcOffsets(one, paddedWindow),
				]),
			);
			const offsetsOf = (timeZone: string) => utcOffsets.get(timeZone) ?? [];

			const window = readScheduleWindow(item, zone);
			const schedules = await readSchedules(
				item.client,
				organizerId,
				participants.map(({ id }) => id),
				window.set({ start: window.start.minus(WINDOW_MARGIN), end: window.end.plus(WINDOW_MARGIN) }) as typeof window,
			);
			const unreadable = new Map(
				schedules.flatMap(({ id, error }) => (error === undefined ? [] : [[id, error] as const])),
			);
			const optional = new Map(participants.map(({ id, isOptional }) => [id, isOptional]));
			const people = schedules
				.filter(({ id }) => ifUnreadable !== 'leaveOut' || !unreadable.has(id))
				.map((schedule): PersonAvailability => {
					const { id } = schedule;
					const personZone = zoneOf(id);
					const countAsBusy = unreadable.has(id) && ifUnreadable === 'busy';
					const busyTimes = countAsBusy
						? { busy: [paddedWindow], tentative: [] }
						: readBusySpans(schedule, offsetsOf(personZone.zone));
					return { id, optional: optional.get(id) === true, ...personZone, ...busyTimes };
				});

			const rooms = await roomChoice.find(organizerId, people.length);
			const roomSchedules =
				rooms.length > 0
					? await readRoomSchedules(
							item.client,
							organizerId,
							rooms.map(({ roomId }) => roomId),
							window,
						)
					: [];
			const query: SlotQuery = {
				...searchOptions,
				people,
				roomsNeeded: roomChoice.needed,
				rooms: roomSchedules.map((schedule) => ({
					id: schedule.id,
					...(schedule.error === undefined
						? readBusySpans(schedule, offsetsOf(zone))
						: { busy: [paddedWindow], tentative: [] }),
				})),
			};

			const unreadableRooms = roomSchedules.filter(({ error }) => error !== undefined).map(({ id }) => id);
			if (unreadableRooms.length > 0)
				item.addHint(
					`DingTalk does not return the bookings of these rooms, so they count as taken: ${unreadableRooms.join(', ')}.`,
				);
			const years = [searchOptions.window[0], searchOptions.window[1] - 1].map((moment) =>
				new Date(utcToLocal(offsetsOf(zone), moment)).getUTCFullYear(),
			);
			const firstYear = Math.min(...years);
			const missingHolidays = people.some(({ observesChineseHolidays }) => observesChineseHolidays)
				? describeMissingHolidays(Array.from({ length: Math.max(...years) - firstYear + 1 }, (_, i) => firstYear + i))
				: undefined;
			if (missingHolidays) item.addHint(missingHolidays);
			const invited = people.filter(({ id }) => id !== organizerId);
			const context: SlotContext = {
				...(await readNames(
					item,
					namedPeople,
					invited.map(({ id }) => id),
				)),
				invited,
				unreadable,
				rooms,
				unreadableRooms: unreadableRooms.length,
				notice: missingHolidays,
			};
			const slots = findCommonSlots(query);
			if (slots.length === 0) return await formatNoSlot(explainNoSlots(query), query, context);
			const items = await formatSlots(slots, query, context, oneItemPerResult);
			if (slots.length > items.length)
				item.addHint(
					`The best time is the item; ${slots.length === 2 ? 'another one is' : `${slots.length - 1} others are`} in 'alternatives'. To get each as an item, turn on 'One Item Per Result'.`,
				);
			return items;
		};
	},
};

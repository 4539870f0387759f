/** Finds times that suit people and rooms. */
import type { Interval } from 'luxon';
import { api } from '../../../../lib/dingtalk/endpoints';
import { readRoomSchedules, readSchedules, type Schedule } from '../../../../lib/dingtalk/freeBusy/schedules';
import { getUtcOffsets, utcToLocal, type UtcOffsets } from '../../../../lib/dingtalk/freeBusy/utcOffsets';
import { findCommonSlots } from '../../../../lib/dingtalk/freeBusy/findCommonSlots';
import type { PersonAvailability, RoomAvailability, SlotQuery } from '../../../../lib/dingtalk/freeBusy/slotSearch';
import type { Span } from '../../../../lib/dingtalk/freeBusy/intervals';
import { readBusySpans, type BusyContext, type OffsetsOf } from '../../../../lib/dingtalk/freeBusy/busySpans';
import { orderByMeetingLoad, type MeetingLoad } from '../../../../lib/dingtalk/freeBusy/meetingLoad';
import { explainNoSlots } from '../../../../lib/dingtalk/freeBusy/explainNoSlots';
import { runInSlices, type Computation } from '../../../../lib/dingtalk/utils/slices';
import type { Invitee } from '../../../../lib/dingtalk/events/attendees';
import { attendeesField, readInvited } from '../../../../lib/n8n/fields/attendeeFields';
import {
	describeChosen,
	PERSON_LOOKUPS,
	personField,
	readIdentifyBy,
	readPeople,
} from '../../../../lib/n8n/fields/people';
import { scheduleWindowProperties } from '../../fields/freeBusy/scheduleFields';
import { readNames } from '../../fields/freeBusy/slotNames';
import { MAX_MINUTES, readSlotOptions, slotOptionFields } from '../../fields/freeBusy/slotOptions';
import { formatSlots, type SlotContext } from '../../fields/freeBusy/slotOutput';
import { formatNoSlot } from '../../fields/freeBusy/noSlotOutput';
import { readSlotRooms, slotRoomProperties } from '../../fields/freeBusy/slotRoomChoice';
import { readZone, timeZoneNotice } from '../../../../lib/n8n/fields/dateTime';
import { workingTimeFields } from '../../fields/freeBusy/workingTimeFields';
import {
	collectWorkingTimeRules,
	describeUnknownHolidays,
	readWorkingTime,
	readWorkplaces,
	type Workplaces,
} from '../../fields/freeBusy/readWorkingTime';
import { InputError } from '../../../../lib/n8n/InputError';
import type { Operation } from '../../../../lib/n8n/Operation';
import { DAY, HOUR } from '../../../../lib/dingtalk/utils/time';
import { joinWords, t } from '../../../../lib/locale/t';

/** All-day events follow the time zone of their owner, so they may reach into the window from outside. */
const WINDOW_MARGIN = 26 * HOUR;
/** How far back to look for the last meeting of each person. */
const TURN_DAYS = 28;
/** About how many steps it takes to read one busy time. */
const STEPS_PER_ITEM = 100;

const organizerField = personField(
	'Organizer',
	'The person who will send the invitation. The request is made in their name, and the time must suit them too.',
);

/** The UTC offsets of each time zone around the window, computed once. */
function createOffsets([from, to]: Span): OffsetsOf {
	const known = new Map<string, UtcOffsets>();
	return (zone) => {
		const offsets = known.get(zone) ?? getUtcOffsets(zone, [from - WINDOW_MARGIN, to + WINDOW_MARGIN]);
		known.set(zone, offsets);
		return offsets;
	};
}

/** When each of these people or rooms is busy. What cannot be read is busy all the time if `unreadableIsBusy`. */
function* listBusy(
	schedules: readonly Schedule[],
	contextOf: (id: string) => BusyContext,
	unreadableIsBusy: boolean,
): Computation<RoomAvailability[]> {
	const list: RoomAvailability[] = [];
	for (const schedule of schedules) {
		const isBusy = schedule.error !== undefined && unreadableIsBusy;
		const always: Span = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
		const spans = isBusy ? { busy: [always], tentative: [] } : readBusySpans(schedule, contextOf(schedule.id));
		list.push({ id: schedule.id, ...spans });
		yield schedule.items.length * STEPS_PER_ITEM;
	}
	return list;
}

const withWorkplaces = (
	list: readonly RoomAvailability[],
	workplaces: Workplaces,
	optional: ReadonlySet<string>,
): PersonAvailability[] => list.map((one) => ({ ...one, ...workplaces.of(one.id), optional: optional.has(one.id) }));

/** The attendees of whom only some are needed: all but the organizer and those who are optional. */
function listChoices(guests: readonly Invitee[], count: number): string[] {
	const choices = guests.filter(({ isOptional }) => !isOptional).map(({ id }) => id);
	if (choices.length >= count) return choices;
	throw new InputError(
		'Attendees Needed',
		t`is ${count}, but 'Attendees' names only ${choices.length}`,
		t`Name more people in 'Attendees', or lower the number.`,
	);
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
		timeZoneNotice('Options'),
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
			options: slotOptionFields,
		},
	],
	prepare(item) {
		const organizer = organizerField.read(item);
		const options = item.collection('options');
		const zone = readZone(item, options.timeZone);
		const rules = collectWorkingTimeRules(item.collection('workingTime'));
		const workingTime = readWorkingTime(rules, zone);
		const { window, anyOf, ifUnreadable, organizerAttends, oneItemPerResult, ...search } = readSlotOptions(
			item,
			options,
			workingTime,
			zone,
		);
		const roomChoice = readSlotRooms(item);
		const readPlaces = readWorkplaces(item, rules, zone);
		const lists = { ...options, attendees: item.value('attendees') };
		const invite = readInvited(item, lists, {});
		const identifyBy = readIdentifyBy(options.identifyBy);
		const namedPeople = [
			...readPeople(item, lists.attendees, 'Attendees', identifyBy),
			...readPeople(item, options.optionalAttendees, 'Optional Attendees', identifyBy),
		];
		const compute = async <T>(computation: Computation<T>): Promise<T> =>
			await runInSlices(computation, item.client.signal);

		return async () => {
			const organizerId = await organizer.unionId();
			const { people: invited, leftOut } = await invite(organizerId);
			const guests = invited.filter(({ id }) => id !== organizerId);
			const attends = organizerAttends && !leftOut.has(organizerId);
			const participants = [...(attends ? [organizerId] : []), ...guests.map(({ id }) => id)];
			if (participants.length === 0)
				throw new InputError('Attendees', t`is empty`, t`Name at least one person, or turn on 'Organizer Attends'.`);
			const choices = anyOf ? listChoices(guests, anyOf.count) : [];
			const workplaces = await readPlaces();
			const offsetsOf = createOffsets(search.query.window);
			const contextOf = (id: string): BusyContext => ({ zone: workplaces.of(id).zone, offsetsOf });
			const lookBack = anyOf?.byTurn ? TURN_DAYS * DAY : 0;
			const schedules = await readSchedules(
				item.client,
				organizerId,
				participants,
				window.set({
					start: window.start.minus(WINDOW_MARGIN + lookBack),
					end: window.end.plus(WINDOW_MARGIN),
				}) as Interval<true>,
			);
			const unreadable = new Set(schedules.filter(({ error }) => error !== undefined).map(({ id }) => id));
			const included = schedules.filter(({ id }) => ifUnreadable !== 'leaveOut' || !unreadable.has(id));
			const optional = new Set(guests.filter(({ isOptional }) => isOptional).map(({ id }) => id));
			const people = withWorkplaces(
				await compute(listBusy(included, contextOf, ifUnreadable === 'busy')),
				workplaces,
				optional,
			);
			const turns: MeetingLoad[] = anyOf?.byTurn
				? orderByMeetingLoad(
						schedules.filter(({ id }) => choices.includes(id)),
						search.query.window,
						contextOf,
					)
				: [];

			const inQuery = new Set(people.map(({ id }) => id));
			const order = (anyOf?.byTurn ? turns.map(({ id }) => id) : choices).filter((id) => inQuery.has(id));
			const headcount = people.length - (anyOf ? Math.max(order.length - anyOf.count, 0) : 0);
			const rooms = await roomChoice.find(organizerId, headcount);
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
				...search.query,
				observesChineseHolidays: workplaces.home.observesChineseHolidays,
				people,
				anyOf: anyOf && { count: anyOf.count, order },
				roomsNeeded: roomChoice.needed,
				rooms: await compute(listBusy(roomSchedules, () => ({ zone, offsetsOf }), true)),
			};

			const unreadableRooms = roomSchedules.filter(({ error }) => error !== undefined).map(({ id }) => id);
			const roomNames = new Map(rooms.map(({ roomId, roomName }) => [roomId, roomName ?? roomId]));
			if (unreadableRooms.length > 0)
				item.addHint(
					t`DingTalk does not return the bookings of these rooms, so they count as taken: ${joinWords(unreadableRooms.map((id) => roomNames.get(id) ?? id))}.`,
				);
			const [firstDay, lastDay] = [query.window[0], query.window[1] - 1].map((moment) =>
				new Date(utcToLocal(offsetsOf(zone), moment)).toISOString().slice(0, 10),
			);
			const observesHolidays = [workplaces.home, ...people].some((place) => place.observesChineseHolidays);
			const notice = observesHolidays ? describeUnknownHolidays([firstDay, lastDay], workingTime) : undefined;
			if (notice) item.addHint(notice);
			await item.directory.nameOf(organizerId);
			const context: SlotContext = {
				organizer: describeChosen(item, organizerId),
				...(await readNames(
					item,
					namedPeople,
					guests.map(({ id }) => id),
				)),
				guests,
				unreadable,
				unreadableIsBusy: ifUnreadable === 'busy',
				turns: new Map(turns.map((turn) => [turn.id, turn])),
				rooms,
				unreadableRooms: unreadableRooms.length,
				notice,
			};
			const slots = await compute(findCommonSlots(query));
			if (slots.length === 0) return await formatNoSlot(await compute(explainNoSlots(query)), query, context);
			const items = await formatSlots(slots, query, context, oneItemPerResult);
			if (slots.length > items.length)
				item.addHint(
					t`The best time is the item; ${slots.length === 2 ? t`another one is` : t`${slots.length - 1} others are`} in 'alternatives'. To get each as an item, turn on 'One Item Per Result'.`,
				);
			return items;
		};
	},
};

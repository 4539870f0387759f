import { Interval } from 'luxon';
import type { IDataObject } from 'n8n-workflow';
import { api } from '../../../../lib/dingtalk/endpoints';
import { bookMeeting, tellOfLeft } from '../../../../lib/dingtalk/rooms/bookMeeting';
import { attemptAt } from '../../../../lib/dingtalk/rooms/bookingAttempts';
import { NotBooked, type Booked, type Step } from '../../../../lib/dingtalk/rooms/bookingOutcome';
import { contentFields, readContent } from '../../fields/event/eventContent';
import { readNewEvent, timedProperties, titleField } from '../../fields/event/newEventFields';
import {
	attendeesField,
	departmentsField,
	identifyByField,
	formatPerson,
	optionalAttendeesField,
	PERSON_LOOKUPS,
} from '../../../../lib/n8n/fields/people';
import { readBookingRooms, bookingRoomProperties } from '../../fields/rooms/bookingRoomChoice';
import { readTentativeIsFree } from '../../fields/freeBusy/scheduleFields';
import { calendarTarget } from '../../fields/locators/eventPath';
import { readBoolean, readChoice } from '../../../../lib/n8n/fields/primitives';
import { localTime, timeZoneField, type ApiTime } from '../../../../lib/n8n/fields/dateTime';
import { InputError } from '../../../../lib/n8n/InputError';
import type { Operation } from '../../../../lib/n8n/Operation';

const organizer = calendarTarget('Organizer', "Who invites; the meeting is created in this person's calendar");

const costOf = (steps: Step[]): number => steps.reduce((sum, { meteredCalls }) => sum + meteredCalls, 0);

/** What is the same whether there is a meeting or not. */
interface Wanted {
	summary: string;
	start?: ApiTime;
	end?: ApiTime;
	zone: string;
}

const shown = ({ summary, start, end, zone }: Wanted, steps: Step[]): IDataObject => ({
	summary,
	start: localTime(start, zone),
	end: localTime(end, zone),
	steps: steps.map((step) => ({ ...step })),
	meteredCalls: costOf(steps),
});

const showBooked = (wanted: Wanted, { event, room, steps }: Booked): IDataObject => ({
	booked: true,
	outcome: room?.responseStatus === 'tentative' ? 'waitingForApproval' : 'booked',
	reason: room?.responseStatus === 'tentative' ? 'Somebody still has to approve the room' : null,
	id: event.id,
	room: room ? { roomId: room.roomId, name: room.name ?? null, status: room.responseStatus ?? null } : null,
	...shown(wanted, steps),
});

const showNotBooked = (wanted: Wanted, { reason, steps }: NotBooked): IDataObject => ({
	booked: false,
	outcome: 'notBooked',
	reason,
	id: null,
	room: null,
	...shown(wanted, steps),
});

export const book: Operation = {
	value: 'book',
	name: 'Book a Meeting',
	action: 'Book a meeting with its room',
	description:
		'Check people and rooms, create the event, book the room and see that it stands; if no room can be had, nothing stays behind',
	calls: [
		api.createEvent,
		api.getSchedule,
		api.listRooms,
		api.getRoomSchedule,
		api.bookRooms,
		api.getEvent,
		api.releaseRooms,
		api.deleteEvent,
		api.listEventsView,
		api.addAttendees,
		api.userIdByUnionId,
		...PERSON_LOOKUPS,
	],
	properties: [
		...organizer.properties,
		titleField('e.g. Budget review'),
		...timedProperties,
		...bookingRoomProperties,
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			placeholder: 'Add Field',
			default: {},
			options: [
				attendeesField,
				contentFields.categories,
				departmentsField,
				contentFields.description,
				identifyByField,
				contentFields.location,
				contentFields.onlineMeeting,
				optionalAttendeesField,
				contentFields.reminders,
				contentFields.richText,
				contentFields.chatCard,
				contentFields.push,
				timeZoneField,
			],
		},
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			options: [
				{
					displayName: 'If It Cannot Be Booked',
					name: 'ifNotBooked',
					type: 'options',
					default: 'fail',
					description: 'When somebody is busy or no room is free. Errors of any other kind always stop the workflow.',
					options: [
						{ name: 'Give an Item That Says Why', value: 'report' },
						{ name: 'Stop With an Error', value: 'fail' },
					],
				},
				{
					displayName: 'Only If Free',
					name: 'onlyIfFree',
					type: 'options',
					default: 'required',
					description: `Who must have time. Looking costs one call for every ${api.getSchedule.maxBatch} people; nobody costs none.`,
					options: [
						{ name: 'Everybody, Optional People Too', value: 'everybody' },
						{ name: 'Nobody', value: 'nobody', description: 'Book whatever is in their calendars' },
						{ name: 'Organizer and Required Attendees', value: 'required' },
					],
				},
				{
					displayName: 'Tentative Is Free',
					name: 'tentativeIsFree',
					type: 'boolean',
					default: true,
					description: 'Whether people count as free at times that they have not answered for, or only tentatively',
				},
				{
					displayName: 'Unreadable Is Free',
					name: 'unreadableIsFree',
					type: 'boolean',
					default: true,
					description:
						'Whether people whose calendar DingTalk does not show count as free; otherwise the meeting is not booked',
				},
			],
		},
	],
	prepare(item) {
		const path = organizer.read(item);
		const added = item.collection('additionalFields');
		const options = item.collection('options');
		const { summary, start, end, startsAt, zone, invite, notify } = readNewEvent(item, added, false);
		const span = Interval.fromISO(`${start?.dateTime}/${end?.dateTime}`, { zone });
		if (!span.isValid || span.isEmpty())
			throw new InputError('End', "is not later than 'Start'", "Give an 'End' that is later than 'Start'.");
		const rooms = readBookingRooms(item);
		const report =
			readChoice(options.ifNotBooked ?? 'fail', 'If It Cannot Be Booked', ['fail', 'report'] as const) === 'report';
		const onlyIfFree = readChoice(options.onlyIfFree ?? 'required', 'Only If Free', [
			'everybody',
			'nobody',
			'required',
		] as const);
		const tentativeIsFree = readTentativeIsFree(options.tentativeIsFree);
		const unreadableIsFree = readBoolean(options.unreadableIsFree ?? false, 'Unreadable Is Free');
		const content: IDataObject = {
			summary,
			isAllDay: false,
			start: { ...start },
			end: { ...end },
			...readContent(added, { zone, startsAt }),
		};
		const wanted: Wanted = { summary, start, end, zone };

		const name = item.idempotencyKey('book a meeting', item.input);
		const attempt = attemptAt(name, item.client);
		const bookIt = async (): Promise<IDataObject> => {
			const calendar = await path();
			const attendees = await invite(calendar.userId);
			const asked = attendees.filter(({ isOptional }) => onlyIfFree === 'everybody' || !isOptional).map(({ id }) => id);
			const headcount = new Set([calendar.userId, ...attendees.map(({ id }) => id)]).size;
			return await bookMeeting({
				client: item.client,
				path: calendar,
				span: span as Interval<true>,
				content,
				attendees,
				notify,
				mustBeFree: {
					people: onlyIfFree === 'nobody' ? [] : [...new Set([calendar.userId, ...asked])],
					tentativeIsFree,
					unreadableIsFree,
				},
				nameOf: async (id) => formatPerson({ id, displayName: await item.directory.nameOf(id).catch(() => undefined) }),
				rooms: rooms && (async (steps) => await rooms(item.client, calendar.userId, headcount, steps)),
				name,
				attempt,
				once: (what, about) => item.idempotencyKey(what, about),
			}).then(
				(booked) => showBooked(wanted, booked),
				(error: Error) => {
					if (report && error instanceof NotBooked && error.why === undefined) return showNotBooked(wanted, error);
					throw error;
				},
			);
		};
		return async () => await bookIt().catch(async (error: Error) => await Promise.reject(tellOfLeft(attempt, error)));
	},
};

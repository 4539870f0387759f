/** Books a meeting: checks availability, creates the event, books a room and verifies the booking. */
import { Interval } from 'luxon';
import type { IDataObject } from 'n8n-workflow';
import { api } from '../../../../lib/dingtalk/endpoints';
import { bookMeeting } from '../../../../lib/dingtalk/rooms/bookMeeting';
import { getAttempt, reportPendingEvent } from '../../../../lib/dingtalk/rooms/bookingAttempts';
import {
	NotBookedError,
	shownSteps,
	type BookingResult,
	type BookingStep,
	type Meeting,
} from '../../../../lib/dingtalk/rooms/bookingOutcome';
import { moreFieldsField } from '../../fields/event/moreFields';
import { contentFields } from '../../fields/event/eventContent';
import {
	readNewContent,
	readNewEvent,
	readNewTimes,
	timedProperties,
	titleField,
} from '../../fields/event/newEventFields';
import {
	attendeesField,
	departmentsField,
	leaveOutFields,
	optionalAttendeesField,
} from '../../../../lib/n8n/fields/attendeeFields';
import { describeChosen, identifyByField, formatPerson, PERSON_LOOKUPS } from '../../../../lib/n8n/fields/people';
import { readBookingRooms, bookingRoomProperties } from '../../fields/rooms/bookingRoomChoice';
import { readTentativeIsFree, tentativeField } from '../../fields/freeBusy/scheduleFields';
import { calendarTarget } from '../../fields/locators/eventPath';
import { readBoolean, readChoice } from '../../../../lib/n8n/fields/primitives';
import { HOUR } from '../../../../lib/dingtalk/utils/time';
import { localTime, timeZoneField } from '../../../../lib/n8n/fields/dateTime';
import { InputError } from '../../../../lib/n8n/InputError';
import type { Item } from '../../../../lib/n8n/ItemContext';
import type { Operation } from '../../../../lib/n8n/Operation';
import { t } from '../../../../lib/locale/t';

const organizer = calendarTarget(
	'Organizer',
	"The person who sends the invitation. The meeting is created in this person's calendar.",
);

const countMeteredCalls = (steps: BookingStep[]): number =>
	steps.reduce((sum, { meteredCalls }) => sum + meteredCalls, 0);

/** When the meeting is. */
function readSpan({ start, end, zone }: ReturnType<typeof readNewTimes>): Interval<true> {
	const span = Interval.fromISO(`${start?.dateTime}/${end?.dateTime}`, { zone });
	if (span.isValid && !span.isEmpty()) return span;
	throw new InputError('End', t`is not later than 'Start'`, t`Enter an 'End' that is later than 'Start'.`);
}

const readOnlyIfFree = (options: { onlyIfFree?: unknown }): 'everybody' | 'nobody' | 'required' =>
	readChoice(options.onlyIfFree ?? 'required', 'Who Must Be Free', ['everybody', 'nobody', 'required'] as const);

/** The hours in which people are checked: of two meetings that overlap, the second has to see the first. */
function readCheckedHours(item: Item): string[] {
	if (readOnlyIfFree(item.collection('options')) === 'nobody') return [];
	const { start, end } = readSpan(readNewTimes(item, item.collection('additionalFields'), false));
	const first = Math.floor(start.toMillis() / HOUR);
	const count = Math.ceil(end.toMillis() / HOUR) - first;
	return Array.from({ length: count }, (_, hour) => String(first + hour));
}

/** The part of the output that does not depend on the outcome. */
const commonOutput = (
	{ summary, start, end, zone, organizer, attendees }: Meeting,
	steps: BookingStep[],
): IDataObject => ({
	summary,
	start: localTime(start, zone),
	end: localTime(end, zone),
	organizer,
	attendees,
	steps: shownSteps(steps),
	meteredCalls: countMeteredCalls(steps),
});

const bookedOutput = ({ meeting, event, room, steps }: BookingResult): IDataObject => ({
	booked: true,
	outcome: room?.responseStatus === 'tentative' ? 'waitingForApproval' : 'booked',
	reason: room?.responseStatus === 'tentative' ? t`The room is waiting for approval` : null,
	room: room ? { roomId: room.roomId, name: room.name ?? null, status: room.responseStatus ?? null } : null,
	...commonOutput(meeting, steps),
	id: event.id,
});

const notBookedOutput = (meeting: Meeting, { reason, steps }: NotBookedError): IDataObject => ({
	booked: false,
	outcome: 'notBooked',
	reason,
	room: null,
	...commonOutput(meeting, steps),
	id: null,
});

export const book: Operation = {
	value: 'book',
	name: 'Book a Meeting',
	action: 'Book a meeting with a room',
	description:
		'Checks that people and rooms are free, creates the event, books the room and verifies the booking; if no room can be booked, the event is removed again',
	acceptsKey: true,
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
		api.listEvents,
		api.addAttendees,
		api.userIdByUnionId,
		...PERSON_LOOKUPS,
	],
	serializeBy: [],
	alsoSerializeBy: readCheckedHours,
	findOverwritten: async () => await Promise.resolve([]),
	properties: [
		...organizer.properties,
		{ ...titleField('e.g. Budget review'), hint: 'Each input item books a meeting of its own' },
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
				leaveOutFields.departments,
				leaveOutFields.people,
				contentFields.location,
				moreFieldsField,
				contentFields.onlineMeeting,
				optionalAttendeesField,
				contentFields.reminders,
				contentFields.richText,
				contentFields.chatCard,
				contentFields.push,
				contentFields.showAs,
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
					displayName: 'If Not Booked',
					name: 'ifNotBooked',
					type: 'options',
					default: 'fail',
					description:
						"What to do if someone is busy or no room is free. Other errors follow the node's 'On Error' setting.",
					options: [
						{ name: 'Return Reason as Item', value: 'report' },
						{ name: 'Stop With an Error', value: 'fail' },
					],
				},
				{
					...tentativeField,
					description: 'Whether people count as free during events that they have accepted tentatively or not answered',
				},
				{
					displayName: 'Unreadable Is Free',
					name: 'unreadableIsFree',
					type: 'boolean',
					default: false,
					description: 'Whether people whose calendar cannot be read count as free; if not, the meeting is not booked',
				},
				{
					displayName: 'Who Must Be Free',
					name: 'onlyIfFree',
					type: 'options',
					default: 'required',
					description: `Whose availability to check before booking. Checking costs one call per ${api.getSchedule.maxBatch} people.`,
					options: [
						{ name: 'Everyone, Including Optional Attendees', value: 'everybody' },
						{ name: 'No One', value: 'nobody', description: 'Books without checking calendars' },
						{ name: 'Organizer and Required Attendees', value: 'required' },
					],
				},
			],
		},
	],
	prepare(item) {
		const resolvePath = organizer.read(item);
		const additionalFields = item.collection('additionalFields');
		const options = item.collection('options');
		const { summary, start, end, startsAt, zone, invite, notify } = readNewEvent(item, additionalFields, false);
		const span = readSpan({ start, end, startsAt, zone });
		const rooms = readBookingRooms(item);
		const returnReason =
			readChoice(options.ifNotBooked ?? 'fail', 'If Not Booked', ['fail', 'report'] as const) === 'report';
		const onlyIfFree = readOnlyIfFree(options);
		const tentativeIsFree = readTentativeIsFree(options.tentativeIsFree);
		const unreadableIsFree = readBoolean(options.unreadableIsFree ?? false, 'Unreadable Is Free');
		const content = readNewContent(additionalFields, false, { summary, start, end, startsAt, zone });

		const { idempotencyKey: bookingKey } = item.creationKey('book a meeting');
		const attempt = getAttempt(bookingKey, item.client);
		const bookOrReport = async (): Promise<IDataObject> => {
			const path = await resolvePath();
			const attendees = await invite(path.userId);
			const mustBeFreeIds = attendees
				.filter(({ isOptional }) => onlyIfFree === 'everybody' || !isOptional)
				.map(({ id }) => id);
			const meeting: Meeting = {
				summary,
				start,
				end,
				zone,
				organizer: describeChosen(item, path.userId),
				attendees: attendees
					.map(({ id }) => formatPerson({ id, displayName: item.directory.knownNameOf(id) }))
					.join(', '),
			};
			const headcount = new Set([path.userId, ...attendees.map(({ id }) => id)]).size;
			return await bookMeeting({
				client: item.client,
				path,
				window: span,
				content,
				meeting,
				attendees,
				notify,
				mustBeFree: {
					people: onlyIfFree === 'nobody' ? [] : [...new Set([path.userId, ...mustBeFreeIds])],
					tentativeIsFree,
					unreadableIsFree,
				},
				nameOf: async (id) => formatPerson({ id, displayName: await item.directory.nameOf(id).catch(() => undefined) }),
				rooms: rooms && (async (steps) => await rooms(item.client, path.userId, headcount, steps)),
				bookingKey,
				mayBeShared: item.sharesCreations,
				creationKey: (what) => item.creationKey(what, bookingKey),
				attempt,
				idempotencyKey: (what, about) => item.idempotencyKey(what, about),
			}).then(bookedOutput, (error: Error) => {
				if (returnReason && error instanceof NotBookedError && error.cause === undefined)
					return notBookedOutput(meeting, error);
				throw error;
			});
		};
		return async () =>
			await bookOrReport().catch(async (error: Error) => await Promise.reject(reportPendingEvent(attempt, error)));
	},
};

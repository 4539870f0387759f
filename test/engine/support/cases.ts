/** For every operation something it can do, on a calendar that has what it needs. */
import type { INodeParameters } from 'n8n-workflow';

import { CheckIns } from '../../simulator/checkIn/checkInStore';
import { AclStore } from '../../simulator/sharing/aclStore';
import { SubscribedCalendars } from '../../simulator/subscriptions/subscriptionStore';
import { hour, plant } from './events';
import type { Desk } from './setup';
import { reserve, roomsOf } from './state';

/** An event with everything on it: guests, one of whom came and left, and rooms, one of which waits for an approval. */
function meeting(desk: Desk): string {
	const [host, anna, ben] = desk.people;
	const eventId = plant(desk, host, {
		...hour(3, 10),
		location: { displayName: 'Hall' },
		attendees: [anna, ben].map(({ unionId }) => ({ id: unionId })),
		onlineMeetingInfo: { type: 'dingtalk' },
	});
	reserve(desk, eventId, [roomsOf(desk)[0].roomId, roomsOf(desk)[6].roomId]);
	const checkIns = desk.simulator.world.use(CheckIns);
	for (const side of ['in', 'out'] as const) checkIns.record(eventId, anna.unionId, side);
	return eventId;
}

const series = (desk: Desk): string =>
	plant(desk, desk.people[0], {
		...hour(3, 10),
		recurrence: { pattern: { type: 'daily', interval: 1 }, range: { type: 'numbered', numberOfOccurrences: 3 } },
	});

const share = (desk: Desk): string => {
	const [owner, anna] = desk.people;
	return desk.simulator.world.use(AclStore).grant(owner.unionId, anna.unionId, 'reader').aclId;
};

/** A calendar of the first person, which the second may subscribe to; every part of it is filled. */
function offer(desk: Desk, author = 0): string {
	const { company } = desk.simulator.world;
	const draft = {
		name: 'Holidays',
		description: 'Days off',
		managers: [company.people[1].unionId],
		subscribeScope: {
			unionIds: [company.people[1].unionId],
			openConversationIds: [company.groups[0].openConversationId],
			corpIds: [company.corpId],
		},
	};
	return desk.simulator.world.use(SubscribedCalendars).create(company.people[author].unionId, draft).calendarId;
}

const DAY = { timeMin: '2026-03-03T00:00', timeMax: '2026-03-04T00:00' };
const on = (desk: Desk): INodeParameters => ({ eventId: meeting(desk) });
const anna = (desk: Desk): string => desk.people[1].unionId;
const room = (desk: Desk, position: number): string => roomsOf(desk)[position].roomId;

/** What each operation is given here; everything not named is as the form has it at first. */
export const CASES: Record<string, (desk: Desk) => INodeParameters> = {
	'accessControl.create': (desk) => ({ grantee: anna(desk) }),
	'accessControl.delete': (desk) => ({ aclId: share(desk) }),
	'accessControl.getAll': (desk) => {
		share(desk);
		return {};
	},
	'attendee.add': (desk) => ({ ...on(desk), attendees: desk.people[3].unionId }),
	'attendee.getAll': on,
	'attendee.remove': (desk) => ({ ...on(desk), attendees: anna(desk) }),
	'attendee.sync': (desk) => ({ ...on(desk), attendees: desk.people[3].unionId }),
	'calendar.createCaldavAccount': () => ({ device: 'Phone' }),
	'calendar.getCategories': () => ({}),
	'calendar.getAll': (desk) => {
		offer(desk);
		share(desk);
		return {};
	},
	'calendar.subscribe': (desk) => ({ calendarId: offer(desk, 1) }),
	'calendar.unsubscribe': (desk) => ({ calendarId: offer(desk) }),
	'checkIn.checkIn': on,
	'checkIn.checkOut': on,
	'checkIn.getCheckIns': on,
	'checkIn.getCheckInLink': on,
	'checkIn.getCheckOuts': on,
	'checkIn.getCheckOutLink': on,
	// The room waits for an approval, so that there is a reason to tell.
	'event.book': (desk) => ({
		summary: 'Meeting',
		start: '2026-03-03T10:00',
		end: '2026-03-03T11:00',
		roomChoice: 'list',
		rooms: room(desk, 6),
	}),
	'event.cancel': on,
	'event.create': (desk) => ({
		summary: 'Meeting',
		start: '2026-03-03T10:00',
		end: '2026-03-03T11:00',
		additionalFields: { attendees: anna(desk), location: 'Hall', onlineMeeting: true },
	}),
	'event.delete': on,
	'event.exportIcs': (desk) => ({ events: meeting(desk) }),
	'event.get': on,
	'event.getAgenda': (desk) => {
		meeting(desk);
		// What fills the part about online meetings comes first.
		plant(desk, desk.people[0], {
			...hour(3, 9),
			location: { displayName: 'Hall' },
			onlineMeetingInfo: { type: 'dingtalk' },
		});
		return { period: 'day', date: '2026-03-03', options: { showFree: true } };
	},
	'event.getAll': (desk) => {
		meeting(desk);
		return DAY;
	},
	'event.getInstances': (desk) => ({ eventId: series(desk), ...DAY }),
	// Its own rule does not name the day it begins on, so that there is a problem to tell.
	'event.readIcs': () => ({
		source: 'text',
		icsText: [
			'BEGIN:VCALENDAR',
			'METHOD:REQUEST',
			'BEGIN:VEVENT',
			'UID:1',
			'DTSTART;TZID=Asia/Shanghai:20260303T100000',
			'DURATION:PT1H',
			'RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=3',
			'EXDATE;TZID=Asia/Shanghai:20260309T100000',
			'RDATE;TZID=Asia/Shanghai:20260310T100000',
			'SUMMARY:Meeting',
			'DESCRIPTION:Text',
			'LOCATION:Hall',
			'ORGANIZER:mailto:a@example.com',
			'ATTENDEE;CUTYPE=ROOM:mailto:room@example.com',
			'ATTENDEE:mailto:b@example.com',
			'ATTENDEE;ROLE=OPT-PARTICIPANT:mailto:c@example.com',
			'BEGIN:VALARM',
			'TRIGGER:-PT15M',
			'END:VALARM',
			'END:VEVENT',
			'END:VCALENDAR',
		].join('\n'),
	}),
	'event.transfer': (desk) => ({ ...on(desk), newOrganizer: anna(desk) }),
	'event.update': (desk) => ({ ...on(desk), updateFields: { summary: 'Renamed' } }),
	'event.upsert': (desk) => {
		const [host, guest] = desk.people;
		plant(desk, host, { ...hour(3, 10), description: '[key: A1]', attendees: [{ id: guest.unionId }] });
		return {
			externalKey: 'A1',
			summary: 'Renamed',
			start: '2026-03-03T10:00',
			end: '2026-03-03T11:00',
			additionalFields: { attendees: desk.people[2].unionId },
		};
	},
	'freeBusy.findSlots': (desk) => {
		meeting(desk);
		plant(desk, desk.people[1], hour(3, 11));
		return {
			attendees: desk.people[3].unionId,
			timeMin: '2026-03-03T10:00',
			timeMax: '2026-03-03T12:00',
			roomChoice: 'any',
			roomFilters: { equipment: ['projector'] },
			// Busy at both times, so that the part about who cannot come is filled.
			options: { optionalAttendees: anna(desk), organizerAttends: false },
		};
	},
	'freeBusy.get': (desk) => {
		meeting(desk);
		return { people: [desk.people[0].unionId, anna(desk)].join(), ...DAY };
	},
	'meetingRoom.book': (desk) => ({ ...on(desk), rooms: [room(desk, 1), room(desk, 6)].join() }),
	'meetingRoom.cancel': (desk) => ({ ...on(desk), rooms: room(desk, 0) }),
	'meetingRoom.getAll': () => ({}),
	'meetingRoom.getFreeBusy': (desk) => {
		meeting(desk);
		return { rooms: room(desk, 0), ...DAY };
	},
	'meetingRoom.respond': (desk) => ({ ...on(desk), roomId: room(desk, 6), responseStatus: 'accepted' }),
	'response.getSummary': on,
	'response.set': (desk) => ({ ...on(desk), responseStatus: 'accepted' }),
	'subscriptionCalendar.create': (desk) => ({ name: 'Holidays', scopePeople: anna(desk) }),
	'subscriptionCalendar.delete': (desk) => ({ calendarId: offer(desk) }),
	'subscriptionCalendar.get': (desk) => ({ calendarId: offer(desk) }),
	'subscriptionCalendar.update': (desk) => ({ calendarId: offer(desk), updateFields: { name: 'Feasts' } }),
};

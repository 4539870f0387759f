/** What the operations are made to do: what each is given everywhere, and more where there is more than one way to go. */
import type { INodeParameters } from 'n8n-workflow';

import { resources } from '../../nodes/DingTalkCalendar/resources';
import { CASES } from '../engine/support/cases';
import { hire, plant } from '../engine/support/events';
import type { Desk } from '../engine/support/setup';

export interface Case {
	operation: string;
	/** What is special about it; the first of an operation has nothing. */
	way: string;
	parameters(desk: Desk): INodeParameters;
}

const hour = { summary: 'Meeting', start: '2026-03-03T10:00', end: '2026-03-03T11:00' };

const SPLIT = 'this and following';

const WEEKLY = {
	summary: 'Weekly',
	start: { dateTime: '2026-03-03T10:00:00+08:00', timeZone: 'Asia/Shanghai' },
	end: { dateTime: '2026-03-03T11:00:00+08:00', timeZone: 'Asia/Shanghai' },
	recurrence: {
		pattern: { type: 'weekly', interval: 1, daysOfWeek: 'tuesday', firstDayOfWeek: 'sunday' },
		range: { type: 'numbered', numberOfOccurrences: 6 },
	},
};

/** With look-ups before, with several writes after one another, with reading before or after writing. */
const MORE: Record<string, Record<string, (desk: Desk) => INodeParameters>> = {
	'event.create': {
		'all by mobile number': ({ people: [host, anna, ben] }) => ({
			...hour,
			user: host.mobile,
			additionalFields: { attendees: [anna.mobile, ben.mobile].join() },
		}),
		'600 people': (desk) => ({
			...hour,
			additionalFields: {
				attendees: hire(desk, 600)
					.map(({ unionId }) => unionId)
					.join(),
			},
		}),
	},
	'event.delete': {
		[SPLIT]: (desk) => ({
			...CASES['event.delete'](desk),
			eventId: plant(desk, desk.people[0], WEEKLY),
			applyTo: 'thisAndFollowing',
			occurrenceDate: '2026-03-17',
		}),
	},
	'event.update': {
		'all others instead': (desk) => ({
			...CASES['event.update'](desk),
			updateFields: {
				summary: 'Renamed',
				attendeeChange: { change: { mode: 'replace', attendees: desk.people[3].unionId } },
			},
		}),
		[SPLIT]: (desk) => ({
			...CASES['event.update'](desk),
			eventId: plant(desk, desk.people[0], WEEKLY),
			applyTo: 'thisAndFollowing',
			occurrenceDate: '2026-03-17',
			updateFields: { summary: 'Renamed' },
		}),
		'only the start': (desk) => ({ ...CASES['event.update'](desk), updateFields: { start: '2026-03-03T10:30' } }),
	},
	'attendee.add': {
		'600 people': (desk) => ({
			...CASES['attendee.add'](desk),
			attendees: hire(desk, 600)
				.map(({ unionId }) => unionId)
				.join(),
		}),
	},
	'meetingRoom.book': {
		'looking first': (desk) => ({ ...CASES['meetingRoom.book'](desk), options: { checkFirst: true } }),
	},
	'subscriptionCalendar.update': {
		'who may subscribe': (desk) => ({
			...CASES['subscriptionCalendar.update'](desk),
			updateFields: { scopePeople: desk.people[2].unionId },
		}),
	},
};

/** These look up names that nothing depends on, and do without where that fails. */
export const NAMES_IN_PASSING = ['accessControl.getAll', 'event.getAgenda', 'freeBusy.findSlots'];
/** These tell what they had to do; when n8n tries them again, a part has been done before. */
export const KEEP_IN_STEP = ['attendee.sync', 'event.upsert'];

/** These take back what they made when a later step fails; what was taken back is not there. */
export const takesBack = ({ operation, way }: Case): boolean => operation === 'event.book' || way === SPLIT;

/** From the registry, so that no operation is left out. */
export const OPERATIONS = resources.flatMap(({ value, operations }) =>
	operations.map((operation) => `${value}.${operation.value}`),
);

export function casesOf(operation: string): Case[] {
	const usual = CASES[operation];
	if (!usual) throw new Error(`test/engine/support/cases.ts says nothing of ${operation}`);
	const [resource, value] = operation.split('.');
	return Object.entries({ '': usual, ...MORE[operation] }).map(([way, given]) => ({
		operation,
		way,
		parameters: (desk) => ({ resource, operation: value, user: desk.people[0].unionId, ...given(desk) }),
	}));
}

/** The kinds of writes that tests repeat: one item of each, and how to recognize its requests. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { AclStore } from '../../simulator/sharing/aclStore';
import { SubscribedCalendars } from '../../simulator/subscriptions/subscriptionStore';
import type { RecordedCall } from '../harness';
import { plant, remembered } from './events';
import type { Desk } from './setup';
import { reserve, roomsOf, stateOf } from './state';

/** Where a field comes from: the item, or an agent. */
export type Field = (name: string) => string;

interface WriteKind {
	resource: string;
	operation: string;
	fields(field: Field): INodeParameters;
	/** Whose calendar it is about, by position; the first person's by default. */
	user?: number;
	/** DingTalk takes no request key with it. */
	hasNoKey?: true;
}

const times = (field: Field): INodeParameters => ({ start: field('start'), end: field('end') });

export const WRITES = {
	event: { resource: 'event', operation: 'create', fields: (field) => ({ summary: field('title'), ...times(field) }) },
	booking: {
		...{ resource: 'event', operation: 'book' },
		fields: (field) => ({ summary: field('title'), ...times(field), roomChoice: 'none' }),
	},
	'unchecked booking': {
		...{ resource: 'event', operation: 'book' },
		fields: (field) => ({
			...{ summary: field('title'), ...times(field), roomChoice: 'none' },
			options: { onlyIfFree: 'nobody' },
		}),
	},
	upsert: {
		...{ resource: 'event', operation: 'upsert' },
		fields: (field) => ({ externalKey: field('title'), summary: field('title'), ...times(field) }),
	},
	calendar: {
		...{ resource: 'subscriptionCalendar', operation: 'create', hasNoKey: true },
		fields: (field) => ({ name: field('title'), scopePeople: field('guest') }),
	},
	share: {
		...{ resource: 'accessControl', operation: 'create', hasNoKey: true },
		fields: (field) => ({ grantee: field('guest') }),
	},
	'CalDAV account': {
		...{ resource: 'calendar', operation: 'createCaldavAccount', hasNoKey: true },
		fields: (field) => ({ device: field('title') }),
	},
	change: {
		...{ resource: 'event', operation: 'update' },
		fields: (field) => ({ eventId: field('id'), updateFields: { summary: 'Changed' } }),
	},
	'change of a calendar': {
		...{ resource: 'subscriptionCalendar', operation: 'update', hasNoKey: true },
		fields: (field) => ({ calendarId: field('calendarId'), updateFields: { name: 'Changed' } }),
	},
	response: {
		...{ resource: 'response', operation: 'set', user: 1 },
		fields: (field) => ({ eventId: field('id'), responseStatus: 'accepted' }),
	},
	'new attendee': {
		...{ resource: 'attendee', operation: 'add' },
		fields: (field) => ({ eventId: field('id'), attendees: field('guest') }),
	},
	'attendee to remove': {
		...{ resource: 'attendee', operation: 'remove' },
		fields: (field) => ({ eventId: field('id'), attendees: field('invited') }),
	},
	'new room': {
		...{ resource: 'meetingRoom', operation: 'book' },
		fields: (field) => ({ eventId: field('id'), rooms: field('otherRoom') }),
	},
	'room to release': {
		...{ resource: 'meetingRoom', operation: 'cancel' },
		fields: (field) => ({ eventId: field('id'), rooms: field('room') }),
	},
	deletion: { resource: 'event', operation: 'delete', fields: (field) => ({ eventId: field('id') }) },
	'deletion of a calendar': {
		...{ resource: 'subscriptionCalendar', operation: 'delete', hasNoKey: true },
		fields: (field) => ({ calendarId: field('calendarId') }),
	},
	'deletion of a share': {
		...{ resource: 'accessControl', operation: 'delete', hasNoKey: true },
		fields: (field) => ({ aclId: field('aclId') }),
	},
} as const satisfies Record<string, WriteKind>;

export type Kind = keyof typeof WRITES;
export const KINDS = Object.keys(WRITES) as Kind[];

export const hasKey = (kind: Kind): boolean => !('hasNoKey' in WRITES[kind]);

export const OTHER_YEAR = '2027';

/** Two items that fit all kinds, each with things of its own. They are read by their times, too, which are years apart. */
export function rowsFor(desk: Desk): IDataObject[] {
	const { world } = desk.simulator;
	const [owner, invited, , ...guests] = desk.people.map(({ unionId }) => unionId);
	const [room, other, ...moreRooms] = roomsOf(desk).map(({ roomId }) => roomId);
	return ['X', 'Y'].map((title, index) => {
		const id = plant(desk, desk.people[0], { attendees: [{ id: invited }], showAs: 'free' });
		reserve(desk, id, [[room, other][index]]);
		const day = `${index === 0 ? '2026' : OTHER_YEAR}-03-05`;
		const scope = { unionIds: [invited], openConversationIds: [], corpIds: [] };
		const draft = { name: `Calendar ${title}`, description: '', managers: [], subscribeScope: scope };
		return {
			...{ title, start: `${day}T10:00`, end: `${day}T11:00` },
			...{ id, invited, guest: guests[index], room: [room, other][index], otherRoom: moreRooms[index] },
			calendarId: world.use(SubscribedCalendars).create(owner, draft).calendarId,
			// Of people who are not the guests.
			aclId: world.use(AclStore).grant(owner, guests[2 + index], 'reader').aclId,
		};
	});
}

export const parametersFor = (
	desk: Desk,
	kind: Kind,
	field: Field,
	runOptions: INodeParameters = {},
): INodeParameters => {
	const { resource, operation, fields, ...more } = WRITES[kind];
	const user = desk.people['user' in more ? more.user : 0].unionId;
	return { resource, operation, user, ...fields(field), runOptions: { concurrency: 1, ...runOptions } };
};

/** Whether a request names the item, or one of its things. */
export function isAbout({ path, body }: RecordedCall, { title, guest, id, calendarId, aclId }: IDataObject): boolean {
	const text = JSON.stringify(body ?? {});
	return (
		[id, calendarId, aclId].some((one) => path.includes(encodeURIComponent(String(one)))) ||
		[title, guest].some((one) => text.includes(`"${String(one)}"`))
	);
}

/** How many things there are that an item of a creating kind makes. */
export async function countMade(desk: Desk, { title, guest }: IDataObject): Promise<number> {
	const { subscribedCalendars, acls } = await stateOf(desk);
	const events = (await remembered(desk)).filter(({ status }) => status !== 'cancelled');
	const names = [...events.map(({ summary }) => summary), ...subscribedCalendars.map(({ name }) => name)];
	return Math.max(
		names.filter((name) => name === title).length,
		acls.filter(({ grantee }) => grantee === guest).length,
	);
}

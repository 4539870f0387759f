import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { resources } from '../../nodes/DingTalkCalendar/resources';
import { CheckIns } from '../simulator/checkIn/store';
import { AclStore } from '../simulator/sharing/aclStore';
import { SubscribedCalendars } from '../simulator/subscriptions/store';
import { errorOf } from './harness';
import { hour, plant } from './support/events';
import { useDesk } from './support/setup';
import { reserve, roomsOf } from './support/state';

interface Schema {
	type: string;
	properties?: Record<string, Schema>;
	items?: Schema;
}

const desk = useDesk();

const schemaOf = (id: string): Schema => {
	const file = join(__dirname, '../../nodes/DingTalkCalendar/__schema__/v1.0.0', `${id.replace('.', '/')}.json`);
	return JSON.parse(readFileSync(file, 'utf8')) as Schema;
};

const typeOf = (value: unknown): string => (Array.isArray(value) ? 'array' : typeof value);

/** Where a value is not what the schema says; nothing is known of null, which any part may be. */
function differences(value: unknown, schema: Schema, place = 'item'): string[] {
	if (value === null) return [];
	if (typeOf(value) !== schema.type) return [`${place} is ${typeOf(value)}, not ${schema.type}`];
	if (Array.isArray(value)) {
		return value.flatMap((entry, i) => (schema.items ? differences(entry, schema.items, `${place}[${i}]`) : [`${place} has no items`]));
	}
	if (schema.type !== 'object') return [];
	const fields = value as IDataObject;
	const known = schema.properties ?? {};
	return [...new Set([...Object.keys(fields), ...Object.keys(known)])].flatMap((name) => {
		if (!(name in known)) return [`${place}.${name} is not in the schema`];
		if (!(name in fields)) return [`${place}.${name} is missing`];
		return differences(fields[name], known[name], `${place}.${name}`);
	});
}

/** Names of parts that stay empty, so that their type would not be seen. */
const unseen = (value: unknown, place = 'item'): string[] => {
	if (Array.isArray(value)) return value.length === 0 ? [place] : value.flatMap((entry, i) => unseen(entry, `${place}[${i}]`));
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([name, part]) => unseen(part, `${place}.${name}`));
};

/** An event with everything on it: guests, one of whom came and left, and rooms, one of which waits for an approval. */
function meeting(): string {
	const [host, anna, ben] = desk().people;
	const eventId = plant(desk(), host, {
		...hour(3, 10),
		location: { displayName: 'Hall' },
		attendees: [anna, ben].map(({ unionId }) => ({ id: unionId })),
		onlineMeetingInfo: { type: 'dingtalk' },
	});
	reserve(desk(), eventId, [roomsOf(desk())[0].roomId, roomsOf(desk())[6].roomId]);
	const checkIns = desk().simulator.world.use(CheckIns);
	for (const side of ['in', 'out'] as const) checkIns.record(eventId, anna.unionId, side);
	return eventId;
}

const series = (): string =>
	plant(desk(), desk().people[0], {
		...hour(3, 10),
		recurrence: { pattern: { type: 'daily', interval: 1 }, range: { type: 'numbered', numberOfOccurrences: 3 } },
	});

const share = (): string => {
	const [owner, anna] = desk().people;
	return desk().simulator.world.use(AclStore).grant(owner.unionId, anna.unionId, 'reader').aclId;
};

/** A calendar of the first person, which the second may subscribe to; every part of it is filled. */
function offer(author = 0): string {
	const { company } = desk().simulator.world;
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
	return desk().simulator.world.use(SubscribedCalendars).create(company.people[author].unionId, draft).calendarId;
}

const DAY = { timeMin: '2026-03-03T00:00', timeMax: '2026-03-04T00:00' };
const on = (): INodeParameters => ({ eventId: meeting() });
const anna = (): string => desk().people[1].unionId;
const room = (position: number): string => roomsOf(desk())[position].roomId;

/** What each operation is given here; everything not named is as the form has it at first. */
const CASES: Record<string, () => INodeParameters> = {
	'accessControl.create': () => ({ grantee: anna() }),
	'accessControl.delete': () => ({ aclId: share() }),
	'accessControl.getAll': () => {
		share();
		return {};
	},
	'attendee.add': () => ({ ...on(), attendees: desk().people[3].unionId }),
	'attendee.getAll': on,
	'attendee.remove': () => ({ ...on(), attendees: anna() }),
	'attendee.sync': () => ({ ...on(), attendees: desk().people[3].unionId }),
	'calendar.getAll': () => {
		offer();
		share();
		return {};
	},
	'calendar.subscribe': () => ({ calendarId: offer(1) }),
	'calendar.unsubscribe': () => ({ calendarId: offer() }),
	'checkIn.checkIn': on,
	'checkIn.checkOut': on,
	'checkIn.getCheckIns': on,
	'checkIn.getCheckInLink': on,
	'checkIn.getCheckOuts': on,
	'checkIn.getCheckOutLink': on,
	'event.cancel': on,
	'event.create': () => ({
		summary: 'Meeting',
		start: '2026-03-03T10:00',
		end: '2026-03-03T11:00',
		additionalFields: { attendees: anna(), location: 'Hall', onlineMeeting: true },
	}),
	'event.delete': on,
	'event.get': on,
	'event.getAll': () => {
		meeting();
		return DAY;
	},
	'event.getInstances': () => ({ eventId: series(), ...DAY }),
	'event.transfer': () => ({ ...on(), newOrganizer: anna() }),
	'event.update': () => ({ ...on(), updateFields: { summary: 'Renamed' } }),
	'freeBusy.get': () => {
		meeting();
		return { people: [desk().people[0].unionId, anna()].join(), ...DAY };
	},
	'meetingRoom.book': () => ({ ...on(), rooms: [room(1), room(6)].join() }),
	'meetingRoom.cancel': () => ({ ...on(), rooms: room(0) }),
	'meetingRoom.getAll': () => ({}),
	'meetingRoom.getFreeBusy': () => {
		meeting();
		return { rooms: room(0), ...DAY };
	},
	'meetingRoom.respond': () => ({ ...on(), roomId: room(6), responseStatus: 'accepted' }),
	'response.getSummary': on,
	'response.set': () => ({ ...on(), responseStatus: 'accepted' }),
	'subscriptionCalendar.create': () => ({ name: 'Holidays', scopePeople: anna() }),
	'subscriptionCalendar.delete': () => ({ calendarId: offer() }),
	'subscriptionCalendar.get': () => ({ calendarId: offer() }),
	'subscriptionCalendar.update': () => ({ calendarId: offer(), updateFields: { name: 'Feasts' } }),
};

const ids = resources.flatMap(({ value, operations }) => operations.map((operation) => `${value}.${operation.value}`));

describe('what comes out of an operation', () => {
	it('is looked at for every operation there is, and for no other', () => {
		expect(Object.keys(CASES).sort()).toEqual([...ids].sort());
	});

	it.each(ids)('has the names and types that n8n shows before anything was run: %s', async (id) => {
		const [resource, operation] = id.split('.');
		const { run, items } = await desk().runNode({
			parameters: { resource, operation, user: desk().people[0].unionId, ...CASES[id]() },
		});
		expect(errorOf(run)).toBeUndefined();
		expect(items.length).toBeGreaterThan(0);
		const schema = schemaOf(id);
		expect(items.flatMap((item) => differences(item, schema))).toEqual([]);
		expect(unseen(items[0])).toEqual([]);
	});

	it('would not pass with a name or a type too many, too few or another', () => {
		const schema: Schema = { type: 'object', properties: { id: { type: 'string' }, rows: { type: 'array', items: { type: 'number' } } } };
		expect(differences({ id: 'a', rows: [1] }, schema)).toEqual([]);
		expect(differences({ id: null, rows: null }, schema)).toEqual([]);
		expect(differences({ id: 1, rows: ['1'] }, schema)).toEqual(['item.id is number, not string', 'item.rows[0] is string, not number']);
		expect(differences({ id: 'a', more: 1 }, schema)).toEqual(['item.more is not in the schema', 'item.rows is missing']);
	});
});

/** What each operation is given in a history, and what it must have done to DingTalk when it says that it is done. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { CalendarStore } from '../simulator/calendar/calendarStore';
import type { Person } from '../simulator/company';
import { AclStore } from '../simulator/sharing/aclStore';
import type { World } from '../simulator/world';
import { readFacts, things, type Thing } from './facts';
import { fieldOf } from './flows';
import type { ItemSpec, OperationName, Run } from './history';

/** A fact as it must be once the item is done; undefined where there must be none. */
export interface Effect {
	fact: string;
	value: string | undefined;
}

export interface Creation {
	kind: Thing['kind'];
	name: string;
	people: string[];
	/** DingTalk recognizes the request when it comes again. */
	isIdempotent: boolean;
	/** The operation deletes what it has created where it cannot do the rest. */
	isUndone?: true;
}

export interface PlannedItem {
	json: IDataObject;
	/** Items about the same thing keep their order. */
	thing: string;
	effects: Effect[];
	creates?: Creation;
	/** What the output must say, field by field. */
	says: IDataObject;
}

export interface Plan {
	parameters: INodeParameters;
	items: PlannedItem[];
}

type PlanItem = Omit<PlannedItem, 'json'> & { input: IDataObject };

interface Operation {
	/** The parameters, with `field(name)` where the item's own value goes. */
	parameters(field: (name: string) => string, world: World): INodeParameters;
	item(spec: ItemSpec, world: World, keyed: boolean): PlanItem;
}

/** The rooms and the time of a meeting that is booked with this value. */
export const meetingRooms = ({ company }: World): string[] => [0, 1, 2].map((index) => company.rooms[index].roomId);
export const meetingTimes = (value: number): { start: string; end: string } => {
	const day = `2026-03-${16 + value}`;
	return { start: `${day}T10:00`, end: `${day}T11:00` };
};

const TIMES = { start: '2026-03-10T10:00', end: '2026-03-10T11:00' };
const START = new Date(`${TIMES.start}+08:00`).toISOString();
const RESPONSES = ['accepted', 'declined', 'tentative'];
const PRIVILEGES = ['reader', 'writer'];

export const organizerOf = ({ company }: World): Person => company.people[0];

/** One of the three who are invited here and there. */
export const guestOf = ({ company }: World, who: number): Person => company.people[1 + (who % 3)];

const pick = <T>(list: T[], index: number): T | undefined => list[index % Math.max(1, list.length)];

/** Events that no key belongs to, those that are gone among them; with `before`, only those that there were then. */
export const eventAt = (world: World, target: number, before = things(world)): string =>
	pick(
		[...before.values()].filter(({ kind, key }) => kind === 'event' && key === undefined),
		target,
	)?.id ?? 'none';

/** What releases the room of the meeting that was booked with this value and a key. */
export function roomOf(world: World, { value }: ItemSpec): ItemSpec | undefined {
	const meetings = [...things(world).values()].filter(({ kind, key }) => kind === 'event' && key === undefined);
	const target = meetings.findIndex(({ name, isGone: gone }) => name === `KB${value}` && !gone);
	const facts = readFacts(world);
	const who = meetingRooms(world).findIndex(
		(roomId) => facts.get(`event ${meetings[target]?.id} room ${roomId}`) === 'accepted',
	);
	return who < 0 ? undefined : { target, who, value };
}

/** Events of Create or Update. */
export const keyedEventAt = (target: number, before: Map<string, Thing>): string =>
	pick(
		[...before.values()].filter(({ key, isGone: gone }) => key !== undefined && !gone),
		target,
	)?.id ?? 'none';

export const calendarAt = (world: World, target: number, before = things(world)): string =>
	pick(
		[...before.values()].filter(({ kind }) => kind === 'calendar'),
		target,
	)?.id ?? '0'.repeat(32);

const onEvent = (field: (name: string) => string, world: World): INodeParameters => ({
	user: organizerOf(world).unionId,
	eventId: field('event'),
});

/** The guests are these, and nobody else of those whom a history invites. */
const exactly = (about: string, guests: Person[], world: World): Effect[] =>
	[0, 1, 2].map((who) => {
		const { unionId } = guestOf(world, who);
		return {
			fact: `${about} guest ${unionId}`,
			value: guests.some((guest) => guest.unionId === unionId) ? 'invited' : undefined,
		};
	});

function guestList({ who, value }: ItemSpec, world: World): Person[] {
	const first = guestOf(world, who);
	return value % 2 === 0 ? [first] : [first, guestOf(world, who + 1)];
}

const ids = (people: Person[]): string => people.map(({ unionId }) => unionId).join();

export const OPERATION: Record<OperationName, Operation> = {
	createEvent: {
		parameters: (field, world) => ({
			...{ resource: 'event', operation: 'create', user: organizerOf(world).unionId, ...TIMES },
			summary: field('title'),
			additionalFields: { attendees: field('guest') },
		}),
		item({ who, value }, world, keyed) {
			const guest = guestOf(world, keyed ? value : who);
			const name = `${keyed ? 'K' : 'T'}${value}`;
			return {
				input: { title: name, guest: guest.unionId, key: name },
				thing: `new ${name} ${guest.unionId}`,
				effects: [],
				creates: { kind: 'event', name, people: [guest.unionId], isIdempotent: true },
				says: { summary: name },
			};
		},
	},
	updateEvent: {
		parameters: (field, world) => ({
			...{ resource: 'event', operation: 'update', ...onEvent(field, world) },
			updateFields: { summary: field('title') },
		}),
		item({ target, value }, world) {
			const id = eventAt(world, target);
			return {
				input: { event: id, title: `U${value}`, key: `Q${id}` },
				thing: `event ${id}`,
				effects: [{ fact: `event ${id} title`, value: `U${value}` }],
				says: { id, summary: `U${value}` },
			};
		},
	},
	replaceGuests: {
		parameters: (field, world) => ({
			...{ resource: 'event', operation: 'update', ...onEvent(field, world) },
			updateFields: {
				summary: field('title'),
				attendeeChange: { change: { mode: 'replace', attendees: field('guests') } },
			},
		}),
		item(spec, world) {
			const id = eventAt(world, spec.target);
			const guests = guestList(spec, world);
			return {
				input: { event: id, title: `R${spec.value}`, guests: ids(guests), key: `Q${id}` },
				thing: `event ${id}`,
				effects: [{ fact: `event ${id} title`, value: `R${spec.value}` }, ...exactly(`event ${id}`, guests, world)],
				says: { id, summary: `R${spec.value}` },
			};
		},
	},
	createOrUpdate: {
		parameters: (field, world) => ({
			...{ resource: 'event', operation: 'upsert', user: organizerOf(world).unionId, ...TIMES },
			externalKey: field('key'),
			summary: field('title'),
			additionalFields: { attendees: field('guests') },
		}),
		item(spec, world) {
			const key = `X${spec.target % 2}`;
			const guests = guestList(spec, world);
			return {
				input: { key, title: `U${spec.value}`, guests: ids(guests) },
				thing: `key ${key}`,
				effects: [
					{ fact: `key ${key}`, value: 'there' },
					{ fact: `key ${key} title`, value: `U${spec.value}` },
					{ fact: `key ${key} start`, value: START },
					...exactly(`key ${key}`, guests, world),
				],
				says: {},
			};
		},
	},
	deleteEvent: {
		parameters: (field, world) => ({ resource: 'event', operation: 'delete', ...onEvent(field, world) }),
		item({ target }, world) {
			const id = eventAt(world, target);
			return {
				input: { event: id, key: `Q${id}` },
				thing: `event ${id}`,
				effects: [{ fact: `event ${id}`, value: 'gone' }],
				says: { id, deleted: true },
			};
		},
	},
	addGuest: {
		parameters: (field, world) => ({
			...{ resource: 'attendee', operation: 'add', ...onEvent(field, world) },
			attendees: field('guest'),
		}),
		item({ target, who }, world) {
			const id = eventAt(world, target);
			const { unionId } = guestOf(world, who);
			return {
				input: { event: id, guest: unionId, key: `Q${id} ${unionId}` },
				thing: `event ${id}`,
				effects: [{ fact: `event ${id} guest ${unionId}`, value: 'invited' }],
				says: { id },
			};
		},
	},
	removeGuest: {
		parameters: (field, world) => ({
			...{ resource: 'attendee', operation: 'remove', ...onEvent(field, world) },
			attendees: field('guest'),
		}),
		item({ target, who }, world) {
			const id = eventAt(world, target);
			const { unionId } = guestOf(world, who);
			return {
				input: { event: id, guest: unionId, key: `Q${id} ${unionId}` },
				thing: `event ${id}`,
				effects: [{ fact: `event ${id} guest ${unionId}`, value: undefined }],
				says: { id },
			};
		},
	},
	syncGuests: {
		parameters: (field, world) => ({
			...{ resource: 'attendee', operation: 'sync', ...onEvent(field, world) },
			attendees: field('guests'),
		}),
		item(spec, world) {
			const id = eventAt(world, spec.target);
			const guests = guestList(spec, world);
			return {
				input: { event: id, guests: ids(guests), key: `Q${id}` },
				thing: `event ${id}`,
				effects: exactly(`event ${id}`, guests, world),
				says: { id },
			};
		},
	},
	respond: {
		parameters: (field) => ({
			...{ resource: 'response', operation: 'set', user: field('guest'), eventId: field('event') },
			responseStatus: field('response'),
		}),
		item({ target, who, value }, world) {
			const id = eventAt(world, target);
			const { unionId } = guestOf(world, who);
			const response = RESPONSES[value % RESPONSES.length];
			return {
				input: { event: id, guest: unionId, response, key: `Q${id} ${unionId}` },
				thing: `event ${id}`,
				effects: [{ fact: `event ${id} response ${unionId}`, value: response }],
				says: { id, responseStatus: response },
			};
		},
	},
	bookRoom: {
		parameters: (field, world) => ({
			...{ resource: 'meetingRoom', operation: 'book', ...onEvent(field, world) },
			rooms: field('room'),
		}),
		item({ target, who }, world) {
			const id = eventAt(world, target);
			const { roomId } = world.company.rooms[who % 3];
			return {
				input: { event: id, room: roomId, key: `Q${id} ${roomId}` },
				thing: `event ${id}`,
				effects: [{ fact: `event ${id} room ${roomId}`, value: 'accepted' }],
				says: { id },
			};
		},
	},
	releaseRoom: {
		parameters: (field, world) => ({
			...{ resource: 'meetingRoom', operation: 'cancel', ...onEvent(field, world) },
			rooms: field('room'),
		}),
		item({ target, who }, world) {
			const id = eventAt(world, target);
			const { roomId } = world.company.rooms[who % 3];
			return {
				input: { event: id, room: roomId, key: `Q${id} ${roomId}` },
				thing: `event ${id}`,
				effects: [{ fact: `event ${id} room ${roomId}`, value: undefined }],
				says: { id },
			};
		},
	},
	createCalendar: {
		parameters: (field, world) => ({
			...{ resource: 'subscriptionCalendar', operation: 'create', user: organizerOf(world).unionId },
			name: field('name'),
			scopePeople: field('guest'),
		}),
		item({ value }, world, keyed) {
			const name = `${keyed ? 'KC' : 'C'}${value}`;
			const { unionId } = guestOf(world, 0);
			return {
				input: { name, guest: unionId, key: name },
				thing: `new ${name}`,
				effects: [],
				creates: { kind: 'calendar', name, people: [unionId], isIdempotent: false },
				says: { name },
			};
		},
	},
	updateCalendar: {
		parameters: (field, world) => ({
			...{ resource: 'subscriptionCalendar', operation: 'update', user: organizerOf(world).unionId },
			calendarId: field('calendar'),
			updateFields: { scopePeople: field('guests') },
		}),
		item(spec, world) {
			const id = calendarAt(world, spec.target);
			const guests = guestList(spec, world);
			const people = guests
				.map(({ unionId }) => unionId)
				.sort()
				.join();
			return {
				input: { calendar: id, guests: ids(guests), key: `Q${id}` },
				thing: `calendar ${id}`,
				effects: [{ fact: `calendar ${id} people`, value: people }],
				says: { calendarId: id },
			};
		},
	},
	deleteCalendar: {
		parameters: (field, world) => ({
			...{ resource: 'subscriptionCalendar', operation: 'delete', user: organizerOf(world).unionId },
			calendarId: field('calendar'),
		}),
		item({ target }, world) {
			const id = calendarAt(world, target);
			return {
				input: { calendar: id, key: `Q${id}` },
				thing: `calendar ${id}`,
				effects: [{ fact: `calendar ${id}`, value: undefined }],
				says: { deleted: true, calendarId: id },
			};
		},
	},
	share: {
		parameters: (field) => ({
			...{ resource: 'accessControl', operation: 'create', user: field('owner') },
			grantee: field('guest'),
			privilege: field('privilege'),
		}),
		item({ who, value }, world) {
			const { unionId } = guestOf(world, who);
			const privilege = PRIVILEGES[value % 2];
			const owner = organizerOf(world);
			const thing = `share ${owner.unionId} ${unionId}`;
			return {
				// One person, written in two ways.
				input: { owner: value < 2 ? owner.unionId : owner.mobile, guest: unionId, privilege, key: `Q${unionId}` },
				thing,
				effects: [{ fact: thing, value: privilege }],
				says: { privilege, userId: unionId },
			};
		},
	},
	unshare: {
		parameters: (field, world) => ({
			...{ resource: 'accessControl', operation: 'delete', user: organizerOf(world).unionId },
			aclId: field('acl'),
		}),
		item({ target }, world) {
			const acl = pick(world.use(AclStore).grantedBy(organizerOf(world).unionId), target);
			const id = acl?.aclId ?? '0'.repeat(32);
			const thing = `share ${acl?.owner ?? 'none'} ${acl?.grantee ?? 'none'}`;
			return {
				input: { acl: id, key: `Q${id}` },
				thing,
				effects: [{ fact: thing, value: undefined }],
				says: { deleted: true, aclId: id },
			};
		},
	},
	bookMeeting: {
		parameters: (field, world) => ({
			...{ resource: 'event', operation: 'book', user: organizerOf(world).unionId },
			...{ summary: field('title'), start: field('start'), end: field('end') },
			...{ roomChoice: 'list', rooms: meetingRooms(world).join() },
			...{ additionalFields: { attendees: field('guest') }, options: { onlyIfFree: 'nobody' } },
		}),
		item({ who, value }, world, keyed) {
			const guest = guestOf(world, keyed ? value : who);
			const name = `${keyed ? 'KB' : 'B'}${value}`;
			return {
				input: { title: name, ...meetingTimes(value), guest: guest.unionId, key: name },
				thing: `new ${name} ${guest.unionId}`,
				effects: [],
				creates: { kind: 'event', name, people: [guest.unionId], isIdempotent: true, isUndone: true },
				says: { summary: name, booked: true },
			};
		},
	},
	createAccount: {
		parameters: (field, world) => ({
			...{ resource: 'calendar', operation: 'createCaldavAccount', user: organizerOf(world).unionId },
			device: field('name'),
		}),
		item({ value }) {
			const name = `D${value}`;
			return {
				input: { name, key: name },
				thing: `new ${name}`,
				effects: [],
				creates: { kind: 'account', name, people: [], isIdempotent: false },
				says: { serverAddress: 'calendar.dingtalk.com' },
			};
		},
	},
};

/** Whether the event is gone, so that nothing more can be done to it. */
export const isGone = (world: World, id: string): boolean => world.use(CalendarStore).byId(id)?.cancelled ?? true;

const firstOfEach = (items: PlannedItem[], nameOf: (item: PlannedItem) => string): PlannedItem[] =>
	items.filter((item, index) => items.findIndex((other) => nameOf(other) === nameOf(item)) === index);

export function plan(run: Run, world: World): Plan {
	const isTool = run.as !== 'node';
	const field = (name: string): string => (isTool ? `={{ $fromAI('${name}') }}` : fieldOf(run, name));
	const operation = OPERATION[run.operation];
	const parameters = operation.parameters(field, world);
	parameters.runOptions = {
		concurrency: run.concurrency,
		...(run.keyed ? { idempotencyKey: field('key') } : {}),
	};
	const items = run.items.map((spec): PlannedItem => {
		const { input, ...planned } = operation.item(spec, world, run.keyed);
		return { json: input, ...planned };
	});
	// An agent that asks for the same twice may want it twice or may try again; nobody can tell.
	if (isTool) return { parameters, items: firstOfEach(items, ({ json }) => JSON.stringify(json)) };
	// In another round, a key that was used names what it has created.
	const isRepeated = run.keyed && run.flow !== 'once';
	return { parameters, items: isRepeated ? firstOfEach(items, ({ json }) => String(json.key)) : items };
}

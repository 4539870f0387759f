/** Tests 'Book a Meeting' where two executions book the same meeting: what one of them has booked, the other does not undo. */
import type { IDataObject, INodeParameters, IRun } from 'n8n-workflow';

import { unclear } from '../faults/clear';
import { CalendarStore } from '../simulator/calendar/calendarStore';
import type { EventView } from '../simulator/calendar/model';
import { errorOf, outputOf, storedTextOf, TESTED_NODE } from './harness';
import { booking } from './support/bookings';
import { callsOf, hour, plant, type Remembered } from './support/events';
import { interfere, rivalTakes, type Interference } from './support/interference';
import { useDesk, useNowAsToday } from './support/setup';
import { roomsOf, stateOf } from './support/state';

const desk = useDesk({ waits: 'skipped' });
useNowAsToday();

const TITLE = 'Budget review';
const HOUR = 3_600_000;
const FORBIDDEN = { do: 'status', status: 403, code: 'Forbidden.AccessDenied.AccessTokenPermissionDenied' } as const;
const REFUSED = { do: 'status', status: 400, code: 'invalidParameter', message: '参数错误' } as const;

const order = (more: INodeParameters = {}): INodeParameters =>
	booking(desk(), TITLE, {
		additionalFields: { attendees: desk().people[1].unionId },
		options: { onlyIfFree: 'nobody' },
		...more,
	});

const keyed = (more: INodeParameters = {}): INodeParameters =>
	order({ runOptions: { idempotencyKey: 'review' }, ...more });

async function left(): Promise<{ own: Remembered[]; rooms: string[][] }> {
	const { events, roomBookings } = await stateOf(desk());
	const own = events.filter(({ summary, status }) => summary === TITLE && status !== 'cancelled');
	const held = roomBookings.filter(({ eventId }) => own.some(({ id }) => id === eventId));
	return { own, rooms: held.map(({ roomId, responseStatus }) => [roomId, responseStatus]) };
}

const isBooking: (method: string, path: string) => boolean = (method, path) =>
	method === 'POST' && path.endsWith('/meetingRooms');
const isEvent: (method: string, path: string) => boolean = (method, path) =>
	method === 'GET' && /\/events\/[^/]+$/.test(path);

const takeRoom = (position: number): void => {
	rivalTakes(desk(), desk().people[5], roomsOf(desk())[position].roomId, hour(3, 10));
};

/** Runs the node in another process of the same n8n. */
async function elsewhere(
	run: Partial<{ parameters: INodeParameters; executionId: string; retryOf: IRun; signal: AbortSignal }>,
): Promise<IRun> {
	const { engine, credential } = await desk().anotherProcess();
	const again = await engine.runNode({ parameters: keyed(), credential, timezone: 'Asia/Shanghai', ...run });
	await engine.stop();
	return again;
}

/** Books with a key, and again in another process, where this happens between the calls. */
async function bookTwice(
	act: Interference,
	more: INodeParameters = {},
	signal?: AbortSignal,
): Promise<{ first: IDataObject; again: IRun }> {
	const parameters = keyed(more);
	const { items } = await desk().runNode({ parameters });
	interfere(desk(), act);
	return { first: items[0], again: await elsewhere({ parameters, signal }) };
}

async function expectToStand({ id }: IDataObject, room: string | null = roomsOf(desk())[0].roomId): Promise<void> {
	const { own, rooms } = await left();
	expect(own.map((event) => event.id)).toEqual([id]);
	expect(rooms).toEqual(room === null ? [] : [[room, 'accepted']]);
}

describe('a meeting that another process books again with the same key', () => {
	it('is returned with its room when every other room is taken in the meantime', async () => {
		const { first, again } = await bookTwice((_, method, path) => {
			if (isBooking(method, path)) takeRoom(1);
			return undefined;
		});
		await expectToStand(first);
		expect(outputOf(again, TESTED_NODE)).toMatchObject([
			{ id: first.id, booked: true, room: { roomId: roomsOf(desk())[0].roomId } },
		]);
	});

	it('is returned with its room when the other process may book none', async () => {
		const { first, again } = await bookTwice((_, method, path) => (isBooking(method, path) ? FORBIDDEN : undefined));
		await expectToStand(first);
		expect(outputOf(again, TESTED_NODE)).toMatchObject([
			{ id: first.id, booked: true, room: { roomId: roomsOf(desk())[0].roomId } },
		]);
	});

	it('keeps its room if DingTalk refuses to book the same room again', async () => {
		let checked = false;
		const rooms = roomsOf(desk())[0].roomId;
		const { items } = await desk().runNode({ parameters: keyed() });
		// The room looks free to the second process, which asks for it.
		interfere(desk(), (_, method, path) => {
			if (!checked && path.endsWith('/schedules/query')) {
				checked = true;
				return { do: 'status', status: 200, body: { scheduleInformation: [{ roomId: rooms, scheduleItems: [] }] } };
			}
			return isBooking(method, path) ? REFUSED : undefined;
		});
		const again = await elsewhere({ parameters: keyed({ rooms }) });
		expect(checked).toBe(true);
		await expectToStand(items[0]);
		expect(outputOf(again, TESTED_NODE)).toMatchObject([{ id: items[0].id, booked: true, room: { roomId: rooms } }]);
	});

	it.each([
		['truncate', 'truncate' as const],
		['emptyBody', 'emptyBody' as const],
		['throttleQpm', 'throttleQpm' as const],
		['throttleQps', 'throttleQps' as const],
		['429', { do: 'status', status: 429, code: 'system.busy', message: 'request too frequent' } as const],
	])('is left in place where it cannot be read (%s), and the error says what stands and what to do', async (_, how) => {
		const { first, again } = await bookTwice((__, method, path) => (isEvent(method, path) ? how : undefined));
		const { own } = await left();
		expect(own.map(({ id }) => id)).toEqual([first.id]);
		const error = errorOf(again);
		const id = String(first.id);
		expect(error?.message).toContain(
			`It is unknown whether the meeting is booked, and its event was left in place (ID ${id})`,
		);
		expect(error?.message).toContain(
			`Done: create the event (ID ${id}). Unknown: book the room ${roomsOf(desk())[1].roomId}.`,
		);
		expect(error?.description).toContain(`Open the event ${id} in the organizer's calendar.`);
		expect(`${error?.message} ${error?.description}`).not.toMatch(/run this again|try again|could not be deleted/i);
		expect(
			unclear(
				{ message: error?.message ?? '', description: error?.description ?? '', stored: storedTextOf(again) },
				{ secrets: ['sim-secret'], mayBeDone: false },
			),
		).toEqual([]);
	});

	it('stands when the other process is stopped', async () => {
		const stop = new AbortController();
		const { first, again } = await bookTwice(
			(_, method, path) => {
				if (isBooking(method, path)) stop.abort();
				return undefined;
			},
			{},
			stop.signal,
		);
		await expectToStand(first);
		expect(again.status).toBe('canceled');
		expect((await callsOf(desk())).filter(({ method, path }) => method === 'DELETE' && /events/.test(path))).toEqual(
			[],
		);
	});

	it('stands when the other process is stopped while it waits for an answer about a second room, and the error calls that room unknown', async () => {
		const stop = new AbortController();
		const { first, again } = await bookTwice(
			(_, method, path) => {
				if (!isBooking(method, path)) return undefined;
				stop.abort();
				return 'dropBeforeCommit';
			},
			{},
			stop.signal,
		);
		await expectToStand(first);
		const [kept, second] = roomsOf(desk());
		expect(errorOf(again)?.message).toContain(
			`Done: create the event (ID ${String(first.id)}); book the room ${kept.roomName} (ID ${kept.roomId}). Unknown: book the room ${second.roomId}.`,
		);
	});

	it('is found with its room by a stopped process that runs again, which does not book and release a second room once more', async () => {
		const { items } = await desk().runNode({ parameters: keyed() });
		const { engine, credential } = await desk().anotherProcess();
		const stop = new AbortController();
		const bookings = async (): Promise<number> =>
			(await callsOf(desk())).filter(({ method, path }) => isBooking(method, path)).length;
		interfere(desk(), (_, method, path) => {
			if (isBooking(method, path)) stop.abort();
			return undefined;
		});
		const run = { parameters: keyed(), credential, timezone: 'Asia/Shanghai', executionId: '8' };
		await engine.runNode({ ...run, signal: stop.signal });
		const before = await bookings();
		const again = await engine.runNode(run);
		await engine.stop();
		expect(before).toBe(2);
		expect(await bookings()).toBe(before);
		await expectToStand(items[0]);
		expect(outputOf(again, TESTED_NODE)).toMatchObject([{ id: items[0].id, booked: true }]);
	});

	it('stands without a room when the other process is stopped right after the repeated creation', async () => {
		const stop = new AbortController();
		const { first } = await bookTwice(
			(_, method, path) => {
				if (method === 'POST' && path.endsWith('/events')) stop.abort();
				return undefined;
			},
			{ roomChoice: 'none' },
			stop.signal,
		);
		await expectToStand(first, null);
	});

	it('stands where another event looks like it, and the error names both', async () => {
		await desk().control('switches', { finishedDuplicate: 'conflict' });
		const { items } = await desk().runNode({ parameters: keyed() });
		const twin = plant(desk(), desk().people[0], { ...hour(3, 10), summary: TITLE });
		const again = await elsewhere({});
		const { own } = await left();
		expect(own.map(({ id }) => id).sort()).toEqual([items[0].id, twin].sort());
		expect(errorOf(again)?.message).toContain('it is unknown which of these it is: ');
		for (const { id } of own) expect(errorOf(again)?.message).toContain(id);
		expect(errorOf(again)?.message).toContain('Done: create the event. Not done: book the meeting.');
	});

	const changeByHand = (id: unknown, change: (store: CalendarStore, view: EventView) => void): void => {
		const store = desk().simulator.world.use(CalendarStore);
		const view = store.byId(String(id));
		if (!view) throw new Error('The meeting is missing');
		change(store, view);
	};

	it('is not booked a second time after its title was changed, where DingTalk says only that it was created, and the error says so', async () => {
		await desk().control('switches', { finishedDuplicate: 'conflict' });
		const { items } = await desk().runNode({ parameters: keyed() });
		changeByHand(items[0].id, (_, view) => (view.details.summary = 'Renamed'));
		const again = await elsewhere({});
		const standing = (await stateOf(desk())).events.filter(({ status }) => status !== 'cancelled');
		expect(standing.map(({ id }) => id)).toEqual([items[0].id]);
		expect(errorOf(again)?.message).toContain('An earlier request created the event, but it was not found');
		expect(errorOf(again)?.message).toContain('Done: create the event. Unknown: book a room.');
		expect(errorOf(again)?.description).toContain("another 'Idempotency Key'");
	});

	it('is booked again after it was deleted by hand, where DingTalk says only that it was created', async () => {
		await desk().control('switches', { finishedDuplicate: 'conflict' });
		const { items } = await desk().runNode({ parameters: keyed() });
		changeByHand(items[0].id, (store, view) => store.cancel(view, desk().people[0].unionId));
		const again = await elsewhere({});
		const { own, rooms } = await left();
		expect(own).toHaveLength(1);
		expect(rooms).toHaveLength(1);
		expect(outputOf(again, TESTED_NODE)).toMatchObject([{ id: own[0].id, booked: true }]);
	});

	it.each<[string, () => INodeParameters, string]>([
		['people are', () => ({ options: {} }), 'not everyone is free: 陈志远'],
		['its only room is', () => ({ rooms: roomsOf(desk())[0].roomId }), 'no room is free'],
	])('may stand, says the error, where %s busy with it', async (_, more, why) => {
		const { first, again } = await bookTwice(() => undefined, more());
		await expectToStand(first);
		const { message, description } = errorOf(again) ?? {};
		expect(message).toContain(why);
		expect(message).toContain(
			"an earlier execution may have booked this meeting, so check the organizer's calendar first",
		);
		expect(description).toMatch(/^This attempt has left no event and no room booking\. /);
	});

	it.each<[string, () => ReturnType<Interference>]>([
		['may be booked', () => FORBIDDEN],
		[
			'is free',
			() => {
				for (const position of [0, 1]) takeRoom(position);
				return undefined;
			},
		],
	])('stands although its room was given back by hand and no other %s, and the error says so', async (_, atRoom) => {
		desk().simulator.world.clock.advance(-HOUR);
		const { items } = await desk().runNode({ parameters: keyed() });
		desk().simulator.world.clock.advance(HOUR);
		changeByHand(items[0].id, (store, view) =>
			store.releaseRooms(view, [roomsOf(desk())[0].roomId], desk().people[0].unionId),
		);
		interfere(desk(), (__, method, path) => (isBooking(method, path) ? atRoom() : undefined));
		const again = await elsewhere({});
		await expectToStand(items[0], null);
		expect(errorOf(again)?.message).toContain(
			`The meeting of an earlier execution has no room and was left in place (ID ${String(items[0].id)})`,
		);
		// A booking at another time would be answered with this meeting.
		const all = `${errorOf(again)?.message} ${errorOf(again)?.description}`;
		expect(all).not.toMatch(/This attempt has left no|Choose another time|the meeting was not booked/);
	});
});

it("keeps the meeting of the first execution when n8n's Retry button books it again in another process and no room can be read", async () => {
	const items = [{ title: TITLE }, { title: 'Refused' }];
	const parameters = order({ summary: '={{ $json.title }}', runOptions: { concurrency: 1 } });
	let creations = 0;
	interfere(desk(), (_, method, path) =>
		method === 'POST' && path.endsWith('/events') && ++creations === 2 ? REFUSED : undefined,
	);
	const { run } = await desk().runNode({ parameters, items });
	const [first] = (await left()).own;
	interfere(desk(), (_, method, path) => (isEvent(method, path) ? FORBIDDEN : undefined));
	const { engine, credential } = await desk().anotherProcess();
	await engine.runNode({ parameters, items, credential, timezone: 'Asia/Shanghai', retryOf: run });
	await engine.stop();
	expect((await left()).own.map(({ id }) => id)).toEqual([first.id]);
});

it('keeps the meeting of another process when the execution is run again without a key, stopped, and cannot read the event', async () => {
	const { items } = await desk().runNode({ parameters: order(), executionId: '7' });
	const stop = new AbortController();
	interfere(desk(), (_, method, path) => {
		if (method === 'POST' && path.endsWith('/events')) stop.abort();
		return isEvent(method, path) ? FORBIDDEN : undefined;
	});
	const again = await elsewhere({ parameters: order(), executionId: '7', signal: stop.signal });
	await expectToStand(items[0]);
	expect(again.status).toBe('canceled');
	const id = String(items[0].id);
	expect(errorOf(again)?.message).toContain(
		`It is unknown whether the meeting is booked, and its event was left in place (ID ${id})`,
	);
	expect(errorOf(again)?.message).toContain(`Done: create the event (ID ${id}). Unknown: book a room.`);
});

it('leaves an event in place that it cannot read, and does not read it again for that', async () => {
	interfere(desk(), (_, method, path) => (isEvent(method, path) ? 'emptyBody' : undefined));
	const { run } = await desk().runNode({ parameters: order() });
	const { own } = await left();
	expect(own).toHaveLength(1);
	expect(errorOf(run)?.message).toContain(`its event was left in place (ID ${own[0].id})`);
	expect(errorOf(run)?.message).toContain(`Unknown: book the room ${roomsOf(desk())[0].roomId}.`);
	const reads = (await callsOf(desk())).filter(({ method, path }) => isEvent(method, path));
	// One request with its attempts.
	expect(reads).toHaveLength(3);
});

it('books a meeting once when two executions of one process book it at the same time, and one may book no room', async () => {
	let bookings = 0;
	interfere(desk(), (_, method, path) => (isBooking(method, path) && ++bookings > 1 ? FORBIDDEN : undefined));
	const both = await Promise.all([1, 2].map(async () => await desk().runNode({ parameters: keyed() })));
	const { own, rooms } = await left();
	expect(own).toHaveLength(1);
	expect(rooms).toHaveLength(1);
	for (const { items } of both)
		expect(items).toMatchObject([{ id: own[0].id, booked: true, room: { roomId: rooms[0][0] } }]);
	expect(
		(await callsOf(desk())).filter(({ method, path }) => method === 'POST' && path.endsWith('/events')),
	).toHaveLength(1);
});

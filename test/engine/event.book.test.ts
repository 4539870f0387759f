/** Tests the Event operation 'Book a Meeting' on the n8n engine, including competing bookings and lost calls. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { CalendarStore } from '../simulator/calendar/calendarStore';
import { Faults, type FaultAction } from '../simulator/gateway/faults';
import { errorOf, outputOf, TESTED_NODE } from './harness';
import { guestsOf, hour, plant, type Remembered } from './support/events';
import { interfere, rivalTakes } from './support/interference';
import { Desk, useDesk, type Result } from './support/setup';
import { roomsOf, stateOf } from './support/state';
import { until } from './support/triggers';
import { sample } from '../long/amount';

const desk = useDesk({ waits: 'skipped' });

const TITLE = 'Budget review';

const order = (on: Desk, more: INodeParameters = {}): INodeParameters => ({
	resource: 'event',
	operation: 'book',
	user: on.people[0].unionId,
	summary: TITLE,
	start: '2026-03-03T10:00',
	end: '2026-03-03T11:00',
	roomChoice: 'list',
	rooms: [0, 1].map((position) => roomsOf(on)[position].roomId).join(),
	additionalFields: { attendees: on.people[1].unionId },
	...more,
});

interface Left {
	own: Remembered[];
	/** The rooms of the node's events, with their status. */
	rooms: string[][];
}

/** Reads what the simulator has in the organizer's calendar. */
async function left(on: Desk): Promise<Left> {
	const { events, roomBookings } = await stateOf(on);
	const own = events.filter(({ summary, status }) => summary === TITLE && status !== 'cancelled');
	const held = roomBookings.filter(({ eventId }) => events.find(({ id }) => id === eventId)?.summary === TITLE);
	return { own, rooms: held.map(({ roomId, responseStatus }) => [roomId, responseStatus]) };
}

const stepsOf = ([item]: IDataObject[]): string[] =>
	(item.steps as IDataObject[]).map(({ step, outcome }) => `${String(step)}: ${String(outcome)}`);

describe('booking a meeting', () => {
	it('checks people and the room, creates the event, books and verifies in five calls, and reports each step', async () => {
		const { run, items } = await desk().runNode({ parameters: order(desk()) });
		expect(errorOf(run)).toBeUndefined();
		const [host, guest] = desk().people;
		const { own, rooms } = await left(desk());
		expect(own.map(guestsOf)).toEqual([[guest.unionId]]);
		expect(rooms).toEqual([[roomsOf(desk())[0].roomId, 'accepted']]);
		expect(items).toMatchObject([
			{
				booked: true,
				outcome: 'booked',
				reason: null,
				id: own[0].id,
				room: { roomId: roomsOf(desk())[0].roomId, name: roomsOf(desk())[0].roomName, status: 'accepted' },
				start: '2026-03-03T10:00:00+08:00',
				meteredCalls: 5,
			},
		]);
		expect(stepsOf(items)).toEqual([
			'check people: free',
			'check rooms: free',
			'check rooms: free',
			'create event: created',
			'book room: requested',
			'verify room: booked',
		]);
		expect(await desk().recorder.meteredCalls()).toHaveLength(5);
		expect((await desk().recorder.calls()).find(({ path }) => path.endsWith('querySchedule'))?.body).toMatchObject({
			userIds: [host.unionId, guest.unionId],
		});
	});

	it('picks the smallest room with enough seats and the required equipment', async () => {
		const [host, anna, ben] = desk().people;
		const { run, items } = await desk().runWorkflow('event.book', [
			{
				organizer: host.mobile,
				people: [anna.unionId, ben.mobile],
				title: TITLE,
				from: '2026-03-03T10:00',
				to: '2026-03-03T11:00',
			},
		]);
		expect(errorOf(run)).toBeUndefined();
		const fitting = roomsOf(desk()).filter(
			({ roomCapacity, roomLabels, roomStatus }) =>
				roomStatus === 0 && roomCapacity >= 8 && roomLabels.some(({ labelId }) => labelId === 3),
		);
		const smallest = Math.min(...fitting.map(({ roomCapacity }) => roomCapacity));
		const { roomId } = items[0].room as IDataObject;
		expect(roomsOf(desk()).find((room) => room.roomId === roomId)?.roomCapacity).toBe(smallest);
	});

	it('reports a room that is waiting for approval', async () => {
		const approval = roomsOf(desk()).find(({ approvalSwitch, approvalType }) => approvalSwitch && approvalType !== 2);
		const { items } = await desk().runNode({ parameters: order(desk(), { rooms: approval?.roomId }) });
		expect(items).toMatchObject([{ booked: true, outcome: 'waitingForApproval', room: { status: 'tentative' } }]);
	});

	it('creates nothing and names the person when a required attendee is busy', async () => {
		const [, guest] = desk().people;
		plant(desk(), guest, hour(3, 10));
		const { run } = await desk().runNode({ parameters: order(desk()) });
		expect(errorOf(run)?.message).toBe(
			`The meeting was not booked: not everyone is free: ${guest.name} <${guest.unionId}> is busy [Item 0]`,
		);
		expect((await left(desk())).own).toEqual([]);
		expect((await desk().recorder.meteredCalls()).map(({ method }) => method)).toEqual(['POST']);
	});

	it('does not check calendars when no one must be free', async () => {
		plant(desk(), desk().people[1], hour(3, 10));
		const { items } = await desk().runNode({ parameters: order(desk(), { options: { onlyIfFree: 'nobody' } }) });
		expect(items).toMatchObject([{ booked: true, meteredCalls: 4 }]);
	});

	it('returns the reason as an item when that option is chosen', async () => {
		for (const position of [0, 1]) rivalTakes(desk(), desk().people[5], roomsOf(desk())[position].roomId, hour(3, 10));
		const { run, items } = await desk().runNode({ parameters: order(desk(), { options: { ifNotBooked: 'report' } }) });
		expect(errorOf(run)).toBeUndefined();
		expect(items).toMatchObject([
			{ booked: false, outcome: 'notBooked', reason: 'No room is free', id: null, room: null, meteredCalls: 2 },
		]);
	});

	it('takes two calls without a room', async () => {
		const { items } = await desk().runNode({ parameters: order(desk(), { roomChoice: 'none' }) });
		expect(items).toMatchObject([{ booked: true, outcome: 'booked', room: null, meteredCalls: 2 }]);
	});

	it('tries the next room when its booking is revoked before it can be verified', async () => {
		const [first, second] = roomsOf(desk());
		interfere(desk(), (number) => {
			if (number === 5) {
				const { world } = desk().simulator;
				const view = [...world.use(CalendarStore).all()]
					.map(({ id }) => world.use(CalendarStore).byId(id))
					.find((one) => one?.details.summary === TITLE);
				if (view)
					world
						.use(CalendarStore)
						.bookRooms(
							view,
							[{ roomId: first.roomId, displayName: first.roomName, responseStatus: 'declined' }],
							desk().people[0].unionId,
						);
				rivalTakes(desk(), desk().people[5], first.roomId, hour(3, 10));
			}
			return undefined;
		});
		const { items } = await desk().runNode({ parameters: order(desk()) });
		expect(stepsOf(items).slice(-5)).toEqual([
			'book room: requested',
			'verify room: not booked',
			'release room: released',
			'book room: requested',
			'verify room: booked',
		]);
		expect((await left(desk())).rooms).toEqual([[second.roomId, 'accepted']]);
	});

	it('tries the next room if the rules of a room refuse the booking', async () => {
		roomsOf(desk())[0].minimumMinutes = 90;
		const { items } = await desk().runNode({ parameters: order(desk()) });
		expect((await left(desk())).rooms).toEqual([[roomsOf(desk())[1].roomId, 'accepted']]);
		expect(JSON.stringify(items)).toContain('The reservation period shall not be less than 90 minutes');
		expect(JSON.stringify(items)).not.toContain('developerMessage');
	});

	it("says in the room's own words why no room could be booked", async () => {
		for (const room of roomsOf(desk()).slice(0, 2)) room.minimumMinutes = 90;
		const { run } = await desk().runNode({ parameters: order(desk()) });
		expect(`${errorOf(run)?.message} ${errorOf(run)?.description}`).toContain(
			`${roomsOf(desk())[1].roomName}: The reservation period shall not be less than 90 minutes`,
		);
		expect((await left(desk())).own).toEqual([]);
	});

	it('books each item only once when n8n retries the node after a later item failed', async () => {
		const items = [{ from: 10 }, { from: 12 }];
		const parameters = order(desk(), {
			start: '={{ "2026-03-03T" + $json.from + ":00" }}',
			end: '={{ "2026-03-03T" + ($json.from + 1) + ":00" }}',
		});
		// The second item is rejected once, after the first succeeded.
		await desk().control('faults', {
			match: { method: 'POST', path: '*/events', nth: 2 },
			do: 'status',
			status: 400,
			code: 'invalidParameter',
		});
		const { run } = await desk().runNode({ parameters, items, retryOnFail: true, maxTries: 2, waitBetweenTries: 0 });
		expect(errorOf(run)).toBeUndefined();
		expect((await left(desk())).own).toHaveLength(2);
	});

	it('with a key is booked again after its event was deleted, and only then', async () => {
		const parameters = order(desk(), { runOptions: { idempotencyKey: 'review-1' } });
		const { items } = await desk().runNode({ parameters });
		expect((await desk().runNode({ parameters })).items).toMatchObject([{ booked: true, id: items[0].id }]);
		const eventId = { __rl: true, mode: 'id', value: String(items[0].id) };
		const removal = { resource: 'event', operation: 'delete', user: desk().people[0].unionId, eventId };
		await desk().runNode({ parameters: removal });
		const again = await desk().runNode({ parameters });
		const { own, rooms } = await left(desk());
		expect(again.items).toMatchObject([{ booked: true, id: own[0].id }]);
		expect([own.length, rooms.length]).toEqual([1, 1]);
	});

	it.each<[string, INodeParameters, string]>([
		['the people are busy with it', {}, 'not everyone is free'],
		['its room is taken', { options: { onlyIfFree: 'nobody' } }, 'no room is free'],
	])('books no second meeting when it is asked for again without a key: %s', async (_, more, reason) => {
		const parameters = order(desk(), { ...more, rooms: roomsOf(desk())[0].roomId });
		await desk().runNode({ parameters });
		const { run } = await desk().runNode({ parameters });
		expect(errorOf(run)?.message).toContain(reason);
		expect((await left(desk())).own).toHaveLength(1);
	});

	it('with a key keeps its room when another process books it again', async () => {
		const parameters = order(desk(), { options: { onlyIfFree: 'nobody' }, runOptions: { idempotencyKey: 'review-2' } });
		const { items: first } = await desk().runNode({ parameters });
		const { engine, credential } = await desk().anotherProcess();
		const again = await engine.runNode({ parameters, credential, timezone: 'Asia/Shanghai' });
		await engine.stop();
		const [{ roomId }] = roomsOf(desk());
		expect(outputOf(again, TESTED_NODE)).toMatchObject([{ id: first[0].id, booked: true, room: { roomId } }]);
		expect((await left(desk())).rooms).toEqual([[roomId, 'accepted']]);
		expect((await desk().runNode({ parameters })).items).toMatchObject([{ id: first[0].id, room: { roomId } }]);
	});

	it('rejects an end that is not after the start before any call', async () => {
		const { run } = await desk().runNode({ parameters: order(desk(), { end: '2026-03-03T10:00' }) });
		expect(errorOf(run)?.message).toBe("'End' is not later than 'Start' [Item 0]");
		expect(await desk().recorder.meteredCalls()).toEqual([]);
	});
});

interface Case {
	/** The call before which the rival books; after the last call, no room is taken. */
	takenBefore: number;
	/** How many of the two rooms the rival books. */
	taken: number;
	/** The call that fails, and how. */
	harmed?: { call: number; how: FaultAction; forGood: boolean };
	duplicate: 'firstAnswer' | 'conflict';
}

/** Check, create, book twice, roll back: no case takes more calls, apart from retries. */
const CALLS = 7;
const HARMS: FaultAction[] = ['dropBeforeCommit', 'dropAfterCommit'];
const DUPLICATES = ['firstAnswer', 'conflict'] as const;
const numbers = (to: number): number[] => Array.from({ length: to }, (_, i) => i + 1);

const name = ({ takenBefore, taken, harmed, duplicate }: Case): string =>
	`${taken} taken before call ${takenBefore}, ${harmed ? `${harmed.how} ${harmed.forGood ? 'from' : 'at'} call ${harmed.call}` : 'no harm'}, ${duplicate}`;

/** Runs one case on its own simulator and returns the problems as sentences. */
async function problemsIn(one: Case): Promise<string[]> {
	const on = await Desk.open(desk().engine);
	try {
		on.simulator.world.switches.finishedDuplicate = one.duplicate;
		const rival = on.people[5];
		interfere(on, (number) => {
			if (number === one.takenBefore) {
				for (const { roomId } of roomsOf(on).slice(0, one.taken)) rivalTakes(on, rival, roomId, hour(3, 10));
			}
			if (!one.harmed) return undefined;
			return number === one.harmed.call || (one.harmed.forGood && number > one.harmed.call)
				? one.harmed.how
				: undefined;
		});
		const parameters = order(on);
		const executionId = `case ${name(one)}`;
		let result = await on.runNode({ parameters, executionId });
		const problems = await wrongIn(on, result, one);
		if (one.harmed?.forGood) {
			// The network is back, and n8n retries the node.
			interfere(on, () => undefined);
			result = await on.runNode({ parameters, executionId });
			problems.push(
				...(await wrongIn(on, result, { ...one, harmed: undefined })).map((problem) => `tried again: ${problem}`),
			);
		}
		return problems.map((problem) => `${name(one)}: ${problem}`);
	} finally {
		await on.close();
	}
}

async function wrongIn(on: Desk, { run, items }: Result, { harmed }: Case): Promise<string[]> {
	const { own, rooms } = await left(on);
	const error = errorOf(run);
	if (!error) {
		const held = (items[0].room as IDataObject).roomId;
		const good =
			own.length === 1 &&
			own[0].id === items[0].id &&
			rooms.length === 1 &&
			rooms[0][0] === held &&
			rooms[0][1] === 'accepted';
		return good ? [] : [`said to be booked, but there are ${own.length} events with rooms ${JSON.stringify(rooms)}`];
	}
	if (own.length === 0 && rooms.length === 0) {
		return error.message.includes('is not known') || error.message.startsWith('The meeting was not booked') || harmed
			? []
			: [`fails otherwise: ${error.message}`];
	}
	// Something is left behind. That is acceptable only while the network is down, and the message must say so.
	if (!harmed?.forGood) return [`leaves ${own.length} events behind: ${error.message}`];
	const named =
		own.every(({ id }) => error.message.includes(id)) ||
		error.message.startsWith('It is unknown whether the event was created');
	return named ? [] : [`leaves an event behind without a word: ${error.message}`];
}

/** Runs a few cases at a time: most of a case is waiting between two attempts. */
async function allProblems(cases: Case[]): Promise<string[]> {
	const problems: string[] = [];
	const queue = [...cases];
	const worker = async (): Promise<void> => {
		for (let one = queue.shift(); one; one = queue.shift()) problems.push(...(await problemsIn(one)));
	};
	await Promise.all(numbers(40).map(worker));
	return problems;
}

describe('booking a meeting with competing bookings and network failures', () => {
	const rivals = numbers(CALLS).flatMap((takenBefore) => [1, 2].map((taken) => ({ takenBefore, taken })));

	it('leaves either a meeting with a room or nothing, whenever a room is taken and whichever call is lost', async () => {
		const harms = [undefined, ...numbers(CALLS).flatMap((call) => HARMS.map((how) => ({ call, how, forGood: false })))];
		const cases = rivals.flatMap((rival) =>
			harms.flatMap((harmed) =>
				// Only a lost response leads to a retry after the call was carried out.
				DUPLICATES.slice(0, harmed?.how === 'dropAfterCommit' ? 2 : 1).map((duplicate): Case => ({
					...rival,
					harmed,
					duplicate,
				})),
			),
		);
		expect(cases).toHaveLength(308);
		expect(await allProblems(sample(cases, { every: 13 }))).toEqual([]);
	});

	it('reports the event it could not delete while the network is down, and continues from it when n8n retries', async () => {
		const cases = numbers(CALLS).flatMap((call) =>
			HARMS.flatMap((how) =>
				DUPLICATES.map((duplicate): Case => ({
					takenBefore: CALLS + 1,
					taken: 0,
					harmed: { call, how, forGood: true },
					duplicate,
				})),
			),
		);
		expect(cases).toHaveLength(28);
		expect(await allProblems(sample(cases, { every: 3 }))).toEqual([]);
	});
});

describe('retrying a booking whose event could not be deleted', () => {
	const REFUSED = { do: 'status', status: 400, code: 'invalidParameter' } as const;

	/** n8n retries within one execution, so a test uses one execution ID. */
	const execution = (): string => expect.getState().currentTestName ?? '';

	/** Both rooms are taken, then the network fails when the event, just read, is to be deleted, so it is left behind. */
	async function leaveBehind(parameters: INodeParameters): Promise<Result> {
		interfere(desk(), (number) => {
			if (number === 4)
				for (const { roomId } of roomsOf(desk()).slice(0, 2)) rivalTakes(desk(), desk().people[5], roomId, hour(3, 10));
			return number >= 7 ? 'dropBeforeCommit' : undefined;
		});
		return await desk().runNode({ parameters, executionId: execution() });
	}

	it('is half-done work: says what is done and what is not, in words and as data', async () => {
		const { run: first } = await leaveBehind(order(desk()));
		const [{ id }] = (await left(desk())).own;
		expect(errorOf(first)?.message).toContain(`Done: create the event (ID ${id}). Not done: book the meeting`);
		interfere(desk(), (_, method) => (method === 'DELETE' ? 'dropBeforeCommit' : undefined));
		const { items } = await desk().runNode({
			parameters: order(desk()),
			executionId: execution(),
			onError: 'continueRegularOutput',
		});
		expect(items[0].details).toMatchObject({
			partial: true,
			eventId: id,
			done: [`create the event (ID ${id})`],
			notDone: ['book the meeting', 'delete the event again'],
		});
	});

	it('deletes the event even if DingTalk no longer accepts creations', async () => {
		const { run: first } = await leaveBehind(order(desk()));
		const [{ id }] = (await left(desk())).own;
		expect(errorOf(first)?.message).toContain(id);
		interfere(desk(), (_, method, path) => (method === 'POST' && path.endsWith('/events') ? REFUSED : undefined));
		const { run } = await desk().runNode({ parameters: order(desk()), executionId: execution() });
		expect(errorOf(run)?.description).toMatch(/^This attempt has left no event and no room booking/);
		expect((await left(desk())).own).toEqual([]);
	});

	it('finds the event by its ID even if its title was changed', async () => {
		await leaveBehind(order(desk()));
		const [{ id }] = (await left(desk())).own;
		const store = desk().simulator.world.use(CalendarStore);
		const view = store.byId(id);
		if (view) view.details.summary = 'Renamed';
		desk().simulator.world.switches.finishedDuplicate = 'conflict';
		interfere(desk(), () => undefined);
		await desk().runNode({ parameters: order(desk()), executionId: execution() });
		expect(
			(await stateOf(desk())).events.filter(({ status, summary }) => status !== 'cancelled' && summary !== 'Rival'),
		).toEqual([]);
	});

	it('reports the event again if the retry fails earlier than the first attempt', async () => {
		const parameters = order(desk(), { user: { __rl: true, mode: 'auto', value: desk().people[0].mobile } });
		await leaveBehind(parameters);
		const [{ id }] = (await left(desk())).own;
		await desk().control('faults', {
			match: { path: '*getbymobile*' },
			do: 'status',
			status: 200,
			body: { errcode: 60011, errmsg: 'no permission' },
		});
		delete (desk().simulator.world.use(Faults) as Partial<Faults>).findFault;
		const { run } = await desk().runNode({ parameters, executionId: execution() });
		expect(errorOf(run)?.message).toContain(`its event could not be deleted (ID ${id})`);
	});

	it('reports an unknown outcome instead of claiming nothing was created, and deletes no event that may be another', async () => {
		interfere(desk(), (number) => (number === 3 ? 'dropAfterCommit' : number > 3 ? 'dropBeforeCommit' : undefined));
		await desk().runNode({ parameters: order(desk()), executionId: execution() });
		interfere(desk(), (_, method, path) => (method === 'POST' && path.endsWith('/events') ? REFUSED : undefined));
		const { run } = await desk().runNode({ parameters: order(desk()), executionId: execution() });
		expect(errorOf(run)?.message).toMatch(/^It is unknown whether the event was created/);
		expect((await left(desk())).own).toHaveLength(1);
	});
});

describe('stopping the execution during a booking', () => {
	it.each([
		['the event is being created', 3],
		['the room is being booked', 4],
		['the room is being verified', 5],
	])('deletes the event again when stopped while %s', async (_, at) => {
		const stop = new AbortController();
		interfere(desk(), (number) => {
			if (number === at) stop.abort();
			return undefined;
		});
		await desk()
			.runNode({ parameters: order(desk()), signal: stop.signal })
			.catch(() => undefined);
		const taken = async () =>
			(await desk().recorder.calls()).some(({ method, status }) => method === 'DELETE' && status === 200);
		await until(taken);
		expect(await left(desk())).toEqual({ own: [], rooms: [] });
	});

	it('says that the event may be there when stopped while it is asked for a second time', async () => {
		await desk().control('switches', { finishedDuplicate: 'conflict' });
		const stop = new AbortController();
		let created = 0;
		interfere(desk(), (_, method, path) => {
			if (method !== 'POST' || !path.endsWith('/events')) return undefined;
			created++;
			if (created === 1) return 'dropAfterCommit';
			stop.abort();
			return undefined;
		});
		const { run } = await desk().runNode({ parameters: order(desk()), signal: stop.signal });
		expect(created).toBe(2);
		expect((await left(desk())).own).toHaveLength(1);
		expect(errorOf(run)?.message).toContain('It is unknown whether the event was created');
	});

	it('creates nothing if nothing had been created yet', async () => {
		const stop = new AbortController();
		interfere(desk(), (number) => {
			if (number === 2) stop.abort();
			return undefined;
		});
		await desk()
			.runNode({ parameters: order(desk()), signal: stop.signal })
			.catch(() => undefined);
		expect((await desk().recorder.meteredCalls()).map(({ path }) => path)).not.toContainEqual(
			expect.stringMatching(/events$/),
		);
	});
});

describe('previewing a booking', () => {
	it.each(['none', 'list'])(
		'does not count as the booking for a real run with the same idempotency key (rooms: %s)',
		async (roomChoice) => {
			const asked = (preview: boolean): INodeParameters =>
				order(desk(), { roomChoice, runOptions: { idempotencyKey: `key ${roomChoice}`, preview } });
			const { items: shown } = await desk().runNode({ parameters: asked(true) });
			expect(shown).toMatchObject([{ preview: true }]);
			const { items } = await desk().runNode({ parameters: asked(false) });
			const { own } = await left(desk());
			expect(items).toMatchObject([{ booked: true, id: own[0].id }]);
			expect(stepsOf(items)[0]).toBe('check people: free');
		},
	);
});

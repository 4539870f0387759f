/** Tests 'Book a Meeting' where two processes book different rooms for the same meeting at the same moment. */
import { sleep, type IDataObject, type INodeParameters, type IRun } from 'n8n-workflow';

import { book } from '../simulator/booking/bookRoom';
import { CalendarStore } from '../simulator/calendar/calendarStore';
import { errorOf, outputOf, TESTED_NODE } from './harness';
import { booking } from './support/bookings';
import { interfere } from './support/interference';
import { interleave } from './support/interleave';
import { useDesk, useNowAsToday } from './support/setup';
import { roomsOf, stateOf } from './support/state';

const desk = useDesk({ waits: 'skipped' });
useNowAsToday();

const HALF_AN_HOUR = 1_800_000;

/** The title is the key. */
const order = (title: string, more: INodeParameters = {}): INodeParameters =>
	booking(desk(), title, {
		options: { onlyIfFree: 'nobody' },
		runOptions: { idempotencyKey: title },
		...more,
	});

async function left(title: string): Promise<{ ids: string[]; rooms: string[] }> {
	const { events, roomBookings } = await stateOf(desk());
	const own = events.filter(({ summary, status }) => summary === title && status !== 'cancelled');
	const held = roomBookings.filter(({ eventId }) => own.some(({ id }) => id === eventId));
	return { ids: own.map(({ id }) => id), rooms: held.map(({ roomId }) => roomId) };
}

/** Each way to choose among calls, after these first choices: the next one differs in the last choice that can differ. */
async function tryAll(first: number[], tryOne: (choose: (count: number) => number) => Promise<void>): Promise<number> {
	let choices = first;
	for (let tried = 1; ; tried++) {
		const made: Array<{ choice: number; count: number }> = [];
		await tryOne((count) => {
			const choice = choices[made.length] ?? 0;
			made.push({ choice, count });
			return choice;
		});
		while (made.length > first.length && made[made.length - 1].choice + 1 === made[made.length - 1].count) made.pop();
		if (made.length === first.length) return tried;
		choices = made.map(({ choice }, index) => (index === made.length - 1 ? choice + 1 : choice));
	}
}

/** The second process finds the first room taken by the meeting itself, and both have booked before either looks. */
const BOTH_HAVE_BOOKED = [0, 1, 1, 0, 1, 1];

it('is booked with one room, which both say, in whichever order DingTalk carries out the calls of the two', async () => {
	const other = await desk().anotherProcess();
	const releases: number[] = [];
	const tried = await tryAll(BOTH_HAVE_BOOKED, async (choose) => {
		// Otherwise the rate limit would hold back one of the two.
		await sleep(5000);
		// Each meeting at another time.
		const title = `Meeting ${releases.length}`;
		const at = (minutes: number): string =>
			new Date(Date.UTC(2026, 2, 3) + releases.length * HALF_AN_HOUR + minutes * 60_000).toISOString();
		const parameters = order(title, { start: at(0), end: at(30) });
		const calls: string[] = [];
		const runs = await interleave(
			desk(),
			[desk(), other].map(async ({ engine, credential }) => await engine.runNode({ parameters, credential })),
			(held) => {
				const choice = choose(held.length);
				calls.push(held[choice]);
				return choice;
			},
		);
		releases.push(calls.filter((call) => call.endsWith('/batchRemove')).length);
		const { ids, rooms } = await left(title);
		expect(ids).toHaveLength(1);
		expect(rooms).toHaveLength(1);
		for (const run of runs)
			expect(outputOf(run, TESTED_NODE)).toMatchObject([{ id: ids[0], booked: true, room: { roomId: rooms[0] } }]);
	});
	expect(tried).toBeGreaterThan(20);
	// In some of them, both have given way.
	expect(new Set(releases)).toEqual(new Set([1, 2]));
	await other.engine.stop();
});

/** Another process books and gives way exactly when this one does. */
function mirror(onRelease: () => void = () => undefined): void {
	const store = desk().simulator.world.use(CalendarStore);
	const other = roomsOf(desk())[1].roomId;
	const user = desk().people[0].unionId;
	interfere(desk(), (_, method, path) => {
		const event = store.byId(decodeURIComponent(path.match(/events\/([^/]+)/)?.[1] ?? ''));
		if (!event || method !== 'POST') return undefined;
		if (path.endsWith('/meetingRooms')) book(event, [other], user, desk().simulator.world);
		if (path.endsWith('/batchRemove')) {
			store.releaseRooms(event, [other], user);
			onRelease();
		}
		return undefined;
	});
}

const oneRoom = (): INodeParameters => ({ rooms: roomsOf(desk())[0].roomId });

function expectUnclear(run: IRun, id: string): void {
	const message = errorOf(run)?.message;
	expect(message).toContain(`It is unknown whether the meeting is booked, and its event was left in place (ID ${id})`);
	expect(message).toContain(`Done: create the event (ID ${id}). Unknown: book a room.`);
	expect(message).not.toContain('Done: book');
}

it('is left in place where both give way again and again, and the error says that it may be booked', async () => {
	mirror();
	const { run } = await desk().runNode({ parameters: order('Review', oneRoom()) });
	const { ids, rooms } = await left('Review');
	expect(ids).toHaveLength(1);
	expect(rooms).toEqual([]);
	expectUnclear(run, ids[0]);
});

it('is booked by the next try where both gave way again and again', async () => {
	mirror();
	const parameters = order('Review', oneRoom());
	await desk().runNode({ parameters });
	interfere(desk(), () => undefined);
	const { items } = await desk().runNode({ parameters });
	const { ids, rooms } = await left('Review');
	expect(rooms).toEqual([roomsOf(desk())[0].roomId]);
	expect(items).toMatchObject([{ id: ids[0], booked: true, room: { roomId: rooms[0] } } satisfies IDataObject]);
});

it('is left in place if the execution is stopped after both gave way', async () => {
	const stop = new AbortController();
	mirror(() => setTimeout(() => stop.abort()));
	const { run } = await desk().runNode({ parameters: order('Review', oneRoom()), signal: stop.signal });
	const { ids } = await left('Review');
	expect(run.status).toBe('canceled');
	expect(ids).toHaveLength(1);
	expectUnclear(run, ids[0]);
});

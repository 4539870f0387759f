/** Tests what 'Book a Meeting' says of a meeting that is booked again with its key: what it is now, not what it was asked for. */
import type { IDataObject, INodeParameters, IRun } from 'n8n-workflow';

import { CalendarStore } from '../simulator/calendar/calendarStore';
import { errorOf, outputOf, TESTED_NODE } from './harness';
import { booking } from './support/bookings';
import { callsOf, hour } from './support/events';
import { interfere, rivalTakes } from './support/interference';
import { useDesk, useNowAsToday } from './support/setup';
import { roomsOf, stateOf } from './support/state';

const desk = useDesk({ waits: 'skipped' });
useNowAsToday();

const TITLE = 'Budget review';

const roomId = (position: number): string => roomsOf(desk())[position].roomId;

const order = (more: INodeParameters = {}): INodeParameters =>
	booking(desk(), TITLE, {
		additionalFields: { attendees: desk().people[1].unionId },
		runOptions: { idempotencyKey: 'review' },
		...more,
	});

const atRooms = (operation: string, { id }: IDataObject, more: INodeParameters): INodeParameters => ({
	resource: 'meetingRoom',
	operation,
	user: desk().people[0].unionId,
	eventId: { __rl: true, mode: 'id', value: String(id) },
	...more,
});

async function book(): Promise<IDataObject> {
	const { items } = await desk().runNode({ parameters: order() });
	return items[0];
}

async function run(parameters: INodeParameters): Promise<IRun> {
	const { run: done } = await desk().runNode({ parameters });
	return done;
}

async function giveBack(meeting: IDataObject): Promise<void> {
	expect(errorOf(await run(atRooms('cancel', meeting, { rooms: roomId(0) })))).toBeUndefined();
}

async function meetings(): Promise<Array<{ id: string; rooms: string[][] }>> {
	const { events, roomBookings } = await stateOf(desk());
	return events
		.filter(({ summary, status }) => summary === TITLE && status !== 'cancelled')
		.map(({ id }) => ({
			id,
			rooms: roomBookings
				.filter(({ eventId }) => eventId === id)
				.map((booking) => [booking.roomId, booking.responseStatus]),
		}));
}

const writes = async (): Promise<string[]> =>
	(await callsOf(desk())).filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);

const isBooking = (method: string, path: string): boolean => method === 'POST' && path.endsWith('/meetingRooms');

describe('a meeting whose room the same process has given back', () => {
	it('gets a room again when it is booked again with its key', async () => {
		const first = await book();
		await giveBack(first);
		const again = await book();
		expect(again).toMatchObject({ id: first.id, booked: true, room: { roomId: roomId(0) } });
		expect(await meetings()).toEqual([{ id: first.id, rooms: [[roomId(0), 'accepted']] }]);
		// From then on it is known again.
		const calls = (await callsOf(desk())).length;
		expect(await book()).toMatchObject({ id: first.id, room: { roomId: roomId(0) } });
		expect(await callsOf(desk())).toHaveLength(calls);
	});

	it('is returned with the room that was booked for it in its place, and no other is requested', async () => {
		const first = await book();
		await giveBack(first);
		await run(atRooms('book', first, { rooms: roomId(2) }));
		const before = await writes();
		expect(await book()).toMatchObject({ id: first.id, booked: true, room: { roomId: roomId(2) } });
		expect(await writes()).toEqual(before);
		expect(await meetings()).toEqual([{ id: first.id, rooms: [[roomId(2), 'accepted']] }]);
	});

	it('is looked at again when the response to giving it back was lost', async () => {
		const first = await book();
		interfere(desk(), (_, method, path) =>
			method === 'POST' && path.endsWith('/batchRemove') ? 'dropAfterCommit' : undefined,
		);
		await run(atRooms('cancel', first, { rooms: roomId(0) }));
		interfere(desk(), () => undefined);
		expect(await book()).toMatchObject({ id: first.id, room: { roomId: roomId(0) } });
		expect(await meetings()).toEqual([{ id: first.id, rooms: [[roomId(0), 'accepted']] }]);
	});

	it('gets another room when the node declined its booking as the administrator of the room', async () => {
		const first = await book();
		await run(atRooms('respond', first, { roomId: roomId(0), responseStatus: 'declined' }));
		rivalTakes(desk(), desk().people[5], roomId(0), hour(3, 10));
		expect(await book()).toMatchObject({ id: first.id, booked: true, room: { roomId: roomId(1) } });
		expect((await meetings()).map(({ id }) => id)).toEqual([first.id]);
	});

	it.each<[string, () => void]>([
		[
			'is free',
			() => [0, 1].forEach((position) => rivalTakes(desk(), desk().people[5], roomId(position), hour(3, 10))),
		],
		[
			'can be booked',
			() =>
				interfere(desk(), (_, method, path) =>
					isBooking(method, path)
						? { do: 'status', status: 400, code: 'invalidParameter', message: '参数错误' }
						: undefined,
				),
		],
	])('stands without one when no other room %s, and the error says so', async (_, act) => {
		const first = await book();
		await giveBack(first);
		act();
		const again = await run(order());
		expect(errorOf(again)?.message).toContain(
			`The meeting of an earlier execution has no room and was left in place (ID ${String(first.id)})`,
		);
		expect(await meetings()).toEqual([{ id: first.id, rooms: [] }]);
	});

	it('is booked anew when its event was deleted by hand meanwhile', async () => {
		const first = await book();
		await giveBack(first);
		const store = desk().simulator.world.use(CalendarStore);
		const view = store.byId(String(first.id));
		if (!view) throw new Error('The meeting is missing');
		store.cancel(view, desk().people[0].unionId);
		const [again] = outputOf(await run(order()), TESTED_NODE);
		expect(again).toMatchObject({ booked: true, room: { roomId: roomId(0) } });
		expect(await meetings()).toEqual([{ id: again.id, rooms: [[roomId(0), 'accepted']] }]);
		expect(again.id).not.toBe(first.id);
	});
});

it.each(['the same', 'another'])(
	'is said to be what was booked when it is booked again with its key, another title and another time in %s process',
	async (where) => {
		const first = await book();
		const { engine, credential } = where === 'another' ? await desk().anotherProcess() : desk();
		const parameters = order({
			...{ summary: 'Another', start: '2026-03-03T14:00', end: '2026-03-03T15:00' },
			options: { onlyIfFree: 'nobody' },
		});
		const done = await engine.runNode({ parameters, credential, timezone: 'Asia/Shanghai' });
		const said = ({ id, summary, start, end, room }: IDataObject) => ({ id, summary, start, end, room });
		expect(outputOf(done, TESTED_NODE).map(said)).toEqual([said(first)]);
		expect(first).toMatchObject({ summary: TITLE });
		if (engine !== desk().engine) await engine.stop();
	},
);

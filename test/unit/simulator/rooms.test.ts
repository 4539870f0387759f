/** Tests the simulator's meeting rooms. */
import { startSimulator, type Simulator } from '../../simulator';
import { SimulatorClient } from './simulatorClient';

let simulator: Simulator;
let client: SimulatorClient;
let unionId: string;

beforeAll(async () => {
	simulator = await startSimulator();
	client = new SimulatorClient(simulator);
	unionId = simulator.world.company.people[0].unionId;
});
afterAll(() => simulator.close());

const ask = async (path: string, query: Record<string, string> = { unionId }) =>
	(await client.get(`/v1.0/rooms/${path}?${new URLSearchParams(query)}`, await client.token())).body;

test('Rooms are paged, and only hasMore marks the last page', async () => {
	const first = await ask('meetingRoomLists', { unionId, maxResults: '5' });
	expect(first).toMatchObject({ hasMore: true, nextToken: 5 });
	const second = await ask('meetingRoomLists', { unionId, maxResults: '5', nextToken: '5' });
	expect(second).toMatchObject({ hasMore: false, nextToken: 8 });
	const rooms = [first, second].flatMap(({ result }) => result as Array<{ roomName: string }>);
	expect(new Set(rooms.map(({ roomName }) => roomName)).size).toBe(8);
});

test('A single room shows whether it requires approval and allows recurring bookings', async () => {
	const { rooms } = simulator.world.company;
	const needsApproval = rooms.filter(({ approvalSwitch }) => approvalSwitch);
	const once = rooms.filter(({ enableCycleReservation }) => !enableCycleReservation);
	expect([needsApproval.length, once.length]).toEqual([1, 1]);
	const approved = await ask(`meetingRooms/${needsApproval[0].roomId}`);
	expect(approved).toMatchObject({ result: { approvalSwitch: true, approvalType: 1 } });
	const single = await ask(`meetingRooms/${once[0].roomId}`);
	expect(single).toMatchObject({ result: { enableCycleReservation: false } });
});

test('Rooms belong to groups', async () => {
	const { result } = await ask('groupLists');
	const [, group] = result as Array<{ groupId: number }>;
	expect(await ask(`groups/${group.groupId}`)).toEqual(group);
});

test.each([
	['meetingRoomLists', {}, 'param.error'],
	['meetingRoomLists', { unionId: 'manager4220' }, 'user.not.employee'],
	['groupLists', { unionId: 'nobody' }, 'user.not.employee'],
])('The room call %s with %j is refused with %s', async (path, query, code) => {
	expect(await ask(path, query as Record<string, string>)).toMatchObject({ code });
});

test.each([
	['meetingRoomLists', { maxResults: '101' }, 'param.error'],
	['meetingRoomLists', { nextToken: 'abc' }, 'param.error'],
	['meetingRooms/unknown', {}, 'room.not.found'],
	['groups/1', {}, 'param.error'],
])('The room call %s with %j is refused with %s for a known employee', async (path, query, code) => {
	expect(await ask(path, { unionId, ...(query as Record<string, string>) })).toMatchObject({ code });
});

test('Room calls are refused to an app that acts only for a user', async () => {
	const token = await client.userToken('manager4220', 'sim-personal');
	expect((await client.get(`/v1.0/rooms/groupLists?unionId=${unionId}`, token)).status).toBe(403);
});

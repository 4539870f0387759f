/** Tests the control calls that change calendars as people would. */
import { startSimulator, type Simulator } from '../../simulator';
import { SimulatorClient } from './simulatorClient';

let simulator: Simulator;
let client: SimulatorClient;

beforeAll(async () => {
	simulator = await startSimulator();
	client = new SimulatorClient(simulator);
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.close());

const person = (index: number) => simulator.world.company.people[index];
const userPath = (index: number): string => `/v1.0/calendar/users/${person(index).unionId}`;
const NEEDS_APPROVAL = 6;

const state = async () => (await client.get('/_simulator/state')).body;

async function eventWithRoom(token: string): Promise<{ path: string; eventId: string; roomId: string }> {
	const time = (hour: number) => ({ dateTime: `2026-03-02T${hour}:00:00+08:00`, timeZone: 'Asia/Shanghai' });
	const body = { summary: 'Meeting', start: time(10), end: time(11) };
	const { id } = (await client.post(`${userPath(0)}/calendars/primary/events`, body, token)).body;
	const { roomId } = simulator.world.company.rooms[NEEDS_APPROVAL];
	const path = `${userPath(0)}/calendars/primary/events/${String(id)}`;
	await client.post(`${path}/meetingRooms`, { meetingRoomsToAdd: [{ roomId }] }, token);
	return { path, eventId: String(id), roomId };
}

test('The state contains shares, subscribed calendars, check-ins and room bookings', async () => {
	const token = await client.token();
	const { path, eventId, roomId } = await eventWithRoom(token);
	const scope = { scopeType: 'user', userId: person(1).unionId };
	await client.post(`${userPath(0)}/calendars/primary/acls`, { privilege: 'reader', sendMsg: false, scope }, token);
	await client.post(
		`${userPath(0)}/subscribedCalendars`,
		{ name: 'Holidays', subscribeScope: { corpIds: [simulator.world.company.corpId] } },
		token,
	);
	await client.post(`${path}/signin`, undefined, token);
	const { unionId } = person(0);
	expect(await state()).toMatchObject({
		acls: [{ owner: unionId, grantee: person(1).unionId, privilege: 'reader' }],
		subscribedCalendars: [{ name: 'Holidays', author: unionId, subscribers: [unionId] }],
		checkIns: [{ eventId, unionId, in: expect.any(Number) as unknown }],
		roomBookings: [{ eventId, roomId, organizer: unionId, responseStatus: 'tentative' }],
	});
	simulator.reset();
	expect(await state()).toMatchObject({ acls: [], subscribedCalendars: [], checkIns: [], roomBookings: [] });
});

test('The seed has group chats whose members belong to the company', async () => {
	const { groups, people } = await state();
	const known = (people as Array<{ unionId: string }>).map(({ unionId }) => unionId);
	const members = (groups as Array<{ members: string[] }>).map((group) => group.members);
	expect(members.length).toBeGreaterThanOrEqual(3);
	expect(members.every((group) => group.length > 1)).toBe(true);
	expect(known).toEqual(expect.arrayContaining(members.flat()));
});

test('A pending room booking can be decided through the control plane', async () => {
	const { eventId, roomId } = await eventWithRoom(await client.token());
	const { body } = await client.control('rooms', { eventId, roomId, responseStatus: 'declined' });
	expect(body).toEqual({ eventId, roomId, responseStatus: 'declined' });
	expect(await state()).toMatchObject({ roomBookings: [{ eventId, responseStatus: 'declined' }] });
});

test("A user's free/busy can be made private and public again", async () => {
	const { userId } = person(3);
	expect((await client.control('people', { userId, privateFreeBusy: true })).body).toMatchObject({
		privateFreeBusy: true,
	});
	expect((await client.control('people', { userId, privateFreeBusy: false })).body).toMatchObject({
		privateFreeBusy: false,
	});
});

test('Mistakes in control plane requests about people and rooms are explained', async () => {
	const { eventId, roomId } = await eventWithRoom(await client.token());
	const { userId } = person(0);
	const explained = async (name: string, body: unknown) => (await client.control(name, body)).body.error;
	expect(await explained('people', { userId })).toMatch(/"outsideScope" or "privateFreeBusy"/);
	expect(await explained('people', { userId, privateFreeBusy: 'yes' })).toMatch(
		/"privateFreeBusy" must be true or false/,
	);
	expect(await explained('rooms', { eventId: 'nothing', roomId, responseStatus: 'accepted' })).toMatch(/"eventId"/);
	expect(await explained('rooms', { eventId, roomId, responseStatus: 'perhaps' })).toMatch(/accepted or declined/);
	expect(await explained('rooms', { eventId, roomId: 'nothing', responseStatus: 'accepted' })).toMatch(
		/roomId invalid/,
	);
});

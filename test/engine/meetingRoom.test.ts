/** Tests the Meeting Room operations on the n8n engine. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Room } from '../simulator/company';
import { errorOf, storedTextOf } from './harness';
import { callsOf, eventPath, hour, plant, reading, rememberedEvent, requestsOf, writing } from './support/events';
import { useDesk } from './support/setup';
import {
	build,
	credentialOf,
	meteredBy,
	reserve,
	roomsOf,
	sending,
	signedIn,
	stateOf,
	userPath,
} from './support/state';

const desk = useDesk();

const idsOf = (rooms: Room[]): string[] => rooms.map(({ roomId }) => roomId);
const ROOMS = '/v1.0/rooms/meetingRoomLists';
const DAILY = {
	pattern: { type: 'daily', interval: 1 },
	range: { type: 'endDate', endDate: '2026-03-06T23:59:59+08:00' },
};

/** Seeded rooms with special rules. */
const withApproval = (): Room => roomsOf(desk())[6];
const withoutSeries = (): Room => roomsOf(desk())[7];

describe('listing meeting rooms', () => {
	const asked = (nextToken?: string) =>
		reading(ROOMS, {
			unionId: desk().people[0].unionId,
			maxResults: '100',
			...(nextToken === undefined ? {} : { nextToken }),
		});

	it('returns the most useful fields of a room', async () => {
		const [asker] = desk().people;
		const [room] = roomsOf(desk());
		const { items, pairs } = await desk().runWorkflow('meetingRoom.getAll', [{ person: asker.unionId, limit: 2 }]);
		expect(await requestsOf(desk())).toEqual([asked()]);
		expect(await meteredBy(desk())).toBe(1);
		expect(items).toHaveLength(2);
		expect(items[0]).toEqual({
			id: room.roomId,
			name: '钱塘厅',
			capacity: 20,
			place: '总部一层, 杭州市余杭区文一西路',
			equipment: '电视, 电话, 投影, 视频会议',
			group: '总部一层',
			bookableBy: 'everybody',
		});
		expect(pairs).toEqual([{ item: 0 }, { item: 0 }]);
	});

	it.each([
		[8, 1],
		[100, 1],
		[101, 2],
		[200, 2],
		[250, 3],
	])('reads %i rooms with one call per hundred although the last page also has a token', async (count, calls) => {
		build(desk(), count - 8);
		const { items } = await desk().runWorkflow('meetingRoom.getAll.filters', [{ person: desk().people[0].unionId }]);
		expect(items.map(({ id }) => id)).toEqual(idsOf(roomsOf(desk())));
		expect(await requestsOf(desk())).toEqual([undefined, '100', '200'].slice(0, calls).map(asked));
		expect(await meteredBy(desk())).toBe(calls);
	});

	it('stops once enough matching rooms are found', async () => {
		build(desk(), 250);
		const parameters = (limit: number): INodeParameters => ({
			resource: 'meetingRoom',
			operation: 'getAll',
			user: desk().people[0].unionId,
			limit,
			filters: { name: 'cell 01' },
		});
		const { items } = await desk().runNode({ parameters: parameters(9) });
		expect(items.map(({ name }) => name)).toEqual(Array.from({ length: 9 }, (_, i) => `Cell 010${i}`));
		expect(await requestsOf(desk())).toEqual([asked(), asked('100')]);
	});

	it.each<[string, IDataObject, number[]]>([
		['a part of the name', { name: '湖' }, [1]],
		['all required equipment', { equipment: ['tv', 'whiteboard'] }, [1, 2]],
		['equipment given as text', { equipment: 'projector, video' }, [0, 6]],
		['the number of seats', { seats: 20 }, [0, 6, 7]],
		['the group by name', { group: '二层' }, [4, 5, 6, 7]],
		['the group by ID', { group: '20412' }, [0, 1, 2, 3]],
		['who can book', { bookableBy: ['administrators', 'someMembers'] }, [3, 5]],
		['all filters at once', { group: '一层', seats: 6, equipment: ['tv'], bookableBy: ['everybody'] }, [0, 1, 2]],
		[
			'empty filters',
			{ name: null, equipment: null, seats: null, group: '', bookableBy: [] },
			[0, 1, 2, 3, 4, 5, 6, 7],
		],
	])('filters rooms by %s', async (_, filters, kept) => {
		const rooms = roomsOf(desk());
		rooms[3].roomStatus = 1;
		rooms[5].roomStatus = 2;
		const { items } = await desk().runWorkflow('meetingRoom.getAll.filters', [
			{ person: desk().people[0].unionId, ...filters },
		]);
		expect(items.map(({ id }) => id)).toEqual(kept.map((position) => rooms[position].roomId));
	});

	it('returns rooms as DingTalk sends them in raw output', async () => {
		const { items } = await desk().runNode({
			parameters: {
				resource: 'meetingRoom',
				operation: 'getAll',
				user: desk().people[0].unionId,
				limit: 1,
				output: 'raw',
			},
		});
		const [{ response }] = await callsOf(desk());
		expect(items).toEqual((response as { result: unknown[] }).result.slice(0, 1));
	});

	it('reports that an unknown person does not belong to the organization', async () => {
		const { run } = await desk().runWorkflow('meetingRoom.getAll', [{ person: 'NobodyKnowsThisOneiEiE', limit: 1 }]);
		expect(errorOf(run)?.message).toBe('This person does not belong to your organization [Item 0]');
	});
});

describe('getting free and busy times of rooms', () => {
	const path = () => `${userPath(desk().people[0])}/meetingRooms/schedules/query`;

	it('requests five rooms and ninety days at a time and returns one item per room', async () => {
		const [host] = desk().people;
		build(desk(), 4);
		const rooms = roomsOf(desk());
		const taken = plant(desk(), host, hour(3, 10));
		const overTheSeam = plant(desk(), host, {
			start: { dateTime: '2026-05-31T23:00:00+08:00', timeZone: 'Asia/Shanghai' },
			end: { dateTime: '2026-06-01T01:00:00+08:00', timeZone: 'Asia/Shanghai' },
		});
		reserve(desk(), taken, [rooms[11].roomId]);
		reserve(desk(), overTheSeam, [rooms[11].roomId]);
		const list = [...idsOf(rooms), rooms[0].roomId].join('，');
		const { items, pairs } = await desk().runWorkflow('meetingRoom.getFreeBusy', [
			{ person: host.unionId, rooms: list, from: '2026-03-03', to: '2026-09-19' },
		]);
		const seams = ['2026-03-03', '2026-06-01', '2026-08-30', '2026-09-19'].map((day) => `${day}T00:00:00+08:00`);
		const portions = [idsOf(rooms.slice(0, 5)), idsOf(rooms.slice(5, 10)), idsOf(rooms.slice(10))];
		expect(await requestsOf(desk())).toEqual(
			[0, 1, 2].flatMap((part) =>
				portions.map((roomIds) =>
					sending('POST', path(), { roomIds, startTime: seams[part], endTime: seams[part + 1] }),
				),
			),
		);
		expect(await meteredBy(desk())).toBe(Math.ceil(12 / 5) * Math.ceil(200 / 90));
		expect(items.map(({ id }) => id)).toEqual(idsOf(rooms));
		expect(pairs).toEqual(rooms.map(() => ({ item: 0 })));
		const block = { status: 'busy', allDay: false, organizerId: host.unionId };
		expect(items[11]).toEqual({
			id: rooms[11].roomId,
			readable: true,
			reason: null,
			busy: [
				{ start: '2026-03-03T10:00:00+08:00', end: '2026-03-03T11:00:00+08:00', eventId: taken, ...block },
				{ start: '2026-05-31T23:00:00+08:00', end: '2026-06-01T01:00:00+08:00', eventId: overTheSeam, ...block },
			],
		});
	});

	it.each([
		[1, 90],
		[5, 91],
		[6, 181],
	])('costs one call per five rooms and ninety days (%i rooms, %i days)', async (count, days) => {
		const rooms = idsOf(roomsOf(desk()).slice(0, count)).join();
		const to = new Date(Date.UTC(2026, 2, 3 + days)).toISOString().slice(0, 10);
		await desk().runWorkflow('meetingRoom.getFreeBusy', [
			{ person: desk().people[0].unionId, rooms, from: '2026-03-03', to },
		]);
		expect(await meteredBy(desk())).toBe(Math.ceil(count / 5) * Math.ceil(days / 90));
	});

	it('requests no longer period than DingTalk accepts when the clocks go back within it', async () => {
		const { run, items } = await desk().runNode({
			parameters: {
				resource: 'meetingRoom',
				operation: 'getFreeBusy',
				user: desk().people[0].unionId,
				rooms: roomsOf(desk())[0].roomId,
				timeMin: '2026-10-01',
				timeMax: '2026-12-31',
				output: 'free',
			},
			timezone: 'America/New_York',
		});
		expect(errorOf(run)).toBeUndefined();
		expect(items).toMatchObject([
			{ free: [{ start: '2026-10-01T00:00:00-04:00', end: '2026-12-31T00:00:00-05:00', minutes: (91 * 24 + 1) * 60 }] },
		]);
	});

	it('counts bookings waiting for approval as busy by default', async () => {
		const [host] = desk().people;
		const rooms = withApproval().roomId;
		reserve(desk(), plant(desk(), host, hour(3, 10)), [rooms]);
		const ask = async (options: INodeParameters): Promise<IDataObject> => {
			const parameters = {
				timeMin: '2026-03-03T09:00',
				timeMax: '2026-03-03T12:00',
				output: 'free',
				user: host.unionId,
				rooms,
				options,
			};
			return (
				await desk().runNode({ parameters: { resource: 'meetingRoom', operation: 'getFreeBusy', ...parameters } })
			).items[0];
		};
		expect(await ask({})).toMatchObject({ free: [{ minutes: 60 }, { minutes: 60 }] });
		expect(await ask({ tentativeIsFree: true })).toMatchObject({ free: [{ minutes: 180 }] });
	});

	it('reports an unknown room', async () => {
		const item = { person: desk().people[0].unionId, rooms: 'beef', from: '2026-03-03', to: '2026-03-04' };
		const { run } = await desk().runWorkflow('meetingRoom.getFreeBusy', [item]);
		expect(errorOf(run)?.message).toBe('DingTalk cannot find one of these meeting rooms [Item 0]');
		expect(errorOf(run)?.description).toContain("Use the room IDs that 'Get Many' of Meeting Room returns.");
	});
});

describe('booking meeting rooms', () => {
	const roomsPath = (eventId: string) => `${eventPath(desk().people[0], eventId)}/meetingRooms`;
	const booking = (eventId: string, rooms: string[]) =>
		writing('POST', roomsPath(eventId), { meetingRoomsToAdd: rooms.map((roomId) => ({ roomId })) });
	const looking = (eventId: string) => reading(eventPath(desk().people[0], eventId), { maxAttendees: '1' });
	const bookingsOf = async (eventId: string) =>
		(await stateOf(desk())).roomBookings
			.filter((one) => one.eventId === eventId)
			.map(({ roomId, responseStatus }) => [roomId, responseStatus]);

	it('distinguishes booked rooms from rooms waiting for approval', async () => {
		const [host] = desk().people;
		const eventId = plant(desk(), host);
		const [room] = roomsOf(desk());
		const asked = [room.roomId, withApproval().roomId];
		const { items } = await desk().runWorkflow('meetingRoom.book', [
			{ person: host.unionId, eventId, rooms: asked.join() },
		]);
		expect(await requestsOf(desk())).toEqual([booking(eventId, asked), looking(eventId)]);
		expect(await meteredBy(desk())).toBe(2);
		expect(items).toEqual([
			{
				id: eventId,
				booked: 1,
				waitingForApproval: 1,
				rooms: [
					{ roomId: asked[0], name: room.roomName, status: 'accepted' },
					{ roomId: asked[1], name: withApproval().roomName, status: 'tentative' },
				],
			},
		]);
		expect(await bookingsOf(eventId)).toEqual([
			[asked[0], 'accepted'],
			[asked[1], 'tentative'],
		]);
	});

	it('returns no outcome when verification is disabled', async () => {
		const [host] = desk().people;
		const eventId = plant(desk(), host);
		const { roomId } = withApproval();
		const { items } = await desk().runNode({
			parameters: {
				resource: 'meetingRoom',
				operation: 'book',
				user: host.unionId,
				eventId,
				rooms: roomId,
				options: { readOutcome: false },
			},
		});
		expect(await requestsOf(desk())).toEqual([booking(eventId, [roomId])]);
		expect(items).toEqual([
			{ id: eventId, booked: null, waitingForApproval: null, rooms: [{ roomId, name: null, status: null }] },
		]);
	});

	it('reads the event and each room first when Check Rooms First is enabled', async () => {
		const [host] = desk().people;
		const eventId = plant(desk(), host);
		const rooms = idsOf(roomsOf(desk()).slice(0, 2));
		await desk().runWorkflow('meetingRoom.book.checked', [{ person: host.unionId, eventId, rooms }]);
		const room = (roomId: string) => reading(`/v1.0/rooms/meetingRooms/${roomId}`, { unionId: host.unionId });
		const requests = await requestsOf(desk());
		expect(requests[0]).toEqual(looking(eventId));
		expect(requests.slice(1, 3)).toEqual(expect.arrayContaining(rooms.map(room)));
		expect(requests.slice(3)).toEqual([booking(eventId, rooms), looking(eventId)]);
		expect(await meteredBy(desk())).toBe(1 + rooms.length + 2);
	});

	it('rejects a room that does not allow recurring events when Check Rooms First is enabled', async () => {
		const [host] = desk().people;
		const eventId = plant(desk(), host, { recurrence: DAILY });
		const { run } = await desk().runWorkflow('meetingRoom.book.checked', [
			{ person: host.unionId, eventId, rooms: withoutSeries().roomId },
		]);
		expect(errorOf(run)?.message).toBe(
			"'Rooms' includes '培训教室', which cannot be booked for a recurring event [Item 0]",
		);
		expect((await requestsOf(desk())).filter(({ method }) => method === 'POST')).toEqual([]);
		expect(await bookingsOf(eventId)).toEqual([]);
	});

	it('explains where to set a last day if DingTalk requires one for a series', async () => {
		const [host] = desk().people;
		const eventId = plant(desk(), host, { recurrence: { ...DAILY, range: { type: 'noEnd' } } });
		const [{ roomId }] = roomsOf(desk());
		const book = async () =>
			await desk().runWorkflow('meetingRoom.book', [{ person: host.unionId, eventId, rooms: roomId }]);

		await desk().control('switches', { recurringRooms: 'needEndDate' });
		const error = errorOf((await book()).run);
		expect(error?.description).toContain("In the event's 'Repeat', set 'Ends' to 'On a Date'");
		expect(error?.description).toContain('DingTalk answered: HTTP 400');
		expect(await bookingsOf(eventId)).toEqual([]);

		await desk().control('switches', { recurringRooms: 'anyRange' });
		expect(errorOf((await book()).run)).toBeUndefined();
		expect(await bookingsOf(eventId)).toEqual([[roomId, 'accepted']]);
	});

	it('does not treat a single occurrence as its series', async () => {
		const [host] = desk().people;
		const series = plant(desk(), host, { recurrence: DAILY });
		const { items: dates } = await desk().runWorkflow('event.getInstances', [
			{ person: host.unionId, eventId: series, from: '2026-03-04', to: '2026-03-05', limit: 1 },
		]);
		const eventId = String(dates[0].id);
		const { run, items } = await desk().runWorkflow('meetingRoom.book.checked', [
			{ person: host.unionId, eventId, rooms: withoutSeries().roomId },
		]);
		expect(errorOf(run)).toBeUndefined();
		expect(items).toMatchObject([{ id: eventId, booked: 1, waitingForApproval: 0 }]);
		expect(await bookingsOf(eventId)).toEqual([[withoutSeries().roomId, 'accepted']]);
	});

	it('rejects a room whose approval needs the app when Check Rooms First is enabled', async () => {
		const [host] = desk().people;
		const eventId = plant(desk(), host);
		withApproval().approvalType = 2;
		const item = { person: host.unionId, eventId, rooms: withApproval().roomId };
		const { run } = await desk().runWorkflow('meetingRoom.book.checked', [item]);
		expect(errorOf(run)?.message).toBe(
			"'Rooms' includes '董事会议室', which needs an approval that can only be requested in the DingTalk app [Item 0]",
		);
		expect(await bookingsOf(eventId)).toEqual([]);
	});

	it('counts the rooms the event already has, except declined ones, when Check Rooms First is enabled', async () => {
		const [host] = desk().people;
		const eventId = plant(desk(), host);
		const rooms = idsOf(roomsOf(desk()));
		reserve(desk(), eventId, [rooms[0], rooms[1], rooms[2], rooms[3], withApproval().roomId]);
		const book = async (wanted: string[]) =>
			errorOf(
				(await desk().runWorkflow('meetingRoom.book.checked', [{ person: host.unionId, eventId, rooms: wanted }])).run,
			)?.message;
		expect(await book([rooms[4]])).toBe("'Rooms' would bring the event to 6 rooms; DingTalk allows 5 [Item 0]");
		await desk().control('rooms', { eventId, roomId: withApproval().roomId, responseStatus: 'declined' });
		expect(await book([rooms[0], rooms[4]])).toBeUndefined();
	});

	it('rejects more than five rooms before any call', async () => {
		const rooms = idsOf(roomsOf(desk()).slice(0, 6)).join();
		const { run } = await desk().runWorkflow('meetingRoom.book', [
			{ person: desk().people[0].mobile, eventId: 'x', rooms },
		]);
		expect(errorOf(run)?.message).toBe("'Rooms' names 6 rooms, but DingTalk allows at most 5 per event [Item 0]");
		expect(await callsOf(desk())).toEqual([]);
	});

	it.each<[string, () => string, string]>([
		['is already booked', () => roomsOf(desk())[0].roomId, 'One of the rooms is already booked at that time [Item 0]'],
		['does not exist', () => 'beef', 'DingTalk cannot find one of these meeting rooms [Item 0]'],
	])('explains the failure when a room %s', async (_, roomId, message) => {
		const [host, anna] = desk().people;
		reserve(desk(), plant(desk(), anna, hour(3, 10)), [roomsOf(desk())[0].roomId]);
		const eventId = plant(desk(), host, hour(3, 10));
		const { run } = await desk().runWorkflow('meetingRoom.book', [{ person: host.unionId, eventId, rooms: roomId() }]);
		expect(errorOf(run)?.message).toBe(message);
		expect(await bookingsOf(eventId)).toEqual([]);
	});

	it.each(['none', 'developerMessage'])(
		"says in the room's own words why its rules refuse it (%s)",
		async (messagePrefix) => {
			await desk().control('switches', { messagePrefix });
			const [host] = desk().people;
			const [room] = roomsOf(desk());
			room.minimumMinutes = 90;
			const eventId = plant(desk(), host, hour(3, 10));
			const { run } = await desk().runWorkflow('meetingRoom.book', [
				{ person: host.unionId, eventId, rooms: room.roomId },
			]);
			const error = errorOf(run);
			expect(error?.message).toBe(
				`DingTalk did not accept the booking of a room. ${room.roomName}: The reservation period shall not be less than 90 minutes [Item 0]`,
			);
			expect(error?.description).toMatch(/^Change the time or the room accordingly/);
			expect(storedTextOf(run)).not.toMatch(/developerMessage/);
			expect(await bookingsOf(eventId)).toEqual([]);
		},
	);

	it('retries a lost response and books once', async () => {
		const [host] = desk().people;
		const eventId = plant(desk(), host);
		const { roomId } = roomsOf(desk())[0];
		await desk().control('faults', {
			match: { method: 'POST', path: '*/meetingRooms', times: 1 },
			do: 'dropAfterCommit',
		});
		const { items } = await desk().runWorkflow('meetingRoom.book', [{ person: host.unionId, eventId, rooms: roomId }]);
		expect(items).toMatchObject([{ booked: 1 }]);
		expect((await callsOf(desk())).slice(0, 2).map(({ status, replayed }) => [status, replayed])).toEqual([
			[null, false],
			[200, true],
		]);
	});
});

describe('changing a room booking', () => {
	it('cancels the rooms', async () => {
		const [host] = desk().people;
		const eventId = plant(desk(), host);
		const [one, two, three] = idsOf(roomsOf(desk()));
		reserve(desk(), eventId, [one, two, three]);
		const { items } = await desk().runWorkflow('meetingRoom.cancel', [
			{ person: host.unionId, eventId, rooms: [one, two] },
		]);
		expect(await requestsOf(desk())).toEqual([
			writing('POST', `${eventPath(host, eventId)}/meetingRooms/batchRemove`, {
				meetingRoomsToRemove: [{ roomId: one }, { roomId: two }],
			}),
		]);
		expect(await meteredBy(desk())).toBe(1);
		expect(items).toEqual([{ id: eventId, cancelled: 2, rooms: [one, two] }]);
		expect((await stateOf(desk())).roomBookings.map(({ roomId }) => roomId)).toEqual([three]);
	});

	it.each(['accepted', 'declined'])('records that the room has %s the event', async (answer) => {
		const [host] = desk().people;
		const eventId = plant(desk(), host);
		const { roomId } = withApproval();
		reserve(desk(), eventId, [roomId]);
		const { items } = await desk().runWorkflow('meetingRoom.respond', [
			{ person: host.unionId, eventId, roomId, answer },
		]);
		expect(await requestsOf(desk())).toEqual([
			writing('POST', `${eventPath(host, eventId)}/meetingRooms/${roomId}/respond`, { responseStatus: answer }),
		]);
		expect(items).toEqual([{ id: eventId, roomId, responseStatus: answer }]);
		expect((await rememberedEvent(desk(), eventId)).rooms).toMatchObject([{ roomId, responseStatus: answer }]);
	});

	it('changes nothing when the person is not allowed to respond for the room', async () => {
		const [host, anna] = desk().people;
		await desk().control('switches', { roomRespondBy: 'organizer' });
		const eventId = plant(desk(), host);
		const { roomId } = withApproval();
		reserve(desk(), eventId, [roomId]);
		const { run } = await desk().runWorkflow('meetingRoom.respond', [
			{ person: anna.unionId, eventId, roomId, answer: 'accepted' },
		]);
		expect(errorOf(run)?.message).toBe('This person is not allowed to respond for the room [Item 0]');
		expect((await stateOf(desk())).roomBookings).toMatchObject([{ roomId, responseStatus: 'tentative' }]);
	});
});

describe('using meeting rooms with other app types', () => {
	const list = (person: string): INodeParameters => ({
		resource: 'meetingRoom',
		operation: 'getAll',
		user: person,
		limit: 1,
	});

	it('works with third-party apps', async () => {
		const { corpId } = desk().simulator.world.company;
		const credential = credentialOf(desk(), { appType: 'thirdParty', clientId: 'sim-thirdparty', corpId });
		const { items } = await desk().runNode({ credential, parameters: list(desk().people[0].unionId) });
		expect(items).toHaveLength(1);
	});

	it('is rejected for personal apps with a message that names the permission', async () => {
		const [host] = desk().people;
		const { run } = await desk().runNode({ credential: signedIn(desk(), host), parameters: list(host.unionId) });
		expect(errorOf(run)?.message).toBe('Your DingTalk app is not allowed to list the meeting rooms [Item 0]');
		expect(errorOf(run)?.description).toContain('VideoConference.Conference.Read');
	});
});

describe('using the Meeting Room resource with invalid input', () => {
	const EVENT = { calendarId: 'primary', eventId: 'x' };
	const WINDOW = { timeMin: '2026-03-03', timeMax: '2026-03-04' };

	it.each<[string, INodeParameters]>([
		["'Request As' is empty", { operation: 'getAll', user: "={{ '' }}" }],
		["'Limit' must be a whole number from 1 to 9007199254740991, not 0", { operation: 'getAll', limit: '={{ 0 }}' }],
		[
			"'Minimum Seats' must be a whole number from 0 to 100000, not many",
			{ operation: 'getAll', filters: { minCapacity: '={{ "many" }}' } },
		],
		["'Equipment' has no option 'piano'", { operation: 'getAll', filters: { equipment: "={{ ['piano'] }}" } }],
		["'Bookable By' has no option 'nobody'", { operation: 'getAll', filters: { bookableBy: "={{ ['nobody'] }}" } }],
		["'Request As' is empty", { operation: 'getFreeBusy', user: "={{ '' }}", rooms: 'a', ...WINDOW }],
		["'Rooms' is empty", { operation: 'getFreeBusy', rooms: "={{ ',' }}", ...WINDOW }],
		["'From' is empty", { operation: 'getFreeBusy', rooms: 'a', ...WINDOW, timeMin: "={{ '' }}" }],
		["'To' is not later than 'From'", { operation: 'getFreeBusy', rooms: 'a', ...WINDOW, timeMax: '2026-03-03' }],
		["'Organizer' is empty", { operation: 'book', user: '={{ null }}', rooms: 'a', ...EVENT }],
		["'Rooms' is empty", { operation: 'book', rooms: '={{ [] }}', ...EVENT }],
		["'Event' is empty", { operation: 'book', rooms: 'a', ...EVENT, eventId: "={{ ' ' }}" }],
		[
			"'Check Rooms First' is neither true nor false: maybe",
			{ operation: 'book', rooms: 'a', ...EVENT, options: { checkFirst: '={{ "maybe" }}' } },
		],
		["'Rooms' is empty", { operation: 'cancel', rooms: '={{ null }}', ...EVENT }],
		["'Room' is empty", { operation: 'respond', roomId: "={{ '' }}", responseStatus: 'accepted', ...EVENT }],
		[
			"'Response' has no option 'tentative'",
			{ operation: 'respond', roomId: 'a', responseStatus: "={{ 'tentative' }}", ...EVENT },
		],
	])('fails before any call: %s', async (message, parameters) => {
		const { run } = await desk().runNode({
			parameters: { resource: 'meetingRoom', user: desk().people[0].unionId, ...parameters },
		});
		expect(errorOf(run)?.message).toBe(`${message} [Item 0]`);
		expect(await callsOf(desk())).toEqual([]);
	});
});

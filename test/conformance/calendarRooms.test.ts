/** Drives the calls that book rooms for events with DingTalk's official client against the simulator. */
import { Member } from './member';
import { invalidParameter, itemNotFound, refusalOf } from './refusal';
import { at, daily, DAY, meeting, meetingOn } from './samples';
import { useStage } from './stage';
import type { Fields } from './user';

const stage = useStage();
const member = async (index: number): Promise<Member> => Member.of(await stage.user(index));

/** The documented messages are what these tests are about; the prefix is a switch. */
beforeEach(() => stage.set({ messagePrefix: 'none' }));

const WEEK = { startTime: '2026-03-02T00:00:00+08:00', endTime: '2026-03-09T00:00:00+08:00' };
const VIEW = { timeMin: WEEK.startTime, timeMax: WEEK.endTime };
const roomBusy = { status: 400, code: 'meetingRoomNotAvailable', message: 'room busy' };
const UNTIL_FRIDAY = daily({ type: 'endDate', endDate: '2026-03-06T23:00:00+08:00' });

const room = (index: number): { roomId: string } => ({ roomId: stage.world.company.rooms[index].roomId });
const NEEDS_APPROVAL = 6;
const NO_SERIES = 7;

const itemsOf = async (who: Member, index: number, window: Fields = WEEK) => {
	const { roomId } = room(index);
	const { scheduleInformation } = await who.roomSchedules({ roomIds: [roomId], ...window });
	expect(scheduleInformation).toMatchObject([{ roomId }]);
	return scheduleInformation?.[0].scheduleItems ?? [];
};

describe('addMeetingRooms', () => {
	it('books rooms that are free', async () => {
		const host = await member(0);
		const id = await host.createId(meeting());
		expect(await host.addRooms(id, [room(0), room(1)])).toEqual({ result: true });
		const { meetingRooms, location } = await host.get(id);
		const [first, second] = stage.world.company.rooms;
		expect(meetingRooms).toEqual([
			{ roomId: first.roomId, displayName: first.roomName, responseStatus: 'accepted' },
			{ roomId: second.roomId, displayName: second.roomName, responseStatus: 'accepted' },
		]);
		expect(location?.meetingRooms).toEqual([first.roomName, second.roomName]);
	});

	it('books none of the rooms of a call while one of them is taken', async () => {
		const [host, other] = [await member(0), await member(1)];
		await host.addRooms(await host.createId(meeting()), [room(0)]);
		const id = await other.createId(
			meeting({ start: at('2026-03-02T10:59:00+08:00'), end: at('2026-03-02T12:00:00+08:00') }),
		);
		expect(await refusalOf(other.addRooms(id, [room(1), room(0)]))).toEqual(roomBusy);
		expect((await other.get(id)).meetingRooms ?? []).toEqual([]);
		const later = await other.createId(
			meeting({ start: at('2026-03-02T11:00:00+08:00'), end: at('2026-03-02T12:00:00+08:00') }),
		);
		expect(await other.addRooms(later, [room(0)])).toEqual({ result: true });
	});

	it('detects a conflict with any occurrence of a series', async () => {
		const [host, other] = [await member(0), await member(1)];
		await host.addRooms(await host.createId(meetingOn('2026-03-05')), [room(0)]);
		const series = await other.createId(meeting({ recurrence: UNTIL_FRIDAY }));
		expect(await refusalOf(other.addRooms(series, [room(0)]))).toEqual(roomBusy);
		expect(await other.addRooms(series, [room(1)])).toEqual({ result: true });
		expect(await refusalOf(host.addRooms(await host.createId(meetingOn('2026-03-04')), [room(1)]))).toEqual(roomBusy);
		expect(await host.addRooms(await host.createId(meetingOn('2026-03-07')), [room(1)])).toEqual({ result: true });
	});

	it('requires an end date of a series and a room that allows recurring bookings', async () => {
		const host = await member(0);
		const endless = await host.createId(meeting({ recurrence: daily() }));
		expect(await refusalOf(host.addRooms(endless, [room(0)]))).toEqual(invalidParameter());
		await stage.set({ recurringRooms: 'anyRange' });
		expect(await host.addRooms(endless, [room(0)])).toEqual({ result: true });
		expect(await refusalOf(host.addRooms(endless, [room(NO_SERIES)]))).toEqual(invalidParameter());
		const [{ id: oneDate = '' }] = (await host.view(VIEW)).events ?? [];
		expect(await host.addRooms(oneDate, [room(NO_SERIES)])).toEqual({ result: true });
	});

	it('allows five rooms per event, including those already booked', async () => {
		const host = await member(0);
		const id = await host.createId(meeting());
		const tooMany = invalidParameter('attendees batch size too large. Maximum allowed:5');
		expect(await refusalOf(host.addRooms(id, [0, 1, 2, 3, 4, 5].map(room)))).toEqual(tooMany);
		expect(await host.addRooms(id, [0, 1, 2, 3, 4].map(room))).toEqual({ result: true });
		expect(await host.addRooms(id, [room(4)])).toEqual({ result: true });
		expect(await refusalOf(host.addRooms(id, [room(5)]))).toEqual(tooMany);
	});

	it.each<[string, Fields[] | undefined]>([
		['roomId must be provided.', undefined],
		['roomId must be provided.', []],
		['roomId must be provided.', [{}]],
		['roomId invalid', [{ roomId: '钱塘厅' }]],
	])('returns "%s" (row %#)', async (message, rooms) => {
		const host = await member(0);
		expect(await refusalOf(host.addRooms(await host.createId(meeting()), rooms))).toEqual(invalidParameter(message));
	});

	it('is allowed only to the organizer of an existing event', async () => {
		const [host, guest] = [await member(0), await member(1)];
		const id = await host.createId(meeting({ attendees: [{ id: guest.unionId }] }));
		expect(await refusalOf(guest.addRooms(id, [room(0)]))).toMatchObject({ status: 400 });
		expect(await refusalOf(host.addRooms('nothing', [room(0)]))).toEqual(itemNotFound);
	});

	it('books a room once when the same request arrives several times', async () => {
		const host = await member(0);
		const id = await host.createId(meeting());
		await host.addRooms(id, [room(0)], 'once');
		await host.removeRooms(id, [room(0)]);
		expect(await host.addRooms(id, [room(0)], 'once')).toEqual({ result: true });
		expect((await host.get(id)).meetingRooms ?? []).toEqual([]);
	});
});

describe('A room that requires approval', () => {
	it('is tentative until its approver responds', async () => {
		const [host, keeper, other] = [await member(0), await member(1), await member(2)];
		const id = await host.createId(meeting());
		await host.addRooms(id, [room(NEEDS_APPROVAL)]);
		const status = async () => (await host.get(id)).meetingRooms?.[0].responseStatus;
		expect(await status()).toBe('tentative');
		expect(await itemsOf(host, NEEDS_APPROVAL)).toMatchObject([{ status: 'TENTATIVE' }]);
		expect(await keeper.respondForRoom(id, room(NEEDS_APPROVAL).roomId, 'accepted')).toEqual({ result: true });
		expect(await status()).toBe('accepted');
		expect(await itemsOf(host, NEEDS_APPROVAL)).toMatchObject([{ status: 'BUSY' }]);
		await keeper.respondForRoom(id, room(NEEDS_APPROVAL).roomId, 'declined');
		expect(await status()).toBe('declined');
		expect(await itemsOf(host, NEEDS_APPROVAL)).toEqual([]);
		await other.addRooms(await other.createId(meeting()), [room(NEEDS_APPROVAL)]);
		expect(await refusalOf(keeper.respondForRoom(id, room(NEEDS_APPROVAL).roomId, 'accepted'))).toEqual(roomBusy);
	});

	it('can be approved or declined through the control plane', async () => {
		const host = await member(0);
		const id = await host.createId(meeting());
		await host.addRooms(id, [room(NEEDS_APPROVAL)]);
		await stage.control('rooms', { eventId: id, ...room(NEEDS_APPROVAL), responseStatus: 'accepted' });
		expect((await host.get(id)).meetingRooms).toMatchObject([{ responseStatus: 'accepted' }]);
	});
});

describe('meetingRoomRespond', () => {
	it('is refused for an invalid response, a room that was not requested and an unknown event', async () => {
		const host = await member(0);
		const id = await host.createId(meeting());
		await host.addRooms(id, [room(0)]);
		const { roomId } = room(0);
		expect(await refusalOf(host.respondForRoom(id, roomId))).toEqual(invalidParameter());
		expect(await refusalOf(host.respondForRoom(id, roomId, 'perhaps'))).toEqual(invalidParameter());
		expect(await refusalOf(host.respondForRoom(id, room(1).roomId, 'accepted'))).toEqual(
			invalidParameter('roomId invalid'),
		);
		expect(await refusalOf(host.respondForRoom('nothing', roomId, 'accepted'))).toEqual(itemNotFound);
	});
});

describe('removeMeetingRooms', () => {
	it('frees the rooms for other events', async () => {
		const [host, other] = [await member(0), await member(1)];
		const id = await host.createId(meeting());
		await host.addRooms(id, [room(0), room(1)]);
		expect(await host.removeRooms(id, [room(0)])).toEqual({ result: true });
		expect((await host.get(id)).meetingRooms).toMatchObject([room(1)]);
		expect(await other.addRooms(await other.createId(meeting()), [room(0)])).toEqual({ result: true });
	});

	it('changes nothing when the room is not booked', async () => {
		const host = await member(0);
		const id = await host.createId(meeting());
		const before = await host.get(id);
		expect(await host.removeRooms(id, [room(0)])).toEqual({ result: true });
		expect(await host.get(id)).toEqual(before);
	});

	it.each<[Fields[] | undefined]>([[undefined], [[]], [[{}]]])(
		'returns "roomId must be provided." for %j',
		async (rooms) => {
			const host = await member(0);
			const missing = invalidParameter('Meeting rooms to remove must be provided.');
			expect(await refusalOf(host.removeRooms(await host.createId(meeting()), rooms))).toEqual(missing);
		},
	);
});

describe('getMeetingRoomsSchedule', () => {
	it('lists what a room is booked for, each occurrence of a series separately', async () => {
		const [host, asker] = [await member(0), await member(1)];
		const id = await host.createId(meeting());
		await host.addRooms(id, [room(0)]);
		expect(await itemsOf(asker, 0)).toEqual([
			{
				status: 'BUSY',
				eventId: id,
				organizer: { id: host.unionId },
				start: at('2026-03-02T10:00:00+08:00'),
				end: at('2026-03-02T11:00:00+08:00'),
			},
		]);
		expect(await itemsOf(asker, 1)).toEqual([]);
		const series = await host.createId(meeting({ recurrence: UNTIL_FRIDAY }));
		await host.addRooms(series, [room(1)]);
		const dates = await itemsOf(asker, 1);
		expect(dates).toHaveLength(5);
		expect(await host.get(dates[4].eventId ?? '')).toMatchObject({ seriesMasterId: series });
	});

	it('accepts five rooms per call, or the configured limit', async () => {
		const asker = await member(0);
		const ask = (count: number) =>
			asker.roomSchedules({ roomIds: Array.from({ length: count }, (_, i) => room(i).roomId), ...WEEK });
		expect((await ask(5)).scheduleInformation).toHaveLength(5);
		expect(await refusalOf(ask(6))).toEqual(invalidParameter('Cannot get schedule information for more than limit.'));
		await stage.control('limits', { roomsPerSchedule: null });
		expect((await ask(6)).scheduleInformation).toHaveLength(6);
	});

	it('covers up to 90 days and accepts each time format', async () => {
		const asker = await member(0);
		expect(await itemsOf(asker, 0, { startTime: '2026-03-02T00:00Z', endTime: '2026-05-31T00:00Z' })).toEqual([]);
	});

	const dayAfter90 = new Date(Date.parse(WEEK.startTime) + 90 * DAY + 1).toISOString();

	it.each<[string, Fields]>([
		['query ids cannot be empty', { roomIds: undefined }],
		['query ids cannot be empty', { roomIds: [] }],
		['roomId invalid', { roomIds: ['nothing'] }],
		['Cannot query schedule for more than 90 days.', { endTime: dayAfter90 }],
	])('returns "%s" (row %#)', async (message, fields) => {
		const asker = await member(0);
		const query = { roomIds: [room(0).roomId], ...WEEK, ...fields };
		expect(await refusalOf(asker.roomSchedules(query))).toEqual(invalidParameter(message));
	});

	it.each<[string, Fields]>([
		['a missing start', { startTime: undefined }],
		['an end before the start', { endTime: '2026-03-01T00:00:00+08:00' }],
	])('is refused for %s', async (_name, fields) => {
		const asker = await member(0);
		const query = { roomIds: [room(0).roomId], ...WEEK, ...fields };
		expect(await refusalOf(asker.roomSchedules(query))).toEqual(invalidParameter());
	});
});

test('Room calls are refused to an app that acts for one user', async () => {
	const person = Member.of(await stage.self(0, 'sim-personal'));
	const id = await person.createId(meeting());
	const { roomId } = room(0);
	expect(await refusalOf(person.addRooms(id, [{ roomId }]))).toMatchObject({ status: 403 });
	expect(await refusalOf(person.removeRooms(id, [{ roomId }]))).toMatchObject({ status: 403 });
	expect(await refusalOf(person.respondForRoom(id, roomId, 'accepted'))).toMatchObject({ status: 403 });
	expect(await refusalOf(person.roomSchedules({ roomIds: [roomId], ...WEEK }))).toMatchObject({ status: 403 });
});

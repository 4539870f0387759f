/** Reads meeting rooms and their groups with DingTalk's official client against the simulator. */
import * as api from '@alicloud/dingtalk/dist/rooms_1_0/client';

import { refusalOf } from './refusal';
import { rawCall, runtime } from './sdk';
import { strangeParts } from './shape';
import { useStage } from './stage';

const stage = useStage();

const headers = async (): Promise<{ xAcsDingtalkAccessToken: string }> => ({
	xAcsDingtalkAccessToken: await stage.appToken(),
});
const unionId = (): string => stage.person(0).unionId;
const paramError = { status: 400, code: 'param.error', message: 'Param Error' };
const notEmployee = { status: 400, code: 'user.not.employee', message: expect.any(String) as unknown };

const calls = {
	list: async (query: object = { unionId: unionId() }) =>
		(
			await stage.sdk.rooms.queryMeetingRoomListWithOptions(
				new api.QueryMeetingRoomListRequest({ ...query }),
				new api.QueryMeetingRoomListHeaders(await headers()),
				runtime,
			)
		).body,
	get: async (roomId: string, query: object = { unionId: unionId() }) =>
		(
			await stage.sdk.rooms.queryMeetingRoomWithOptions(
				roomId,
				new api.QueryMeetingRoomRequest({ ...query }),
				new api.QueryMeetingRoomHeaders(await headers()),
				runtime,
			)
		).body,
	groups: async (query: object = { unionId: unionId() }) =>
		(
			await stage.sdk.rooms.queryMeetingRoomGroupListWithOptions(
				new api.QueryMeetingRoomGroupListRequest({ ...query }),
				new api.QueryMeetingRoomGroupListHeaders(await headers()),
				runtime,
			)
		).body,
	group: async (groupId: string, query: object = { unionId: unionId() }) =>
		(
			await stage.sdk.rooms.queryMeetingRoomGroupWithOptions(
				groupId,
				new api.QueryMeetingRoomGroupRequest({ ...query }),
				new api.QueryMeetingRoomGroupHeaders(await headers()),
				runtime,
			)
		).body,
};

const aRoom = (): string => stage.world.company.rooms[0].roomId;
const aGroup = (): string => String(stage.world.company.rooms[0].roomGroup.groupId);

describe('queryMeetingRoomList', () => {
	it('is paged by hasMore', async () => {
		const names: Array<string | undefined> = [];
		let nextToken: number | undefined;
		for (let hasMore = true; hasMore;) {
			const page = await calls.list({ unionId: unionId(), maxResults: 3, nextToken });
			names.push(...(page?.result ?? []).map(({ roomName }) => roomName));
			hasMore = page?.hasMore ?? false;
			nextToken = page?.nextToken;
		}
		expect(names).toEqual(stage.world.company.rooms.map(({ roomName }) => roomName));
	});

	it('returns location, capacity and equipment of each room', async () => {
		const { result = [] } = (await calls.list()) ?? {};
		const { roomId, roomName, roomCapacity, roomLocation, roomLabels, roomGroup } = stage.world.company.rooms[0];
		expect(result[0]).toMatchObject({
			roomId,
			roomName,
			roomCapacity,
			roomLocation,
			roomLabels,
			roomGroup,
			roomStatus: 0,
			corpId: stage.corpId,
		});
	});

	it('refuses a page size over 100, a negative page and a missing user', async () => {
		expect(await refusalOf(calls.list({ unionId: unionId(), maxResults: 101 }))).toEqual(paramError);
		expect(await refusalOf(calls.list({ unionId: unionId(), nextToken: -1 }))).toEqual(paramError);
		expect(await refusalOf(calls.list({}))).toEqual(paramError);
		expect(await refusalOf(calls.list({ unionId: 'nobody' }))).toEqual(notEmployee);
	});
});

describe('queryMeetingRoom', () => {
	it('returns whether a room accepts recurring bookings, which no list returns', async () => {
		for (const { roomId, enableCycleReservation } of stage.world.company.rooms) {
			expect((await calls.get(roomId))?.result).toMatchObject({ roomId, enableCycleReservation });
		}
	});

	it('refuses an unknown room and a missing user', async () => {
		expect(await refusalOf(calls.get('nothing'))).toMatchObject({ status: 400, code: 'room.not.found' });
		expect(await refusalOf(calls.get(aRoom(), {}))).toEqual(paramError);
	});
});

describe('queryMeetingRoomGroupList and queryMeetingRoomGroup', () => {
	it('return the groups of the rooms', async () => {
		const { result = [] } = (await calls.groups()) ?? {};
		expect(result.length).toBeGreaterThan(1);
		for (const group of result) expect(await calls.group(String(group.groupId))).toEqual(group);
		expect(result.map(({ groupId }) => String(groupId))).toContain(aGroup());
	});

	it('refuse an unknown group and a missing user', async () => {
		expect(await refusalOf(calls.group('1'))).toEqual(paramError);
		expect(await refusalOf(calls.group(aGroup(), {}))).toEqual(paramError);
		expect(await refusalOf(calls.groups({}))).toEqual(paramError);
		expect(await refusalOf(calls.groups({ unionId: 'nobody' }))).toEqual(notEmployee);
	});
});

describe('Each room call', () => {
	/** On the page of the call, but not in the client. */
	const NEWER = ['roomDescription', 'approvalSwitch', 'approvalType'].map((name) => `.result.${name}: not known`);

	it.each<[string, () => string, unknown, string[]]>([
		['the list', () => 'meetingRoomLists', api.QueryMeetingRoomListResponseBody, []],
		['one room', () => `meetingRooms/${aRoom()}`, api.QueryMeetingRoomResponseBody, NEWER],
		['the groups', () => 'groupLists', api.QueryMeetingRoomGroupListResponseBody, []],
		['one group', () => `groups/${aGroup()}`, api.QueryMeetingRoomGroupResponseBody, []],
	])(
		'returns only fields that the official client or its documentation has, in %s',
		async (_name, path, type, newer) => {
			const token = await stage.appToken();
			const answer = await rawCall(stage.sdk, {
				method: 'GET',
				path: `/v1.0/rooms/${path()}`,
				token,
				query: { unionId: unionId() },
			});
			expect(strangeParts(type, JSON.parse(String(answer.body)))).toEqual(newer);
		},
	);

	it('requires its permission and returns system errors', async () => {
		await stage.control('faults', {
			match: { path: '/v1.0/rooms/groupLists' },
			do: 'status',
			status: 500,
			code: 'system.error',
			message: 'System Error',
		});
		expect(await refusalOf(calls.groups())).toEqual({ status: 500, code: 'system.error', message: 'System Error' });
		await stage.control('apps', { clientId: 'sim-internal', scopes: ['qyapi_base'] });
		const denied = { status: 403, requiredScopes: ['VideoConference.Conference.Read'] };
		expect(await refusalOf(calls.list())).toMatchObject(denied);
		expect(await refusalOf(calls.get(aRoom()))).toMatchObject(denied);
		expect(await refusalOf(calls.group(aGroup()))).toMatchObject(denied);
	});
});

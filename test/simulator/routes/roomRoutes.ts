/** The calls for rooms and room groups. */
import type { Room } from '../company';
import { ApiError, type Call, type Route } from '../contract';
import { numberOf } from '../fields';
import { roomGroups } from '../seed/seedRooms';
import type { World } from '../world';

const DEFAULT_PAGE = 20;
const MAX_PAGE = 100;

const paramError = (): ApiError => new ApiError(400, 'param.error', 'Param Error');

/** Each call requires the employee on whose behalf it is made. */
function requireEmployee({ query }: Call, { company }: World): void {
	if (query.unionId === undefined || query.unionId === '') throw paramError();
	if (company.byUnionId(query.unionId) === undefined) throw new ApiError(400, 'user.not.employee', 'User Not Employee');
}

const roomEntry = (room: Room, corpId: string): Record<string, unknown> => ({
	roomId: room.roomId,
	roomStaffId: '',
	corpId,
	roomName: room.roomName,
	roomStatus: room.roomStatus,
	roomLabels: room.roomLabels,
	roomCapacity: room.roomCapacity,
	roomLocation: room.roomLocation,
	roomPicture: '',
	isvRoomId: '',
	roomGroup: room.roomGroup,
});

function listRooms(call: Call, world: World): unknown {
	requireEmployee(call, world);
	const { company } = world;
	const first = optionalNumber(call.query, 'nextToken') ?? 0;
	const size = optionalNumber(call.query, 'maxResults') ?? DEFAULT_PAGE;
	if (first < 0 || size < 1 || size > MAX_PAGE) throw paramError();
	const next = first + size;
	const hasMore = next < company.rooms.length;
	return {
		// A number even on the last page: only hasMore marks the end.
		hasMore,
		nextToken: Math.min(next, company.rooms.length),
		result: company.rooms.slice(first, next).map((room) => roomEntry(room, company.corpId)),
	};
}

function optionalNumber(query: Call['query'], name: string): number | undefined {
	if (query[name] === undefined) return undefined;
	const value = numberOf(query, name);
	if (value === undefined) throw paramError();
	return value;
}

function getRoom(call: Call, world: World): unknown {
	requireEmployee(call, world);
	const room = world.company.rooms.find(({ roomId }) => roomId === call.params.roomId);
	if (room === undefined) throw new ApiError(400, 'room.not.found', 'Room Not Found');
	return {
		result: {
			...roomEntry(room, world.company.corpId),
			deviceUnionIds: [],
			roomUnionId: '',
			roomDescription: '',
			reservationAuthority: { authorizedMembers: [] },
			enableCycleReservation: room.enableCycleReservation,
			extensionConfig: { openReservation: true, maxReservationTimeInterval: 0, minReservationTimeInterval: 0 },
			approvalSwitch: room.approvalSwitch,
			approvalType: room.approvalType,
		},
	};
}

function listGroups(call: Call, world: World): unknown {
	requireEmployee(call, world);
	return { result: roomGroups };
}

function getGroup(call: Call, world: World): unknown {
	requireEmployee(call, world);
	const group = roomGroups.find(({ groupId }) => String(groupId) === call.params.groupId);
	if (group === undefined) throw paramError();
	return group;
}

const roomRoute = (path: string, answer: Route['handle']): Route => ({
	method: 'GET',
	path,
	style: 'new',
	token: 'app',
	scope: 'VideoConference.Conference.Read',
	apps: ['internal', 'thirdPartyEnterprise'],
	metered: true,
	handle: answer,
});

export const routes: Route[] = [
	roomRoute('/v1.0/rooms/meetingRoomLists', listRooms),
	roomRoute('/v1.0/rooms/meetingRooms/{roomId}', getRoom),
	roomRoute('/v1.0/rooms/groupLists', listGroups),
	roomRoute('/v1.0/rooms/groups/{groupId}', getGroup),
];

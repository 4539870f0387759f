/** The seeded rooms and room groups. */
import type { Room } from '../company';

const HEADQUARTERS = { groupId: 20_411, groupName: '总部', parentId: 0 };
const FIRST_FLOOR = { groupId: 20_412, groupName: '总部一层', parentId: HEADQUARTERS.groupId };
const SECOND_FLOOR = { groupId: 20_413, groupName: '总部二层', parentId: HEADQUARTERS.groupId };

const LABELS = { tv: '电视', phone: '电话', projector: '投影', whiteboard: '白板', video: '视频会议' };
type Label = keyof typeof LABELS;

const labelsOf = (names: Label[]): Room['roomLabels'] =>
	names.map((name) => ({ labelId: Object.keys(LABELS).indexOf(name) + 1, labelName: LABELS[name] }));

const room = (
	roomId: string,
	roomName: string,
	roomCapacity: number,
	roomGroup: Room['roomGroup'],
	labels: Label[],
	special: Partial<Room> = {},
): Room => ({
	roomId,
	roomName,
	roomCapacity,
	roomLocation: { title: roomGroup.groupName, desc: '杭州市余杭区文一西路' },
	roomStatus: 0,
	roomLabels: labelsOf(labels),
	roomGroup,
	approvalSwitch: false,
	approvalType: 1,
	enableCycleReservation: true,
	...special,
});

export const seedRooms = (): Room[] => [
	room('2f5b8c01d4e94a7fb1c36a90e7d20451', '钱塘厅', 20, FIRST_FLOOR, ['tv', 'phone', 'projector', 'video']),
	room('81c7e5a2093f4d56a8be1f7742c9d0b3', '西湖厅', 12, FIRST_FLOOR, ['tv', 'whiteboard', 'video']),
	room('c94d0e6b7f1a4283956ed8a15b30c7f2', '龙井', 6, FIRST_FLOOR, ['tv', 'whiteboard']),
	room('5a3e91f7c2b84d0e8f67b420d9c15e38', '虎跑', 4, FIRST_FLOOR, ['whiteboard']),
	room('d7026bf8e13c4a95b0d4c8f6a2719e5d', '灵隐', 8, SECOND_FLOOR, ['tv', 'phone']),
	room('3b9f4c7d51e84062a7c0e5d8f1b62a94', '断桥', 4, SECOND_FLOOR, []),
	room('e680a1d3f94b47c2b5e7308c6d2f91ab', '董事会议室', 30, SECOND_FLOOR, ['tv', 'phone', 'projector', 'video'], {
		approvalSwitch: true,
	}),
	room('76c2d95ef0a34b18937da4b6e81c05f7', '培训教室', 50, SECOND_FLOOR, ['projector', 'whiteboard'], {
		enableCycleReservation: false,
		minimumMinutes: 30,
	}),
];

export const roomGroups = [HEADQUARTERS, FIRST_FLOOR, SECOND_FLOOR];

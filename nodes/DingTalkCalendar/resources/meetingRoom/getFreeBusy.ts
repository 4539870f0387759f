import { api } from '../../../../lib/dingtalk/endpoints';
import { LIMITS } from '../../../../lib/dingtalk/limits';
import { roomsSchedules } from '../../../../lib/dingtalk/freeBusy/schedules';
import { PERSON_LOOKUPS, personField } from '../../../../lib/n8n/fields/people';
import { readRooms, roomsField } from '../../fields/rooms/roomLocator';
import {
	readScheduleOutput,
	readScheduleWindow,
	scheduleOutputProperty,
	scheduleWindowProperties,
	tentativeField,
} from '../../fields/freeBusy/scheduleFields';
import type { Operation } from '../../../../lib/n8n/Operation';

const requesterField = personField('Ask as Person', 'In whose name to look');

export const getFreeBusy: Operation = {
	value: 'getFreeBusy',
	name: 'Get Free/Busy',
	action: 'Get free and busy times of meeting rooms',
	description: `See when rooms are taken or free, any number of them; ${api.getRoomSchedule.maxBatch} rooms and ${LIMITS.roomScheduleDays} days cost one call`,
	calls: [api.getRoomSchedule, ...PERSON_LOOKUPS],
	properties: [
		requesterField.property,
		roomsField,
		...scheduleWindowProperties,
		scheduleOutputProperty,
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			options: [{ ...tentativeField, description: 'Whether times that still wait for an approval count as free' }],
		},
	],
	prepare(item) {
		const requester = requesterField.read(item);
		const rooms = readRooms(item);
		const window = readScheduleWindow(item);
		const toOutput = readScheduleOutput(item, window, item.collection('options').tentativeIsFree);

		return async () => {
			const schedules = await roomsSchedules(item.client, await requester.unionId(), rooms, window);
			return schedules.map((schedule) => toOutput(schedule, { id: schedule.id }));
		};
	},
};

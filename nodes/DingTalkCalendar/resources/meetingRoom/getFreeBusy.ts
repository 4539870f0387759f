/** Gets the free and busy times of meeting rooms. */
import { api } from '../../../../lib/dingtalk/endpoints';
import { LIMITS } from '../../../../lib/dingtalk/limits';
import { readRoomSchedules } from '../../../../lib/dingtalk/freeBusy/schedules';
import { PERSON_LOOKUPS, personField } from '../../../../lib/n8n/fields/people';
import { readRooms, roomsField } from '../../fields/rooms/roomLocator';
import {
	readScheduleOutput,
	readScheduleWindow,
	scheduleOutputProperty,
	zonedWindowProperties,
	tentativeField,
} from '../../fields/freeBusy/scheduleFields';
import type { Operation } from '../../../../lib/n8n/Operation';

const requesterField = personField('Request As', 'The person who makes the request');

export const getFreeBusy: Operation = {
	value: 'getFreeBusy',
	name: 'Get Free/Busy',
	action: 'Get free and busy times of meeting rooms',
	description: `Returns when any number of rooms are taken or free; costs one call per ${api.getRoomSchedule.maxBatch} rooms and ${LIMITS.roomScheduleDays} days`,
	calls: [api.getRoomSchedule, api.listRooms, ...PERSON_LOOKUPS],
	properties: [
		requesterField.property,
		roomsField,
		...zonedWindowProperties,
		scheduleOutputProperty,
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			options: [{ ...tentativeField, description: 'Whether bookings that are waiting for approval count as free' }],
		},
	],
	prepare(item) {
		const requester = requesterField.read(item);
		const resolveRooms = readRooms(item);
		const window = readScheduleWindow(item);
		const toOutput = readScheduleOutput(item, window, item.collection('options').tentativeIsFree);

		return async () => {
			const unionId = await requester.unionId();
			const schedules = await readRoomSchedules(item.client, unionId, await resolveRooms(unionId), window);
			return schedules.map((schedule) => toOutput(schedule, { id: schedule.id }));
		};
	},
};

/** Lists who has checked in to an event, or who has not yet. */
import { api } from '../../../../lib/dingtalk/endpoints';
import { limitProperties } from '../../fields/common/limit';
import { readCheckInList, checkInEvent, checkInStatusProperty } from '../../fields/event/checkInList';
import { EVENT_LOOKUPS } from '../../fields/locators/eventPath';
import type { Operation } from '../../../../lib/n8n/Operation';

export const getCheckIns: Operation = {
	value: 'getCheckIns',
	name: 'Get Check-Ins',
	action: 'Get the check-ins of an event',
	description: 'Lists who has checked in and when, or who has not yet, one item per person',
	calls: [api.listCheckIns, ...EVENT_LOOKUPS],
	properties: [
		...checkInEvent.properties,
		checkInStatusProperty('Checked In', 'Not Checked In Yet'),
		...limitProperties,
	],
	prepare: (item) =>
		readCheckInList(item, {
			call: api.listCheckIns,
			types: { done: 'sign_in', missing: 'not_yet_sign_in' },
			timeKey: 'checkInTime',
			outputKey: 'checkedInAt',
		}),
};

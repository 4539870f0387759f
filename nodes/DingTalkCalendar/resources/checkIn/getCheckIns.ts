import { api } from '../../../../lib/dingtalk/endpoints';
import { limitProperties } from '../../fields/common/limit';
import { readCheckInList, checkInEvent, checkInStatusProperty } from '../../fields/event/checkInList';
import { EVENT_LOOKUPS } from '../../fields/locators/eventPath';
import type { Operation } from '../../../../lib/n8n/Operation';

export const getCheckIns: Operation = {
	value: 'getCheckIns',
	name: 'Get Check-Ins',
	action: 'Get who has or has not checked in',
	description: 'List who has checked in and when, or who is still missing, one item for each person',
	calls: [api.listCheckIns, ...EVENT_LOOKUPS],
	properties: [
		...checkInEvent.properties,
		checkInStatusProperty('Has Checked In', 'Has Not Checked In Yet'),
		...limitProperties,
	],
	prepare: (item) =>
		readCheckInList(item, {
			call: api.listCheckIns,
			types: { done: 'sign_in', missing: 'not_yet_sign_in' },
			timeKey: 'checkInTime',
			shownAs: 'checkedInAt',
		}),
};

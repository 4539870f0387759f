import { api } from '../../../../lib/dingtalk/endpoints';
import { limitProperties } from '../../fields/common/limit';
import { readCheckInList, checkInEvent, checkInStatusProperty } from '../../fields/event/checkInList';
import { EVENT_LOOKUPS } from '../../fields/locators/eventPath';
import type { Operation } from '../../../../lib/n8n/Operation';

export const getCheckOuts: Operation = {
	value: 'getCheckOuts',
	name: 'Get Check-Outs',
	action: 'Get who has or has not checked out',
	description: 'List who has checked out and when, or who is still missing, one item for each person',
	calls: [api.listCheckOuts, ...EVENT_LOOKUPS],
	properties: [
		...checkInEvent.properties,
		checkInStatusProperty('Has Checked Out', 'Has Not Checked Out Yet'),
		...limitProperties,
	],
	prepare: (item) =>
		readCheckInList(item, {
			call: api.listCheckOuts,
			types: { done: 'sign_out', missing: 'not_yet_sign_out' },
			timeKey: 'checkOutTime',
			shownAs: 'checkedOutAt',
		}),
};

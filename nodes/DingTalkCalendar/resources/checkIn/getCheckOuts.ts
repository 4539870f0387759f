/** Lists who has checked out of an event, or who has not yet. */
import { api } from '../../../../lib/dingtalk/endpoints';
import { limitProperties } from '../../fields/common/limit';
import { readCheckInList, checkInEvent, checkInStatusProperty } from '../../fields/event/checkInList';
import { EVENT_LOOKUPS } from '../../fields/locators/eventPath';
import type { Operation } from '../../../../lib/n8n/Operation';

export const getCheckOuts: Operation = {
	value: 'getCheckOuts',
	name: 'Get Check-Outs',
	action: 'Get the check-outs of an event',
	description: 'Lists who has checked out and when, or who has not yet, one item per person',
	calls: [api.listCheckOuts, ...EVENT_LOOKUPS],
	properties: [
		...checkInEvent.properties,
		checkInStatusProperty('Checked Out', 'Not Checked Out Yet'),
		...limitProperties,
	],
	prepare: (item) =>
		readCheckInList(item, {
			call: api.listCheckOuts,
			types: { done: 'sign_out', missing: 'not_yet_sign_out' },
			timeKey: 'checkOutTime',
			outputKey: 'checkedOutAt',
		}),
};

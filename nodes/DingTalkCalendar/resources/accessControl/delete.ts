import { api } from '../../../../lib/dingtalk/endpoints';
import { readId } from '../../fields/locators/locatorFields';
import { calendarTarget } from '../../fields/locators/eventPath';
import { PERSON_LOOKUPS } from '../../../../lib/n8n/fields/people';
import type { Operation } from '../../../../lib/n8n/Operation';

const owner = calendarTarget('Calendar Owner', 'Whose calendar is shared');

export const deleteAcl: Operation = {
	value: 'delete',
	name: 'Delete',
	action: "Stop sharing a person's calendar with somebody",
	description: 'Take the right to see or edit a calendar away again',
	calls: [api.deleteAcl, ...PERSON_LOOKUPS],
	properties: [
		...owner.properties,
		{
			displayName: 'Access ID',
			name: 'aclId',
			type: 'string',
			required: true,
			default: '',
			description: "The ID that 'Create' and 'Get Many' of Access Control give as aclId",
		},
	],
	prepare(item) {
		const path = owner.read(item);
		const aclId = readId(item, 'aclId', 'Access ID', "Take the ID from 'Get Many' of Access Control.");

		return async () => {
			await item.client.request(api.deleteAcl, { path: { ...(await path()), aclId } });
			return { deleted: true, aclId };
		};
	},
};

/** Stops sharing a person's calendar with another person. */
import { api } from '../../../../lib/dingtalk/endpoints';
import { readId } from '../../fields/locators/locatorFields';
import { calendarTarget } from '../../fields/locators/eventPath';
import { PERSON_LOOKUPS } from '../../../../lib/n8n/fields/people';
import type { Operation } from '../../../../lib/n8n/Operation';
import { t } from '../../../../lib/locale/t';

const calendarOwner = calendarTarget('Calendar Owner', 'The person whose calendar is shared');

export const deleteAcl: Operation = {
	value: 'delete',
	name: 'Delete',
	action: 'Stop sharing a calendar with a person',
	description: "Removes a person's access to a calendar",
	calls: [api.deleteAcl, api.listAcls, ...PERSON_LOOKUPS],
	properties: [
		...calendarOwner.properties,
		{
			displayName: 'Access ID',
			name: 'aclId',
			type: 'string',
			required: true,
			default: '',
			hint: "The aclId returned by the Access Control operations 'Create' and 'Get Many'",
		},
	],
	prepare(item) {
		const resolvePath = calendarOwner.read(item);
		const aclId = readId(item, 'aclId', 'Access ID', t`Use an aclId from the Access Control operation 'Get Many'.`);

		return async () => {
			await item.client.request(api.deleteAcl, {
				path: { ...(await resolvePath()), aclId },
				idempotencyKey: item.idempotencyKey('stop sharing', aclId),
			});
			return { deleted: true, aclId };
		};
	},
};

/** Lists the people that a calendar is shared with. */
import type { IDataObject } from 'n8n-workflow';
import { api } from '../../../../lib/dingtalk/endpoints';
import { lookUpNamesField, PERSON_LOOKUPS } from '../../../../lib/n8n/fields/people';
import { calendarTarget } from '../../fields/locators/eventPath';
import { readBoolean } from '../../../../lib/n8n/fields/primitives';
import type { Operation } from '../../../../lib/n8n/Operation';

const calendarOwner = calendarTarget('Calendar Owner', 'The person whose calendar is shared');

interface ListAclsResponse {
	acls?: Array<{ aclId?: string; privilege?: string; scope?: { userId?: string; scopeType?: string } }>;
}

export const getAll: Operation = {
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many people that a calendar is shared with',
	description: 'Lists the people who can see or edit a calendar, one item per person',
	calls: [api.listAcls, api.userIdByUnionId, ...PERSON_LOOKUPS],
	properties: [
		...calendarOwner.properties,
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			options: [lookUpNamesField],
		},
	],
	prepare(item) {
		const resolvePath = calendarOwner.read(item);
		const lookUpNames = readBoolean(item.collection('options').lookUpNames ?? true, 'Look Up Names');

		return async () => {
			const { acls = [] } = await item.client.request<ListAclsResponse>(api.listAcls, { path: await resolvePath() });
			return await Promise.all(
				acls.map(async ({ aclId, privilege, scope }): Promise<IDataObject> => {
					const userId = scope?.userId;
					const name = lookUpNames && userId ? await item.directory.nameOf(userId) : undefined;
					return { aclId: aclId ?? null, privilege: privilege ?? null, userId: userId ?? null, name: name ?? null };
				}),
			);
		};
	},
};

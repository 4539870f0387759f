import type { IDataObject } from 'n8n-workflow';
import { api } from '../../../../lib/dingtalk/endpoints';
import { lookUpNamesField, PERSON_LOOKUPS } from '../../../../lib/n8n/fields/people';
import { calendarTarget } from '../../fields/locators/eventPath';
import { readBoolean } from '../../../../lib/n8n/fields/primitives';
import type { Operation } from '../../../../lib/n8n/Operation';

const owner = calendarTarget('Calendar Owner', 'Whose calendar is shared');

interface Answer {
	acls?: Array<{ aclId?: string; privilege?: string; scope?: { userId?: string; scopeType?: string } }>;
}

export const getAll: Operation = {
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many people that a calendar is shared with',
	description: 'List who may see or edit a calendar, one item for each person',
	calls: [api.listAcls, api.userIdByUnionId, ...PERSON_LOOKUPS],
	properties: [
		...owner.properties,
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
		const path = owner.read(item);
		const lookUpNames = readBoolean(item.collection('options').lookUpNames ?? true, 'Look Up Names');

		return async () => {
			const { acls = [] } = await item.client.request<Answer>(api.listAcls, { path: await path() });
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

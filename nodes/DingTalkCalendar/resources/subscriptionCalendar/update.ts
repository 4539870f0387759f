import { api } from '../../../../lib/dingtalk/endpoints';
import type { Client } from '../../../../lib/dingtalk/client/types';
import { otherCalendarField, readOtherCalendar } from '../../fields/locators/locatorFields';
import { identifyByField, PERSON_LOOKUPS, personField } from '../../../../lib/n8n/fields/people';
import {
	readSubscription,
	readSubscriptionName,
	refuseEmptyScope,
	subscriptionFields,
	type SubscribeScope,
} from '../../fields/calendar/subscription';
import { InputError } from '../../../../lib/n8n/InputError';
import type { Operation } from '../../../../lib/n8n/Operation';

const managerField = personField('Creator or Manager', 'Only these may change the calendar');

/** DingTalk takes who may subscribe as a whole, so what the user did not add is read and sent along. */
async function completeScope(
	client: Client,
	path: Record<string, string>,
	changedScope: SubscribeScope,
): Promise<SubscribeScope> {
	const { subscribeScope } = await client.request<{ subscribeScope?: SubscribeScope }>(api.getSubscriptionCalendar, {
		path,
	});
	const { unionIds = [], openConversationIds = [], corpIds = [] } = { ...subscribeScope, ...changedScope };
	refuseEmptyScope([unionIds, openConversationIds, corpIds]);
	return { unionIds, openConversationIds, corpIds };
}

export const update: Operation = {
	value: 'update',
	name: 'Update',
	action: 'Update a subscription calendar',
	description:
		'Change the name, the managers or who may subscribe; whatever you do not add below stays as it is. Changing who may subscribe costs one more call.',
	calls: [api.updateSubscriptionCalendar, api.getSubscriptionCalendar, ...PERSON_LOOKUPS],
	properties: [
		managerField.property,
		otherCalendarField,
		{
			displayName: 'Update Fields',
			name: 'updateFields',
			type: 'collection',
			placeholder: 'Add Field',
			default: {},
			options: [
				subscriptionFields.description,
				subscriptionFields.groups,
				identifyByField,
				subscriptionFields.managers,
				{ displayName: 'Name', name: 'name', type: 'string', default: '' },
				subscriptionFields.organizations,
				subscriptionFields.people,
			],
		},
	],
	prepare(item) {
		const manager = managerField.read(item);
		const calendarId = readOtherCalendar(item);
		const { identifyBy, ...updateFields } = item.collection('updateFields');
		if (Object.keys(updateFields).length === 0) {
			throw new InputError('Update Fields', 'is empty', 'Add what you want to change.');
		}
		const name = updateFields.name === undefined ? {} : { name: readSubscriptionName(updateFields.name) };
		const resolveContent = readSubscription(item, { ...updateFields, identifyBy });

		return async () => {
			const path = { userId: await manager.unionId(), calendarId };
			const body = { ...name, ...(await resolveContent()) };
			if (body.subscribeScope) body.subscribeScope = await completeScope(item.client, path, body.subscribeScope);
			await item.client.request(api.updateSubscriptionCalendar, { path, body });
			return { updated: true, calendarId };
		};
	},
};

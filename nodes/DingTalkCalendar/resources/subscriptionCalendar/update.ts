/** Updates a subscription calendar; fields that are not added stay as they are. */
import { api } from '../../../../lib/dingtalk/endpoints';
import type { Client } from '../../../../lib/dingtalk/client/types';
import { otherCalendarField, readOtherCalendar } from '../../fields/locators/locatorFields';
import { identifyByField, PERSON_LOOKUPS, personField } from '../../../../lib/n8n/fields/people';
import {
	readSubscription,
	readSubscriptionName,
	requireSubscribers,
	subscriptionFields,
	type SubscribeScope,
} from '../../fields/calendar/subscription';
import { InputError } from '../../../../lib/n8n/InputError';
import type { Operation } from '../../../../lib/n8n/Operation';
import { t } from '../../../../lib/locale/t';

const managerField = personField(
	'Creator or Manager',
	'The creator or a manager of the calendar; no one else can change it',
);

/** DingTalk replaces the subscription scope as a whole, so the unchanged parts are read and sent along. */
async function completeScope(
	client: Client,
	path: Record<string, string>,
	changedScope: SubscribeScope,
): Promise<SubscribeScope> {
	const { subscribeScope } = await client.request<{ subscribeScope?: SubscribeScope }>(api.getSubscriptionCalendar, {
		path,
	});
	const { unionIds = [], openConversationIds = [], corpIds = [] } = { ...subscribeScope, ...changedScope };
	requireSubscribers([unionIds, openConversationIds, corpIds]);
	return { unionIds, openConversationIds, corpIds };
}

export const update: Operation = {
	value: 'update',
	name: 'Update',
	action: 'Update a subscription calendar',
	description:
		'Changes the name, the managers or who can subscribe; fields you do not add stay as they are. Changing who can subscribe costs one extra call.',
	calls: [api.updateSubscriptionCalendar, api.getSubscriptionCalendar, ...PERSON_LOOKUPS],
	// Two that read the same audience and then write it would undo each other.
	serializeBy: ['calendarId'],
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
			throw new InputError('Update Fields', t`is empty`, t`Add the fields to change.`);
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

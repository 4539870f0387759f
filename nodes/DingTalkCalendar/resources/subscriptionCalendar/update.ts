import type { IDataObject } from 'n8n-workflow';
import { api } from '../../../dingtalk/api';
import { otherCalendarField, readOtherCalendar } from '../../fields/ids';
import { identifyByField, PEOPLE_LOOK_UPS, person } from '../../fields/people';
import { readSubscription, readSubscriptionName, subscriptionFields } from '../../fields/subscription';
import { InputError } from '../../runner/inputError';
import type { Operation } from '../../runner/operation';

const manager = person('Creator or Manager', 'Only these may change the calendar');

export const update: Operation = {
	value: 'update',
	name: 'Update',
	action: 'Update a subscription calendar',
	description: 'Change the name, the managers or who may subscribe; whatever you do not add below stays as it is',
	calls: [api.updateSubscriptionCalendar, ...PEOPLE_LOOK_UPS],
	properties: [
		manager.property,
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
		const who = manager.read(item);
		const calendarId = readOtherCalendar(item);
		const { identifyBy, ...chosen } = item.group('updateFields');
		if (Object.keys(chosen).length === 0) {
			throw new InputError('Update Fields', 'is empty', 'Add what you want to change.');
		}
		const name: IDataObject = chosen.name === undefined ? {} : { name: readSubscriptionName(chosen.name) };
		const content = readSubscription(item, { ...chosen, identifyBy });

		return async () => {
			await item.client.request(api.updateSubscriptionCalendar, {
				path: { userId: await who.unionId(), calendarId },
				body: { ...name, ...(await content()) },
			});
			return { updated: true, calendarId };
		};
	},
};

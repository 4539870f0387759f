import type { IDataObject } from 'n8n-workflow';
import { api } from '../../../../lib/dingtalk/endpoints';
import { otherCalendarField, readOtherCalendar } from '../../fields/locators/locatorFields';
import { PERSON_LOOKUPS, personField } from '../../../../lib/n8n/fields/people';
import type { Operation } from '../../../../lib/n8n/Operation';

const managerField = personField('Creator or Manager', 'Only these may look at the settings of the calendar');

export const get: Operation = {
	value: 'get',
	name: 'Get',
	action: 'Get a subscription calendar',
	description: 'Read the name, the managers and who may subscribe',
	calls: [api.getSubscriptionCalendar, ...PERSON_LOOKUPS],
	properties: [managerField.property, otherCalendarField],
	prepare(item) {
		const manager = managerField.read(item);
		const calendarId = readOtherCalendar(item);

		return async () =>
			await item.client.request<IDataObject>(api.getSubscriptionCalendar, {
				path: { userId: await manager.unionId(), calendarId },
			});
	},
};

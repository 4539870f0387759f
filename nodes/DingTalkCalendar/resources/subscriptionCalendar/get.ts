import type { IDataObject } from 'n8n-workflow';
import { api } from '../../../../lib/dingtalk/endpoints';
import { otherCalendarField, readOtherCalendar } from '../../fields/locators/locatorFields';
import { PERSON_LOOKUPS, personField } from '../../../../lib/n8n/fields/people';
import type { Operation } from '../../../../lib/n8n/Operation';

const manager = personField('Creator or Manager', 'Only these may look at the settings of the calendar');

export const get: Operation = {
	value: 'get',
	name: 'Get',
	action: 'Get a subscription calendar',
	description: 'Read the name, the managers and who may subscribe',
	calls: [api.getSubscriptionCalendar, ...PERSON_LOOKUPS],
	properties: [manager.property, otherCalendarField],
	prepare(item) {
		const who = manager.read(item);
		const calendarId = readOtherCalendar(item);

		return async () =>
			await item.client.request<IDataObject>(api.getSubscriptionCalendar, {
				path: { userId: await who.unionId(), calendarId },
			});
	},
};

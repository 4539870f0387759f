/** Gets the settings of a subscription calendar. */
import type { IDataObject } from 'n8n-workflow';
import { api } from '../../../../lib/dingtalk/endpoints';
import { otherCalendarField, readOtherCalendar } from '../../fields/locators/locatorFields';
import { PERSON_LOOKUPS, personField } from '../../../../lib/n8n/fields/people';
import type { Operation } from '../../../../lib/n8n/Operation';

const managerField = personField(
	'Creator or Manager',
	'The creator or a manager of the calendar; no one else can read its settings',
);

export const get: Operation = {
	value: 'get',
	name: 'Get',
	action: 'Get a subscription calendar',
	description: 'Returns the name, the managers and who can subscribe',
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

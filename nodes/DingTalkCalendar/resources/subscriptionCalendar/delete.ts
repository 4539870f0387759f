import { api } from '../../../../lib/dingtalk/endpoints';
import { otherCalendarField, readOtherCalendar } from '../../fields/locators/locatorFields';
import { PEOPLE_LOOK_UPS, person } from '../../../../lib/n8n/fields/people';
import type { Operation } from '../../../../lib/n8n/Operation';

const creator = person('Creator', 'Only the creator may delete the calendar');

export const deleteCalendar: Operation = {
	value: 'delete',
	name: 'Delete',
	action: 'Delete a subscription calendar',
	description: 'Delete a calendar; everybody who subscribed to it loses it',
	calls: [api.deleteSubscriptionCalendar, ...PEOPLE_LOOK_UPS],
	properties: [creator.property, otherCalendarField],
	prepare(item) {
		const who = creator.read(item);
		const calendarId = readOtherCalendar(item);

		return async () => {
			await item.client.request(api.deleteSubscriptionCalendar, { path: { userId: await who.unionId(), calendarId } });
			return { deleted: true, calendarId };
		};
	},
};

/** Subscribes a person to a calendar. */
import { api } from '../../../../lib/dingtalk/endpoints';
import { otherCalendarField, readOtherCalendar } from '../../fields/locators/locatorFields';
import { PERSON_LOOKUPS, personField } from '../../../../lib/n8n/fields/people';
import type { Operation } from '../../../../lib/n8n/Operation';

const subscriberField = personField('Subscriber', 'The person who will see the calendar');

export const subscribe: Operation = {
	value: 'subscribe',
	name: 'Subscribe',
	action: 'Subscribe a person to a calendar',
	description: "Adds a subscription calendar to a person's calendars",
	calls: [api.subscribe, ...PERSON_LOOKUPS],
	properties: [subscriberField.property, otherCalendarField],
	prepare(item) {
		const subscriber = subscriberField.read(item);
		const calendarId = readOtherCalendar(item);

		return async () => {
			await item.client.request(api.subscribe, { path: { userId: await subscriber.unionId(), calendarId } });
			return { subscribed: true, calendarId };
		};
	},
};

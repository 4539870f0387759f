/** Unsubscribes a person from a calendar. */
import { api } from '../../../../lib/dingtalk/endpoints';
import { otherCalendarField, readOtherCalendar } from '../../fields/locators/locatorFields';
import { PERSON_LOOKUPS, personField } from '../../../../lib/n8n/fields/people';
import type { Operation } from '../../../../lib/n8n/Operation';

const subscriberField = personField('Subscriber', 'The person who will no longer see the calendar');

export const unsubscribe: Operation = {
	value: 'unsubscribe',
	name: 'Unsubscribe',
	action: 'Unsubscribe a person from a calendar',
	description: "Removes a subscription calendar from a person's calendars",
	calls: [api.unsubscribe, ...PERSON_LOOKUPS],
	properties: [subscriberField.property, otherCalendarField],
	prepare(item) {
		const subscriber = subscriberField.read(item);
		const calendarId = readOtherCalendar(item);

		return async () => {
			await item.client.request(api.unsubscribe, { path: { userId: await subscriber.unionId(), calendarId } });
			return { unsubscribed: true, calendarId };
		};
	},
};

import { api } from '../../../../lib/dingtalk/endpoints';
import { otherCalendarField, readOtherCalendar } from '../../fields/locators/locatorFields';
import { PERSON_LOOKUPS, personField } from '../../../../lib/n8n/fields/people';
import type { Operation } from '../../../../lib/n8n/Operation';

const subscriber = personField('Subscriber', 'Who will no longer see the calendar');

export const unsubscribe: Operation = {
	value: 'unsubscribe',
	name: 'Unsubscribe',
	action: 'Unsubscribe a person from a calendar',
	description: "Take a subscription calendar out of somebody's DingTalk",
	calls: [api.unsubscribe, ...PERSON_LOOKUPS],
	properties: [subscriber.property, otherCalendarField],
	prepare(item) {
		const who = subscriber.read(item);
		const calendarId = readOtherCalendar(item);

		return async () => {
			await item.client.request(api.unsubscribe, { path: { userId: await who.unionId(), calendarId } });
			return { unsubscribed: true, calendarId };
		};
	},
};

import { api } from '../../../../lib/dingtalk/endpoints';
import { otherCalendarField, readOtherCalendar } from '../../fields/locators/locatorFields';
import { PERSON_LOOKUPS, personField } from '../../../../lib/n8n/fields/people';
import type { Operation } from '../../../../lib/n8n/Operation';

const subscriber = personField('Subscriber', 'Who will see the calendar');

export const subscribe: Operation = {
	value: 'subscribe',
	name: 'Subscribe',
	action: 'Subscribe a person to a calendar',
	description: "Show a subscription calendar in somebody's DingTalk",
	calls: [api.subscribe, ...PERSON_LOOKUPS],
	properties: [subscriber.property, otherCalendarField],
	prepare(item) {
		const who = subscriber.read(item);
		const calendarId = readOtherCalendar(item);

		return async () => {
			await item.client.request(api.subscribe, { path: { userId: await who.unionId(), calendarId } });
			return { subscribed: true, calendarId };
		};
	},
};

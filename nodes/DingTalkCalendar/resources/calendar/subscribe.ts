import { api } from '../../../../lib/dingtalk/endpoints';
import { otherCalendarField, readOtherCalendar } from '../../fields/locators/locatorFields';
import { PEOPLE_LOOK_UPS, person } from '../../../../lib/n8n/fields/people';
import type { Operation } from '../../../../lib/n8n/Operation';

const subscriber = person('Subscriber', 'Who will see the calendar');

export const subscribe: Operation = {
	value: 'subscribe',
	name: 'Subscribe',
	action: 'Subscribe a person to a calendar',
	description: "Show a subscription calendar in somebody's DingTalk",
	calls: [api.subscribe, ...PEOPLE_LOOK_UPS],
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

import { api } from '../../../dingtalk/api';
import { otherCalendarField, readOtherCalendar } from '../../fields/ids';
import { PEOPLE_LOOK_UPS, person } from '../../fields/people';
import type { Operation } from '../../runner/operation';

const subscriber = person('Subscriber', 'Who will no longer see the calendar');

export const unsubscribe: Operation = {
	value: 'unsubscribe',
	name: 'Unsubscribe',
	action: 'Unsubscribe a person from a calendar',
	description: 'Take a subscription calendar out of somebody\'s DingTalk',
	calls: [api.unsubscribe, ...PEOPLE_LOOK_UPS],
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

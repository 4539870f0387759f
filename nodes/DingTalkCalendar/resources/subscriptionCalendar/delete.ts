/** Deletes a subscription calendar. */
import { api } from '../../../../lib/dingtalk/endpoints';
import { otherCalendarField, readOtherCalendar } from '../../fields/locators/locatorFields';
import { PERSON_LOOKUPS, personField } from '../../../../lib/n8n/fields/people';
import type { Operation } from '../../../../lib/n8n/Operation';

const creatorField = personField('Creator', 'The person who created the calendar; no one else can delete it');

export const deleteCalendar: Operation = {
	value: 'delete',
	name: 'Delete',
	action: 'Delete a subscription calendar',
	description: 'Deletes a calendar and removes it from everyone who subscribed to it',
	calls: [api.deleteSubscriptionCalendar, ...PERSON_LOOKUPS],
	properties: [creatorField.property, otherCalendarField],
	prepare(item) {
		const creator = creatorField.read(item);
		const calendarId = readOtherCalendar(item);

		return async () => {
			await item.client.request(api.deleteSubscriptionCalendar, {
				path: { userId: await creator.unionId(), calendarId },
				idempotencyKey: item.idempotencyKey('delete', calendarId),
			});
			return { deleted: true, calendarId };
		};
	},
};

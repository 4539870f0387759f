import type { IDataObject } from 'n8n-workflow';
import { api } from '../../../../lib/dingtalk/endpoints';
import { createEvent, inviteOthers } from '../../../../lib/dingtalk/events/createEvent';
import { contentFields, readContent } from '../../fields/event/eventContent';
import { outputProperties, readEventOutput, type ApiEvent } from '../../../../lib/n8n/fields/eventOutput';
import { readAllDay, readNewEvent, timesProperties, titleField } from '../../fields/event/newEventFields';
import {
	attendeesField,
	departmentsField,
	identifyByField,
	optionalAttendeesField,
	PERSON_LOOKUPS,
} from '../../../../lib/n8n/fields/people';
import { calendarTarget } from '../../fields/locators/eventPath';
import { timeZoneField } from '../../../../lib/n8n/fields/dateTime';
import type { Operation } from '../../../../lib/n8n/Operation';

const organizer = calendarTarget('Organizer', "Who invites; the event is created in this person's calendar");

export const create: Operation = {
	value: 'create',
	name: 'Create',
	action: 'Create an event',
	description: "Put a new event into somebody's calendar and invite people",
	calls: [api.createEvent, api.addAttendees, ...PERSON_LOOKUPS],
	properties: [
		...organizer.properties,
		titleField('e.g. Weekly planning'),
		...timesProperties,
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			placeholder: 'Add Field',
			default: {},
			options: [
				attendeesField,
				contentFields.uiComponents,
				contentFields.categories,
				departmentsField,
				contentFields.description,
				identifyByField,
				contentFields.location,
				contentFields.onlineMeeting,
				optionalAttendeesField,
				contentFields.reminders,
				contentFields.recurrence,
				contentFields.richText,
				contentFields.chatCard,
				contentFields.push,
				timeZoneField,
			],
		},
		...outputProperties,
	],
	prepare(item) {
		const path = organizer.read(item);
		const added = item.collection('additionalFields');
		const allDay = readAllDay(item);
		const { summary, start, end, startsAt, zone, invite, notify } = readNewEvent(item, added, allDay);
		const content: IDataObject = {
			summary,
			isAllDay: allDay,
			start: { ...start },
			end: { ...end },
			...readContent(added, { zone, startsAt }),
		};
		const show = readEventOutput(item, zone);

		return async () => {
			const calendar = await path(api.createEvent);
			const attendees = await invite(calendar.userId);
			const event = await createEvent({
				client: item.client,
				path: calendar,
				content,
				attendees,
				// Not the body: an expression such as $now makes another one when n8n tries the node again.
				once: item.idempotencyKey('create', item.input),
			});
			// The call for those beyond the first 500 knows no `me`, so whoever signed in is looked up after all.
			await inviteOthers(
				async () => item.onEvent({ ...(await path()), eventId: event.id }),
				event.id,
				attendees,
				notify,
			);
			return show(event as ApiEvent);
		};
	},
};

/** Creates an event and invites people to it. */
import { api } from '../../../../lib/dingtalk/endpoints';
import { createEvent, inviteRemaining } from '../../../../lib/dingtalk/events/createEvent';
import { moreFieldsField } from '../../fields/event/moreFields';
import { contentFields } from '../../fields/event/eventContent';
import { outputProperties, readEventOutput, type ApiEvent } from '../../../../lib/n8n/fields/eventOutput';
import {
	readAllDay,
	readNewContent,
	readNewEvent,
	filledTimesProperties,
	titleField,
} from '../../fields/event/newEventFields';
import {
	attendeesField,
	departmentsField,
	leaveOutFields,
	optionalAttendeesField,
} from '../../../../lib/n8n/fields/attendeeFields';
import { identifyByField, PERSON_LOOKUPS } from '../../../../lib/n8n/fields/people';
import { calendarTarget } from '../../fields/locators/eventPath';
import { timeZoneField } from '../../../../lib/n8n/fields/dateTime';
import type { Operation } from '../../../../lib/n8n/Operation';

const organizer = calendarTarget(
	'Organizer',
	"The person who sends the invitation. The event is created in this person's calendar.",
);

export const create: Operation = {
	value: 'create',
	name: 'Create',
	action: 'Create an event',
	description: "Creates an event in a person's calendar and invites people",
	acceptsKey: true,
	calls: [api.createEvent, api.addAttendees, ...PERSON_LOOKUPS],
	properties: [
		...organizer.properties,
		titleField('e.g. Weekly planning'),
		...filledTimesProperties,
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
				leaveOutFields.departments,
				leaveOutFields.people,
				contentFields.location,
				moreFieldsField,
				contentFields.onlineMeeting,
				optionalAttendeesField,
				contentFields.reminders,
				contentFields.recurrence,
				contentFields.richText,
				contentFields.chatCard,
				contentFields.push,
				contentFields.showAs,
				timeZoneField,
			],
		},
		...outputProperties,
	],
	prepare(item) {
		const resolvePath = organizer.read(item);
		const additionalFields = item.collection('additionalFields');
		const allDay = readAllDay(item);
		const { summary, start, end, startsAt, zone, invite, notify } = readNewEvent(item, additionalFields, allDay);
		const content = readNewContent(additionalFields, allDay, { summary, start, end, startsAt, zone });
		const toOutput = readEventOutput(item, zone);

		return async () => {
			const path = await resolvePath(api.createEvent);
			const attendees = await invite(path.userId);
			const event = await createEvent({
				client: item.client,
				path,
				content,
				attendees,
				...item.creationKey('create'),
			});
			// The call for attendees beyond the first 500 does not accept `me`, so the signed-in user is looked up here.
			await inviteRemaining(
				async () => item.eventContext({ ...(await resolvePath()), eventId: event.id }),
				event.id,
				attendees,
				notify,
			);
			return toOutput(event as ApiEvent);
		};
	},
};

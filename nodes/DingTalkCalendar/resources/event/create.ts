import type { IDataObject } from 'n8n-workflow';
import { api, LIMITS } from '../../../dingtalk/api';
import { createEvent, inviteOthers } from '../../../dingtalk/newEvents';
import { contentFields, readContent } from '../../fields/eventContent';
import { outputProperties, readEventOutput, type ApiEvent } from '../../fields/eventOutput';
import { readNotify } from '../../fields/notify';
import {
	attendeesField,
	departmentsField,
	identifyByField,
	optionalAttendeesField,
	PEOPLE_LOOK_UPS,
	readAttendees,
} from '../../fields/people';
import { calendarOf } from '../../fields/target';
import { readBoolean, readTitle } from '../../fields/text';
import { readTimes, readZone, timeZoneField } from '../../fields/time';
import type { Operation } from '../../runner/operation';

const organizer = calendarOf('Organizer', 'Who invites; the event is created in this person\'s calendar');

export const create: Operation = {
	value: 'create',
	name: 'Create',
	action: 'Create an event',
	description: 'Put a new event into somebody\'s calendar and invite people',
	calls: [api.createEvent, api.addAttendees, ...PEOPLE_LOOK_UPS],
	properties: [
		...organizer.properties,
		{
			displayName: 'Title',
			name: 'summary',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. Weekly planning',
		},
		{
			displayName: 'Start',
			name: 'start',
			type: 'dateTime',
			required: true,
			default: '',
			description: 'For an all-day event, the first day',
		},
		{
			displayName: 'End',
			name: 'end',
			type: 'dateTime',
			required: true,
			default: '',
			description: 'For an all-day event, the last day; it is included',
		},
		{
			displayName: 'All Day',
			name: 'allDay',
			type: 'boolean',
			default: false,
			description: 'Whether the event takes whole days. Start and end are then dates without a time.',
		},
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
		const added = item.group('additionalFields');
		const zone = readZone(item, added.timeZone);
		const allDay = readBoolean(item.value('allDay') ?? false, 'All Day');
		const { start, end, startsAt } = readTimes({
			start: item.value('start') ?? '',
			end: item.value('end') ?? '',
			allDay,
			zone,
		});
		const invite = readAttendees(item, added);
		const notify = readNotify(added);
		const content: IDataObject = {
			summary: readTitle(item.value('summary'), LIMITS.titleCharacters),
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
				once: item.once('create', item.input),
			});
			// The call for those beyond the first 500 knows no `me`, so whoever signed in is looked up after all.
			await inviteOthers(async () => item.onEvent({ ...(await path()), eventId: event.id }), event.id, attendees, notify);
			return show(event as ApiEvent);
		};
	},
};

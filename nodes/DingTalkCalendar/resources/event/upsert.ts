/** Creates or updates an event that is identified by a key from another system. */
import { DateTime, Interval } from 'luxon';
import type { IDataObject } from 'n8n-workflow';
import { api } from '../../../../lib/dingtalk/endpoints';
import { LIMITS } from '../../../../lib/dingtalk/limits';
import type { EventState } from '../../../../lib/dingtalk/events/compareEvent';
import { AmbiguousKeyError } from '../../../../lib/dingtalk/events/findByKey';
import { KeyedEvents } from '../../../../lib/dingtalk/keyed/keyedEvents';
import { contentFields, readContent } from '../../fields/event/eventContent';
import { readAllDay, readNewEvent, timesProperties, titleField } from '../../fields/event/newEventFields';
import {
	attendeesField,
	departmentsField,
	leaveOutFields,
	optionalAttendeesField,
} from '../../../../lib/n8n/fields/attendeeFields';
import { identifyByField, PERSON_LOOKUPS } from '../../../../lib/n8n/fields/people';
import { defaultReminders } from '../../fields/event/reminders';
import { calendarTarget } from '../../fields/locators/eventPath';
import { readChoice, readList, readText, readWholeNumber } from '../../../../lib/n8n/fields/primitives';
import { localEnd, localTime, readZone, timeZoneField } from '../../../../lib/n8n/fields/dateTime';
import { InputError } from '../../../../lib/n8n/InputError';
import type { Values } from '../../../../lib/n8n/ItemContext';
import type { Operation } from '../../../../lib/n8n/Operation';
import { finishLists, noteListed, removeUnlistedField } from '../../fields/upsert/unlisted';
import { upsertEvent } from '../../fields/upsert/upsertEvent';
import { readDescriptionWithKey, readExternalKey } from '../../fields/event/externalKey';
import { joinWords, t } from '../../../../lib/locale/t';

const organizer = calendarTarget(
	'Organizer',
	"The person who sends the invitation. The event is in this person's calendar.",
);

const DEFAULT_SEARCH_WINDOW_DAYS = 31;
const SEARCH_WINDOW_DAYS = { from: 0, to: 180 };
const readKnownId = ({ knownEventId }: Values): string | undefined =>
	readText(knownEventId ?? '', 'Known Event ID').trim() || undefined;

export const upsert: Operation = {
	value: 'upsert',
	name: 'Create or Update',
	action: 'Create or update an event by external key',
	description: 'Create a new record, or update the current one if it already exists (upsert)',
	acceptsKey: true,
	calls: [
		api.listEventsView,
		api.getEvent,
		api.createEvent,
		api.updateEvent,
		api.listAttendees,
		api.addAttendees,
		api.removeAttendees,
		api.listEvents,
		api.deleteEvent,
		...PERSON_LOOKUPS,
	],
	serializeBy: ['externalKey'],
	alsoSerializeBy: (item) => [readKnownId(item.collection('options'))].filter((id) => id !== undefined),
	properties: [
		...organizer.properties,
		{
			displayName: 'External Key',
			name: 'externalKey',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. ORDER-4711',
			description: "The ID of this event in your other system. Stored as the last line of the event's description.",
		},
		titleField('e.g. Delivery of order 4711'),
		...timesProperties,
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			placeholder: 'Add Field',
			default: {},
			description: 'In an existing event, fields you do not add stay as they are',
			options: [
				attendeesField,
				departmentsField,
				contentFields.description,
				identifyByField,
				leaveOutFields.departments,
				leaveOutFields.people,
				contentFields.location,
				contentFields.onlineMeeting,
				optionalAttendeesField,
				contentFields.replacedReminders,
				contentFields.recurrence,
				contentFields.richText,
				contentFields.chatCard,
				contentFields.push,
				contentFields.showAs,
				timeZoneField,
			],
		},
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			options: [
				{
					displayName: 'If the Event Was Deleted',
					name: 'ifVanished',
					type: 'options',
					default: 'recreate',
					description:
						"What to do if the event was deleted. 'Report Only' costs one extra call if 'Known Event ID' is empty.",
					options: [
						{ name: 'Create Again', value: 'recreate' },
						{ name: 'Report Only', value: 'report' },
					],
				},
				{
					displayName: 'Known Event ID',
					name: 'knownEventId',
					type: 'string',
					default: '',
					description: 'The ID that an earlier run returned. One call then finds the event, even if it was moved.',
				},
				removeUnlistedField,
				{
					displayName: 'Search Window (Days)',
					name: 'lookAround',
					type: 'number',
					typeOptions: { minValue: SEARCH_WINDOW_DAYS.from, maxValue: SEARCH_WINDOW_DAYS.to },
					default: DEFAULT_SEARCH_WINDOW_DAYS,
					description: `How many days before the start and after the end to search for the event. Each run reads this time once for all items: one call per ${api.listEventsView.pageSize} events.`,
				},
			],
		},
	],
	prepare(item) {
		const resolvePath = organizer.read(item);
		const additionalFields = item.collection('additionalFields');
		const options = item.collection('options');
		const calendarName = JSON.stringify([item.value('user'), item.value('calendarId')]);
		const list = { options, calendarName, zone: readZone(item, additionalFields.timeZone), resolvePath };
		if (noteListed(item, () => readExternalKey(item), list)) return async () => await Promise.resolve([]);
		const key = readExternalKey(item);
		const allDay = readAllDay(item);
		const { summary, start, end, startsAt, zone, invite, notify } = readNewEvent(item, additionalFields, allDay);
		const searchWindowDays = readWholeNumber(
			options.lookAround ?? DEFAULT_SEARCH_WINDOW_DAYS,
			'Search Window (Days)',
			SEARCH_WINDOW_DAYS,
		);
		const from = startsAt ?? DateTime.now();
		const to = DateTime.fromISO(end?.date ?? end?.dateTime ?? '', { zone });
		const window = Interval.fromDateTimes(
			from.minus({ days: searchWindowDays }),
			to.plus({ days: searchWindowDays, seconds: 1 }),
		);
		const knownId = readKnownId(options);
		const reportOnly =
			readChoice(options.ifVanished ?? 'recreate', 'If the Event Was Deleted', ['recreate', 'report'] as const) ===
			'report';
		if (reportOnly && !knownId && window.length('days') > LIMITS.storedListDays) {
			throw new InputError(
				'Search Window (Days)',
				t`covers more than one year`,
				t`With 'If the Event Was Deleted' set to 'Report Only', DingTalk searches at most one year for deleted events. Use fewer days, or set 'Known Event ID'.`,
			);
		}
		const setsAttendees = ['attendees', 'optionalAttendees', 'departments'].some(
			(field) => additionalFields[field] !== undefined,
		);
		// Without either, the attendees stay as they are.
		const leaveOut = [leaveOutFields.people, leaveOutFields.departments].find(
			({ name }) => readList(additionalFields[name]).length > 0,
		);
		if (leaveOut && !setsAttendees) {
			throw new InputError(
				leaveOut.displayName,
				t`needs 'Attendees' or 'Departments'`,
				t`Add one of them, or remove this field.`,
			);
		}
		const baseContent = { summary, isAllDay: allDay, start, end };
		const createContent = { ...baseContent, ...readContent(additionalFields, { zone, startsAt }) };
		const updateContent: EventState & Record<string, unknown> = {
			...baseContent,
			...readContent(additionalFields, { zone, startsAt, defaultReminders: defaultReminders(allDay) }),
		};
		const descriptionWithKey = readDescriptionWithKey(additionalFields.eventDescription, key);

		const keyedEvents = item.shared(KeyedEvents);
		keyedEvents.announce(calendarName, window as Interval<true>);

		return async () => {
			const calendar = { client: item.client, path: await resolvePath() };
			const result = await upsertEvent(item, {
				calendar,
				keyed: keyedEvents.calendar(calendar, calendarName),
				key,
				createContent: { ...createContent, description: descriptionWithKey },
				updateContent: {
					...updateContent,
					description: additionalFields.eventDescription === undefined ? undefined : descriptionWithKey,
				},
				attendees: setsAttendees ? await invite(calendar.path.userId) : undefined,
				notify,
				window: window as Interval<true>,
				knownId,
				reportOnly,
			}).catch(
				async (error: Error) =>
					await Promise.reject(
						error instanceof AmbiguousKeyError
							? new InputError(
									'External Key',
									t`is used by several events: ${joinWords(error.ids)}`,
									t`Delete all but one of them, or remove the line with the key from their descriptions.`,
								)
							: error,
					),
			);
			const { id, action, changed, added: addedAttendees, removed: removedAttendees } = result;
			const details: IDataObject = { summary, start: localTime(start, zone), end: localEnd(end, zone) };
			return { id, key, action, changed, addedAttendees, removedAttendees, ...details };
		};
	},
	finish: finishLists,
};

/** Creates or updates an event that is identified by a key from another system. */
import { DateTime, Interval } from 'luxon';
import type { IDataObject } from 'n8n-workflow';
import { api } from '../../../../lib/dingtalk/endpoints';
import { LIMITS } from '../../../../lib/dingtalk/limits';
import {
	afterRead,
	applyAttendeeDiff,
	diffAttendees,
	type EventContext,
	type Invitee,
	type NotificationOptions,
} from '../../../../lib/dingtalk/events/attendees';
import { runNext } from '../../../../lib/dingtalk/errors/runSteps';
import { confirmChanges } from '../../fields/event/unappliedFields';
import { findChangedFields, type EventState } from '../../../../lib/dingtalk/events/compareEvent';
import {
	AmbiguousKeyError,
	readAllAttendees,
	findByKey,
	findCreatedByKey,
	findDeletedByKey,
	seriesIdOf,
	getExistingEvent,
	type CalendarRef,
	type KeyedEvent,
} from '../../../../lib/dingtalk/events/findByKey';
import { moveKeyToEnd, readKey } from '../../../../lib/dingtalk/events/keyMarker';
import type { WriteKey } from '../../../../lib/dingtalk/client/types';
import { createKeyedEvent, type Creation } from '../../../../lib/dingtalk/events/createKeyedEvent';
import { contentFields, readContent } from '../../fields/event/eventContent';
import { readAllDay, readNewEvent, timesProperties, titleField } from '../../fields/event/newEventFields';
import { attendeesField, departmentsField, optionalAttendeesField } from '../../../../lib/n8n/fields/attendeeFields';
import { identifyByField, PERSON_LOOKUPS } from '../../../../lib/n8n/fields/people';
import { defaultReminders } from '../../fields/event/reminders';
import { calendarTarget } from '../../fields/locators/eventPath';
import { readChoice, readText, readWholeNumber } from '../../../../lib/n8n/fields/primitives';
import { localEnd, localTime, timeZoneField } from '../../../../lib/n8n/fields/dateTime';
import { InputError } from '../../../../lib/n8n/InputError';
import type { Item, Values } from '../../../../lib/n8n/ItemContext';
import type { Operation } from '../../../../lib/n8n/Operation';
import { readDescriptionWithKey, readExternalKey } from '../../fields/event/externalKey';

const organizer = calendarTarget(
	'Organizer',
	"The person who sends the invitation. The event is in this person's calendar.",
);

const DEFAULT_SEARCH_WINDOW_DAYS = 31;
const SEARCH_WINDOW_DAYS = { from: 0, to: 180 };
/** How many events that were deleted since a creation may find before DingTalk is asked in another way. */
const MAX_CREATIONS = 3;

interface UpsertRequest {
	calendar: CalendarRef;
	key: string;
	/** Content for a new and for an existing event; they differ in how DingTalk's default reminders are requested. */
	createContent: EventState & Record<string, unknown>;
	updateContent: EventState & Record<string, unknown>;
	/** Undefined to leave the attendees as they are. */
	attendees?: Invitee[];
	notify: NotificationOptions;
	window: Interval<true>;
	knownId?: string;
	reportOnly: boolean;
}

interface UpsertResult {
	id: string;
	action: 'created' | 'recreated' | 'unchanged' | 'updated' | 'vanished';
	changed: string[];
	added: string[];
	removed: string[];
}

async function updateExisting(
	item: Item,
	request: UpsertRequest,
	found: KeyedEvent,
	isComplete: boolean,
): Promise<UpsertResult> {
	const { calendar, key, updateContent, attendees, notify } = request;
	const id = seriesIdOf(found);
	const needsNoRead = isComplete || (found.seriesMasterId === undefined && updateContent.reminders === undefined);
	const current = needsNoRead ? found : await getExistingEvent(calendar, id);
	if (!current) return { id, action: 'vanished', changed: [], added: [], removed: [] };
	// Without a given description, keep the existing text and only make sure that it ends with the key.
	const description =
		updateContent.description ??
		(readKey(current.description) === key ? undefined : moveKeyToEnd(current.description ?? '', key));
	const changes = findChangedFields(current, { ...updateContent, description });
	let changed = Object.keys(changes).filter((part) => changes[part as keyof typeof changes] !== undefined);
	const target = afterRead(item.eventContext({ ...calendar.path, eventId: id }));
	const attendeeChanges =
		attendees &&
		diffAttendees(
			await readAllAttendees(
				calendar,
				{ ...current, id },
				needsNoRead && !isComplete ? LIMITS.attendeesInList : LIMITS.attendeesInEvent,
			),
			attendees,
			calendar.path.userId,
		);
	if (changed.length > 0) {
		// Whether an update without reminders keeps them is not documented, so given reminders are always sent.
		const { reminders, extra } = updateContent;
		const body = { id, ...(reminders && { reminders }), ...(extra ? { extra } : {}), ...changes };
		const idempotencyKey = item.keyAfterRead('update', body);
		const updated = await calendar.client.request<IDataObject>(api.updateEvent, {
			path: target.path,
			body,
			idempotencyKey,
		});
		changed = confirmChanges(item, changed, body, updated);
	}
	const done = changed.length > 0 ? [{ what: `change the event (ID ${id})` }] : [];
	const { added, removed } = attendeeChanges
		? await runNext(done, {
				what: 'change the attendees',
				run: async () => await applyAttendeeDiff(target, attendeeChanges, notify),
			})
		: { added: [], removed: [] };
	if (added.length + removed.length > 0) changed.push('attendees');
	return { id, action: changed.length > 0 ? 'updated' : 'unchanged', changed, added, removed };
}

async function upsertEvent(item: Item, request: UpsertRequest): Promise<UpsertResult> {
	const { calendar, key, createContent, window, knownId, reportOnly, attendees = [], notify } = request;
	const known = knownId ? await getExistingEvent(calendar, knownId) : undefined;
	if (known) return await updateExisting(item, request, known, true);
	const found = await findByKey(calendar, key, window);
	if (found) return await updateExisting(item, request, found, false);
	const deletedId = knownId ?? (reportOnly ? (await findDeletedByKey(calendar, key, window))?.id : undefined);
	if (reportOnly && deletedId) return { id: deletedId, action: 'vanished', changed: [], added: [], removed: [] };

	const eventContext = (eventId: string): EventContext => item.eventContext({ ...calendar.path, eventId });
	const create = async (writeKey: WriteKey): Promise<Creation> =>
		await createKeyedEvent(calendar, writeKey, { content: createContent, attendees, notify, eventContext });
	let goneId = deletedId;
	for (let tries = 1; tries <= MAX_CREATIONS; tries++) {
		// Two concurrent runs send the same idempotency key, so within a day DingTalk creates only one event for both.
		const creation = await create(item.crossRunKey('upsert', [calendar.path, key, goneId]));
		if ('existing' in creation) return await updateExisting(item, request, creation.existing, true);
		if ('createdId' in creation) return newEvent(creation.createdId, attendees, goneId !== undefined);
		goneId = creation.goneId;
		if (goneId === undefined) break;
	}
	const createdMeanwhile = await findCreatedByKey(calendar, key, window);
	if (createdMeanwhile) return await updateExisting(item, request, createdMeanwhile, false);
	// An event was created with this idempotency key and has been deleted since, and DingTalk does not say which.
	const last = await create(item.creationKey('upsert again', [calendar.path, key, deletedId]));
	if ('existing' in last) return await updateExisting(item, request, last.existing, true);
	if ('createdId' in last) return newEvent(last.createdId, attendees, true);
	throw new InputError(
		'External Key',
		'cannot be used now: DingTalk keeps returning an event that was deleted',
		'Try again tomorrow, or use another key.',
	);
}

const newEvent = (id: string, attendees: Invitee[], existed: boolean): UpsertResult => ({
	id,
	action: existed ? 'recreated' : 'created',
	changed: [],
	added: attendees.map((attendee) => attendee.id),
	removed: [],
});

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
		...PERSON_LOOKUPS,
	],
	serializeBy: ['externalKey'],
	alsoSerializeBy: (item) => readKnownId(item.collection('options')),
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
				{
					displayName: 'Search Window (Days)',
					name: 'lookAround',
					type: 'number',
					typeOptions: { minValue: SEARCH_WINDOW_DAYS.from, maxValue: SEARCH_WINDOW_DAYS.to },
					default: DEFAULT_SEARCH_WINDOW_DAYS,
					description: `How many days before the start and after the end to search for the event; costs one call per ${api.listEventsView.pageSize} events in that time`,
				},
			],
		},
	],
	prepare(item) {
		const resolvePath = organizer.read(item);
		const key = readExternalKey(item);
		const additionalFields = item.collection('additionalFields');
		const options = item.collection('options');
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
				'covers more than one year',
				"With 'If the Event Was Deleted' set to 'Report Only', DingTalk searches at most one year for deleted events. Use fewer days, or set 'Known Event ID'.",
			);
		}
		const setsAttendees = ['attendees', 'optionalAttendees', 'departments'].some(
			(field) => additionalFields[field] !== undefined,
		);
		const baseContent = { summary, isAllDay: allDay, start, end };
		const createContent = { ...baseContent, ...readContent(additionalFields, { zone, startsAt }) };
		const updateContent: EventState & Record<string, unknown> = {
			...baseContent,
			...readContent(additionalFields, { zone, startsAt, defaultReminders: defaultReminders(allDay) }),
		};
		const descriptionWithKey = readDescriptionWithKey(additionalFields.eventDescription, key);

		return async () => {
			const calendar = { client: item.client, path: await resolvePath() };
			const result = await upsertEvent(item, {
				calendar,
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
									`is used by several events: ${error.ids.join(', ')}`,
									'Delete all but one of them, or remove the line with the key from their descriptions.',
								)
							: error,
					),
			);
			const { id, action, changed, added: addedAttendees, removed: removedAttendees } = result;
			const details: IDataObject = { summary, start: localTime(start, zone), end: localEnd(end, zone) };
			return { id, key, action, changed, addedAttendees, removedAttendees, ...details };
		};
	},
};

import { DateTime, Interval } from 'luxon';
import type { IDataObject } from 'n8n-workflow';
import { api } from '../../../../lib/dingtalk/endpoints';
import { LIMITS } from '../../../../lib/dingtalk/limits';
import { applyDifference, differenceOf, type Invitation, type Notify } from '../../../../lib/dingtalk/events/attendees';
import { DingTalkError } from '../../../../lib/dingtalk/errors/DingTalkError';
import { changesTo, type State } from '../../../../lib/dingtalk/events/diff';
import {
	AmbiguousKey,
	everybodyOn,
	findByKey,
	findDeleted,
	idOf,
	readWhole,
	type Calendar,
	type KeyedEvent,
} from '../../../../lib/dingtalk/events/findByKey';
import { keyIn, withKey } from '../../../../lib/dingtalk/events/keyMarker';
import { createEvent, inviteOthers } from '../../../../lib/dingtalk/events/createEvent';
import { contentFields, readContent } from '../../fields/event/eventContent';
import { readAllDay, readNewEvent, timesProperties, titleField } from '../../fields/event/newEventFields';
import {
	attendeesField,
	departmentsField,
	identifyByField,
	optionalAttendeesField,
	PERSON_LOOKUPS,
} from '../../../../lib/n8n/fields/people';
import { DEFAULT_REMINDERS } from '../../fields/event/reminders';
import { calendarTarget } from '../../fields/locators/eventPath';
import { readChoice, readText, readTextUpTo, readWholeNumber } from '../../../../lib/n8n/fields/primitives';
import { localEnd, localTime, timeZoneField } from '../../../../lib/n8n/fields/dateTime';
import { InputError } from '../../../../lib/n8n/InputError';
import type { Item } from '../../../../lib/n8n/ItemContext';
import type { Operation } from '../../../../lib/n8n/Operation';
import { MINUTE } from '../../../../lib/dingtalk/utils/time';

const organizer = calendarTarget('Organizer', 'In whose calendar the event is, and who invites');

const MAX_KEY_LENGTH = 200;
const DEFAULT_SEARCH_WINDOW_DAYS = 31;
const SEARCH_WINDOW_DAYS = { from: 0, to: 180 };
/** DingTalk answers a request that it has carried out before with the old event; a new one is not as old as this. */
const MAX_NEW_EVENT_AGE_MS = 2 * MINUTE;

function readKey(item: Item): string {
	const key = readText(item.value('externalKey') ?? '', 'Key').trim();
	if (key === '')
		throw new InputError(
			'Key',
			'is empty',
			'Give what tells this event from all others, for example the order number.',
		);
	if (/[\r\n\]]/.test(key) || key.length > MAX_KEY_LENGTH) {
		throw new InputError(
			'Key',
			`has a line break or a ], or more than ${MAX_KEY_LENGTH} characters`,
			'Use a number or a short word.',
		);
	}
	return key;
}

interface UpsertRequest {
	calendar: Calendar;
	key: string;
	/** For a new event, and for one that is there: they differ in how DingTalk's own reminders are asked for. */
	createContent: State & Record<string, unknown>;
	updateContent: State & Record<string, unknown>;
	/** Undefined where the people are left as they are. */
	attendees?: Invitation[];
	notify: Notify;
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

const existedBefore = ({ createTime }: KeyedEvent): boolean => {
	const age = Date.now() - DateTime.fromISO(createTime ?? '').toMillis();
	return age > MAX_NEW_EVENT_AGE_MS;
};

/** Makes the event. DingTalk may answer with one that was asked for under the same key before: then that one is given back. */
async function createKeyedEvent(
	item: Item,
	request: UpsertRequest,
	idempotencyKey: string,
): Promise<{ made: string } | { there: KeyedEvent } | undefined> {
	const { calendar, createContent: toCreate, attendees = [], notify } = request;
	const event = await createEvent({ ...calendar, content: toCreate, attendees, once: idempotencyKey }).catch(
		async (error: unknown) =>
			error instanceof DingTalkError && error.kind === 'done' ? undefined : await Promise.reject(error),
	);
	if (!event) return undefined;
	const { summary, description, start, end } = toCreate;
	const isOther = Object.keys(changesTo(event as KeyedEvent, { summary, description, start, end })).length > 0;
	if (isOther || existedBefore(event as KeyedEvent)) {
		const there = await readWhole(calendar, event.id);
		if (!there) return undefined;
		// Old and yet as declared: DingTalk's clock is behind this one.
		if (isOther) return { there };
	}
	await inviteOthers(
		async () => item.eventContext({ ...calendar.path, eventId: event.id }),
		event.id,
		attendees,
		notify,
	);
	return { made: event.id };
}

async function updateExisting(
	item: Item,
	request: UpsertRequest,
	found: KeyedEvent,
	isComplete: boolean,
): Promise<UpsertResult> {
	const { calendar, key, updateContent: toUpdate, attendees, notify } = request;
	const id = idOf(found);
	const needsNoRead = isComplete || (found.seriesMasterId === undefined && toUpdate.reminders === undefined);
	const current = needsNoRead ? found : await readWhole(calendar, id);
	if (!current) return { id, action: 'vanished', changed: [], added: [], removed: [] };
	// Where no text is declared, what people wrote stays, and only the key must be there.
	const description =
		toUpdate.description ?? (keyIn(current.description) === key ? undefined : withKey(current.description ?? '', key));
	const changes = changesTo(current, { ...toUpdate, description });
	const changed = Object.keys(changes).filter((part) => changes[part as keyof typeof changes] !== undefined);
	const target = item.eventContext({ ...calendar.path, eventId: id });
	const attendeeChanges =
		attendees &&
		differenceOf(
			await everybodyOn(
				calendar,
				{ ...current, id },
				needsNoRead && !isComplete ? LIMITS.attendeesInList : LIMITS.attendeesInEvent,
			),
			attendees,
			calendar.path.userId,
		);
	if (changed.length > 0) {
		// Whether an update that does not name the reminders leaves them is not documented, so declared ones go along.
		const { reminders, extra } = toUpdate;
		const body = { id, ...(reminders && { reminders }), ...(extra ? { extra } : {}), ...changes };
		await calendar.client.request(api.updateEvent, {
			path: target.path,
			body,
			idempotencyKey: item.idempotencyKey('update', body),
		});
	}
	const { added, removed } = attendeeChanges
		? await applyDifference(target, attendeeChanges, notify)
		: { added: [], removed: [] };
	if (added.length + removed.length > 0) changed.push('attendees');
	return { id, action: changed.length > 0 ? 'updated' : 'unchanged', changed, added, removed };
}

async function upsertEvent(item: Item, request: UpsertRequest): Promise<UpsertResult> {
	const { calendar, key, window, knownId, reportOnly: report, attendees = [] } = request;
	const known = knownId ? await readWhole(calendar, knownId) : undefined;
	if (known) return await updateExisting(item, request, known, true);
	const found = await findByKey(calendar, key, window);
	if (found) return await updateExisting(item, request, found, false);
	const deletedId = knownId ?? (report ? (await findDeleted(calendar, key, window))?.id : undefined);
	if (report && deletedId) return { id: deletedId, action: 'vanished', changed: [], added: [], removed: [] };

	// The first day, two runs that know nothing of each other make one event: they ask for it under the same name.
	const identity = [calendar.path, key, deletedId];
	const first = await createKeyedEvent(item, request, item.crossRunIdempotencyKey('upsert', identity));
	if (first && 'there' in first) return await updateExisting(item, request, first.there, true);
	const createdMeanwhile = first ? undefined : await findByKey(calendar, key, window);
	if (createdMeanwhile) return await updateExisting(item, request, createdMeanwhile, false);
	// It was made under this name and deleted since.
	const second = first ?? (await createKeyedEvent(item, request, item.idempotencyKey('upsert again', identity)));
	if (second && 'there' in second) return await updateExisting(item, request, second.there, true);
	if (!second)
		throw new InputError(
			'Key',
			`cannot be made sure of: DingTalk keeps answering with an event that is gone`,
			'Try again tomorrow, or use another key.',
		);
	return {
		id: second.made,
		action: deletedId || !first ? 'recreated' : 'created',
		changed: [],
		added: attendees.map(({ id }) => id),
		removed: [],
	};
}

export const upsert: Operation = {
	value: 'upsert',
	name: 'Create or Update',
	action: 'Create or update an event by a key of your own',
	description: 'Create a new record, or update the current one if it already exists (upsert)',
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
	serializeBy: 'externalKey',
	properties: [
		...organizer.properties,
		{
			displayName: 'Key',
			name: 'externalKey',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. ORDER-4711',
			description:
				'What your other system calls this event. It stands as a line of its own at the end of the description.',
		},
		titleField('e.g. Delivery of order 4711'),
		...timesProperties,
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			placeholder: 'Add Field',
			default: {},
			description: 'What you do not add stays as it is in an event that is there',
			options: [
				attendeesField,
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
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			options: [
				{
					displayName: 'If It Has Vanished',
					name: 'ifVanished',
					type: 'options',
					default: 'recreate',
					description:
						'What to do when the event was deleted. Without a known event ID, finding that out costs one call more.',
					options: [
						{ name: 'Create It Again', value: 'recreate' },
						{ name: 'Only Say So', value: 'report' },
					],
				},
				{
					displayName: 'Known Event ID',
					name: 'knownEventId',
					type: 'string',
					default: '',
					description: 'If you kept the ID that this operation gave: one call finds the event wherever it was moved to',
				},
				{
					displayName: 'Look Around (Days)',
					name: 'lookAround',
					type: 'number',
					typeOptions: { minValue: SEARCH_WINDOW_DAYS.from, maxValue: SEARCH_WINDOW_DAYS.to },
					default: DEFAULT_SEARCH_WINDOW_DAYS,
					description: `How far before the start and after the end to look for the event; every ${api.listEventsView.pageSize} events in that time cost one call`,
				},
			],
		},
	],
	prepare(item) {
		const resolvePath = organizer.read(item);
		const key = readKey(item);
		const additionalFields = item.collection('additionalFields');
		const options = item.collection('options');
		const allDay = readAllDay(item);
		const { summary, start, end, startsAt, zone, invite, notify } = readNewEvent(item, additionalFields, allDay);
		const searchWindowDays = readWholeNumber(
			options.lookAround ?? DEFAULT_SEARCH_WINDOW_DAYS,
			'Look Around (Days)',
			SEARCH_WINDOW_DAYS,
		);
		const from = startsAt ?? DateTime.now();
		const to = DateTime.fromISO(end?.date ?? end?.dateTime ?? '', { zone });
		const window = Interval.fromDateTimes(
			from.minus({ days: searchWindowDays }),
			to.plus({ days: searchWindowDays, seconds: 1 }),
		);
		const knownId = readText(options.knownEventId ?? '', 'Known Event ID').trim() || undefined;
		const reportOnly =
			readChoice(options.ifVanished ?? 'recreate', 'If It Has Vanished', ['recreate', 'report'] as const) === 'report';
		if (reportOnly && !knownId && window.length('days') > LIMITS.storedListDays) {
			throw new InputError(
				'Look Around (Days)',
				'makes more than a year to look through',
				"With 'If It Has Vanished' set to 'Only Say So', DingTalk is asked for deleted events, of at most one year at a time. Give fewer days, or give 'Known Event ID'.",
			);
		}
		const setsAttendees = ['attendees', 'optionalAttendees', 'departments'].some(
			(field) => additionalFields[field] !== undefined,
		);
		const baseContent = { summary, isAllDay: allDay, start, end };
		const createContent = { ...baseContent, ...readContent(additionalFields, { zone, startsAt }) };
		const updateContent: State & Record<string, unknown> = {
			...baseContent,
			...readContent(additionalFields, { zone, startsAt, defaultReminders: DEFAULT_REMINDERS }),
		};
		const descriptionWithKey = readTextUpTo(
			LIMITS.descriptionCharacters,
			withKey(readText(additionalFields.eventDescription ?? '', 'Description'), key),
			'Description',
		);

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
				reportOnly: reportOnly,
			}).catch(
				async (error: Error) =>
					await Promise.reject(
						error instanceof AmbiguousKey
							? new InputError(
									'Key',
									`is carried by several events: ${error.ids.join(', ')}`,
									'Delete all but one of them, or take the line with the key out of their descriptions.',
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

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

const LONGEST_KEY = 200;
const USUAL_LOOK_DAYS = 31;
const LOOK_DAYS = { from: 0, to: 180 };
/** DingTalk answers a request that it has carried out before with the old event; a new one is not as old as this. */
const CERTAINLY_OLD_MS = 2 * MINUTE;

function readKey(item: Item): string {
	const key = readText(item.value('externalKey') ?? '', 'Key').trim();
	if (key === '')
		throw new InputError(
			'Key',
			'is empty',
			'Give what tells this event from all others, for example the order number.',
		);
	if (/[\r\n\]]/.test(key) || key.length > LONGEST_KEY) {
		throw new InputError(
			'Key',
			`has a line break or a ], or more than ${LONGEST_KEY} characters`,
			'Use a number or a short word.',
		);
	}
	return key;
}

interface Declared {
	calendar: Calendar;
	key: string;
	/** For a new event, and for one that is there: they differ in how DingTalk's own reminders are asked for. */
	toCreate: State & Record<string, unknown>;
	toUpdate: State & Record<string, unknown>;
	/** Undefined where the people are left as they are. */
	attendees?: Invitation[];
	notify: Notify;
	window: Interval<true>;
	knownId?: string;
	report: boolean;
}

interface Done {
	id: string;
	action: 'created' | 'recreated' | 'unchanged' | 'updated' | 'vanished';
	changed: string[];
	added: string[];
	removed: string[];
}

const isOld = ({ createTime }: KeyedEvent): boolean => {
	const age = Date.now() - DateTime.fromISO(createTime ?? '').toMillis();
	return age > CERTAINLY_OLD_MS;
};

/** Makes the event. DingTalk may answer with one that was asked for under the same key before: then that one is given back. */
async function make(
	item: Item,
	declared: Declared,
	name: string,
): Promise<{ made: string } | { there: KeyedEvent } | undefined> {
	const { calendar, toCreate, attendees = [], notify } = declared;
	const event = await createEvent({ ...calendar, content: toCreate, attendees, once: name }).catch(
		async (error: unknown) =>
			error instanceof DingTalkError && error.kind === 'done' ? undefined : await Promise.reject(error),
	);
	if (!event) return undefined;
	const { summary, description, start, end } = toCreate;
	const isOther = Object.keys(changesTo(event as KeyedEvent, { summary, description, start, end })).length > 0;
	if (isOther || isOld(event as KeyedEvent)) {
		const there = await readWhole(calendar, event.id);
		if (!there) return undefined;
		// Old and yet as declared: DingTalk's clock is behind this one.
		if (isOther) return { there };
	}
	await inviteOthers(async () => item.onEvent({ ...calendar.path, eventId: event.id }), event.id, attendees, notify);
	return { made: event.id };
}

async function adapt(item: Item, declared: Declared, found: KeyedEvent, isWhole: boolean): Promise<Done> {
	const { calendar, key, toUpdate, attendees, notify } = declared;
	const id = idOf(found);
	const seesAll = isWhole || (found.seriesMasterId === undefined && toUpdate.reminders === undefined);
	const actual = seesAll ? found : await readWhole(calendar, id);
	if (!actual) return { id, action: 'vanished', changed: [], added: [], removed: [] };
	// Where no text is declared, what people wrote stays, and only the key must be there.
	const description =
		toUpdate.description ?? (keyIn(actual.description) === key ? undefined : withKey(actual.description ?? '', key));
	const changes = changesTo(actual, { ...toUpdate, description });
	const changed = Object.keys(changes).filter((part) => changes[part as keyof typeof changes] !== undefined);
	const on = item.onEvent({ ...calendar.path, eventId: id });
	const people =
		attendees &&
		differenceOf(
			await everybodyOn(
				calendar,
				{ ...actual, id },
				seesAll && !isWhole ? LIMITS.attendeesInList : LIMITS.attendeesInEvent,
			),
			attendees,
			calendar.path.userId,
		);
	if (changed.length > 0) {
		// Whether an update that does not name the reminders leaves them is not documented, so declared ones go along.
		const { reminders, extra } = toUpdate;
		const body = { id, ...(reminders && { reminders }), ...(extra ? { extra } : {}), ...changes };
		await calendar.client.request(api.updateEvent, { path: on.path, body, idempotencyKey: item.idempotencyKey('update', body) });
	}
	const { added, removed } = people ? await applyDifference(on, people, notify) : { added: [], removed: [] };
	if (added.length + removed.length > 0) changed.push('attendees');
	return { id, action: changed.length > 0 ? 'updated' : 'unchanged', changed, added, removed };
}

async function bringAbout(item: Item, declared: Declared): Promise<Done> {
	const { calendar, key, window, knownId, report, attendees = [] } = declared;
	const known = knownId ? await readWhole(calendar, knownId) : undefined;
	if (known) return await adapt(item, declared, known, true);
	const found = await findByKey(calendar, key, window);
	if (found) return await adapt(item, declared, found, false);
	const gone = knownId ?? (report ? (await findDeleted(calendar, key, window))?.id : undefined);
	if (report && gone) return { id: gone, action: 'vanished', changed: [], added: [], removed: [] };

	// The first day, two runs that know nothing of each other make one event: they ask for it under the same name.
	const about = [calendar.path, key, gone];
	const first = await make(item, declared, item.crossRunIdempotencyKey('upsert', about));
	if (first && 'there' in first) return await adapt(item, declared, first.there, true);
	const appeared = first ? undefined : await findByKey(calendar, key, window);
	if (appeared) return await adapt(item, declared, appeared, false);
	// It was made under this name and deleted since.
	const second = first ?? (await make(item, declared, item.idempotencyKey('upsert again', about)));
	if (second && 'there' in second) return await adapt(item, declared, second.there, true);
	if (!second)
		throw new InputError(
			'Key',
			`cannot be made sure of: DingTalk keeps answering with an event that is gone`,
			'Try again tomorrow, or use another key.',
		);
	return {
		id: second.made,
		action: gone || !first ? 'recreated' : 'created',
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
					typeOptions: { minValue: LOOK_DAYS.from, maxValue: LOOK_DAYS.to },
					default: USUAL_LOOK_DAYS,
					description: `How far before the start and after the end to look for the event; every ${api.listEventsView.pageSize} events in that time cost one call`,
				},
			],
		},
	],
	prepare(item) {
		const path = organizer.read(item);
		const key = readKey(item);
		const added = item.collection('additionalFields');
		const options = item.collection('options');
		const allDay = readAllDay(item);
		const { summary, start, end, startsAt, zone, invite, notify } = readNewEvent(item, added, allDay);
		const lookAround = readWholeNumber(options.lookAround ?? USUAL_LOOK_DAYS, 'Look Around (Days)', LOOK_DAYS);
		const from = startsAt ?? DateTime.now();
		const to = DateTime.fromISO(end?.date ?? end?.dateTime ?? '', { zone });
		const window = Interval.fromDateTimes(from.minus({ days: lookAround }), to.plus({ days: lookAround, seconds: 1 }));
		const knownId = readText(options.knownEventId ?? '', 'Known Event ID').trim() || undefined;
		const report =
			readChoice(options.ifVanished ?? 'recreate', 'If It Has Vanished', ['recreate', 'report'] as const) === 'report';
		if (report && !knownId && window.length('days') > LIMITS.storedListDays) {
			throw new InputError(
				'Look Around (Days)',
				'makes more than a year to look through',
				"With 'If It Has Vanished' set to 'Only Say So', DingTalk is asked for deleted events, of at most one year at a time. Give fewer days, or give 'Known Event ID'.",
			);
		}
		const named = ['attendees', 'optionalAttendees', 'departments'].some((field) => added[field] !== undefined);
		const always = { summary, isAllDay: allDay, start, end };
		const toCreate = { ...always, ...readContent(added, { zone, startsAt }) };
		const toUpdate: State & Record<string, unknown> = {
			...always,
			...readContent(added, { zone, startsAt, defaultReminders: DEFAULT_REMINDERS }),
		};
		const described = readTextUpTo(
			LIMITS.descriptionCharacters,
			withKey(readText(added.eventDescription ?? '', 'Description'), key),
			'Description',
		);

		return async () => {
			const calendar = { client: item.client, path: await path() };
			const done = await bringAbout(item, {
				calendar,
				key,
				toCreate: { ...toCreate, description: described },
				toUpdate: { ...toUpdate, description: added.eventDescription === undefined ? undefined : described },
				attendees: named ? await invite(calendar.path.userId) : undefined,
				notify,
				window: window as Interval<true>,
				knownId,
				report,
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
			const { id, action, changed, added: addedAttendees, removed: removedAttendees } = done;
			const shown: IDataObject = { summary, start: localTime(start, zone), end: localEnd(end, zone) };
			return { id, key, action, changed, addedAttendees, removedAttendees, ...shown };
		};
	},
};

import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { api } from '../../../../lib/dingtalk/endpoints';
import { LIMITS } from '../../../../lib/dingtalk/limits';
import {
	addAttendees,
	removeAttendees,
	replaceAttendees,
	type Change,
	type OnEvent,
} from '../../../../lib/dingtalk/events/attendees';
import { isObject } from '../../../../lib/dingtalk/utils/isObject';
import { contentFields, readContent } from '../../fields/event/eventContent';
import { outputProperties, readEventOutput, type ApiEvent } from '../../../../lib/n8n/fields/eventOutput';
import { InputError } from '../../../../lib/n8n/InputError';
import { readNotify } from '../../fields/event/notifications';
import { alignWithStoredTimes } from '../../fields/event/alignWithStoredTimes';
import {
	attendeesField,
	departmentsField,
	identifyByField,
	optionalAttendeesField,
	readAttendees,
} from '../../../../lib/n8n/fields/people';
import { DEFAULT_REMINDERS } from '../../fields/event/reminders';
import { EVENT_LOOKUPS, eventTarget } from '../../fields/locators/eventPath';
import { readBoolean, readChoice, readList, readTitle } from '../../../../lib/n8n/fields/primitives';
import { readTimes, readZone, timeZoneField } from '../../../../lib/n8n/fields/dateTime';
import type { Item, Values } from '../../../../lib/n8n/ItemContext';
import type { Operation } from '../../../../lib/n8n/Operation';

const event = eventTarget('Organizer', 'Who created the event; only the organizer can change it');

/** What emptying a field means to DingTalk. Its documentation does not say how a series becomes a single event. */
const CLEARED: Record<string, { label: string; set: IDataObject; conflictsWith: string }> = {
	description: { label: 'Description', set: { description: '' }, conflictsWith: 'eventDescription' },
	location: { label: 'Location', set: { location: { displayName: '' } }, conflictsWith: 'location' },
	reminders: { label: 'Reminders', set: { reminders: [] }, conflictsWith: 'reminders' },
	recurrence: { label: 'Repeat', set: { recurrence: null }, conflictsWith: 'recurrence' },
	richTextDescription: {
		label: 'Rich Text Description',
		set: { richTextDescription: { text: '' } },
		conflictsWith: 'richTextDescription',
	},
	uiComponents: { label: 'Buttons and Sections', set: { uiConfigs: [] }, conflictsWith: 'uiComponents' },
};

const ATTENDEES = 'attendees';

const changeAttendeesField: INodeProperties = {
	displayName: 'Attendees',
	name: 'attendeeChange',
	type: 'fixedCollection',
	default: {},
	placeholder: 'Change Attendees',
	description: 'Adding or removing costs one more call for every 500 people, replacing one more to read the list',
	options: [
		{
			displayName: 'Change',
			name: 'change',
			values: [
				{
					displayName: 'Change',
					name: 'mode',
					type: 'options',
					default: 'add',
					options: [
						{ name: 'Add These People', value: 'add' },
						{ name: 'Remove These People', value: 'remove' },
						{ name: 'Replace the List With These People', value: 'replace' },
					],
				},
				attendeesField,
				optionalAttendeesField,
				departmentsField,
				identifyByField,
			],
		},
	],
};

/** Checks what is to happen to the attendees; undefined where nothing is. */
function readAttendeeChange(
	item: Item,
	chosen: Values,
	clear: boolean,
): ((on: OnEvent) => Promise<Change>) | undefined {
	const change =
		isObject(chosen.attendeeChange) && isObject(chosen.attendeeChange.change)
			? chosen.attendeeChange.change
			: undefined;
	if (!change) {
		return clear ? async (on) => await replaceAttendees(on, [], on.path.userId) : undefined;
	}
	const mode = readChoice(change.mode ?? 'add', 'Change', ['add', 'remove', 'replace'] as const);
	const people = readAttendees(
		item,
		change,
		// A list that came out empty by mistake must not take everybody off.
		mode === 'replace'
			? "Name at least one person, or choose Attendees in 'Fields to Clear'."
			: `Name at least one person to ${mode}.`,
	);
	const notify = readNotify(chosen);
	return async (on) => {
		const named = await people(on.path.userId);
		const ids = named.map(({ id }) => id);
		switch (mode) {
			case 'add':
				await addAttendees(on, named, notify);
				return { added: ids, removed: [] };
			case 'remove':
				await removeAttendees(
					on,
					ids.map((id) => ({ id })),
				);
				return { added: [], removed: ids };
			case 'replace':
				return await replaceAttendees(on, named, on.path.userId, notify);
		}
	};
}

function readCleared(item: Item, chosen: Values): { fields: IDataObject; attendees: boolean } {
	const names = readList(item.value('clearFields')).map((name) =>
		readChoice(name, 'Fields to Clear', [...Object.keys(CLEARED), ATTENDEES]),
	);
	const clash = names.find((name) => (CLEARED[name]?.conflictsWith ?? 'attendeeChange') in chosen);
	if (clash) {
		throw new InputError(
			'Fields to Clear',
			`names '${CLEARED[clash]?.label ?? 'Attendees'}', which 'Update Fields' sets`,
			'Either set it or clear it.',
		);
	}
	return {
		fields: Object.assign({}, ...names.map((name) => CLEARED[name]?.set ?? {})) as IDataObject,
		attendees: names.includes(ATTENDEES),
	};
}

/** An event becomes all-day, or gets a time of day, only together with the dates that this needs. */
function readNewTimes(
	chosen: Values,
	zone: string,
): { content: IDataObject; startsAt?: ReturnType<typeof readTimes>['startsAt'] } {
	const allDay = chosen.allDay === undefined ? undefined : readBoolean(chosen.allDay, 'All Day');
	if (allDay !== undefined && (chosen.start === undefined || chosen.end === undefined)) {
		throw new InputError(
			'All Day',
			"is set without 'Start' and 'End'",
			"Add 'Start' and 'End' too: an all-day event has dates, any other has times.",
		);
	}
	if (chosen.timeZone !== undefined && chosen.start === undefined && chosen.end === undefined) {
		throw new InputError(
			'Time Zone',
			"is set without 'Start' or 'End'",
			"Add 'Start' and 'End' as they are meant in this time zone.",
		);
	}
	const { start, end, startsAt } = readTimes({ start: chosen.start, end: chosen.end, allDay: allDay ?? false, zone });
	const content: IDataObject = {};
	if (allDay !== undefined) content.isAllDay = allDay;
	if (start) content.start = { ...start };
	if (end) content.end = { ...end };
	return { content, startsAt };
}

export const update: Operation = {
	value: 'update',
	name: 'Update',
	action: 'Update an event',
	description: 'Change an event; whatever you do not add below stays as it is',
	calls: [api.updateEvent, api.getEvent, api.listAttendees, api.addAttendees, api.removeAttendees, ...EVENT_LOOKUPS],
	properties: [
		...event.properties,
		{
			displayName: 'Update Fields',
			name: 'updateFields',
			type: 'collection',
			placeholder: 'Add Field',
			default: {},
			options: [
				{
					displayName: 'All Day',
					name: 'allDay',
					type: 'boolean',
					default: true,
					description: 'Whether the event takes whole days. Needs start and end as well.',
				},
				changeAttendeesField,
				contentFields.uiComponents,
				contentFields.categories,
				contentFields.description,
				{
					displayName: 'End',
					name: 'end',
					type: 'dateTime',
					default: '',
					description: 'For an all-day event, the last day; it is included',
				},
				contentFields.location,
				{
					...contentFields.onlineMeeting,
					description: 'Whether to set up a DingTalk video meeting; one that is there already is replaced by a new one',
				},
				contentFields.reminders,
				contentFields.recurrence,
				contentFields.richText,
				contentFields.chatCard,
				contentFields.push,
				{
					displayName: 'Start',
					name: 'start',
					type: 'dateTime',
					default: '',
					description:
						'Set the end too when you move an event. Changing only one of them costs one more call, to read the other.',
				},
				timeZoneField,
				{ displayName: 'Title', name: 'summary', type: 'string', default: '' },
			],
		},
		{
			displayName: 'Fields to Clear',
			name: 'clearFields',
			type: 'multiOptions',
			default: [],
			description: 'What to empty. An online meeting cannot be taken off an event.',
			options: [
				{ name: 'Attendees', value: ATTENDEES, description: 'Everybody but the organizer' },
				...Object.entries(CLEARED)
					.map(([value, { label }]) => ({ name: label, value }))
					.sort((a, b) => a.name.localeCompare(b.name)),
			],
		},
		...outputProperties,
	],
	prepare(item) {
		const path = event.read(item);
		const chosen = item.collection('updateFields');
		const zone = readZone(item, chosen.timeZone);
		const cleared = readCleared(item, chosen);
		const { content: times, startsAt } = readNewTimes(chosen, zone);
		const content: IDataObject = {
			...times,
			...readContent(chosen, { zone, startsAt, defaultReminders: DEFAULT_REMINDERS }),
			...cleared.fields,
		};
		if (chosen.summary !== undefined) content.summary = readTitle(chosen.summary, LIMITS.titleCharacters);
		if (chosen.onlineMeeting !== undefined && !readBoolean(chosen.onlineMeeting, 'Online Meeting')) {
			throw new InputError(
				'Online Meeting',
				'cannot be taken off an event',
				'Remove the field; DingTalk has no call for this.',
			);
		}
		const changeAttendees = readAttendeeChange(item, chosen, cleared.attendees);
		// Whom to tell is no change: people who are added are told, or not, by the call that adds them.
		const changesEvent = Object.keys(content).some((part) => part !== 'extra');
		if (!changesEvent && !changeAttendees) {
			throw new InputError('Update Fields', 'is empty', "Add what you want to change, or choose 'Fields to Clear'.");
		}
		const show = readEventOutput(item, zone);

		return async () => {
			const target = await path();
			// Attendees first: the answer to the change itself then shows them.
			const people = await changeAttendees?.(item.onEvent(target));
			if (!changesEvent) return { id: target.eventId, ...people };
			const body = { id: target.eventId, ...(await alignWithStoredTimes(item, target, content)) };
			return show(
				await item.client.request<ApiEvent>(api.updateEvent, { path: target, body, idempotencyKey: item.idempotencyKey('update', body) }),
			);
		};
	},
};

/** Updates an event; fields that are not added stay as they are. */
import type { IDataObject } from 'n8n-workflow';
import { compareLabels } from '../../../../lib/n8n/fields/compareLabels';
import { api } from '../../../../lib/dingtalk/endpoints';
import { LIMITS } from '../../../../lib/dingtalk/limits';
import { describeAttendeeChanges, type ExternalAttendee } from '../../../../lib/dingtalk/events/attendees';
import { runNext } from '../../../../lib/dingtalk/errors/runSteps';
import { findUnappliedFields, type AttendeeOutcome } from '../../../../lib/dingtalk/events/findUnappliedFields';
import { listWithExternalAttendees } from '../../../../lib/dingtalk/events/externalAttendees';
import { DingTalkError } from '../../../../lib/dingtalk/errors/DingTalkError';
import { changeAttendeesField, readAttendeeChange } from '../../fields/event/attendeeChange';
import { hintAtUnappliedFields, nameFields } from '../../fields/event/unappliedFields';
import { addMoreFields, moreFieldsField } from '../../fields/event/moreFields';
import { contentFields, listDecided, readContent } from '../../fields/event/eventContent';
import { outputProperties, readEventOutput, type ApiEvent } from '../../../../lib/n8n/fields/eventOutput';
import { InputError } from '../../../../lib/n8n/InputError';
import { readNotify } from '../../fields/event/notifications';
import { alignWithStoredTimes } from '../../fields/event/alignWithStoredTimes';
import { asksForDefaultReminders, defaultReminders } from '../../fields/event/reminders';
import { applyToProperties, readScope, SPLIT_CALLS } from '../../fields/series/applyTo';
import { updateSeriesPart } from '../../fields/series/updateSeriesPart';
import { EVENT_LOOKUPS, eventTarget, type EventPath } from '../../fields/locators/eventPath';
import { readBoolean, readChoice, readList, readTitle } from '../../../../lib/n8n/fields/primitives';
import { readTimes, readZone, timeZoneField } from '../../../../lib/n8n/fields/dateTime';
import type { Item, Values } from '../../../../lib/n8n/ItemContext';
import type { Operation } from '../../../../lib/n8n/Operation';
import type { ApiTime } from '../../../../lib/dingtalk/utils/timestamps';
import { isAllDay } from '../../../../lib/dingtalk/events/readEvent';
import { joinWords, t, translate } from '../../../../lib/locale/t';

const event = eventTarget('Organizer', 'The person who organizes the event; only the organizer can change it');

/** What to send to DingTalk to clear a field. How a series becomes a single event is not documented. */
const CLEARABLE_FIELDS: Record<string, { label: string; set: IDataObject; conflictsWith: string }> = {
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

const CLEAR_ATTENDEES = 'attendees';

function readFieldsToClear(item: Item, updateFields: Values): { fields: IDataObject; attendees: boolean } {
	const names = readList(item.value('clearFields')).map((name) =>
		readChoice(name, 'Fields to Clear', [...Object.keys(CLEARABLE_FIELDS), CLEAR_ATTENDEES]),
	);
	const conflict = names.find((name) => (CLEARABLE_FIELDS[name]?.conflictsWith ?? 'attendeeChange') in updateFields);
	if (conflict) {
		throw new InputError(
			'Fields to Clear',
			t`includes '${translate(CLEARABLE_FIELDS[conflict]?.label ?? 'Attendees')}', which 'Update Fields' also sets`,
			t`Either set the field or clear it.`,
		);
	}
	return {
		fields: Object.assign({}, ...names.map((name) => CLEARABLE_FIELDS[name]?.set ?? {})) as IDataObject,
		attendees: names.includes(CLEAR_ATTENDEES),
	};
}

const UNCHANGED = 'unchanged';

const isUnchanged = (value: unknown): boolean => value === undefined || value === UNCHANGED;

/** Switching between all-day and timed also requires the new start and end. */
function readNewTimes(
	updateFields: Values,
	zone: string,
): { content: IDataObject; startsAt?: ReturnType<typeof readTimes>['startsAt'] } {
	const allDay = isUnchanged(updateFields.allDay) ? undefined : readBoolean(updateFields.allDay, 'All Day');
	if (allDay !== undefined && (updateFields.start === undefined || updateFields.end === undefined)) {
		throw new InputError(
			'All Day',
			t`is set without 'Start' and 'End'`,
			t`Add 'Start' and 'End' too: all-day events have dates, other events have times.`,
		);
	}
	if (updateFields.timeZone !== undefined && updateFields.start === undefined && updateFields.end === undefined) {
		throw new InputError('Time Zone', t`is set without 'Start' or 'End'`, t`Add 'Start' and 'End' in this time zone.`);
	}
	const { start, end, startsAt } = readTimes({
		start: updateFields.start,
		end: updateFields.end,
		allDay: allDay ?? false,
		zone,
	});
	const content: IDataObject = {};
	if (allDay !== undefined) content.isAllDay = allDay;
	if (start) content.start = { ...start };
	if (end) content.end = { ...end };
	return { content, startsAt };
}

/** If nothing else was to be changed, an unapplied field is an error. */
function requireChange(item: Item, body: IDataObject, updated: ApiEvent, people: AttendeeOutcome): void {
	const comparison = findUnappliedFields(body, updated, people);
	const { unapplied } = comparison;
	const others = Object.keys(body).filter((field) => !['id', 'extra', 'isAllDay', ...unapplied].includes(field));
	const changedPeople = [people.added, people.removed].some((ids) => ids !== undefined && ids.length > 0);
	if (unapplied.length === 0 || others.length > 0 || changedPeople) return hintAtUnappliedFields(item, comparison);
	throw new DingTalkError({
		kind: 'input',
		message: t`DingTalk accepted the update but did not change ${nameFields(unapplied)}`,
		advice: t`Open the event in DingTalk and change it there. Nothing else was part of this update.`,
	});
}

const describeGuests = (guests: ExternalAttendee[]): string =>
	t`No one in your directory has ${joinWords(guests.map(({ email }) => t`'${email}'`))}: invited by e-mail address. How DingTalk invites people outside the directory is not documented.`;

/** DingTalk's default differs for all-day events. An update that does not say which kind it is reads the event. */
async function withDefaultReminders(item: Item, path: EventPath, content: IDataObject): Promise<IDataObject> {
	const event = await item.client.request<{ start?: ApiTime; end?: ApiTime }>(api.getEvent, {
		path,
		query: { maxAttendees: 1 },
	});
	return { ...content, reminders: defaultReminders(isAllDay(event)).map((reminder) => ({ ...reminder })) };
}

export const update: Operation = {
	value: 'update',
	name: 'Update',
	action: 'Update an event',
	description: 'Changes an event; fields you do not add stay as they are',
	calls: [...SPLIT_CALLS, ...EVENT_LOOKUPS],
	properties: [
		...event.properties,
		...applyToProperties(
			'Ends the series before this date and creates a new one from it with the changes: with the same attendees, reminders, available rooms and end. Responses, the chat and check-ins stay with the old series, and an online meeting gets a new link. Costs at least five calls: two to read the series, one to list its dates, one to end it, one to create the new one; more with rooms, over 100 dates, or single dates that were changed (up to half a year before and a year after).',
		),
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
					type: 'options',
					default: UNCHANGED,
					description: "Whether the event lasts all day. A change requires 'Start' and 'End'.",
					options: [
						{ name: 'No', value: false },
						{ name: 'Unchanged', value: UNCHANGED },
						{ name: 'Yes', value: true },
					],
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
					description: 'For an all-day event, the last day (inclusive)',
				},
				contentFields.location,
				moreFieldsField,
				{
					...contentFields.onlineMeeting,
					type: 'options',
					default: UNCHANGED,
					description: 'Whether to set up a DingTalk video meeting. It cannot be removed from an event.',
					options: [
						{ name: 'Set Up', value: true, description: 'Replaces an existing one' },
						{ name: 'Unchanged', value: UNCHANGED },
					],
				},
				contentFields.replacedReminders,
				contentFields.recurrence,
				contentFields.richText,
				contentFields.chatCard,
				contentFields.push,
				contentFields.showAs,
				{
					displayName: 'Start',
					name: 'start',
					type: 'dateTime',
					default: '',
					description:
						"To move an event, set 'End' as well. Changing only one of them costs one extra call to read the other.",
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
			description: 'The fields to empty. An online meeting cannot be removed from an event.',
			options: [
				{ name: 'Attendees', value: CLEAR_ATTENDEES, description: 'Everyone except the organizer' },
				...Object.entries(CLEARABLE_FIELDS)
					.map(([value, { label }]) => ({ name: label, value }))
					.sort((a, b) => compareLabels(a.name, b.name)),
			],
		},
		...outputProperties,
	],
	prepare(item) {
		const resolvePath = event.read(item);
		const scope = readScope(item);
		const { onlineMeeting, ...otherFields } = item.collection('updateFields');
		const updateFields = isUnchanged(onlineMeeting) ? otherFields : { ...otherFields, onlineMeeting };
		const zone = readZone(item, updateFields.timeZone);
		const toClear = readFieldsToClear(item, updateFields);
		const { content: times, startsAt } = readNewTimes(updateFields, zone);
		const content = addMoreFields(
			updateFields.moreFields,
			{
				...times,
				...readContent(updateFields, { zone, startsAt, defaultReminders: defaultReminders(times.isAllDay === true) }),
				...toClear.fields,
			},
			listDecided(updateFields),
		);
		if (updateFields.summary !== undefined) content.summary = readTitle(updateFields.summary, LIMITS.titleCharacters);
		if (updateFields.onlineMeeting !== undefined && !readBoolean(updateFields.onlineMeeting, 'Online Meeting')) {
			throw new InputError(
				'Online Meeting',
				t`cannot be removed from an event`,
				t`Remove the field from 'Update Fields'; DingTalk has no call for this.`,
			);
		}
		const readsKind =
			asksForDefaultReminders(updateFields.reminders) && times.start === undefined && times.end === undefined;
		const attendeeChange = readAttendeeChange(item, updateFields, toClear.attendees);
		// Notification settings alone change nothing; added people are notified by the call that adds them.
		const changesEvent = Object.keys(content).some((part) => part !== 'extra');
		if (!changesEvent && !attendeeChange) {
			throw new InputError('Update Fields', t`is empty`, t`Add the fields to change, or choose 'Fields to Clear'.`);
		}
		const toOutput = readEventOutput(item, zone);

		const change = async (path: EventPath, given: IDataObject): Promise<IDataObject> => {
			// Attendees first, so that the response to the update already includes them.
			const { guests = [], ...attendees } = (await attendeeChange?.apply(item.eventContext(path))) ?? {};
			if (!changesEvent && guests.length === 0) return { id: path.eventId, ...attendees };
			if (guests.length > 0) item.addHint(describeGuests(guests));
			const done = describeAttendeeChanges(attendees);
			const step = { what: t`change the event` };
			const readBody = async () => ({
				id: path.eventId,
				...(guests.length > 0 && { attendees: await listWithExternalAttendees(item.eventContext(path), guests) }),
				...(readsKind ? await withDefaultReminders(item, path, given) : await alignWithStoredTimes(item, path, given)),
			});
			const body = await runNext(done, { ...step, isRead: true, run: readBody });
			const updateEvent = async () =>
				await item.client.request<ApiEvent>(api.updateEvent, {
					path,
					body,
					idempotencyKey: item.idempotencyKey('update', body),
				});
			const updated = await runNext(done, { ...step, run: updateEvent });
			if (!item.client.isPreview) requireChange(item, body, updated, attendees);
			return toOutput(updated);
		};
		return async () => {
			const path = await resolvePath();
			if (!scope) return await change(path, content);
			return await updateSeriesPart(item, path, scope, {
				content,
				cleared: Object.keys(toClear.fields),
				attendees: attendeeChange,
				notify: readNotify(updateFields),
				keepsZone: updateFields.timeZone === undefined,
				asksForDefaultReminders: asksForDefaultReminders(updateFields.reminders),
				change,
				toOutput: (created) => toOutput(created as ApiEvent),
			});
		};
	},
};

/** The change of attendees in an update: some people more, some fewer, or others instead. */
import type { INodeProperties } from 'n8n-workflow';
import {
	addAttendees,
	removeAttendees,
	syncAttendees,
	type AttendeeChanges,
	type EventContext,
	type ExternalAttendee,
	type Invitee,
} from '../../../../lib/dingtalk/events/attendees';
import { isObject } from '../../../../lib/dingtalk/utils/json';
import {
	attendeesField,
	departmentsField,
	leaveOutFields,
	optionalAttendeesField,
	readInvited,
} from '../../../../lib/n8n/fields/attendeeFields';
import { InputError } from '../../../../lib/n8n/InputError';
import { identifyByField } from '../../../../lib/n8n/fields/people';
import { readChoice } from '../../../../lib/n8n/fields/primitives';
import type { Item, Values } from '../../../../lib/n8n/ItemContext';
import { readNotify } from './notifications';
import { t } from '../../../../lib/locale/t';

export const changeAttendeesField: INodeProperties = {
	displayName: 'Attendees',
	name: 'attendeeChange',
	type: 'fixedCollection',
	default: {},
	placeholder: 'Change Attendees',
	description:
		'Adding or removing people costs one extra call per 500 people; replacing the list costs one more to read it. An e-mail address outside your directory can be added, which costs one call per 500 attendees to read the list.',
	options: [
		{
			displayName: 'Change',
			name: 'change',
			values: [
				{
					displayName: 'Mode',
					name: 'mode',
					type: 'options',
					default: 'add',
					options: [
						{ name: 'Add These People', value: 'add' },
						{ name: 'Remove These People', value: 'remove' },
						{ name: 'Replace the List', value: 'replace' },
					],
				},
				attendeesField,
				optionalAttendeesField,
				departmentsField,
				leaveOutFields.people,
				leaveOutFields.departments,
				identifyByField,
			],
		},
	],
};

export interface AttendeeChange {
	/** Changes the attendees of an event. */
	apply(on: EventContext): Promise<AttendeeChanges & { guests?: ExternalAttendee[] }>;
	/** Changes a list of attendees, for a new event. */
	toList(current: Invitee[], organizerId: string): Promise<Invitee[]>;
}

const removeEveryone: AttendeeChange = {
	apply: async (on) => await syncAttendees(on, [], on.path.userId),
	toList: async () => await Promise.resolve([]),
};

/** Checks the requested attendee change; returns undefined if there is none. */
export function readAttendeeChange(item: Item, updateFields: Values, clearAll: boolean): AttendeeChange | undefined {
	const change =
		isObject(updateFields.attendeeChange) && isObject(updateFields.attendeeChange.change)
			? updateFields.attendeeChange.change
			: undefined;
	if (!change) return clearAll ? removeEveryone : undefined;
	const mode = readChoice(change.mode ?? 'add', 'Mode', ['add', 'remove', 'replace'] as const);
	const resolveAttendees = readInvited(item, change, {
		acceptsGuests: mode === 'add',
		// An empty list is probably a mistake in the workflow; it must not remove everyone.
		adviceIfEmpty:
			mode === 'replace'
				? t`Name at least one person, or choose Attendees in 'Fields to Clear'.`
				: mode === 'add'
					? t`Name at least one person to add.`
					: t`Name at least one person to remove.`,
	});
	const notify = readNotify(updateFields);
	return {
		async apply(on) {
			const { people, guests } = await resolveAttendees(on.path.userId);
			const ids = people.map(({ id }) => id);
			switch (mode) {
				case 'add':
					await addAttendees(on, people, notify);
					return { added: ids, removed: [], guests };
				case 'remove':
					await removeAttendees(
						on,
						ids.map((id) => ({ id })),
					);
					return { added: [], removed: ids };
				case 'replace':
					return await syncAttendees(on, people, on.path.userId, notify);
			}
		},
		async toList(current, organizerId) {
			const { people, guests } = await resolveAttendees(organizerId);
			if (guests.length > 0) {
				throw new InputError(
					'Attendees',
					t`includes an e-mail address outside your directory, which DingTalk does not accept for a new series: ${guests[0].email}`,
					t`Leave it out, and add it to the new series with another 'Update'.`,
				);
			}
			const given = people.filter(({ id }) => id !== organizerId);
			const ids = new Set(given.map(({ id }) => id));
			const others = current.filter(({ id }) => !ids.has(id));
			return { add: [...others, ...given], remove: others, replace: given }[mode];
		},
	};
}

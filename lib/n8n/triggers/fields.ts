/** The fields that all triggers share: which changes to report, whose, and with how much of the event. */
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { outputProperties } from '../fields/eventOutput';
import { peopleField, readPeople, type PersonReference } from '../fields/people';
import { readBoolean, readChoice, readList } from '../fields/primitives';
import { showWhen } from '../fields/showWhen';
import { InputError } from '../InputError';
import type { Item } from '../ItemContext';
import { t } from '../../locale/t';

/** The kinds of change that DingTalk pushes. */
export const PUSHED_KINDS: INodePropertyOptions[] = [
	{ name: 'Attendee Left', value: 'left', description: 'An attendee removed the event from their own calendar' },
	{ name: 'Event Cancelled', value: 'cancelled', description: 'An event was cancelled' },
	{ name: 'Event Created', value: 'created', description: 'A new event was added to the calendar' },
	{ name: 'Event Updated', value: 'updated', description: 'The time, attendees, location or text of an event changed' },
	{
		name: 'Room Approval Requested',
		value: 'roomApproval',
		description: 'A booked meeting room waits for approval. Internal apps only; not confirmed over Stream.',
	},
	{
		name: 'Room Booked',
		value: 'roomBooked',
		description: 'A meeting room was booked. Internal apps only; not confirmed over Stream.',
	},
	{
		name: 'Room Booking Cancelled',
		value: 'roomCancelled',
		description: 'A booking of a meeting room was cancelled. Internal apps only; not confirmed over Stream.',
	},
	{
		name: 'Room Booking Refused',
		value: 'roomRefused',
		description: 'A booking of a meeting room was refused. Internal apps only; not confirmed over Stream.',
	},
];

export const triggerOnField = (kinds: INodePropertyOptions[], selected: string[]): INodeProperties => ({
	displayName: 'Trigger On',
	name: 'triggerOn',
	type: 'multiOptions',
	required: true,
	default: [...selected],
	description: 'The changes that start the workflow',
	options: kinds,
});

export const watchedPeopleField: INodeProperties = {
	...peopleField('People to Watch', 'people', 'The people whose events are watched'),
	hint: "Leave empty for all people in your DingTalk app's contact range",
};

export const fetchDetailsField: INodeProperties = {
	displayName: 'Fetch Event Details',
	name: 'fetchDetails',
	type: 'boolean',
	noDataExpression: true,
	default: true,
	description:
		'Whether to read the event after each change, which uses one call of your monthly quota. Otherwise the output has only IDs, because DingTalk pushes nothing else.',
};

export const rememberValuesField: INodeProperties = {
	displayName: 'Remember Values',
	name: 'rememberValues',
	type: 'boolean',
	noDataExpression: true,
	default: false,
	description:
		'Whether to store titles, texts and people, so that changes show what was there before. n8n stores these values unencrypted with the workflow and exports them with it. Otherwise only fingerprints and times are stored: changes show which parts differ, and the earlier values of times only.',
};

/** Without details there is nothing to shape, so the output fields are hidden then. */
export const detailsProperties: INodeProperties[] = [
	fetchDetailsField,
	...showWhen({ fetchDetails: [true] }, [rememberValuesField, ...outputProperties]),
];

export function readTriggerOn(item: Item, kinds: INodePropertyOptions[]): Set<string> {
	const values = kinds.map(({ value }) => String(value));
	const selected = readList(item.value('triggerOn')).map((one) => readChoice(one, 'Trigger On', values));
	if (selected.length === 0) throw new InputError('Trigger On', t`is empty`, t`Select at least one kind of change.`);
	return new Set(selected);
}

/** An empty list means everyone. */
export const readWatchedPeople = (item: Item): PersonReference[] =>
	readPeople(item, item.value('people'), 'People to Watch');

export const readFetchDetails = (item: Item): boolean =>
	readBoolean(item.value('fetchDetails') ?? true, 'Fetch Event Details');

export const readRememberValues = (item: Item): boolean =>
	readBoolean(item.value('rememberValues') ?? false, 'Remember Values');

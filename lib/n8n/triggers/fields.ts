/** What every trigger asks: which changes, of whom, and how much of the event. */
import { updateDisplayOptions, type INodeProperties, type INodePropertyOptions } from 'n8n-workflow';
import { outputProperties } from '../fields/eventOutput';
import { peopleField, readPeople, resolveUnionIds } from '../fields/people';
import { readBoolean, readChoice, readList } from '../fields/primitives';
import { InputError } from '../InputError';
import type { Item } from '../ItemContext';

/** The kinds of change that DingTalk pushes. */
export const PUSHED_KINDS: INodePropertyOptions[] = [
	{ name: 'Event Cancelled', value: 'cancelled', description: 'The event no longer takes place' },
	{ name: 'Event Created', value: 'created', description: 'A new event is in the calendar' },
	{ name: 'Event Left', value: 'left', description: 'Somebody removed the event from their own calendar' },
	{ name: 'Event Updated', value: 'updated', description: 'Time, people, place or text of an event changed' },
];

export const triggerOnField = (kinds: INodePropertyOptions[], chosen: string[]): INodeProperties => ({
	displayName: 'Trigger On',
	name: 'triggerOn',
	type: 'multiOptions',
	required: true,
	default: [...chosen],
	description: 'Which changes start the workflow',
	options: kinds,
});

export const watchedPeopleField: INodeProperties = {
	...peopleField('People to Watch', 'people', 'Only changes that concern one of these people'),
	hint: 'Empty: everybody that your DingTalk app may see',
};

export const fetchDetailsField: INodeProperties = {
	displayName: 'Fetch Event Details',
	name: 'fetchDetails',
	type: 'boolean',
	noDataExpression: true,
	default: true,
	description:
		'Whether to read the event after each change: one call of your monthly quota each time. Without it there are only IDs, because DingTalk sends no more.',
};

/** Shaped like the node's own output; without details there is nothing to shape. */
export const detailsProperties: INodeProperties[] = [
	fetchDetailsField,
	...updateDisplayOptions({ show: { fetchDetails: [true] } }, outputProperties),
];

export function readTriggerOn(item: Item, kinds: INodePropertyOptions[]): Set<string> {
	const values = kinds.map(({ value }) => String(value));
	const chosen = readList(item.value('triggerOn')).map((one) => readChoice(one, 'Trigger On', values));
	if (chosen.length === 0) throw new InputError('Trigger On', 'is empty', 'Choose at least one kind of change.');
	return new Set(chosen);
}

/** The union IDs are looked up when the returned function runs; none of them means everybody. */
export function readWatchedPeople(item: Item): () => Promise<Set<string>> {
	const people = readPeople(item, item.value('people'), 'People to Watch');
	return async () => new Set(await resolveUnionIds(people));
}

export const readFetchDetails = (item: Item): boolean =>
	readBoolean(item.value('fetchDetails') ?? true, 'Fetch Event Details');

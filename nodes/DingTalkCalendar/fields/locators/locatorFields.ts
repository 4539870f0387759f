/** Which calendar and which event. */
import type { INodeProperties } from 'n8n-workflow';
import { OWN_CALENDAR } from '../../../../lib/dingtalk/endpoints';
import type { Item } from '../../../../lib/n8n/ItemContext';
import { InputError } from '../../../../lib/n8n/InputError';
import { readText } from '../../../../lib/n8n/fields/primitives';

export const calendarField: INodeProperties = {
	displayName: 'Calendar',
	name: 'calendarId',
	type: 'resourceLocator',
	required: true,
	// Chosen already, so that nobody has to know what a calendar's ID is.
	default: { mode: 'list', value: OWN_CALENDAR, cachedResultName: "The person's own calendar" },
	description: "Which of this person's calendars. By ID, the person's own is called primary.",
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Choose a calendar',
			typeOptions: { searchListMethod: 'searchCalendars', searchable: true },
		},
		{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. primary' },
	],
};

/** The locator's mode for IDs of the calendar before. */
export const OLD_ID = 'oldId';

export const eventField: INodeProperties = {
	displayName: 'Event',
	name: 'eventId',
	type: 'resourceLocator',
	required: true,
	default: { mode: 'list', value: '' },
	description: "The ID that 'Create' and 'Get Many' give back. One occurrence of a series has an ID of its own.",
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Choose an event',
			hint: 'From a week ago to two months ahead; opening the list costs one call',
			typeOptions: { searchListMethod: 'searchEvents', searchable: true },
		},
		{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. cnNTbW1YbxxxxdEgvdlQrQT09' },
		{
			displayName: 'By Old ID',
			name: OLD_ID,
			type: 'string',
			hint: 'From an integration with the calendar before; costs one more call',
		},
	],
};

/** A calendar that is not the person's own, so that there is no default. */
export const otherCalendarField: INodeProperties = {
	...calendarField,
	default: { mode: 'list', value: '' },
	description: "The calendar's ID, as 'Get Many' of Calendar or 'Create' of Subscription Calendar gives it",
};

export const readId = (item: Item, name: string, label: string, advice: string): string => {
	const value = item.value(name);
	const id = readText(value ?? '', label).trim();
	if (id === '') throw new InputError(label, 'is empty', advice);
	// In a path, dots alone would name another call.
	if (/^\.+$/.test(id)) throw new InputError(label, `is not an ID: ${id}`, advice);
	return id;
};

export const readOtherCalendar = (item: Item): string =>
	readId(item, 'calendarId', 'Calendar', "Take the ID from 'Get Many' of Calendar.");

export const readCalendar = (item: Item): string => {
	const value = item.value('calendarId');
	return value === undefined
		? OWN_CALENDAR
		: readId(item, 'calendarId', 'Calendar', "Use 'primary' for the person's own calendar.");
};

export const readEvent = (item: Item): string =>
	readId(item, 'eventId', 'Event', "Take the event's ID from 'Create' or 'Get Many', for example {{ $json.id }}.");

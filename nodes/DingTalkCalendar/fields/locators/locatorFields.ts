/** Locators for calendars and events. */
import type { INodeProperties } from 'n8n-workflow';
import { OWN_CALENDAR } from '../../../../lib/dingtalk/endpoints';
import type { Item } from '../../../../lib/n8n/ItemContext';
import { InputError } from '../../../../lib/n8n/InputError';
import { readText } from '../../../../lib/n8n/fields/primitives';
import { t } from '../../../../lib/locale/t';

export const calendarField: INodeProperties = {
	displayName: 'Calendar',
	name: 'calendarId',
	type: 'resourceLocator',
	required: true,
	// Preselected, so that users need not know calendar IDs.
	default: { mode: 'list', value: OWN_CALENDAR, cachedResultName: "The person's own calendar" },
	description: "Which of the person's calendars to use. The ID of the person's own calendar is primary.",
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

/** The locator mode for event IDs of DingTalk's previous calendar. */
export const OLD_ID = 'oldId';

export const eventField: INodeProperties = {
	displayName: 'Event',
	name: 'eventId',
	type: 'resourceLocator',
	required: true,
	default: { mode: 'list', value: '' },
	description: "The event ID from the output of 'Create' or 'Get Many'. Each occurrence of a series has its own ID.",
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Choose an event',
			hint: 'Shows events from one week ago to two months ahead. Opening the list costs one call.',
			typeOptions: { searchListMethod: 'searchEvents', searchable: true },
		},
		{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. cnNTbW1YbxxxxdEgvdlQrQT09' },
		{
			displayName: 'By Legacy ID',
			name: OLD_ID,
			type: 'string',
			hint: "An event ID of DingTalk's previous calendar. Costs one more call.",
		},
	],
};

/** A calendar other than the person's own, so there is no default. */
export const otherCalendarField: INodeProperties = {
	...calendarField,
	default: { mode: 'list', value: '' },
	description: "The calendar ID from the output of 'Get Many' of Calendar or 'Create' of Subscription Calendar",
};

export const readId = (item: Item, name: string, label: string, advice: string): string => {
	const value = item.value(name);
	const id = readText(value ?? '', label).trim();
	if (id === '') throw new InputError(label, t`is empty`, advice);
	// In a URL path, a segment of dots would address another call.
	if (/^\.+$/.test(id)) throw new InputError(label, t`is not an ID: ${id}`, advice);
	return id;
};

export const readOtherCalendar = (item: Item): string =>
	readId(item, 'calendarId', 'Calendar', t`Use an ID from the output of 'Get Many' of Calendar.`);

export const readCalendar = (item: Item): string => {
	const value = item.value('calendarId');
	return value === undefined
		? OWN_CALENDAR
		: readId(item, 'calendarId', 'Calendar', t`Use 'primary' for the person's own calendar.`);
};

export const readEvent = (item: Item): string =>
	readId(
		item,
		'eventId',
		'Event',
		t`Use an event ID from the output of 'Create' or 'Get Many', for example {{ $json.id }}.`,
	);

/** The fields of every new event: title, start, end, attendees and notifications. */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { LIMITS } from '../../../../lib/dingtalk/limits';
import type { Item, Values } from '../../../../lib/n8n/ItemContext';
import { listDecided, readContent } from './eventContent';
import { addMoreFields } from './moreFields';
import { readNotify } from './notifications';
import { readAttendees } from '../../../../lib/n8n/fields/attendeeFields';
import { readBoolean, readTitle } from '../../../../lib/n8n/fields/primitives';
import { readTimes, readZone } from '../../../../lib/n8n/fields/dateTime';

export const titleField = (placeholder: string): INodeProperties => ({
	displayName: 'Title',
	name: 'summary',
	type: 'string',
	required: true,
	default: '',
	placeholder,
});

const requiredDateTimeField = (displayName: string, name: string, description?: string): INodeProperties => ({
	displayName,
	name,
	type: 'dateTime',
	required: true,
	default: '',
	...(description ? { description } : {}),
});

/** For events with a time of day. */
export const timedProperties: INodeProperties[] = [
	requiredDateTimeField('Start', 'start'),
	requiredDateTimeField('End', 'end'),
];

/** For events that may be all-day. */
export const timesProperties: INodeProperties[] = [
	requiredDateTimeField('Start', 'start', 'For an all-day event, the first day'),
	requiredDateTimeField('End', 'end', 'For an all-day event, the last day (inclusive)'),
	{
		displayName: 'All Day',
		name: 'allDay',
		type: 'boolean',
		default: false,
		description: 'Whether the event lasts whole days. Start and end are then dates without a time.',
	},
];

export const readAllDay = (item: Item): boolean => readBoolean(item.value('allDay') ?? false, 'All Day');

/** `added` is the collection of optional fields. */
export function readNewEvent(item: Item, added: Values, allDay: boolean) {
	const zone = readZone(item, added.timeZone);
	const times = readTimes({ start: item.value('start') ?? '', end: item.value('end') ?? '', allDay, zone });
	return {
		zone,
		...times,
		invite: readAttendees(item, added),
		notify: readNotify(added),
		summary: readTitle(item.value('summary'), LIMITS.titleCharacters),
	};
}

type NewEvent = Pick<ReturnType<typeof readNewEvent>, 'summary' | 'start' | 'end' | 'startsAt' | 'zone'>;

/** What the event is created with, More Fields included. */
export const readNewContent = (
	added: Values,
	allDay: boolean,
	{ summary, start, end, startsAt, zone }: NewEvent,
): IDataObject =>
	addMoreFields(
		added.moreFields,
		{
			summary,
			isAllDay: allDay,
			start: { ...start },
			end: { ...end },
			...readContent(added, { zone, startsAt }),
		},
		listDecided(added),
	);

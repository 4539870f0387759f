/** The fields of every new event: title, start, end, attendees and notifications. */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { LIMITS } from '../../../../lib/dingtalk/limits';
import type { Item, Values } from '../../../../lib/n8n/ItemContext';
import { listDecided, readContent } from './eventContent';
import { addMoreFields } from './moreFields';
import { readNotify } from './notifications';
import { readAttendees } from '../../../../lib/n8n/fields/attendeeFields';
import { readBoolean, readTitle } from '../../../../lib/n8n/fields/primitives';
import { DAYS, readTimes, readZone, timeZoneNotice } from '../../../../lib/n8n/fields/dateTime';

export const titleField = (placeholder: string): INodeProperties => ({
	displayName: 'Title',
	name: 'summary',
	type: 'string',
	required: true,
	default: '',
	placeholder,
});

const requiredDateTimeField = (displayName: string, name: string): INodeProperties => ({
	displayName,
	name,
	type: 'dateTime',
	required: true,
	default: '',
});

const startField = requiredDateTimeField('Start', 'start');
const endField = requiredDateTimeField('End', 'end');

/** For events with a time of day. */
export const timedProperties: INodeProperties[] = [startField, endField, timeZoneNotice('Additional Fields')];

/** A day, under the same name as the time of a timed event: workflows store one value for both. */
const toDayField = (field: INodeProperties, displayName: string, description: string): INodeProperties => ({
	...field,
	displayName,
	typeOptions: { dateOnly: true },
	description,
	displayOptions: { show: { allDay: [true] } },
});

/** For events that may be all-day. */
export const timesProperties: INodeProperties[] = [
	{ ...startField, displayOptions: { hide: { allDay: [true] } } },
	{ ...endField, displayOptions: { hide: { allDay: [true] } } },
	toDayField(startField, DAYS.start, 'The day on which the event starts'),
	toDayField(endField, DAYS.end, 'The last day of the event (inclusive). For a single day, the same as the first one.'),
	{
		displayName: 'All Day',
		name: 'allDay',
		type: 'boolean',
		default: false,
		description: 'Whether the event lasts whole days, from its first to its last day',
	},
	{ ...timeZoneNotice('Additional Fields'), displayOptions: { hide: { allDay: [true] } } },
];

/** The next morning: it is never in the past, and its end is on the same day, also for an event that is made all-day. */
const TOMORROW: Record<string, string> = {
	start: '={{ $today.plus({ days: 1 }).set({ hour: 9 }) }}',
	end: '={{ $today.plus({ days: 1 }).set({ hour: 10 }) }}',
};

/** The same with a start and an end that can be run as they are. */
export const filledTimesProperties: INodeProperties[] = timesProperties.map((field) =>
	field.name in TOMORROW ? { ...field, default: TOMORROW[field.name] } : field,
);

export const readAllDay = (item: Item): boolean => readBoolean(item.value('allDay') ?? false, 'All Day');

/** When a new event is; `added` is the collection of optional fields. */
export function readNewTimes(item: Item, added: Values, allDay: boolean) {
	const zone = readZone(item, added.timeZone);
	const times = readTimes({
		start: item.value('start') ?? '',
		end: item.value('end') ?? '',
		allDay,
		zone,
		...(allDay ? { labels: DAYS } : {}),
	});
	return { zone, ...times };
}

export function readNewEvent(item: Item, added: Values, allDay: boolean) {
	return {
		...readNewTimes(item, added, allDay),
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

/** The Output field of events: simplified to a few flat fields, raw as DingTalk sends it, or selected fields of the raw event. */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { Item } from '../ItemContext';
import { InputError } from '../InputError';
import { formatPerson } from './people';
import { readChoice, readList, readText } from './primitives';
import { asSent, isAllDay } from '../../dingtalk/events/readEvent';
import type { ApiTime } from '../../dingtalk/utils/timestamps';
import { localEnd, localTime } from './dateTime';
import { t } from '../../locale/t';

const MODES = ['simplified', 'raw', 'selected'] as const;

/** The parts of DingTalk's event object, by their names in the API. */
const EVENT_PARTS = {
	isAllDay: 'All Day',
	attendees: 'Attendees',
	uiConfigs: 'Buttons and Sections',
	categories: 'Categories',
	createTime: 'Creation Time',
	description: 'Description',
	end: 'End',
	extendedProperties: 'Extended Properties',
	id: 'ID',
	location: 'Location',
	meetingRooms: 'Meeting Rooms',
	onlineMeetingInfo: 'Online Meeting',
	organizer: 'Organizer',
	originStart: 'Original Start',
	reminders: 'Reminders',
	recurrence: 'Repeat',
	richTextDescription: 'Rich Text Description',
	seriesMasterId: 'Series ID',
	freeBusyStatus: 'Show As',
	start: 'Start',
	status: 'Status',
	summary: 'Title',
	updateTime: 'Update Time',
};

export const outputProperties: INodeProperties[] = [
	{
		displayName: 'Output',
		name: 'output',
		type: 'options',
		noDataExpression: true,
		default: 'simplified',
		options: [
			{ name: 'Raw', value: 'raw', description: 'The complete event as DingTalk sends it' },
			{ name: 'Selected Fields', value: 'selected', description: 'Only the chosen fields of the raw event' },
			{
				name: 'Simplified',
				value: 'simplified',
				description: 'Title, local start and end, people and place. The end of an all-day event is its last day.',
			},
		],
	},
	{
		displayName: 'Fields',
		name: 'outputFields',
		type: 'multiOptions',
		default: ['id', 'summary', 'start', 'end'],
		displayOptions: { show: { output: ['selected'] } },
		options: Object.entries(EVENT_PARTS).map(([value, name]) => ({ name, value })),
	},
];

interface ApiPerson {
	id?: string;
	displayName?: string;
}

export interface ApiEvent extends IDataObject {
	id?: string;
}

interface EventParts {
	id?: string;
	summary?: string;
	status?: string;
	start?: ApiTime;
	end?: ApiTime;
	location?: { displayName?: string };
	organizer?: ApiPerson;
	attendees?: ApiPerson[];
	onlineMeetingInfo?: { url?: string };
	recurrence?: unknown;
	seriesMasterId?: string;
	freeBusyStatus?: string;
	extendedProperties?: { privateProperties?: { dingtalkDetailUrl?: string } };
}

/** The ID of the series that an event is a date of, or that it is itself; null for an event that does not repeat. */
export const seriesIdOf = ({ id, seriesMasterId, recurrence }: EventParts): string | null =>
	seriesMasterId || (recurrence ? id : undefined) || null;

/** DingTalk's own link to the event, which only some calls return. */
export const linkOf = ({ extendedProperties }: EventParts): string | null =>
	extendedProperties?.privateProperties?.dingtalkDetailUrl || null;

/** An event that was just written has no status yet; it is confirmed. */
export function simplify(sent: ApiEvent, zone: string): IDataObject {
	const event = sent as EventParts;
	return {
		id: event.id ?? null,
		summary: event.summary ?? null,
		status: event.status ?? 'confirmed',
		start: localTime(event.start, zone),
		end: localEnd(event.end, zone),
		timeZone: isAllDay(event) ? null : zone,
		location: event.location?.displayName ?? null,
		organizer: event.organizer ? formatPerson(event.organizer) : null,
		attendees: (event.attendees ?? []).map(formatPerson).join(', '),
		onlineMeetingUrl: event.onlineMeetingInfo?.url ?? null,
		seriesId: seriesIdOf(event),
		link: linkOf(event),
		// Not documented, and only there where DingTalk sends it.
		...(event.freeBusyStatus ? { showAs: event.freeBusyStatus } : {}),
	};
}

const pickParts = (event: ApiEvent, parts: string[]): IDataObject =>
	Object.fromEntries(parts.filter((part) => part in event).map((part) => [part, event[part]])) as IDataObject;

/** Reads the choice now, so that an invalid one is rejected before any call. */
export function readEventOutput(item: Item, zone = item.zone): (event: ApiEvent) => IDataObject {
	const mode = readChoice(item.value('output') ?? 'simplified', 'Output', MODES);
	if (mode === 'raw') return (event) => asSent(event);
	if (mode === 'simplified') return (event) => simplify(event, zone);
	const parts = readList(item.value('outputFields')).map((part) => readText(part, 'Fields'));
	if (parts.length === 0)
		throw new InputError('Fields', t`is empty`, t`Choose at least one field, or set 'Output' to Simplified.`);
	return (event) => pickParts(asSent(event), parts);
}

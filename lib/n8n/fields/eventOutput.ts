/** How an event comes out: in ten flat fields that people read, as DingTalk sent it, or only the chosen parts of that. */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { Item } from '../ItemContext';
import { InputError } from '../InputError';
import { formatPerson } from './people';
import { readChoice, readList, readText } from './primitives';
import { localEnd, localTime, type ApiTime } from './dateTime';

const MODES = ['simplified', 'raw', 'selected'] as const;

/** The parts of DingTalk's event object. */
const EVENT_PARTS = [
	'attendees',
	'categories',
	'createTime',
	'description',
	'end',
	'extendedProperties',
	'id',
	'isAllDay',
	'location',
	'meetingRooms',
	'onlineMeetingInfo',
	'organizer',
	'originStart',
	'recurrence',
	'reminders',
	'richTextDescription',
	'seriesMasterId',
	'start',
	'status',
	'summary',
	'uiConfigs',
	'updateTime',
];

export const outputProperties: INodeProperties[] = [
	{
		displayName: 'Output',
		name: 'output',
		type: 'options',
		noDataExpression: true,
		default: 'simplified',
		options: [
			{ name: 'Raw', value: 'raw', description: 'Everything, the way DingTalk sends it' },
			{ name: 'Selected Fields', value: 'selected', description: 'Only some parts of the raw event' },
			{
				name: 'Simplified',
				value: 'simplified',
				description: "Title, local start and end, people and place; an all-day event's end is its last day",
			},
		],
	},
	{
		displayName: 'Fields',
		name: 'outputFields',
		type: 'multiOptions',
		default: ['id', 'summary', 'start', 'end'],
		displayOptions: { show: { output: ['selected'] } },
		options: EVENT_PARTS.map((part) => ({ name: part, value: part })),
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
}

/** A freshly written event has no status yet; it is confirmed. */
export function simplify(sent: ApiEvent, zone: string): IDataObject {
	const event = sent as EventParts;
	return {
		id: event.id ?? null,
		summary: event.summary ?? null,
		status: event.status ?? 'confirmed',
		start: localTime(event.start, zone),
		end: localEnd(event.end, zone),
		timeZone: event.start?.date ? null : zone,
		location: event.location?.displayName ?? null,
		organizer: event.organizer ? formatPerson(event.organizer) : null,
		attendees: (event.attendees ?? []).map(formatPerson).join(', '),
		onlineMeetingUrl: event.onlineMeetingInfo?.url ?? null,
	};
}

const pickParts = (event: ApiEvent, parts: string[]): IDataObject =>
	Object.fromEntries(parts.filter((part) => part in event).map((part) => [part, event[part]])) as IDataObject;

/** Reads the choice now, so that a wrong one is refused before any call. */
export function readEventOutput(item: Item, zone = item.zone): (event: ApiEvent) => IDataObject {
	const mode = readChoice(item.value('output') ?? 'simplified', 'Output', MODES);
	if (mode === 'raw') return (event) => event;
	if (mode === 'simplified') return (event) => simplify(event, zone);
	const parts = readList(item.value('outputFields')).map((part) => readText(part, 'Fields'));
	if (parts.length === 0)
		throw new InputError('Fields', 'is empty', "Choose at least one, or set 'Output' to Simplified.");
	return (event) => pickParts(event, parts);
}

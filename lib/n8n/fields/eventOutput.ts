/** The Output field of events: simplified to a few flat fields, raw as DingTalk sends it, or selected fields of the raw event. */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { compareLabels } from './compareLabels';
import type { Item } from '../ItemContext';
import { InputError } from '../InputError';
import { formatPerson } from './people';
import { readChoice, readList, readText } from './primitives';
import { repeatsInWords } from '../../dingtalk/events/repeatsInWords';
import { asSent, isAllDay } from '../../dingtalk/events/readEvent';
import type { ApiTime } from '../../dingtalk/utils/timestamps';
import { localEnd, localTime } from './dateTime';
import { t } from '../../locale/t';

const MODES = ['simplified', 'raw', 'selected'] as const;

/** The times as Simplified has them, under names of their own: workflows of earlier versions have the raw ones as `start` and `end`. */
const SIMPLE_TIMES = { simpleStart: 'Start', simpleEnd: 'End' };

/** The parts of DingTalk's event object, by their names in the API. */
const EVENT_PARTS = {
	isAllDay: 'All Day',
	attendees: 'Attendees',
	uiConfigs: 'Buttons and Sections',
	categories: 'Categories',
	createTime: 'Creation Time',
	description: 'Description',
	end: 'End (Raw)',
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
	start: 'Start (Raw)',
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
			{ name: 'Selected Fields', value: 'selected', description: 'Only the fields you choose' },
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
		default: ['summary', 'simpleStart', 'simpleEnd', 'id'],
		displayOptions: { show: { output: ['selected'] } },
		options: Object.entries({ ...EVENT_PARTS, ...SIMPLE_TIMES })
			.map(([value, name]) => ({ name, value }))
			.sort((a, b) => compareLabels(a.name, b.name)),
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

/** An event that was just written has no status yet; it is confirmed. The long IDs come last, as tables show the first columns. */
export function simplify(sent: ApiEvent, zone: string): IDataObject {
	const event = sent as EventParts;
	const repeats = repeatsInWords(event.recurrence, zone, isAllDay(event));
	return {
		summary: event.summary ?? null,
		status: event.status ?? 'confirmed',
		start: localTime(event.start, zone),
		end: localEnd(event.end, zone),
		timeZone: isAllDay(event) ? null : zone,
		location: event.location?.displayName ?? null,
		organizer: event.organizer ? formatPerson(event.organizer) : null,
		attendees: (event.attendees ?? []).map(formatPerson).join(', '),
		onlineMeetingUrl: event.onlineMeetingInfo?.url ?? null,
		...(repeats === undefined ? {} : { repeats }),
		// Not documented, and only there where DingTalk sends it.
		...(event.freeBusyStatus ? { showAs: event.freeBusyStatus } : {}),
		link: linkOf(event),
		id: event.id ?? null,
		seriesId: seriesIdOf(event),
	};
}

/** The simple times take the names of the raw ones, unless both are chosen. */
function pickParts(event: ApiEvent, sent: ApiEvent, parts: string[], zone: string): IDataObject {
	const { start, end } = event as EventParts;
	const name = (simple: string, raw: string): string => (parts.includes(raw) ? simple : raw);
	const simpleTimes = new Map<string, [string, string | null]>([
		['simpleStart', [name('simpleStart', 'start'), localTime(start, zone)]],
		['simpleEnd', [name('simpleEnd', 'end'), localEnd(end, zone)]],
	]);
	return Object.fromEntries(
		parts.flatMap((part): Array<[string, unknown]> => {
			const simple = simpleTimes.get(part);
			if (simple) return [simple];
			return part in sent ? [[part, sent[part]]] : [];
		}),
	) as IDataObject;
}

/** Reads the choice now, so that an invalid one is rejected before any call. */
export function readEventOutput(item: Item, zone = item.zone): (event: ApiEvent) => IDataObject {
	const mode = readChoice(item.value('output') ?? 'simplified', 'Output', MODES);
	if (mode === 'raw') return (event) => asSent(event);
	if (mode === 'simplified') return (event) => simplify(event, zone);
	const parts = readList(item.value('outputFields')).map((part) => readText(part, 'Fields'));
	if (parts.length === 0)
		throw new InputError('Fields', t`is empty`, t`Choose at least one field, or set 'Output' to Simplified.`);
	return (event) => pickParts(event, asSent(event), parts, zone);
}

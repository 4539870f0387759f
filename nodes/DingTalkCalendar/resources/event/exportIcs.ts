/** Exports events as an iCalendar (.ics) file. */
import type { IDataObject } from 'n8n-workflow';
import { api } from '../../../../lib/dingtalk/endpoints';
import type { Client } from '../../../../lib/dingtalk/client/types';
import { LIMITS } from '../../../../lib/dingtalk/limits';
import { DingTalkError } from '../../../../lib/dingtalk/errors/DingTalkError';
import { readBody } from '../../../../lib/dingtalk/events/readEvent';
import { isObject } from '../../../../lib/dingtalk/utils/json';
import {
	findMissingPart,
	isSeries,
	writeCalendar,
	type ApiEvent,
	type ExportedEvent,
} from '../../../../lib/icalendar/write';
import {
	ENDLESS_SERIES_DAYS,
	MAX_DATES,
	planSeries,
	readSeriesDates,
	type ReadSeries,
} from '../../../../lib/dingtalk/series/exportedSeries';
import { calendarTarget, EVENT_LOOKUPS, type EventPath } from '../../fields/locators/eventPath';
import { readBoolean, readList, readText } from '../../../../lib/n8n/fields/primitives';
import { InputError } from '../../../../lib/n8n/InputError';
import { ResultWithFile, type Operation } from '../../../../lib/n8n/Operation';
import { t } from '../../../../lib/locale/t';

const calendar = calendarTarget('Person', 'The organizer or an attendee of the events');

const ADVICE = t`Use IDs from 'Create' or 'Get Many', or the raw events of 'Get Many'.`;

/** Returns the ID in an entry, or the entry itself if it is a raw event, which does not have to be read again. */
function parseEntry(entry: unknown): string | ApiEvent {
	if (!isObject(entry)) return readText(entry, 'Events').trim();
	// Raw output has the times as DingTalk sent them.
	const event = readBody(entry) as IDataObject;
	const isRaw =
		isObject(event.start) && isObject(event.end) && Array.isArray(event.reminders) && event.recurrence === undefined;
	return isRaw ? (event as ApiEvent) : readText(event.id ?? '', 'Events').trim();
}

function toFileName(value: unknown): string {
	const name = readText(value, 'File Name')
		.trim()
		.replace(/[\\/:*?"<>|]/g, '_');
	return /\.ics$/i.test(name) ? name : `${name || 'events'}.ics`;
}

const missingPartError = (part: string, { id, summary }: ApiEvent): DingTalkError =>
	new DingTalkError({
		kind: 'server',
		message: t`DingTalk returned the event '${summary || id || ''}' without its complete ${part}, so it cannot be exported`,
		advice: t`Try again in a few minutes, or leave this event out.`,
	});

/** Its times and its rule were looked at before. */
const isCompleteSeries = (event: ApiEvent): event is ApiEvent & ReadSeries => isSeries(event);

/** A series with what a file says of its dates; they are read only if `client` is given. */
async function describeSeries(event: ApiEvent & ReadSeries, path: EventPath, client?: Client): Promise<ExportedEvent> {
	const planned = planSeries(event);
	if (!planned) return event;
	const { series, last } = planned;
	const { cancelled = [], changed = [] } = client ? await readSeriesDates({ client, path }, planned, Date.now()) : {};
	return { ...series, lastDate: last?.start, cancelledDates: cancelled, changedDates: changed };
}

export const exportIcs: Operation = {
	value: 'exportIcs',
	name: 'Export as iCalendar File',
	action: 'Export events as an iCalendar file',
	description: 'Creates an .ics file with one or more events for Outlook, Google Calendar or Apple Calendar',
	calls: [api.getEvent, api.listInstances, ...EVENT_LOOKUPS],
	properties: [
		...calendar.properties,
		{
			displayName: 'Events',
			name: 'events',
			type: 'string',
			required: true,
			default: '={{ $json.id }}',
			placeholder: 'e.g. cnNTbW1YbxxxxdEgvdlQrQT09',
			description:
				'Event IDs separated by commas, or an expression that returns a list. All events go into one file; each ID costs one call, that of a series more.',
		},
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			options: [
				{ displayName: 'File Name', name: 'fileName', type: 'string', default: 'events.ics' },
				{
					displayName: 'Include Changed Dates',
					name: 'includeChangedDates',
					type: 'boolean',
					default: true,
					description: `Whether to include changed and cancelled occurrences of a series. Costs one call for each ${api.listInstances.pageSize} dates of a series, and one for each date that was moved. For a series without an end, or with more than ${MAX_DATES} dates, the dates of the past and the coming ${ENDLESS_SERIES_DAYS} days are read.`,
				},
				{
					displayName: 'Put Output File in Field',
					name: 'binaryField',
					type: 'string',
					default: 'data',
					hint: 'The name of the output field to put the file in',
				},
			],
		},
	],
	prepare(item) {
		const resolvePath = calendar.read(item);
		const options = item.collection('options');
		const entries = readList(item.value('events')).map(parseEntry);
		if (entries.length === 0 || entries.includes(''))
			throw new InputError('Events', t`is empty or has an entry without an ID`, ADVICE);
		const uniqueEntries = entries.filter(
			(one, position) => typeof one !== 'string' || entries.indexOf(one) === position,
		);
		const includesChanges = readBoolean(options.includeChangedDates ?? true, 'Include Changed Dates');
		const fileName = toFileName(options.fileName ?? 'events');
		const field = readText(options.binaryField ?? 'data', 'Put Output File in Field').trim() || 'data';

		return async () => {
			const path = await resolvePath();
			const readOne = async (id: string): Promise<ApiEvent> => {
				const query = { maxAttendees: LIMITS.attendeesInEvent };
				const event = await item.client.request<ApiEvent>(api.getEvent, { path: { ...path, eventId: id }, query });
				return { ...event, id: event.id || id };
			};
			const events: ExportedEvent[] = [];
			for (const one of uniqueEntries) {
				const event = typeof one === 'string' ? await readOne(one) : one;
				const missing = findMissingPart(event);
				if (missing) throw missingPartError(missing, event);
				const eventPath = { ...path, eventId: event.id ?? '' };
				const client = includesChanges ? item.client : undefined;
				events.push(isCompleteSeries(event) ? await describeSeries(event, eventPath, client) : event);
			}
			const content = writeCalendar(events, new Date().toISOString());
			return new ResultWithFile(
				{ fileName, events: events.length, ids: events.map(({ id }) => id ?? null) },
				{ field, name: fileName, type: 'text/calendar', content },
			);
		};
	},
};

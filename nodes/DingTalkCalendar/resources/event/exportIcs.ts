import { api } from '../../../../lib/dingtalk/endpoints';
import { LIMITS } from '../../../../lib/dingtalk/limits';
import { isObject } from '../../../../lib/dingtalk/utils/isObject';
import { writeCalendar, type SourceEvent } from '../../../../lib/icalendar/write';
import { calendarTarget, EVENT_LOOKUPS } from '../../fields/locators/eventPath';
import { readList, readText } from '../../../../lib/n8n/fields/primitives';
import { InputError } from '../../../../lib/n8n/InputError';
import { ResultWithFile, type Operation } from '../../../../lib/n8n/Operation';

const calendar = calendarTarget('Person', 'In whose calendar the events are: the organizer or somebody who is invited');

const ADVICE = "Give IDs as 'Create' and 'Get Many' give them, or the raw events of 'Get Many'.";

/** An ID, an item of this node with one, or an event as DingTalk sent it, which need not be asked for again. */
function eventIn(entry: unknown): string | SourceEvent {
	if (!isObject(entry)) return readText(entry, 'Events').trim();
	const isRaw =
		isObject(entry.start) && isObject(entry.end) && Array.isArray(entry.reminders) && entry.recurrence === undefined;
	return isRaw ? (entry as SourceEvent) : readText(entry.id ?? '', 'Events').trim();
}

function fileNameIn(value: unknown): string {
	const name = readText(value, 'File Name')
		.trim()
		.replace(/[\\/:*?"<>|]/g, '_');
	return /\.ics$/i.test(name) ? name : `${name || 'events'}.ics`;
}

export const exportIcs: Operation = {
	value: 'exportIcs',
	name: 'Export as iCalendar File',
	action: 'Export events as an iCalendar file',
	description: 'Make an .ics file that Outlook, Google Calendar and Apple Calendar take, of one event or several',
	calls: [api.getEvent, ...EVENT_LOOKUPS],
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
				'Event IDs, separated by commas, for one file with all of them; each costs one call. An expression may give a list.',
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
		const path = calendar.read(item);
		const options = item.collection('options');
		const wanted = readList(item.value('events')).map(eventIn);
		if (wanted.length === 0 || wanted.includes(''))
			throw new InputError('Events', 'is empty, or one of them has no ID', ADVICE);
		const unique = wanted.filter((one, position) => typeof one !== 'string' || wanted.indexOf(one) === position);
		const name = fileNameIn(options.fileName ?? 'events');
		const field = readText(options.binaryField ?? 'data', 'Put Output File in Field').trim() || 'data';

		return async () => {
			const target = await path();
			const events: SourceEvent[] = [];
			for (const one of unique) {
				const query = { maxAttendees: LIMITS.attendeesInEvent };
				events.push(
					typeof one === 'string'
						? await item.client.request<SourceEvent>(api.getEvent, { path: { ...target, eventId: one }, query })
						: one,
				);
			}
			const content = writeCalendar(events, new Date().toISOString());
			return new ResultWithFile(
				{ fileName: name, events: events.length, ids: events.map(({ id }) => id ?? null) },
				{ field, name, type: 'text/calendar', content },
			);
		};
	},
};

/** Reads the events in an iCalendar (.ics) file, without any call to DingTalk. */
import type { IDataObject } from 'n8n-workflow';
import { LIMITS } from '../../../../lib/dingtalk/limits';
import { abortableDelay } from '../../../../lib/dingtalk/utils/abort';
import { checkText, decodeFile, type DecodedFile } from '../../../../lib/icalendar/decode';
import { InvalidCalendarError } from '../../../../lib/icalendar/lines';
import { WorkSlicer } from '../../../../lib/icalendar/workSlicer';
import { readCalendar, type FileEvent } from '../../../../lib/icalendar/read';
import { readAttendees } from '../../../../lib/n8n/fields/attendeeFields';
import { readTimes, readZone } from '../../../../lib/n8n/fields/dateTime';
import { readChoice, readText, readTitle, readWholeNumber } from '../../../../lib/n8n/fields/primitives';
import { InputError } from '../../../../lib/n8n/InputError';
import type { Item } from '../../../../lib/n8n/ItemContext';
import type { Operation } from '../../../../lib/n8n/Operation';
import { readContent } from '../../fields/event/eventContent';
import { joinClauses, joinWords, t } from '../../../../lib/locale/t';

const MEGABYTE = 1024 * 1024;
const MAX_BYTES = 10 * MEGABYTE;
const MAX_EVENTS = 1000;
/** Checking an event takes about as long as reading this many dates. */
const DATES_PER_CHECK = 5;

const ADVICE = t`Export or download the file again, or raise 'Event Limit' in the options if the file is only large.`;

function checkSize(bytes: number, label: string): void {
	if (bytes <= MAX_BYTES) return;
	const size = (bytes / MEGABYTE).toFixed(1);
	throw new InputError(label, t`has ${size} MB, more than ${MAX_BYTES / MEGABYTE} MB`, t`Split the calendar.`);
}

const joinGuests = (event: FileEvent, optional: boolean): string =>
	event.attendees
		.filter((guest) => guest.optional === optional)
		.map(({ nameOrEmail }) => nameOrEmail)
		.join(', ');

/** Uses the names of the additional fields of 'Create', so that expressions can map them one to one. */
function toAdditionalFields(event: FileEvent): IDataObject {
	const { description, location, zone, rule, reminders, isFree } = event;
	const fields: IDataObject = {};
	const [attendees, optionalAttendees] = [joinGuests(event, false), joinGuests(event, true)];
	if (description) fields.eventDescription = description;
	if (location) fields.location = location;
	if (attendees) fields.attendees = attendees;
	if (optionalAttendees) fields.optionalAttendees = optionalAttendees;
	if (zone) fields.timeZone = zone;
	if (rule) fields.recurrence = { rule: { ...rule } };
	if (reminders.length > 0) fields.reminders = { setting: { mode: 'custom', minutes: reminders.join(', ') } };
	if (isFree) fields.showAs = 'free';
	return fields;
}

/** Why Create would refuse the event; its own readers decide. */
function findRefusal(item: Item, event: FileEvent, fields: IDataObject): string | undefined {
	try {
		const zone = readZone(item, fields.timeZone);
		const { startsAt } = readTimes({ start: event.start, end: event.end, allDay: event.allDay, zone });
		readTitle(event.summary, LIMITS.titleCharacters);
		readContent(fields, { zone, startsAt });
		readAttendees(item, fields);
		return undefined;
	} catch (error) {
		return explainRefusal(error as Error);
	}
}

/** Other errors than those of the readers are not about the event. */
function explainRefusal(error: Error): string {
	if (error instanceof InputError) return t`cannot be created: ${error.message}`;
	throw error;
}

function withRefusal(item: Item, event: FileEvent): FileEvent {
	// Without a start there is nothing that Create could read, and the problems say so.
	const refusal = event.start === '' ? undefined : findRefusal(item, event, toAdditionalFields(event));
	return refusal === undefined ? event : { ...event, problems: [...event.problems, refusal] };
}

function* readEvents(item: Item, decoded: DecodedFile, maxEvents: number): Generator<void, FileEvent[]> {
	const events: FileEvent[] = [];
	const slicer = new WorkSlicer();
	for (const event of yield* readCalendar(decoded, { defaultZone: item.zone, maxEvents })) {
		events.push(withRefusal(item, event));
		yield* slicer.count(DATES_PER_CHECK + event.attendees.length / 10);
	}
	return events;
}

function nextStep(steps: Generator<void, FileEvent[]>, label: string): IteratorResult<void, FileEvent[]> {
	try {
		return steps.next();
	} catch (error) {
		throw error instanceof InvalidCalendarError
			? new InputError(label, t`is not a valid iCalendar file: ${error.message}`, ADVICE)
			: error;
	}
}

const toOutput = (event: FileEvent): IDataObject => ({
	uid: event.uid,
	summary: event.summary,
	start: event.start,
	end: event.end,
	allDay: event.allDay,
	organizer: event.organizer,
	rooms: event.rooms,
	seriesDates: { excluded: event.excludedDates, added: event.addedDates, replaced: event.occurrenceDate },
	method: event.method,
	fits: event.problems.length === 0,
	problems: event.problems,
	additionalFields: toAdditionalFields(event),
});

export const readIcs: Operation = {
	value: 'readIcs',
	name: 'Read iCalendar File',
	action: 'Read events from an iCalendar file',
	description:
		'Turns an e-mail invitation or a calendar file into items that match the fields of Create; makes no call',
	calls: [],
	properties: [
		{
			displayName: 'Source',
			name: 'source',
			type: 'options',
			noDataExpression: true,
			default: 'file',
			options: [
				{ name: 'Input File', value: 'file', description: 'For example an e-mail attachment or a download' },
				{ name: 'Text', value: 'text' },
			],
		},
		{
			displayName: 'Input Binary Field',
			name: 'binaryField',
			type: 'string',
			required: true,
			default: 'data',
			placeholder: 'e.g. attachment_0',
			hint: 'The name of the input field containing the file',
			displayOptions: { show: { source: ['file'] } },
		},
		{
			displayName: 'Calendar Text',
			name: 'icsText',
			type: 'string',
			typeOptions: { rows: 4 },
			required: true,
			default: '',
			placeholder: 'e.g. BEGIN:VCALENDAR …',
			displayOptions: { show: { source: ['text'] } },
		},
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			options: [
				{
					displayName: 'Event Limit',
					name: 'maxEvents',
					type: 'number',
					typeOptions: { minValue: 1 },
					default: MAX_EVENTS,
					description: 'Files with more events are rejected',
				},
				{
					displayName: 'Unsupported Events',
					name: 'ifUnfit',
					type: 'options',
					default: 'report',
					description:
						'What to do with cancellations, changed occurrences and repeat rules that DingTalk does not support',
					options: [
						{
							name: 'Return With Reason',
							value: 'report',
							description: 'Sets fits to false and lists the reasons under problems',
						},
						{ name: 'Skip', value: 'leaveOut' },
						{ name: 'Stop With an Error', value: 'fail' },
					],
				},
			],
		},
	],
	prepare(item) {
		const fromFile = readChoice(item.value('source') ?? 'file', 'Source', ['file', 'text'] as const) === 'file';
		const label = fromFile ? 'Input Binary Field' : 'Calendar Text';
		const ifUnsupported = readChoice(item.collection('options').ifUnfit ?? 'report', 'Unsupported Events', [
			'report',
			'leaveOut',
			'fail',
		] as const);
		const input = readText(item.value(fromFile ? 'binaryField' : 'icsText') ?? '', label);
		if (input.trim() === '')
			throw new InputError(
				label,
				t`is empty`,
				fromFile ? t`Enter the name of the field, usually 'data'.` : t`Enter the text of the file.`,
			);
		const maxEvents = readWholeNumber(item.collection('options').maxEvents ?? MAX_EVENTS, 'Event Limit', { from: 1 });
		const file = fromFile ? item.files.get(input.trim()) : undefined;
		if (fromFile && !file) {
			const available = joinWords([...item.files.keys()]);
			throw new InputError(
				label,
				t`is not a file of this item: ${input}`,
				available
					? t`Files of this item: ${available}.`
					: t`The item has no files. Connect a node that outputs a file.`,
			);
		}
		if (!file) checkSize(Buffer.byteLength(input), label);
		const decode = async (): Promise<DecodedFile> => {
			if (!file) return checkText(input);
			const bytes = await file();
			checkSize(bytes.length, label);
			return decodeFile(bytes);
		};
		return async () => {
			const steps = readEvents(item, await decode(), maxEvents);
			let step = nextStep(steps, label);
			for (; !step.done; step = nextStep(steps, label)) {
				// Other workflows get a turn while a large file is read, and a stop is heard.
				await abortableDelay(0, item.client.signal);
			}
			const events = step.value;
			if (events.length === 0) item.addHint(t`The file contains no events. Tasks and other entries are not read.`);
			const unsupported = events.find(({ problems }) => problems.length > 0);
			if (unsupported && ifUnsupported === 'fail') {
				throw new InputError(
					label,
					t`contains an event that DingTalk does not support: '${unsupported.summary}' ${joinClauses(unsupported.problems)}`,
					t`Change the file, or choose another option in 'Unsupported Events'.`,
				);
			}
			return events.filter(({ problems }) => problems.length === 0 || ifUnsupported === 'report').map(toOutput);
		};
	},
};

/** Reads the events in an iCalendar (.ics) file, without any call to DingTalk. */
import type { IDataObject } from 'n8n-workflow';
import { InvalidCalendarError } from '../../../../lib/icalendar/lines';
import { readCalendar, type FileEvent } from '../../../../lib/icalendar/read';
import { readChoice, readText } from '../../../../lib/n8n/fields/primitives';
import { InputError } from '../../../../lib/n8n/InputError';
import type { Operation } from '../../../../lib/n8n/Operation';

const joinGuests = (event: FileEvent, optional: boolean): string =>
	event.attendees
		.filter((guest) => guest.optional === optional)
		.map(({ nameOrEmail }) => nameOrEmail)
		.join(', ');

/** Uses the names of the additional fields of 'Create', so that expressions can map them one to one. */
function toAdditionalFields(event: FileEvent): IDataObject {
	const { description, location, zone, rule, reminders } = event;
	const fields: IDataObject = {};
	const [attendees, optionalAttendees] = [joinGuests(event, false), joinGuests(event, true)];
	if (description) fields.eventDescription = description;
	if (location) fields.location = location;
	if (attendees) fields.attendees = attendees;
	if (optionalAttendees) fields.optionalAttendees = optionalAttendees;
	if (zone) fields.timeZone = zone;
	if (rule) fields.recurrence = { rule: { ...rule } };
	if (reminders.length > 0) fields.reminders = { setting: { mode: 'custom', minutes: reminders.join(', ') } };
	return fields;
}

const toOutput = (event: FileEvent): IDataObject => ({
	uid: event.uid,
	summary: event.summary,
	start: event.start,
	end: event.end,
	allDay: event.allDay,
	organizer: event.organizer,
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
				'is empty',
				fromFile ? "Enter the name of the field, usually 'data'." : 'Enter the text of the file.',
			);
		const file = fromFile ? item.files[input.trim()] : undefined;
		if (fromFile && !file) {
			const available = Object.keys(item.files).join(', ');
			throw new InputError(
				label,
				`is not a file of this item: ${input}`,
				available ? `Files of this item: ${available}.` : 'The item has no files. Connect a node that outputs a file.',
			);
		}
		const parseEvents = (text: string): FileEvent[] => {
			try {
				return readCalendar(text, item.zone);
			} catch (error) {
				throw error instanceof InvalidCalendarError
					? new InputError(
							label,
							`is not a valid iCalendar file: ${error.message}`,
							'Export or download the file again.',
						)
					: error;
			}
		};
		// Text is available right away, so it is checked before any item is processed.
		const textEvents = fromFile ? undefined : parseEvents(input);
		return async () => {
			const events = textEvents ?? parseEvents((await file?.()) ?? '');
			const unsupported = events.find(({ problems }) => problems.length > 0);
			if (unsupported && ifUnsupported === 'fail') {
				throw new InputError(
					label,
					`contains an event that DingTalk does not support: '${unsupported.summary}' ${unsupported.problems.join('; ')}`,
					"Change the file, or choose another option in 'Unsupported Events'.",
				);
			}
			return events.filter(({ problems }) => problems.length === 0 || ifUnsupported === 'report').map(toOutput);
		};
	},
};

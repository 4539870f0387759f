import type { IDataObject } from 'n8n-workflow';
import { BadCalendar } from '../../../../lib/icalendar/lines';
import { readCalendar, type ReadEvent } from '../../../../lib/icalendar/read';
import { readChoice, readText } from '../../../../lib/n8n/fields/primitives';
import { InputError } from '../../../../lib/n8n/InputError';
import type { Operation } from '../../../../lib/n8n/Operation';

const list = (event: ReadEvent, optional: boolean): string =>
	event.guests
		.filter((guest) => guest.optional === optional)
		.map(({ who }) => who)
		.join(', ');

/** Named as the fields of 'Create' are, so that an expression can take each of them. */
function fieldsOf(event: ReadEvent): IDataObject {
	const { description, location, zone, rule, reminders } = event;
	const fields: IDataObject = {};
	const [attendees, optionalAttendees] = [list(event, false), list(event, true)];
	if (description) fields.eventDescription = description;
	if (location) fields.location = location;
	if (attendees) fields.attendees = attendees;
	if (optionalAttendees) fields.optionalAttendees = optionalAttendees;
	if (zone) fields.timeZone = zone;
	if (rule) fields.recurrence = { rule: { ...rule } };
	if (reminders.length > 0) fields.reminders = { setting: { mode: 'custom', minutes: reminders.join(', ') } };
	return fields;
}

const shown = (event: ReadEvent): IDataObject => ({
	uid: event.uid,
	summary: event.summary,
	start: event.start,
	end: event.end,
	allDay: event.allDay,
	organizer: event.organizer,
	method: event.method,
	fits: event.problems.length === 0,
	problems: event.problems,
	additionalFields: fieldsOf(event),
});

export const readIcs: Operation = {
	value: 'readIcs',
	name: 'Read iCalendar File',
	action: 'Read events from an iCalendar file',
	description:
		'Turn an invitation from an e-mail or a calendar file into items that fit the fields of Create; no call is made',
	calls: [],
	properties: [
		{
			displayName: 'From',
			name: 'source',
			type: 'options',
			noDataExpression: true,
			default: 'file',
			options: [
				{ name: 'File of the Input', value: 'file', description: 'An attachment or a download' },
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
			hint: 'The name of the input field with the file',
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
					displayName: 'If DingTalk Cannot Express It',
					name: 'ifUnfit',
					type: 'options',
					default: 'report',
					description: 'What to do with cancellations, changed occurrences, and rules that DingTalk does not have',
					options: [
						{
							name: 'Give the Item and Say Why',
							value: 'report',
							description: 'The field fits is then false, and problems has the reasons',
						},
						{ name: 'Leave It Out', value: 'leaveOut' },
						{ name: 'Stop With an Error', value: 'fail' },
					],
				},
			],
		},
	],
	prepare(item) {
		const fromFile = readChoice(item.value('source') ?? 'file', 'From', ['file', 'text'] as const) === 'file';
		const label = fromFile ? 'Input Binary Field' : 'Calendar Text';
		const ifUnfit = readChoice(item.collection('options').ifUnfit ?? 'report', 'If DingTalk Cannot Express It', [
			'report',
			'leaveOut',
			'fail',
		] as const);
		const typed = readText(item.value(fromFile ? 'binaryField' : 'icsText') ?? '', label);
		if (typed.trim() === '')
			throw new InputError(
				label,
				'is empty',
				fromFile ? "Give the name of the field, usually 'data'." : 'Give the text of the file.',
			);
		const file = fromFile ? item.files[typed.trim()] : undefined;
		if (fromFile && !file) {
			const there = Object.keys(item.files).join(', ');
			throw new InputError(
				label,
				`names no file of this item: ${typed}`,
				there ? `The item has: ${there}.` : 'The item has no file at all; connect a node that gives one.',
			);
		}
		const eventsIn = (text: string): ReadEvent[] => {
			try {
				return readCalendar(text, item.zone);
			} catch (error) {
				throw error instanceof BadCalendar
					? new InputError(
							label,
							`is no iCalendar file that can be read: ${error.message}`,
							'Export or download the file again.',
						)
					: error;
			}
		};
		// Text is at hand, so that it is checked before anything is done for any item.
		const early = fromFile ? undefined : eventsIn(typed);
		return async () => {
			const events = early ?? eventsIn((await file?.()) ?? '');
			const unfit = events.find(({ problems }) => problems.length > 0);
			if (unfit && ifUnfit === 'fail') {
				throw new InputError(
					label,
					`has an event that DingTalk cannot take over: '${unfit.summary}' ${unfit.problems.join('; ')}`,
					"Change the file, or choose another way in 'If DingTalk Cannot Express It'.",
				);
			}
			return events.filter(({ problems }) => problems.length === 0 || ifUnfit === 'report').map(shown);
		};
	},
};

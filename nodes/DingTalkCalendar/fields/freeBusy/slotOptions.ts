/** The options of Find Common Free Time, and their values in the form that the search uses. */
import type { INodeProperties } from 'n8n-workflow';
import { LIMITS } from '../../../../lib/dingtalk/limits';
import type { Span } from '../../../../lib/dingtalk/freeBusy/intervals';
import type { SlotQuery } from '../../../../lib/dingtalk/freeBusy/slotSearch';
import type { WorkingTime } from '../../../../lib/dingtalk/freeBusy/workingHours';
import { DAY, MINUTE } from '../../../../lib/dingtalk/utils/time';
import { InputError } from '../../../../lib/n8n/InputError';
import type { Item, Values } from '../../../../lib/n8n/ItemContext';
import { timeZoneField } from '../../../../lib/n8n/fields/dateTime';
import { departmentsField, leaveOutFields, optionalAttendeesField } from '../../../../lib/n8n/fields/attendeeFields';
import { identifyByField } from '../../../../lib/n8n/fields/people';
import { readBoolean, readChoice, readWholeNumber } from '../../../../lib/n8n/fields/primitives';
import { readScheduleWindow, readTentativeIsFree, tentativeField } from './scheduleFields';
import { t } from '../../../../lib/locale/t';

const MAX_DAYS = 366;
export const MAX_MINUTES = DAY / MINUTE;
const STEPS = ['5', '10', '15', '20', '30', '60'] as const;
const RANKINGS = ['earliest', 'fewestConflicts', 'fairest', 'turn'] as const;
const SPREADS = ['apart', 'days', 'overlapping'] as const;
const UNREADABLE_CHOICES = ['free', 'busy', 'leaveOut'] as const;

export const slotOptionFields: INodeProperties[] = [
	{
		displayName: 'Attendees Needed',
		name: 'anyOf',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 0,
		description:
			"How many of the attendees are needed, for example one of five interviewers. The output then lists only the chosen people under 'attendees'. 0 means everyone.",
	},
	{
		displayName: 'Buffer After (Minutes)',
		name: 'bufferAfter',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: MAX_MINUTES },
		default: 0,
		description: 'How long people must be free after the meeting, for example to walk back',
	},
	{
		displayName: 'Buffer Before (Minutes)',
		name: 'bufferBefore',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: MAX_MINUTES },
		default: 0,
		description: 'How long people must be free before the meeting, for example to prepare',
	},
	{
		displayName: 'Choose People By',
		name: 'chooseBy',
		type: 'options',
		default: 'list',
		description: "Who is chosen with 'Attendees Needed' if more people are free",
		options: [
			{ name: 'Order in the List', value: 'list' },
			{
				name: 'Fewest Meetings',
				value: 'turn',
				description:
					"The people with the fewest meetings between 'From' and 'To', then those whose last meeting before 'From' was longest ago",
			},
		],
	},
	departmentsField,
	identifyByField,
	leaveOutFields.departments,
	leaveOutFields.people,
	{
		displayName: 'One Item Per Result',
		name: 'oneItemPerResult',
		type: 'boolean',
		default: false,
		hint: 'When this is on, a node that follows runs once for each time: Book a Meeting books them all',
		description:
			"Whether to return each time as a separate item. Otherwise, the best time is the only item, with the others in 'alternatives', so that the next node books one meeting.",
	},
	optionalAttendeesField,
	{
		displayName: 'Order of Results',
		name: 'ranking',
		type: 'options',
		default: 'earliest',
		options: [
			{ name: 'Earliest First', value: 'earliest' },
			{
				name: 'Fairest Across Time Zones First',
				value: 'fairest',
				description: 'Closest to the middle of the working day for the person it suits least',
			},
			{ name: 'Most Optional Attendees First', value: 'fewestConflicts' },
			{
				name: 'Fewest Meetings First',
				value: 'turn',
				description:
					"Times for the people who come first by 'Choose People By', even if others are free earlier. Needs 'Attendees Needed'.",
			},
		],
	},
	{
		displayName: 'Organizer Attends',
		name: 'organizerAttends',
		type: 'boolean',
		default: true,
		description: "Whether the organizer's own calendar is taken into account",
	},
	{
		displayName: 'Spread of Results',
		name: 'spread',
		type: 'options',
		default: 'apart',
		description: 'How close together the results may be',
		options: [
			{ name: 'One per Day', value: 'days' },
			{
				name: 'May Overlap',
				value: 'overlapping',
				description: 'Returns every possible start, such as 9:00, 9:15 and 9:30',
			},
			{ name: 'Must Not Overlap', value: 'apart' },
		],
	},
	{
		displayName: 'Start Every',
		name: 'step',
		type: 'options',
		default: '15',
		description: 'At which minutes of the hour a meeting may start',
		options: STEPS.map((minutes) => ({ name: minutes === '60' ? 'Full Hour' : `${minutes} Minutes`, value: minutes })),
	},
	tentativeField,
	{
		...timeZoneField,
		description:
			"The time zone of 'From', 'To' and the working hours. Remove this field to use the workflow's time zone.",
	},
	{
		displayName: 'Unreadable Calendars',
		name: 'unreadable',
		type: 'options',
		default: 'free',
		description: 'How to treat people whose calendar cannot be read. They are always listed under conflicts.',
		options: [
			{
				name: 'Count as Free',
				value: 'free',
				description: 'Includes them as attendees at any time',
			},
			{ name: 'Count as Busy', value: 'busy', description: 'No time suits them' },
			{ name: 'Leave Out', value: 'leaveOut', description: 'Does not include them as attendees' },
		],
	},
];

/** How many of the attendees are needed, and by what they are chosen; undefined if all are needed. */
function readAnyOf(options: Values, ranking: SlotQuery['ranking']): { count: number; byTurn: boolean } | undefined {
	const byTurn = readChoice(options.chooseBy ?? 'list', 'Choose People By', ['list', 'turn'] as const) === 'turn';
	const { anyOf = 0 } = options;
	const count = readWholeNumber(anyOf === '' ? 0 : anyOf, 'Attendees Needed', {
		from: 0,
		to: LIMITS.attendeesPerEvent,
	});
	if (count > 0) return { count, byTurn };
	if (ranking === 'turn')
		throw new InputError(
			'Order of Results',
			t`needs 'Attendees Needed' for 'Fewest Meetings First'`,
			t`Add that option, or choose another order.`,
		);
	return undefined;
}

/** The part of the search that does not depend on people and rooms. */
export function readSlotOptions(item: Item, options: Values, workingTime: WorkingTime, zone: string) {
	const window = readScheduleWindow(item, zone);
	if (window.length('days') > MAX_DAYS)
		throw new InputError('To', t`is more than a year after 'From'`, t`Choose a shorter period.`);
	const minutes = (value: unknown, label: string, from = 0): number =>
		readWholeNumber(value, label, { from, to: MAX_MINUTES });
	const ranking = readChoice(options.ranking ?? 'earliest', 'Order of Results', RANKINGS);
	return {
		window,
		anyOf: readAnyOf(options, ranking),
		ifUnreadable: readChoice(options.unreadable ?? 'free', 'Unreadable Calendars', UNREADABLE_CHOICES),
		organizerAttends: readBoolean(options.organizerAttends ?? true, 'Organizer Attends'),
		oneItemPerResult: readBoolean(options.oneItemPerResult ?? false, 'One Item Per Result'),
		query: {
			window: [window.start.toMillis(), window.end.toMillis()] as Span,
			zone,
			duration: minutes(item.value('duration') ?? 60, 'Duration (Minutes)', 1),
			bufferBefore: minutes(options.bufferBefore ?? 0, 'Buffer Before (Minutes)'),
			bufferAfter: minutes(options.bufferAfter ?? 0, 'Buffer After (Minutes)'),
			step: Number(readChoice(options.step ?? '15', 'Start Every', STEPS)) as SlotQuery['step'],
			workingTime,
			tentativeCounts: !readTentativeIsFree(options.tentativeIsFree),
			ranking,
			spread: readChoice(options.spread ?? 'apart', 'Spread of Results', SPREADS),
			count: readWholeNumber(item.value('results') ?? 5, 'Number of Results', { from: 1, to: 1000 }),
		},
	};
}

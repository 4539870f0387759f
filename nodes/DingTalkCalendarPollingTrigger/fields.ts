/** What the polling trigger asks, and what it says about the calls of the quota. */
import { cronNodeOptions, type INodeProperties, type INodePropertyOptions, type NodeHint } from 'n8n-workflow';
import { LIMITS } from '../../lib/dingtalk/limits';
import type { StartEndRules } from '../../lib/dingtalk/polling/startsAndEnds';
import { peopleField, readPeople, type PersonReference } from '../../lib/n8n/fields/people';
import { readChoice, readWholeNumber } from '../../lib/n8n/fields/primitives';
import { InputError } from '../../lib/n8n/InputError';
import type { Item } from '../../lib/n8n/ItemContext';
import {
	detailsProperties,
	fetchDetailsField,
	readFetchDetails,
	readTriggerOn,
	triggerOnField,
} from '../../lib/n8n/triggers/fields';
import { MINUTE } from '../../lib/dingtalk/utils/time';

export const POLLED_KINDS: INodePropertyOptions[] = [
	{
		name: 'Event Cancelled or Removed',
		value: 'cancelled',
		description: 'The event is off the calendar of a watched person',
	},
	{ name: 'Event Created', value: 'created', description: 'A new event is in the calendar' },
	{ name: 'Event Ended', value: 'ended', description: 'An event, or one date of a series, is over' },
	{ name: 'Event Starting', value: 'starting', description: 'An event, or one date of a series, is about to start' },
	{ name: 'Event Updated', value: 'updated', description: 'Time, people, place or text of an event changed' },
	{ name: 'Response Changed', value: 'responded', description: 'Somebody accepted or declined, or may come' },
];

const START_END_KINDS = ['starting', 'ended'] as const;
const MAX_LEAD_MINUTES = 7 * 24 * 60;

const DEFAULT_MINUTES = 15;
const MINUTES_PER_MONTH = 31 * 24 * 60;
/** The intervals that people choose. */
const INTERVALS = [1, 2, 5, 10, 15, 30, 60, 120];

/** In the longest month. */
export const callsPerMonth = (minutes: number, people = 1): number => Math.round(MINUTES_PER_MONTH / minutes) * people;

const counted = (calls: number): string => calls.toLocaleString('en-US');
const called = (minutes: number): string =>
	minutes === 1 ? 'minute' : minutes < 60 ? `${minutes} minutes` : minutes === 60 ? 'hour' : `${minutes / 60} hours`;
const quota = counted(LIMITS.callsPerMonth);

export const pollTimesField: INodeProperties = {
	displayName: 'Poll Times',
	name: 'pollTimes',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Poll Time' },
	default: { item: [{ mode: 'everyX', unit: 'minutes', value: DEFAULT_MINUTES }] },
	description: 'When to ask DingTalk. Each time takes at least one call of your monthly quota for each person.',
	placeholder: 'Add Poll Time',
	options: cronNodeOptions,
};

const costNotice: INodeProperties = {
	displayName: `<b>Each poll takes one metered call for each person</b> (more only if over 100 events changed). Calls a month for one person: ${INTERVALS.filter(
		(minutes) => minutes >= 5,
	)
		.map((minutes) => `every ${called(minutes)} ${counted(callsPerMonth(minutes))}`)
		.join(
			', ',
		)}. The standard edition of DingTalk has ${quota} calls a month for all apps of an organization together.`,
	name: 'costNotice',
	type: 'notice',
	default: '',
};

const startEndNotice: INodeProperties = {
	displayName:
		'<b>Starts and ends cost calls too.</b> Alone they take one call for each person and poll. Together with changes they take one more when something changed, when one is due, and otherwise once an hour (at most 744 a month). They are told at the first poll after they are due, so poll more often than the minutes below.',
	name: 'momentNotice',
	type: 'notice',
	default: '',
	displayOptions: { show: { triggerOn: [...START_END_KINDS] } },
};

const leadField: INodeProperties = {
	displayName: 'Minutes Before Start',
	name: 'minutesBefore',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: MAX_LEAD_MINUTES },
	default: 30,
	displayOptions: { show: { triggerOn: ['starting'] } },
	description: 'How long before an event starts the workflow shall start. 0 is when it starts.',
};

const allDayField: INodeProperties = {
	displayName: 'All-Day Events',
	name: 'allDay',
	type: 'options',
	default: 'midnight',
	displayOptions: { show: { triggerOn: [...START_END_KINDS] } },
	description: 'What to do about the start and end of events that have no time of day',
	options: [
		{ name: 'Leave Out', value: 'leaveOut', description: 'Only events with a time of day start and end' },
		{ name: 'Midnight', value: 'midnight', description: "They start and end at midnight in the workflow's time zone" },
	],
};

const requiredPeopleField: INodeProperties = {
	...peopleField('People to Watch', 'people', 'Whose calendars to ask for'),
	required: true,
	hint: 'Looking them up costs nothing; each of them adds one metered call to each poll',
};

const seriesNotice: INodeProperties = {
	displayName:
		'DingTalk lists a date of a recurring event only when it begins. What is changed about dates to come is told then; a single date that is called off before it begins is not told. To be told at once, use <b>DingTalk Calendar Trigger</b>.',
	name: 'seriesNotice',
	type: 'notice',
	default: '',
	displayOptions: { show: { triggerOn: ['cancelled', 'created', 'responded', 'updated'] } },
};

const [, ...outputProperties] = detailsProperties;

/** The fields behind 'Poll Times'. */
export const pollingProperties: INodeProperties[] = [
	costNotice,
	triggerOnField(POLLED_KINDS, ['cancelled', 'created', 'updated']),
	startEndNotice,
	leadField,
	allDayField,
	seriesNotice,
	requiredPeopleField,
	{
		...fetchDetailsField,
		description:
			'Whether to give the event with the change. It comes along with the list of changes, so it costs no call.',
	},
	...outputProperties,
];

const isInterval = (minutes: number): string =>
	`={{ ($parameter["pollTimes"]?.item ?? []).some((time) => ${
		minutes === 1 ? 'time.mode === "everyMinute" || ' : minutes === 60 ? 'time.mode === "everyHour" || ' : ''
	}(time.mode === "everyX" && Number(time.value) * (time.unit === "hours" ? 60 : 1) === ${minutes})) }}`;

/** The editor shows the one that fits what is chosen. */
export const costHints: NodeHint[] = INTERVALS.map((minutes) => {
	const calls = callsPerMonth(minutes);
	const over = calls > LIMITS.callsPerMonth;
	return {
		message: `Polling every ${called(minutes)} takes ${counted(calls)} calls a month for each person${
			over
				? `: more than the ${quota} that the standard edition of DingTalk has for the whole organization`
				: ` of the ${quota} of the standard edition`
		}.`,
		type: over ? 'warning' : 'info',
		location: 'ndv',
		whenToDisplay: 'always',
		displayCondition: isInterval(minutes),
	};
});

export interface PollSettings {
	kinds: Set<string>;
	people: PersonReference[];
	/** Undefined where nobody wants to know of starts and ends. */
	rules?: StartEndRules;
	wantsChanges: boolean;
	wantsDetails: boolean;
}

export function readPollSettings(item: Item): PollSettings {
	const kinds = readTriggerOn(item, POLLED_KINDS);
	const people = readPeople(item, item.value('people'), 'People to Watch');
	if (people.length === 0) {
		throw new InputError(
			'People to Watch',
			'is empty',
			'Give a name, a mobile number, an e-mail address or an ID: calendars are asked for one by one.',
		);
	}
	const [starting, ended] = START_END_KINDS.map((kind) => kinds.has(kind));
	const lead = starting
		? readWholeNumber(item.value('minutesBefore') ?? leadField.default, 'Minutes Before Start', {
				from: 0,
				to: MAX_LEAD_MINUTES,
			})
		: 0;
	const allDay = readChoice(item.value('allDay') ?? 'midnight', 'All-Day Events', ['leaveOut', 'midnight']);
	const rules: StartEndRules = {
		starting,
		ended,
		leadMs: lead * MINUTE,
		allDayZone: allDay === 'midnight' ? item.zone : undefined,
	};
	return {
		kinds,
		people,
		rules: starting || ended ? rules : undefined,
		wantsChanges: [...kinds].some((kind) => !START_END_KINDS.some((moment) => moment === kind)),
		wantsDetails: readFetchDetails(item),
	};
}

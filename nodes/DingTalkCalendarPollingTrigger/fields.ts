/** The fields of the polling trigger, and its notices and hints about metered calls. */
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
import { DAY, HOUR, MINUTE, WEEK } from '../../lib/dingtalk/utils/time';
import { joinWords, t } from '../../lib/locale/t';

export const POLLED_KINDS: INodePropertyOptions[] = [
	{
		name: 'Event Cancelled or Removed',
		value: 'cancelled',
		description: 'An event is no longer on the calendar of a watched person',
	},
	{ name: 'Event Created', value: 'created', description: 'A new event was added to the calendar' },
	{ name: 'Event Ended', value: 'ended', description: 'An event, or one occurrence of a series, has ended' },
	{
		name: 'Event Starting',
		value: 'starting',
		description: 'An event, or one occurrence of a series, is about to start',
	},
	{ name: 'Event Updated', value: 'updated', description: 'The time, attendees, location or text of an event changed' },
	{
		name: 'Response Changed',
		value: 'responded',
		description: 'An attendee accepted, declined or tentatively accepted an event',
	},
];

const START_END_KINDS = ['starting', 'ended'] as const;
const MAX_LEAD_MINUTES = WEEK / MINUTE;

const DEFAULT_MINUTES = 15;
const MINUTES_PER_MONTH = (31 * DAY) / MINUTE;
/** The usual intervals, in minutes. */
const INTERVALS = [1, 2, 5, 10, 15, 30, 60, 120];

/** In the longest month. */
export const callsPerMonth = (minutes: number, people = 1): number => Math.round(MINUTES_PER_MONTH / minutes) * people;

/** `toLocaleString` loads the rules of a language first, while n8n starts. */
const formatCount = (calls: number): string => String(calls).replace(/\B(?=(\d{3})+$)/g, ',');
const formatInterval = (minutes: number): string =>
	minutes === 1
		? t`minute`
		: minutes < 60
			? t`${minutes} minutes`
			: minutes === 60
				? t`hour`
				: t`${minutes / 60} hours`;
const quota = formatCount(LIMITS.callsPerMonth);

const DEFAULT_POLL_TIME = { mode: 'everyX', unit: 'minutes', value: DEFAULT_MINUTES };

export const pollTimesField: INodeProperties = {
	displayName: 'Poll Times',
	name: 'pollTimes',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Poll Time' },
	default: { item: [DEFAULT_POLL_TIME] },
	description: 'When to poll DingTalk. Each poll uses at least one call of your monthly quota per person.',
	placeholder: 'Add Poll Time',
	options: cronNodeOptions,
};

const costNotice: INodeProperties = {
	displayName: t`<b>Each poll uses one metered call per person</b>, or more if over 100 events changed. Calls a month for one person: ${joinWords(INTERVALS.filter((minutes) => minutes >= 5).map((minutes) => t`every ${formatInterval(minutes)} ${formatCount(callsPerMonth(minutes))}`))}. The standard edition of DingTalk includes ${quota} calls a month for all apps of an organization together.`,
	name: 'costNotice',
	type: 'notice',
	default: '',
};

const startEndNotice: INodeProperties = {
	displayName:
		'<b>Starts and ends use metered calls too.</b> Without changes, they use one call per person and poll. Together with changes, they use one more call when something changed or is due, and otherwise one per hour (at most 744 a month). They are reported by the first poll after they are due, so choose a poll interval shorter than <b>Minutes Before Start</b>.',
	name: 'startsEndsNotice',
	type: 'notice',
	default: '',
	displayOptions: { show: { triggerOn: [...START_END_KINDS] } },
};

const minutesBeforeField: INodeProperties = {
	displayName: 'Minutes Before Start',
	name: 'minutesBefore',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: MAX_LEAD_MINUTES },
	default: 30,
	displayOptions: { show: { triggerOn: ['starting'] } },
	description: 'How long before the start of an event to start the workflow. 0 means when the event starts.',
};

const allDayField: INodeProperties = {
	displayName: 'All-Day Events',
	name: 'allDay',
	type: 'options',
	default: 'midnight',
	displayOptions: { show: { triggerOn: [...START_END_KINDS] } },
	description: 'How to handle the start and end of all-day events',
	options: [
		{ name: 'Ignore', value: 'leaveOut', description: 'Ignore the start and end of all-day events' },
		{
			name: 'Use Midnight',
			value: 'midnight',
			description: "All-day events start and end at midnight in the workflow's time zone",
		},
	],
};

const peopleToWatchField: INodeProperties = {
	...peopleField('People to Watch', 'people', 'The people whose calendars are polled'),
	required: true,
	hint: 'Lookups are free. Each person adds one metered call to each poll. Differences and responses are known for the nearest 180 events of each person with five people each (160 with nine people); changes to other events are reported as updates.',
};

const seriesNotice: INodeProperties = {
	displayName:
		'DingTalk lists an occurrence of a recurring event only once it starts. Changes to future occurrences are reported then, and a single occurrence that is cancelled before it starts is not reported. To get changes immediately, use the <b>DingTalk Calendar Trigger</b>.',
	name: 'seriesNotice',
	type: 'notice',
	default: '',
	displayOptions: { show: { triggerOn: ['cancelled', 'created', 'responded', 'updated'] } },
};

const [, ...outputProperties] = detailsProperties;

/** The fields after 'Poll Times'. */
export const pollingProperties: INodeProperties[] = [
	costNotice,
	triggerOnField(POLLED_KINDS, ['cancelled', 'created', 'updated']),
	startEndNotice,
	minutesBeforeField,
	allDayField,
	seriesNotice,
	peopleToWatchField,
	{
		...fetchDetailsField,
		description:
			'Whether to output the event with the change. DingTalk returns it with the list of changes, so this uses no extra calls.',
	},
	...outputProperties,
];

const isInterval = (minutes: number): string =>
	`={{ ($parameter["pollTimes"]?.item ?? []).some((time) => ${
		minutes === 1 ? 'time.mode === "everyMinute" || ' : minutes === 60 ? 'time.mode === "everyHour" || ' : ''
	}(time.mode === "everyX" && Number(time.value) * (time.unit === "hours" ? 60 : 1) === ${minutes})) }}`;

/** The editor shows the hint of the selected interval. */
export const costHints: NodeHint[] = INTERVALS.map((minutes) => {
	const calls = callsPerMonth(minutes);
	const over = calls > LIMITS.callsPerMonth;
	return {
		message: t`Polling every ${formatInterval(minutes)} uses ${formatCount(calls)} calls a month per person${
			over
				? t`, more than the ${quota} that the standard edition of DingTalk includes for the whole organization`
				: t` of the ${quota} that the standard edition of DingTalk includes`
		}.`,
		type: over ? 'warning' : 'info',
		location: 'ndv',
		whenToDisplay: 'always',
		displayCondition: isInterval(minutes),
	};
});

interface PollTime {
	mode?: string;
	value?: unknown;
	unit?: string;
}

/** Where polls are rarer still, a start is long past. */
const MAX_START_GRACE_MS = 2 * HOUR;

function toIntervalMs({ mode, value, unit }: PollTime): number {
	if (mode === 'everyMinute') return MINUTE;
	if (mode === 'everyHour') return HOUR;
	if (mode === 'everyX') return Number(value) * (unit === 'hours' ? HOUR : MINUTE) || HOUR;
	return HOUR;
}

/**
 * Usually a start is reported before the event begins. If polls are too rare for that, or the event came at short notice, the
 * next poll reports it, or the one after if that fails. Of times that a cron expression gives, an hour is assumed.
 */
function readStartGrace(item: Item): number {
	const times = (item.value('pollTimes') as { item?: PollTime[] } | undefined)?.item ?? [DEFAULT_POLL_TIME];
	return Math.min(2 * Math.min(...times.map(toIntervalMs)), MAX_START_GRACE_MS);
}

export interface PollSettings {
	kinds: Set<string>;
	people: PersonReference[];
	/** Undefined if neither starts nor ends are selected. */
	startEndRules?: StartEndRules;
	wantsChanges: boolean;
	wantsDetails: boolean;
}

export function readPollSettings(item: Item): PollSettings {
	const kinds = readTriggerOn(item, POLLED_KINDS);
	const people = readPeople(item, item.value('people'), 'People to Watch');
	if (people.length === 0) {
		throw new InputError(
			'People to Watch',
			t`is empty`,
			t`Enter a name, mobile number, e-mail address or ID. DingTalk can only be polled person by person.`,
		);
	}
	const [starting, ended] = START_END_KINDS.map((kind) => kinds.has(kind));
	const minutesBefore = starting
		? readWholeNumber(item.value('minutesBefore') ?? minutesBeforeField.default, 'Minutes Before Start', {
				from: 0,
				to: MAX_LEAD_MINUTES,
			})
		: 0;
	const allDay = readChoice(item.value('allDay') ?? 'midnight', 'All-Day Events', ['leaveOut', 'midnight']);
	const startEndRules: StartEndRules = {
		starting,
		ended,
		leadMs: minutesBefore * MINUTE,
		startGraceMs: readStartGrace(item),
		allDayZone: allDay === 'midnight' ? item.zone : undefined,
	};
	return {
		kinds,
		people,
		startEndRules: starting || ended ? startEndRules : undefined,
		wantsChanges: [...kinds].some((kind) => !START_END_KINDS.some((one) => one === kind)),
		wantsDetails: readFetchDetails(item),
	};
}

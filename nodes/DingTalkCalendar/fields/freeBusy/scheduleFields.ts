/** The fields and the output of free and busy times, the same for people and rooms. */
import { Interval, type DateTime } from 'luxon';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { listBusyBlocks, listFreeIntervals, type Schedule } from '../../../../lib/dingtalk/freeBusy/schedules';
import { apiDateTime } from '../../../../lib/dingtalk/utils/timestamps';
import { InputError } from '../../../../lib/n8n/InputError';
import type { Item } from '../../../../lib/n8n/ItemContext';
import { readBoolean, readChoice } from '../../../../lib/n8n/fields/primitives';
import { readOptionalMoment, timeZoneNotice } from '../../../../lib/n8n/fields/dateTime';
import { isAllDay } from '../../../../lib/dingtalk/events/readEvent';
import { t } from '../../../../lib/locale/t';

export const scheduleWindowProperties: INodeProperties[] = [
	{ displayName: 'From', name: 'timeMin', type: 'dateTime', required: true, default: '={{ $now.startOf("hour") }}' },
	{
		displayName: 'To',
		name: 'timeMax',
		type: 'dateTime',
		required: true,
		default: '={{ $now.startOf("day").plus({ days: 7 }) }}',
	},
];

/** The same in the workflow's time zone. */
export const zonedWindowProperties: INodeProperties[] = [...scheduleWindowProperties, timeZoneNotice()];

export const scheduleOutputProperty: INodeProperties = {
	displayName: 'Output',
	name: 'output',
	type: 'options',
	noDataExpression: true,
	default: 'busy',
	options: [
		{ name: 'Busy Times', value: 'busy', description: 'Busy intervals with local start and end' },
		{ name: 'Free Times', value: 'free', description: 'The remaining time between From and To' },
		{ name: 'Raw', value: 'raw', description: 'The complete schedule as DingTalk sends it' },
	],
};

export const tentativeField: INodeProperties = {
	displayName: 'Tentative Is Free',
	name: 'tentativeIsFree',
	type: 'boolean',
	default: false,
	description: 'Whether tentative times count as free',
};

export const readTentativeIsFree = (value: unknown): boolean => readBoolean(value ?? false, tentativeField.displayName);

/** A required point in time, in the given zone. */
function readRequiredMoment(item: Item, name: string, label: string, zone: string): DateTime {
	const moment = readOptionalMoment(item.value(name), zone, label);
	if (!moment)
		throw new InputError(label, t`is empty`, t`Use a format such as 2026-03-02T10:00, or a date for its midnight.`);
	return moment.setZone(zone);
}

/** Unlike a list of events, free and busy times need both ends of the range. */
export function readScheduleWindow(item: Item, zone = item.zone): Interval<true> {
	const from = readRequiredMoment(item, 'timeMin', 'From', zone);
	const to = readRequiredMoment(item, 'timeMax', 'To', zone);
	const window = Interval.fromDateTimes(from, to);
	if (!window.isValid || window.isEmpty()) {
		throw new InputError('To', t`is not later than 'From'`, t`Enter a 'To' that is later than 'From'.`);
	}
	return window as Interval<true>;
}

const formatInterval = ({ start, end }: Interval<true>): IDataObject => ({
	start: apiDateTime(start),
	end: apiDateTime(end),
});

/** One item per person or room. A schedule that cannot be read has a reason, and counts neither as free nor as busy. */
export function readScheduleOutput(
	item: Item,
	window: Interval<true>,
	tentativeIsFree: unknown,
): (schedule: Schedule, label: IDataObject) => IDataObject {
	const mode = readChoice(item.value('output') ?? 'busy', 'Output', ['busy', 'free', 'raw'] as const);
	const tentativeCounts = !readTentativeIsFree(tentativeIsFree);
	return (schedule, label) => {
		const { error, items } = schedule;
		if (mode === 'raw') return { ...label, error: error ?? null, scheduleItems: items as unknown as IDataObject[] };
		const readable = { ...label, readable: error === undefined, reason: error ?? null };
		const blocks = listBusyBlocks(schedule, window, tentativeCounts);
		if (mode === 'busy') {
			return {
				...readable,
				busy: blocks.map(({ interval, item: { status, start, end, eventId, organizer } }) => ({
					...formatInterval(interval),
					status: (status ?? 'BUSY').toLowerCase(),
					allDay: isAllDay({ start, end }),
					...(eventId ? { eventId, organizerId: organizer?.id ?? null } : {}),
				})),
			};
		}
		const free = error === undefined ? listFreeIntervals(window, blocks) : [];
		return {
			...readable,
			free: free.map((gap) => ({ ...formatInterval(gap), minutes: Math.round(gap.length('minutes')) })),
		};
	};
}

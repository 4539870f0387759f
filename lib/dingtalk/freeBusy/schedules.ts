/** When people and rooms are taken: asked in the portions DingTalk takes, given back as one answer each. */
import { DateTime, Interval } from 'luxon';
import { api } from '../endpoints';
import { LIMITS } from '../limits';
import { chunk } from '../client/batching';
import type { Client } from '../client/types';
import { apiDateTime } from '../utils/timestamps';

export interface ScheduleItem {
	status?: string;
	start?: { date?: string; dateTime?: string; timeZone?: string };
	end?: { date?: string; dateTime?: string; timeZone?: string };
	eventId?: string;
	organizer?: { id?: string };
}

export interface Schedule {
	/** Union ID or room ID. */
	id: string;
	/** DingTalk's reason for telling nothing about this one. */
	error?: string;
	items: ScheduleItem[];
}

/** A hundred people. */
const FIRST_ASKS = 5;

interface Answer {
	scheduleInformation?: Array<{ userId?: string; roomId?: string; error?: string; scheduleItems?: ScheduleItem[] }>;
}

function merge(into: Map<string, Schedule>, { scheduleInformation = [] }: Answer): void {
	for (const { userId, roomId, error, scheduleItems = [] } of scheduleInformation) {
		const schedule = into.get(userId ?? roomId ?? '');
		if (!schedule) continue;
		if (error) schedule.error = error;
		schedule.items.push(...scheduleItems);
	}
}

const spanOf = ({ start, end }: Interval<true>) => ({ startTime: apiDateTime(start), endTime: apiDateTime(end) });

const emptySchedules = (ids: string[]): Map<string, Schedule> => new Map(ids.map((id) => [id, { id, items: [] }]));

/** Many at once, but a few first, so that a refusal that holds for all is not met by all. */
async function askAll(asks: Array<() => Promise<Answer>>): Promise<Answer[]> {
	const together = async (some: typeof asks): Promise<Answer[]> =>
		await Promise.all(some.map(async (ask) => await ask()));
	return [...(await together(asks.slice(0, FIRST_ASKS))), ...(await together(asks.slice(FIRST_ASKS)))];
}

export async function peoplesSchedules(
	client: Client,
	userId: string,
	ids: string[],
	window: Interval<true>,
): Promise<Schedule[]> {
	const schedules = emptySchedules(ids);
	const span = spanOf(window);
	const asks = chunk([...schedules.keys()], api.getSchedule.maxBatch).map(
		(userIds) => async () =>
			await client.request<Answer>(api.getSchedule, { path: { userId }, body: { userIds, ...span } }),
	);
	for (const answer of await askAll(asks)) merge(schedules, answer);
	return [...schedules.values()];
}

export async function roomsSchedules(
	client: Client,
	userId: string,
	ids: string[],
	window: Interval<true>,
): Promise<Schedule[]> {
	const schedules = emptySchedules(ids);
	// In hours, for a day on which clocks go back has one too many.
	const asks = (window.splitBy({ hours: LIMITS.roomScheduleDays * 24 }) as Array<Interval<true>>).flatMap((part) =>
		chunk([...schedules.keys()], api.getRoomSchedule.maxBatch).map(
			(roomIds) => async () =>
				await client.request<Answer>(api.getRoomSchedule, { path: { userId }, body: { roomIds, ...spanOf(part) } }),
		),
	);
	for (const answer of await askAll(asks)) merge(schedules, answer);
	return [...schedules.values()].map((schedule) => ({ ...schedule, items: withoutRepeats(schedule.items) }));
}

/** What lies across the seam of two windows comes with both. */
function withoutRepeats(items: ScheduleItem[]): ScheduleItem[] {
	return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}

/** All-day entries are days, which begin at midnight wherever the reader is; their end is exclusive. */
function moment(time: ScheduleItem['start'], zone: string): DateTime {
	return time?.date ? DateTime.fromISO(time.date, { zone }) : DateTime.fromISO(time?.dateTime ?? '', { zone });
}

export interface Block {
	interval: Interval<true>;
	item: ScheduleItem;
}

/** What counts as taken within the window, earliest first, cut off at its edges. */
export function blocksOf({ items }: Schedule, window: Interval<true>, tentativeCounts: boolean): Block[] {
	const zone = window.start.zoneName;
	return items
		.filter(({ status }) => tentativeCounts || status !== 'TENTATIVE')
		.flatMap((item) => {
			const interval = Interval.fromDateTimes(moment(item.start, zone), moment(item.end, zone)).intersection(window);
			return interval?.isValid && !interval.isEmpty() ? [{ interval: interval as Interval<true>, item }] : [];
		})
		.sort((a, b) => a.interval.start.toMillis() - b.interval.start.toMillis());
}

export const freeWithin = (window: Interval<true>, blocks: Block[]): Array<Interval<true>> =>
	window
		.difference(...Interval.merge(blocks.map(({ interval }) => interval)))
		.filter((free): free is Interval<true> => free.isValid && !free.isEmpty());

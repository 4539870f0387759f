/** Reads the schedules of people and rooms, in as many requests as needed, and lists busy and free times. */
import { DateTime, Interval } from 'luxon';
import { api } from '../endpoints';
import { LIMITS } from '../limits';
import { chunk } from '../client/batching';
import type { Client } from '../client/types';
import { apiDateTime, type ApiTime } from '../utils/timestamps';
import { isDay } from '../events/readEvent';
import { t } from '../../locale/t';

export interface ScheduleItem {
	status?: string;
	start?: ApiTime;
	end?: ApiTime;
	eventId?: string;
	organizer?: { id?: string };
}

export interface Schedule {
	/** Union ID or room ID. */
	id: string;
	/** DingTalk's reason why this schedule cannot be read. */
	error?: string;
	items: ScheduleItem[];
}

/** Requests sent before all others: one hundred people. */
const FIRST_REQUESTS = 5;

interface ScheduleResponse {
	scheduleInformation?: Array<{ userId?: string; roomId?: string; error?: string; scheduleItems?: ScheduleItem[] }>;
}

const hasTimes = ({ start, end }: ScheduleItem): boolean =>
	[start, end].every((time) => isDay(time) || Boolean(time?.dateTime));

function mergeResponse(into: Map<string, Schedule>, asked: string[], response: ScheduleResponse): void {
	const { scheduleInformation = [] } = response;
	const missing = new Set(asked);
	for (const { userId, roomId, error, scheduleItems = [] } of scheduleInformation) {
		const schedule = into.get(userId ?? roomId ?? '');
		if (!schedule) continue;
		missing.delete(schedule.id);
		if (error) schedule.error = error;
		// Without it the person would seem to be free then.
		else if (!scheduleItems.every(hasTimes)) schedule.error = t`DingTalk returned a busy time without its start or end`;
		// What takes up no time may be listed all the same.
		schedule.items.push(...scheduleItems.filter(({ status }) => status?.toUpperCase() !== 'FREE'));
	}
	// Who has no meetings is returned without items, so who is not returned is not known to be free.
	for (const id of missing) {
		const schedule = into.get(id);
		if (schedule) schedule.error ??= t`DingTalk returned no schedule`;
	}
}

/** A request, and whose schedules it asks for. */
interface ScheduleRequest {
	asked: string[];
	send: () => Promise<ScheduleResponse>;
}

const toTimeRange = ({ start, end }: Interval<true>) => ({ startTime: apiDateTime(start), endTime: apiDateTime(end) });

const createEmptySchedules = (ids: string[]): Map<string, Schedule> =>
	new Map(ids.map((id) => [id, { id, items: [] }]));

/** Sends the requests in parallel, but a few first, so that an error that concerns all of them is not repeated by each. */
async function sendRequests(requests: ScheduleRequest[], into: Map<string, Schedule>): Promise<void> {
	for (const batch of [requests.slice(0, FIRST_REQUESTS), requests.slice(FIRST_REQUESTS)]) {
		const responses = await Promise.all(batch.map(async ({ send }) => await send()));
		for (const [index, response] of responses.entries()) mergeResponse(into, batch[index].asked, response);
	}
}

export async function readSchedules(
	client: Client,
	userId: string,
	ids: string[],
	window: Interval<true>,
): Promise<Schedule[]> {
	const schedules = createEmptySchedules(ids);
	const timeRange = toTimeRange(window);
	const requests = chunk([...schedules.keys()], api.getSchedule.maxBatch).map((userIds) => ({
		asked: userIds,
		send: async () =>
			await client.request<ScheduleResponse>(api.getSchedule, { path: { userId }, body: { userIds, ...timeRange } }),
	}));
	await sendRequests(requests, schedules);
	return [...schedules.values()];
}

export async function readRoomSchedules(
	client: Client,
	userId: string,
	ids: string[],
	window: Interval<true>,
): Promise<Schedule[]> {
	const schedules = createEmptySchedules(ids);
	// Split by hours: a day on which clocks go back has 25 of them, more than DingTalk accepts.
	const requests = (window.splitBy({ hours: LIMITS.roomScheduleDays * 24 }) as Array<Interval<true>>).flatMap((part) =>
		chunk([...schedules.keys()], api.getRoomSchedule.maxBatch).map((roomIds) => ({
			asked: roomIds,
			send: async () =>
				await client.request<ScheduleResponse>(api.getRoomSchedule, {
					path: { userId },
					body: { roomIds, ...toTimeRange(part) },
				}),
		})),
	);
	await sendRequests(requests, schedules);
	return [...schedules.values()].map((schedule) => ({ ...schedule, items: removeDuplicates(schedule.items) }));
}

/** An item that crosses the boundary of two requests is in both responses. */
function removeDuplicates(items: ScheduleItem[]): ScheduleItem[] {
	return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}

/** All-day items begin at midnight in the given time zone; their end is exclusive. */
function toDateTime(time: ScheduleItem['start'], zone: string): DateTime {
	return isDay(time) ? DateTime.fromISO(time.date, { zone }) : DateTime.fromISO(time?.dateTime ?? '', { zone });
}

export interface BusyBlock {
	interval: Interval<true>;
	item: ScheduleItem;
}

/** The busy times within the window, clipped to it, the earliest first. */
export function listBusyBlocks({ items }: Schedule, window: Interval<true>, tentativeCounts: boolean): BusyBlock[] {
	const zone = window.start.zoneName;
	return items
		.filter(({ status }) => tentativeCounts || status !== 'TENTATIVE')
		.flatMap((item) => {
			const interval = Interval.fromDateTimes(toDateTime(item.start, zone), toDateTime(item.end, zone)).intersection(
				window,
			);
			return interval?.isValid && !interval.isEmpty() ? [{ interval: interval as Interval<true>, item }] : [];
		})
		.sort((a, b) => a.interval.start.toMillis() - b.interval.start.toMillis());
}

export const listFreeIntervals = (window: Interval<true>, blocks: BusyBlock[]): Array<Interval<true>> =>
	window
		.difference(...Interval.merge(blocks.map(({ interval }) => interval)))
		.filter((free): free is Interval<true> => free.isValid && !free.isEmpty());

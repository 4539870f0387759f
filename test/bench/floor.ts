/** No n8n: axios with connections kept alive, as many at once as the node, as fast as DingTalk allows. */
import axios from 'axios';
import { Agent } from 'node:http';

import { HOUR, WINDOW, type Place, type Workload } from './workloads';

export interface Done {
	/** Items that the side itself calls failed. */
	failed: number;
	/** What was read, to be counted: ids of events, or of people. */
	read?: string[];
}

const AT_ONCE = 10;
const chunks = <T>(list: T[], size: number): T[][] =>
	Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));

/** A second and a hair, since two clocks never agree to the millisecond. */
const SPACED_SECOND_MS = 1005;

type Limited = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * At most so many calls in any second, in a burst or not. A call goes by when the one so many before it was answered: it was there
 * by then, however long it took on its way. So the floor is never refused, at the price of one answer time in each second.
 */
function limiterOf(callsPerSecond: number): Limited {
	const calls: Array<{ at: number }> = [];
	let line = Promise.resolve();
	return async (work) => {
		const call = { at: Infinity };
		const turn = line.then(async () => {
			const before = calls.at(-callsPerSecond);
			for (let wait = 1; before && wait > 0;) {
				wait = Math.min(before.at + SPACED_SECOND_MS - Date.now(), SPACED_SECOND_MS);
				if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
			}
			calls.push(call);
		});
		line = turn;
		await turn;
		return await work().finally(() => {
			call.at = Date.now();
		});
	};
}

async function atOnce<T, R>(list: T[], work: (one: T) => Promise<R>): Promise<R[]> {
	const results: R[] = [];
	let next = 0;
	await Promise.all(
		Array.from({ length: AT_ONCE }, async () => {
			while (next < list.length) {
				const index = next++;
				results[index] = await work(list[index]);
			}
		}),
	);
	return results;
}

/** Makes everything ready that is not to be measured; what comes back does the work. */
export function floor(workload: Workload, { url, task, callsPerSecond }: Place): () => Promise<Done> {
	const http = axios.create({ baseURL: url, httpAgent: new Agent({ keepAlive: true }), proxy: false });
	let headers: Record<string, string> = {};
	let params: Record<string, string> = {};
	/** As part of the work, as it is for the other sides. */
	const getToken = async (): Promise<void> => {
		const keys = { appKey: 'sim-internal', appSecret: 'sim-secret' };
		const { data } = await http.post<{ accessToken: string }>('/v1.0/oauth2/accessToken', keys);
		headers = { 'x-acs-dingtalk-access-token': data.accessToken };
		params = { access_token: data.accessToken };
	};
	const calendar = (userId: string): string => `/v1.0/calendar/users/${userId}/calendars/primary`;
	const limiters = new Map<string, Limited>();
	const limited = async <T>(api: string, work: () => Promise<T>): Promise<T> => {
		const limit = limiters.get(api) ?? limiterOf(callsPerSecond);
		limiters.set(api, limit);
		return await limit(work);
	};

	const create = async (): Promise<Done> => {
		const found = await atOnce(task.mobiles, async (mobile): Promise<[string, string]> => {
			const { data } = await limited('mobile', () =>
				http.post<{ result: { userid: string } }>('/topapi/v2/user/getbymobile', { mobile }, { params }),
			);
			const { userid } = data.result;
			const user = await limited('user', () =>
				http.post<{ result: { unionid: string } }>('/topapi/v2/user/get', { userid }, { params }),
			);
			return [mobile, user.data.result.unionid];
		});
		const ids = new Map(found);
		const time = (dateTime: string) => ({ dateTime, timeZone: 'Asia/Shanghai' });
		const outcomes = await atOnce(task.rows, async ({ title, organizer, mobiles = [] }) => {
			const attendees = mobiles.map((mobile) => ({ id: ids.get(mobile) }));
			const body = {
				summary: title,
				start: time(HOUR.start),
				end: time(HOUR.end),
				...(attendees.length > 0 ? { attendees } : {}),
			};
			return await limited('create', () => http.post(`${calendar(organizer)}/events`, body, { headers })).then(
				() => true,
				() => false,
			);
		});
		return { failed: outcomes.filter((good) => !good).length };
	};
	const list = async (): Promise<Done> => {
		const read: string[] = [];
		let nextToken: string | undefined;
		do {
			const params = { ...WINDOW, maxResults: 100, nextToken };
			const page = await limited('list', () =>
				http.get<{ events: Array<{ id: string }>; nextToken?: string }>(`${calendar(task.people[0])}/eventsview`, {
					headers,
					params,
				}),
			);
			read.push(...page.data.events.map(({ id }) => id));
			nextToken = page.data.nextToken || undefined;
		} while (nextToken);
		return { failed: 0, read };
	};
	const addAttendees = async (): Promise<Done> => {
		const [host, ...guests] = task.people;
		for (const part of chunks(guests, 500)) {
			const attendeesToAdd = part.map((id) => ({ id, isOptional: false }));
			await limited('add', () =>
				http.post(`${calendar(host)}/events/${task.eventId}/attendees`, { attendeesToAdd }, { headers }),
			);
		}
		return { failed: 0 };
	};
	const freeBusy = async (): Promise<Done> => {
		const parts = await atOnce(chunks(task.people, 20), async (userIds) => {
			const body = { userIds, startTime: WINDOW.timeMin, endTime: WINDOW.timeMax };
			const { data } = await limited('schedule', () =>
				http.post<{ scheduleInformation: Array<{ userId: string }> }>(
					`/v1.0/calendar/users/${task.people[0]}/querySchedule`,
					body,
					{ headers },
				),
			);
			return data.scheduleInformation.map(({ userId }) => userId);
		});
		return { failed: 0, read: parts.flat() };
	};
	const work = { create, list, addAttendees, freeBusy }[workload.kind];
	let ready: Promise<void> | undefined;
	return async () => {
		await (ready ??= getToken());
		return await work();
	};
}

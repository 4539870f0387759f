/** No n8n: axios with connections kept alive, as many at once as the node, as fast as DingTalk allows. */
import axios from 'axios';
import { Agent } from 'node:http';

import { HOUR, WINDOW } from '../workloads';
import type { Done, Side } from './side';

const AT_ONCE = 5;
const CALLS_A_SECOND = 20;

const chunks = <T>(list: T[], size: number): T[][] =>
	Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));

/** What the network may shift two calls against each other. */
const DRIFT_MS = 25;

/**
 * At most so many starts in any second: in a burst at first, evenly from then on. By when calls really started, for a
 * timer may be late; not by when they were to.
 */
function pacer(): () => Promise<void> {
	const started: number[] = [];
	let line = Promise.resolve();
	const start = async (): Promise<void> => {
		const before = started.at(-CALLS_A_SECOND) ?? 0;
		for (let wait = before + 1000 + DRIFT_MS - Date.now(); wait > 0; wait = before + 1000 + DRIFT_MS - Date.now()) {
			await new Promise((resolve) => setTimeout(resolve, wait));
		}
		started.push(Date.now());
	};
	return async () => await (line = line.then(start));
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

export const floor: Side = async ({ url, workload, task }) => {
	const http = axios.create({ baseURL: url, httpAgent: new Agent({ keepAlive: true }), proxy: false });
	const answer = await http.post<{ accessToken: string }>('/v1.0/oauth2/accessToken', { appKey: 'sim-internal', appSecret: 'sim-secret' });
	const token = answer.data.accessToken;
	const headers = { 'x-acs-dingtalk-access-token': token };
	const calendar = (userId: string): string => `/v1.0/calendar/users/${userId}/calendars/primary`;
	const params = { access_token: token };
	const slots = new Map<string, () => Promise<void>>();
	const slot = async (api: string): Promise<void> => {
		const wait = slots.get(api) ?? pacer();
		slots.set(api, wait);
		await wait();
	};

	const create = async (): Promise<Done> => {
		const found = await atOnce(task.mobiles, async (mobile): Promise<[string, string]> => {
			await slot('mobile');
			const { data } = await http.post<{ result: { userid: string } }>('/topapi/v2/user/getbymobile', { mobile }, { params });
			await slot('user');
			const user = await http.post<{ result: { unionid: string } }>('/topapi/v2/user/get', { userid: data.result.userid }, { params });
			return [mobile, user.data.result.unionid];
		});
		const ids = new Map(found);
		const time = (dateTime: string) => ({ dateTime, timeZone: 'Asia/Shanghai' });
		const outcomes = await atOnce(task.rows, async ({ title, organizer, mobiles = [] }) => {
			await slot('create');
			const attendees = mobiles.map((mobile) => ({ id: ids.get(mobile) }));
			const body = { summary: title, start: time(HOUR.start), end: time(HOUR.end), ...(attendees.length > 0 ? { attendees } : {}) };
			return await http.post(`${calendar(organizer)}/events`, body, { headers }).then(
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
			await slot('list');
			const page = await http.get<{ events: Array<{ id: string }>; nextToken?: string }>(`${calendar(task.people[0])}/eventsview`, {
				headers,
				params: { ...WINDOW, maxResults: 100, nextToken },
			});
			read.push(...page.data.events.map(({ id }) => id));
			nextToken = page.data.nextToken || undefined;
		} while (nextToken);
		return { failed: 0, read };
	};
	const addAttendees = async (): Promise<Done> => {
		const [host, ...guests] = task.people;
		for (const part of chunks(guests, 500)) {
			await slot('add');
			const attendeesToAdd = part.map((id) => ({ id, isOptional: false }));
			await http.post(`${calendar(host)}/events/${task.eventId}/attendees`, { attendeesToAdd }, { headers });
		}
		return { failed: 0 };
	};
	const freeBusy = async (): Promise<Done> => {
		const parts = await atOnce(chunks(task.people, 20), async (userIds) => {
			await slot('schedule');
			const body = { userIds, startTime: WINDOW.timeMin, endTime: WINDOW.timeMax };
			const { data } = await http.post<{ scheduleInformation: Array<{ userId: string }> }>(`/v1.0/calendar/users/${task.people[0]}/querySchedule`, body, { headers });
			return data.scheduleInformation.map(({ userId }) => userId);
		});
		return { failed: 0, read: parts.flat() };
	};
	return { create, list, addAttendees, freeBusy }[workload.kind];
};

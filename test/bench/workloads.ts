/** The work that is measured. Each row says what is to be done, what a calendar needs for it, and the fewest calls that can do it. */
import type { IDataObject } from 'n8n-workflow';

import type { Simulator } from '../simulator';
import type { Person } from '../simulator/company';
import { Faults } from '../simulator/gateway/faults';
import { addPeople, addEvent } from '../simulator/fixtures';

/** A Monday morning in China; everything that is dated is near it. */
export const NOW = '2026-03-02T00:00:00Z';
export const EVENTS = '/v1.0/calendar/users/{userId}/calendars/{calendarId}/events';

export interface Row extends IDataObject {
	title: string;
	organizer: string;
	mobiles?: string[];
}

/** What a side is to do; the same for all of them. */
export interface Task {
	people: string[];
	mobiles: string[];
	eventId: string;
	rows: Row[];
}

/** One workload in one DingTalk. */
export interface Place {
	id: string;
	url: string;
	task: Task;
	callsPerSecond: number;
}

/** Where a side works. `calls` is what one round of warming up takes. */
export interface Places {
	measured: Place;
	warmUp: Place & { calls: number };
}

export interface Workload {
	id: string;
	title: string;
	items: number;
	minimumMetered: number;
	/** Where the figure comes from. */
	formula: string;
	/** `create`: an event for each row. The others read or change one thing. */
	kind: 'create' | 'list' | 'addAttendees' | 'freeBusy';
	/** Puts into DingTalk what the work needs; returns what the sides are to do. */
	prepare(simulator: Simulator): Task;
	/** n8n tries the node again when it fails. */
	nodeRetry?: boolean;
	/** Is run again on the next day. */
	resume?: boolean;
	/** How often it is measured. What is over in a moment differs a lot from time to time. */
	times?: number;
}

/** Puts events into a calendar without calls; gives the first. */
function plant({ world }: Simulator, count: number): string {
	const host = world.company.people[0].unionId;
	const ids = Array.from({ length: count }, (_, i) => {
		const at = Date.parse('2026-03-03T00:00:00Z') + (i % 600) * 60_000;
		const time = (ms: number) => ({ dateTime: new Date(ms).toISOString(), timeZone: 'Asia/Shanghai' });
		return addEvent(world, host, { summary: `Event ${i}`, start: time(at), end: time(at + 60_000) });
	});
	return ids[0];
}

const nothing: Task = { people: [], mobiles: [], eventId: '', rows: [] };

const rowsBy = (organizers: Person[], count: number, more: (i: number) => Partial<Row> = () => ({})): Row[] =>
	Array.from({ length: count }, (_, i) => ({
		title: `Item ${i}`,
		organizer: organizers[i % organizers.length].unionId,
		...more(i),
	}));

const creating =
	(organizers: number, count: number, spoil?: (simulator: Simulator) => void) =>
	(simulator: Simulator): Task => {
		spoil?.(simulator);
		return { ...nothing, rows: rowsBy(simulator.world.company.people.slice(0, organizers), count) };
	};

const onCreate =
	(rule: { do: 'expireToken' | 'dropAfterCommit'; nth?: number; every?: number }) =>
	(simulator: Simulator): void => {
		const { do: deed, ...when } = rule;
		simulator.world.use(Faults).add([{ match: { method: 'POST', path: EVENTS, ...when }, do: deed }]);
	};

const listing =
	(count: number) =>
	(simulator: Simulator): Task => ({
		...nothing,
		eventId: plant(simulator, count),
		people: [simulator.world.company.people[0].unionId],
	});

const MOMENTARY = 9;
const SHORT = 3;

export const WORKLOADS: Workload[] = [
	{
		id: 'W1',
		title: 'create 200 events for 4 organizers, each with 3 of 10 people by mobile number',
		items: 200,
		minimumMetered: 200,
		formula: '200 events × 1; lookups are free',
		kind: 'create',
		times: SHORT,
		prepare(simulator) {
			const { people } = simulator.world.company;
			const ten = people.slice(10, 20).map(({ mobile }) => mobile);
			const rows = rowsBy(people.slice(0, 4), 200, (i) => ({ mobiles: [0, 3, 6].map((step) => ten[(i + step) % 10]) }));
			return { ...nothing, mobiles: ten, rows };
		},
	},
	{
		id: 'W2',
		title: 'list 500 events',
		items: 500,
		minimumMetered: 5,
		formula: '⌈500 ÷ 100 per page⌉',
		kind: 'list',
		times: MOMENTARY,
		prepare: listing(500),
	},
	{
		id: 'W3',
		title: 'add 1,200 attendees to an event',
		items: 1200,
		minimumMetered: 3,
		formula: '⌈1200 ÷ 500 per call⌉',
		kind: 'addAttendees',
		times: MOMENTARY,
		prepare(simulator) {
			const guests = addPeople(simulator.world, 1200).map(({ unionId }) => unionId);
			const eventId = plant(simulator, 1);
			return { ...nothing, eventId, people: [simulator.world.company.people[0].unionId, ...guests] };
		},
	},
	{
		id: 'W4',
		title: 'create 200 events; the token is revoked at the 100th',
		items: 200,
		minimumMetered: 200,
		formula: '200 events × 1',
		kind: 'create',
		times: SHORT,
		prepare: creating(4, 200, onCreate({ do: 'expireToken', nth: 100 })),
	},
	{
		id: 'W5',
		title: 'create 1,000 events for 20 organizers at 20 calls per second',
		items: 1000,
		minimumMetered: 1000,
		formula: '1000 events × 1',
		kind: 'create',
		prepare: creating(20, 1000),
	},
	{
		id: 'W6',
		title:
			'create 100 events; every 10th response is lost after the event was created, and n8n retries the failed node',
		items: 100,
		minimumMetered: 100,
		formula: '100 events × 1; retries after lost responses come on top',
		kind: 'create',
		times: SHORT,
		nodeRetry: true,
		prepare: creating(2, 100, onCreate({ do: 'dropAfterCommit', every: 10 })),
	},
	{
		id: 'W7',
		title: 'create 150 events for one organizer with a limit of 100 per day, and run the same again the next day',
		items: 150,
		minimumMetered: 150,
		formula: '150 events × 1; the rejection that reveals the limit, and any retries, come on top',
		kind: 'create',
		times: SHORT,
		resume: true,
		prepare: creating(1, 150),
	},
	{
		id: 'W8',
		title: 'get free/busy times of 100 people',
		items: 100,
		minimumMetered: 5,
		formula: '⌈100 ÷ 20 per call⌉',
		kind: 'freeBusy',
		times: MOMENTARY,
		prepare(simulator) {
			addPeople(simulator.world, 100);
			return { ...nothing, people: simulator.world.company.people.slice(0, 100).map(({ unionId }) => unionId) };
		},
	},
	{
		id: 'W9',
		title: 'read 10,000 events',
		items: 10_000,
		minimumMetered: 100,
		formula: '⌈10000 ÷ 100 per page⌉',
		kind: 'list',
		times: SHORT,
		prepare: listing(10_000),
	},
	{
		id: 'W12',
		title: 'create 200 events; DingTalk refuses the last 3 once, and n8n retries the failed node',
		items: 200,
		minimumMetered: 200,
		formula: '200 events × 1; refused calls are not counted',
		kind: 'create',
		nodeRetry: true,
		prepare: creating(2, 200, ({ world }) => {
			const refused = { do: 'status' as const, status: 400, code: 'invalidParameter.calendar' };
			const last = [198, 199, 200].map((nth) => ({ match: { method: 'POST', path: EVENTS, nth }, ...refused }));
			world.use(Faults).add(last);
		}),
	},
];

/** What a side does beforehand, with another DingTalk: work of the same kind, so that all of them are warm. */
export const WARM_UPS: Record<Workload['kind'], string> = {
	create: 'W1',
	list: 'W2',
	addAttendees: 'W3',
	freeBusy: 'W8',
};
export const WARM_UP_ROWS = 20;
/**
 * So many calls at least: n8n is a server that runs for weeks, so what is compiled on first use is no part of the work. One
 * by one, as events are created, code takes longer to become warm than where a call brings a hundred rows.
 */
const WARM_UP_CALLS: Record<Workload['kind'], number> = { create: 400, list: 60, addAttendees: 60, freeBusy: 60 };

/** What has been warm before, but has done something else since. */
const WARM_UP_CALLS_AGAIN = 60;

export async function warmUp(
	kind: Workload['kind'],
	{ calls }: Places['warmUp'],
	round: () => Promise<unknown>,
	again = false,
): Promise<void> {
	for (let done = 0; done < (again ? WARM_UP_CALLS_AGAIN : WARM_UP_CALLS[kind]); done += calls) await round();
}

export const workloadOf = (id: string): Workload => {
	const workload = WORKLOADS.find((one) => one.id === id);
	if (!workload) throw new Error(`There is no workload ${id}`);
	return workload;
};

export const WINDOW = { timeMin: '2026-03-03T00:00:00+08:00', timeMax: '2026-03-04T00:00:00+08:00' };
export const HOUR = { start: '2026-03-05T10:00:00+08:00', end: '2026-03-05T11:00:00+08:00' };

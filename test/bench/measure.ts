/** Runs one side of one workload against a fresh DingTalk, and counts afterwards what DingTalk has and was asked. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

import type { CallSummary } from '../simulator/gateway/callLog';
import type { Measured } from './child';
import { nextLine } from './lines';
import { httpRequest } from './n8n/httpRequest';
import { ours } from './n8n/ours';
import type { Servers } from './n8n/servers';
import { warmUp, workloadOf, type Place, type Places, type Task, type Workload } from './workloads';

export interface Figures {
	wallMs: number;
	cpuMs: number;
	metered: number;
	free: number;
	token: number;
	failed: number;
	lost: number;
	doubled: number;
	peakHeapMB: number;
	/** Calls that DingTalk's gateway turned away for their number. */
	throttled: number;
}

export type Nothing = { [name in keyof Figures]: null } & { why: string };

const start = (file: string, ...more: string[]): ChildProcess =>
	spawn(process.execPath, ['--import', 'tsx', join(__dirname, file), ...more], { stdio: ['pipe', 'pipe', 'inherit'] });

interface Event {
	summary: string;
	status: string;
	attendees: Array<{ unionId: string }>;
}

/** What was to be there, each with how often it is. */
function counted(workload: Workload, task: Task, events: Event[], read: string[] = []): number[] {
	const live = events.filter(({ status }) => status === 'confirmed');
	const tally = (found: string[], wanted: string[]): number[] => {
		const counts = new Map<string, number>();
		for (const one of found) counts.set(one, (counts.get(one) ?? 0) + 1);
		return wanted.map((one) => counts.get(one) ?? 0);
	};
	switch (workload.kind) {
		case 'create':
			return tally(
				live.map(({ summary }) => summary),
				task.rows.map(({ title }) => title),
			);
		case 'list': {
			const ids = [...new Set(read)];
			return [...tally(read, ids), ...Array.from({ length: Math.max(0, workload.items - ids.length) }, () => 0)];
		}
		case 'addAttendees':
			return tally(
				live[0].attendees.map(({ unionId }) => unionId),
				task.people.slice(1),
			);
		case 'freeBusy':
			return tally(read, task.people);
	}
}

/** Asks a DingTalk about itself, or sets something in it. */
async function control<T>({ url }: Place, what: string, settings?: object): Promise<T> {
	const response = await fetch(
		`${url}/_simulator/${what}`,
		settings && { method: 'POST', body: JSON.stringify(settings) },
	);
	return (await response.json()) as T;
}

/** Past midnight in China, and less than a day later: as soon as one can go on. */
const NEXT_DAY_MS = 17 * 3_600_000;

const PLANS = { ours, httpRequest };
export type InN8n = keyof typeof PLANS;
export type Side = InN8n | 'floor';

/** What each n8n has done so often already that it is warm. */
const warm = new Set<string>();

async function onN8n(
	servers: Servers,
	side: InN8n,
	workload: Workload,
	{ measured, ...places }: Places,
): Promise<Measured> {
	const plan = PLANS[side];
	const run = await servers.prepare(side, measured, plan(workload, measured));
	const round = await servers.prepare(side, places.warmUp, plan(workloadOf(places.warmUp.id), places.warmUp));
	const kind = `${side} ${workload.kind}`;
	await warmUp(workload.kind, places.warmUp, round, warm.has(kind));
	warm.add(kind);
	const runs = [await run()];
	if (workload.resume) {
		await control(measured, 'clock', { advanceMs: NEXT_DAY_MS });
		runs.push(await run());
	}
	const { succeeded, output } = runs[runs.length - 1];
	const total = (name: 'wallMs' | 'cpuMs'): number => runs.reduce((sum, one) => sum + one[name], 0);
	return {
		wallMs: total('wallMs'),
		cpuMs: total('cpuMs'),
		peakHeapMB: Math.max(...runs.map(({ peakHeapMB }) => peakHeapMB)),
		failed: succeeded ? output.filter((item) => 'error' in item).length : workload.items,
		read: output.map(({ id, userId }) => String(id ?? userId)),
	};
}

async function onItsOwn(places: Places): Promise<Measured> {
	const child = start('child.ts');
	child.stdin?.end(JSON.stringify(places));
	return await nextLine<Measured>(child);
}

export async function measure(servers: Servers, workload: Workload, side: Side): Promise<Figures> {
	const dingtalk = start('dingtalk.ts', workload.id);
	try {
		const places = await nextLine<Places>(dingtalk);
		const { task } = places.measured;
		const { read, failed, ...took } =
			side === 'floor' ? await onItsOwn(places) : await onN8n(servers, side, workload, places);
		const { calls, metered, free, token } = await control<CallSummary>(places.measured, 'calls');
		const { events } = await control<{ events: Event[] }>(places.measured, 'state');
		const times = counted(workload, task, events, read);
		return {
			wallMs: Math.round(took.wallMs),
			cpuMs: Math.round(took.cpuMs),
			peakHeapMB: Math.round(took.peakHeapMB),
			failed,
			metered,
			free,
			token,
			lost: times.filter((count) => count === 0).length,
			doubled: times.reduce((sum, count) => sum + Math.max(0, count - 1), 0),
			throttled: calls.filter(({ code }) => /Qp[sm]LimitFor/.test(String(code))).length,
		};
	} finally {
		dingtalk.kill('SIGKILL');
	}
}

const middle = (numbers: number[]): number => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** Of several runs, what most of them took and the worst of what they did. */
export function together(runs: Figures[]): Figures {
	const of = (name: keyof Figures): number[] => runs.map((run) => run[name]);
	const worst = (name: keyof Figures): number => Math.max(...of(name));
	return {
		wallMs: middle(of('wallMs')),
		cpuMs: middle(of('cpuMs')),
		peakHeapMB: middle(of('peakHeapMB')),
		metered: worst('metered'),
		free: worst('free'),
		token: worst('token'),
		failed: worst('failed'),
		lost: worst('lost'),
		doubled: worst('doubled'),
		throttled: worst('throttled'),
	};
}

export const nothing = (why: string): Nothing => ({
	wallMs: null,
	cpuMs: null,
	metered: null,
	free: null,
	token: null,
	failed: null,
	lost: null,
	doubled: null,
	peakHeapMB: null,
	throttled: null,
	why,
});

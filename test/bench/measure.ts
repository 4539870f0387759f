/** Runs one side of one workload against a fresh DingTalk, and counts afterwards what DingTalk has and was asked. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import type { CallSummary } from '../simulator/gate/callLog';
import type { Measured } from './child';
import type { Places, Task, Workload } from './workloads';

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

const start = (file: string, argument: string): ChildProcess =>
	spawn(process.execPath, ['--import', 'tsx', join(__dirname, file), argument], { stdio: ['pipe', 'pipe', 'inherit'] });

/** The next line that holds JSON. */
function answerOf<T>(child: ChildProcess): Promise<T> {
	return new Promise((resolve, reject) => {
		if (!child.stdout) throw new Error('A child without output');
		createInterface({ input: child.stdout }).on('line', (line) => {
			if (line.startsWith('{')) resolve(JSON.parse(line) as T);
		});
		child.once('close', (code) => reject(new Error(`It ended with ${String(code)} and said nothing`)));
	});
}

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
			return tally(live.map(({ summary }) => summary), task.rows.map(({ title }) => title));
		case 'list': {
			const ids = [...new Set(read)];
			return [...tally(read, ids), ...Array.from({ length: Math.max(0, workload.items - ids.length) }, () => 0)];
		}
		case 'addAttendees':
			return tally(live[0].attendees.map(({ unionId }) => unionId), task.people.slice(1));
		case 'freeBusy':
			return tally(read, task.people);
	}
}

export async function measure(workload: Workload, side: string): Promise<Figures> {
	const dingtalk = start('dingtalk.ts', workload.id);
	try {
		const places = await answerOf<Places>(dingtalk);
		const { url, task } = places.measured;
		const child = start('child.ts', side);
		child.stdin?.end(JSON.stringify(places));
		const { read, ...took } = await answerOf<Measured>(child);
		const ask = async <T>(what: string): Promise<T> => (await (await fetch(`${url}/_simulator/${what}`)).json()) as T;
		const { calls, metered, free, token } = await ask<CallSummary>('calls');
		const { events } = await ask<{ events: Event[] }>('state');
		const times = counted(workload, task, events, read);
		return {
			...took,
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

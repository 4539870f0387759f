/**
 * What 50,000 items take (W11): the memory in a real n8n, beside a Code node that passes the same items on; and on n8n's
 * engine alone, for how long this node lets n8n do nothing else, and how soon it hears Stop.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { INodeParameters } from 'n8n-workflow';

import { nextLine } from './lines';
import type { Plan, Step } from './n8n/plan';
import type { Servers } from './n8n/servers';
import { HOUR, type Place } from './workloads';

export const MANY_ITEMS = 50_000;

/** Of this node on n8n's engine. */
export interface Breaks {
	longestBlockMs: number;
	/** From Stop until the run has ended. */
	stopMs: number;
}

export interface ManyItems extends Breaks {
	/** The peak of n8n's heap. */
	heapMB: { ours: number; code: number };
}

/** Everything but the calls: the requests are made and returned, not sent. */
export const PREVIEW: INodeParameters = {
	resource: 'event',
	operation: 'create',
	user: { __rl: true, mode: 'unionId', value: '={{ $json.organizer }}' },
	summary: '={{ $json.title }}',
	...HOUR,
	runOptions: { preview: true },
};

const code = (name: string, jsCode: string): Step => ({
	name,
	type: 'n8n-nodes-base.code',
	version: 2,
	parameters: { jsCode },
});

const SIDES: Record<keyof ManyItems['heapMB'], Step> = {
	ours: {
		name: 'Do it',
		type: 'n8n-nodes-dingtalk-calendar.dingTalkCalendar',
		version: 1,
		calls: true,
		parameters: PREVIEW,
	},
	code: code('Pass on', 'return $input.all();'),
};

const planOf = (step: Step): Plan => ({
	body: { items: [{}] },
	steps: [
		code(
			'Make items',
			`return Array.from({ length: ${MANY_ITEMS} }, (_, i) => ({ json: { title: 'Item ' + i, organizer: 'person' + (i % 20) } }));`,
		),
		step,
	],
});

/** Nothing is sent there. */
const NOWHERE: Place = {
	id: 'W11',
	url: 'http://127.0.0.1:9',
	task: { people: [], mobiles: [], eventId: '', rows: [] },
	callsPerSecond: 20,
};

async function measureHeap(servers: Servers, side: keyof ManyItems['heapMB']): Promise<number> {
	const run = await servers.prepare(side, NOWHERE, planOf(SIDES[side]));
	const { peakHeapMB, output, succeeded } = await run();
	if (!succeeded || output.length !== MANY_ITEMS) throw new Error(`Only ${output.length} items came out`);
	return Math.round(peakHeapMB);
}

async function measureBreaks(): Promise<Breaks> {
	const child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'manyItemsChild.ts')], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	return await nextLine<Breaks>(child);
}

/** `servers` has an n8n for each side, so that nothing of one is left in the memory of the other. */
export async function measureManyItems(servers: Servers): Promise<ManyItems> {
	const heapMB = { code: await measureHeap(servers, 'code'), ours: await measureHeap(servers, 'ours') };
	return { heapMB, ...(await measureBreaks()) };
}

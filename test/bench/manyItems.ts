/**
 * What 50,000 items take (W11): the memory in a real n8n, beside a Code node that passes the same items on; and on n8n's
 * engine alone, for how long this node lets n8n do nothing else, and how soon it hears Stop.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { nextLine } from './lines';
import type { Plan, Step } from './n8n/plan';
import type { Servers } from './n8n/servers';
import { HOUR, type Place } from './workloads';

export const MANY_ITEMS = 50_000;

/**
 * How much the heap may grow before V8 collects garbage, on all sides. Otherwise the peak is mostly garbage, and chance: the same
 * run took 733 MB and 902 MB.
 */
export const HEAP_GROWTH_PERCENT = 20;

/** Of this node on n8n's engine. */
export interface Breaks {
	longestBlockMs: number;
	/** From Stop until the run has ended. */
	stopMs: number;
}

export const HEAP_SIDES = ['code', 'same', 'ours'] as const;
type HeapSide = (typeof HEAP_SIDES)[number];

export interface ManyItems extends Breaks {
	/** The peak of n8n's heap; `same` is a Code node that makes the items that this node does. */
	heapMB: Record<HeapSide, number>;
	/** The peak of the memory of n8n and its processes: it runs the code of a Code node in one of its own. */
	memoryMB: Record<HeapSide, number>;
	/** The characters of all items as JSON. */
	characters: { input: number; output: number };
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

const STEPS: Record<Exclude<HeapSide, 'same'>, Step> = {
	ours: {
		name: 'Do it',
		type: 'n8n-nodes-dingtalk-calendar.dingTalkCalendar',
		version: 1,
		calls: true,
		parameters: PREVIEW,
	},
	code: code('Pass on', 'return $input.all();'),
};

/** Makes the items that this node makes, of which `first` is the first. */
const sameStep = (first: IDataObject): Step =>
	code(
		'Make the same',
		`const first = ${JSON.stringify(JSON.stringify(first))};
return $input.all().map(({ json }, item) => ({
	json: JSON.parse(first.replace('Item 0', json.title).replace('person0', json.organizer)),
	pairedItem: { item },
}));`,
	);

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

async function measureHeap(
	servers: Servers,
	side: HeapSide,
	step: Step,
): Promise<{ heapMB: number; memoryMB: number; output: IDataObject[] }> {
	const run = await servers.prepare(side, NOWHERE, planOf(step));
	const { peakHeapMB, peakMemoryMB, output, succeeded } = await run();
	if (!succeeded || output.length !== MANY_ITEMS) throw new Error(`Only ${output.length} items came out`);
	return { heapMB: Math.round(peakHeapMB), memoryMB: Math.round(peakMemoryMB), output };
}

async function measureBreaks(): Promise<Breaks> {
	const child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'manyItemsChild.ts')], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	return await nextLine<Breaks>(child);
}

const charactersOf = (items: IDataObject[]): number =>
	items.reduce((sum, item) => sum + JSON.stringify(item).length, 0);

/** `servers` has an n8n for each side, so that nothing of one is left in the memory of the other. */
export async function measureManyItems(servers: Servers): Promise<ManyItems> {
	const code = await measureHeap(servers, 'code', STEPS.code);
	const ours = await measureHeap(servers, 'ours', STEPS.ours);
	const same = await measureHeap(servers, 'same', sameStep(ours.output[0]));
	if (!isDeepStrictEqual(same.output, ours.output)) throw new Error('The Code node made other items than this node');
	return {
		heapMB: { code: code.heapMB, same: same.heapMB, ours: ours.heapMB },
		memoryMB: { code: code.memoryMB, same: same.memoryMB, ours: ours.memoryMB },
		characters: { input: charactersOf(code.output), output: charactersOf(ours.output) },
		...(await measureBreaks()),
	};
}

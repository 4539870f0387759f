/** Tests how much memory a run keeps for each of its items until they are done. The garbage is collected first, so this is the same on each machine. */
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { IExecuteFunctions } from 'n8n-workflow';

import { DingTalkClient } from '../../../lib/dingtalk/client/client';
import { Directory } from '../../../lib/dingtalk/people/directory';
import { Item, type RunContext } from '../../../lib/n8n/ItemContext';
import { RunWork } from '../../../lib/n8n/retries/workIdentity';
import { create } from '../../../nodes/DingTalkCalendar/resources/event/create';
import { withRunOptions } from '../../../nodes/DingTalkCalendar/fields/common/runOptions';
import type { Transport } from '../../../lib/dingtalk/client/types';

const ITEMS = 10_000;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const usedBytes = (): number => {
	collectGarbage();
	return getHeapStatistics().used_heap_size;
};

/** How much of what `make` returns is kept for an item. It takes no break, so that nothing else is counted. */
function bytesPerItem(make: (index: number) => unknown): number {
	const kept = Array.from({ length: 2 * ITEMS }, (_, index) => (index < ITEMS ? make(index) : undefined));
	const before = usedBytes();
	for (let index = ITEMS; index < 2 * ITEMS; index++) kept[index] = make(index);
	const bytes = (usedBytes() - before) / ITEMS;
	expect(kept).toHaveLength(2 * ITEMS);
	return bytes;
}

/** Times as most workflows have them: each item its own. */
const VALUES: Record<string, (index: number) => unknown> = {
	user: (index) => ({ __rl: true, mode: 'unionId', value: `person${index % 20}` }),
	summary: (index) => `Item ${index}`,
	start: (index) => new Date(Date.UTC(2026, 2, 2) + index * 60_000),
	end: (index) => new Date(Date.UTC(2026, 2, 3) + index * 60_000),
};

function newRun(): RunContext {
	const client = new DingTalkClient({} as Transport);
	return {
		source: { parameter: (name, index) => VALUES[name]?.(index), input: (index) => ({ index }) },
		client,
		directory: new Directory(client, String),
		zone: 'Asia/Shanghai',
		tryKey: 'try',
		claimedKeys: new Map(),
		shared: new Map(),
	};
}

it('keeps little of what identifies the work of an item, which stays as long as the execution', () => {
	const context = {
		getNode: () => ({ id: 'n', type: 't' }),
		getWorkflowDataProxy: () => ({ $runIndex: 0 }),
		getContext: () => ({}),
		getExecutionId: () => '1',
		getInstanceId: () => 'instance',
	};
	const runWork = new RunWork(context as unknown as IExecuteFunctions);
	expect(bytesPerItem((index) => runWork.take({ index }))).toBeLessThan(500);
});

it('keeps little of an event that is checked and waits to be created', () => {
	const run = newRun();
	const { prepare } = withRunOptions(create);
	expect(bytesPerItem((index) => prepare(new Item(run, index)))).toBeLessThan(1_300);
});

it('does not copy an item that has no options of its own', () => {
	const item = new Item(newRun(), 0);
	expect(item.with({ userKey: undefined })).toBe(item);
	expect(item.with({ userKey: 'key' })).not.toBe(item);
});

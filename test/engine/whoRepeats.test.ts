/** Tests the table of docs/limits.md on the n8n engine: who repeats a write, of which kind, and what happens then. */
import type { IDataObject, INode, INodeParameters, IRun } from 'n8n-workflow';

import { DINGTALK_CALENDAR, errorOf, TESTED_NODE, type RecordedCall } from './harness';
import { callsOf, clientToken, plant, remembered } from './support/events';
import { useDesk } from './support/setup';
import { stateOf } from './support/state';

const desk = useDesk({ waits: 'skipped' });

const RETRY = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };
const KINDS = ['event', 'upsert', 'calendar', 'change', 'deletion'] as const;
type Kind = (typeof KINDS)[number];

const IDEMPOTENT_ATTEMPTS = 3;

type Field = (name: string) => string;
const ofItem: Field = (name) => `={{ $json.${name} }}`;
const ofAgent: Field = (name) => `={{ $fromAI('${name}') }}`;

function parametersOf(kind: Kind, field: Field = ofItem, more: INodeParameters = {}): INodeParameters {
	const user = desk().people[0].unionId;
	const times = { start: field('start'), end: field('end') };
	const runOptions = { concurrency: 1, ...more };
	switch (kind) {
		case 'event':
			return { resource: 'event', operation: 'create', user, summary: field('title'), ...times, runOptions };
		case 'upsert': {
			const named = { externalKey: field('title'), summary: field('title') };
			return { resource: 'event', operation: 'upsert', user, ...named, ...times, runOptions };
		}
		case 'calendar': {
			const scope = { name: field('title'), scopePeople: desk().people[1].unionId };
			return { resource: 'subscriptionCalendar', operation: 'create', user, ...scope, runOptions };
		}
		case 'change': {
			const updateFields = { summary: 'Changed' };
			return { resource: 'event', operation: 'update', user, eventId: field('id'), updateFields, runOptions };
		}
		case 'deletion':
			return { resource: 'event', operation: 'delete', user, eventId: field('id'), runOptions };
	}
}

const OTHER_YEAR = '2027';

/** The row that is repeated, and one that fails the first time, if it is used: its time is read by itself. */
const rowsOf = (): IDataObject[] =>
	[
		{ title: 'X', year: '2026' },
		{ title: 'Y', year: OTHER_YEAR },
	].map(({ title, year }) => ({
		...{ title, id: plant(desk(), desk().people[0]) },
		...{ start: `${year}-03-03T10:00`, end: `${year}-03-03T11:00` },
	}));

const fault = async (nth: number, action: IDataObject): Promise<void> => {
	for (const method of ['POST', 'PUT', 'DELETE'])
		await desk().control('faults', { match: { method, path: '/v1.0/calendar/*', nth }, ...action });
};

/** The responses of the first request get lost, as often as it is sent. */
async function loseFirst(kind: Kind): Promise<void> {
	const attempts = kind === 'calendar' ? 1 : IDEMPOTENT_ATTEMPTS;
	for (let nth = 1; nth <= attempts; nth++) await fault(nth, { do: 'dropAfterCommit' });
}

const refuseSecond = async (): Promise<void> => await fault(2, { do: 'status', status: 400, code: 'invalidParameter' });

const isAbout = ({ path, body }: RecordedCall, { id, title }: IDataObject): boolean =>
	path.includes(encodeURIComponent(String(id))) || JSON.stringify(body ?? {}).includes(`"${String(title)}"`);

const writes = async (row: IDataObject): Promise<RecordedCall[]> =>
	(await callsOf(desk())).filter((call) => call.method !== 'GET' && isAbout(call, row));

const thingsNamed = async (title: unknown): Promise<number> => {
	const { subscribedCalendars } = await stateOf(desk());
	const events = (await remembered(desk())).filter(({ status }) => status !== 'cancelled');
	const names = [...events.map(({ summary }) => summary), ...subscribedCalendars.map(({ name }) => name)];
	return names.filter((name) => name === title).length;
};

/** In the words of the table, as far as requests and results show it. */
async function happened(row: IDataObject, last: { error?: string; calls: number }): Promise<string> {
	const sent = await writes(row);
	const tokens = new Set(sent.map(clientToken));
	if (last.error?.includes('outcome is unknown')) return sent.length === 1 ? 'nothing is sent' : 'sent all the same';
	if (last.error?.includes('no such event') ?? last.error?.includes('no longer exists')) return 'fails: it is gone';
	if (last.error !== undefined) return last.error;
	if ((await thingsNamed(row.title)) > 1) return 'a second one';
	if (sent.length === 1) return last.calls === 0 ? 'no call' : 'found';
	return tokens.size === 1 && !tokens.has(undefined) ? 'the same request key' : 'sent again';
}

const callsAbout = async (row: IDataObject, before: number): Promise<number> => {
	const calls = (await callsOf(desk())).slice(before);
	const readsCalendar = ({ path, query }: RecordedCall): boolean =>
		path.endsWith('/eventsview') && !JSON.stringify(query).includes(OTHER_YEAR);
	return calls.filter((call) => readsCalendar(call) || isAbout(call, row)).length;
};

type Repeater = (kind: Kind) => Promise<string>;

/** The first row is done and the second is not, and n8n's Retry button repeats both. */
const retryButton =
	(elsewhere: boolean): Repeater =>
	async (kind) => {
		const items = rowsOf();
		await refuseSecond();
		const parameters = parametersOf(kind);
		const { run: failed } = await desk().runNode({ parameters, items });
		const before = (await callsOf(desk())).length;
		const { engine, credential } = elsewhere ? await desk().anotherProcess() : desk();
		const again = await engine.runNode({ parameters, items, credential, timezone: 'Asia/Shanghai', retryOf: failed });
		if (elsewhere) await engine.stop();
		return await happened(items[0], {
			error: errorOf(again)?.message,
			calls: await callsAbout(items[0], before),
		});
	};

const retryOnFail: Repeater = async (kind) => {
	const items = rowsOf();
	await refuseSecond();
	const { run } = await desk().runNode({ parameters: parametersOf(kind), items, ...RETRY });
	return await happened(items[0], { error: errorOf(run)?.message, calls: 0 });
};

const lostThen =
	(run: (kind: Kind, row: IDataObject) => Promise<IRun>): Repeater =>
	async (kind) => {
		const [row] = rowsOf();
		await loseFirst(kind);
		return await happened(row, { error: lastErrorOf(await run(kind, row)), calls: 0 });
	};

/** Of the last run of the node or the tool, whose errors are items too. */
function lastErrorOf(run: IRun): string | undefined {
	const last = run.data.resultData.runData[TESTED_NODE]?.at(-1);
	return JSON.stringify(last).match(/outcome is unknown|no such event|no longer exists/)?.[0];
}

const node = (id: string, name: string, type: string, more: Partial<INode>): INode => ({
	...{ id, name, type, typeVersion: 1, position: [0, 0], parameters: {} },
	...more,
});

/** The failed item comes back once from the error output. */
async function errorOutput(kind: Kind, row: IDataObject): Promise<IRun> {
	const to = { node: TESTED_NODE, type: 'main' as const, index: 0 };
	const first = { id: '1', leftValue: '={{ $runIndex }}', rightValue: 1 };
	const conditions = {
		options: { caseSensitive: true, leftValue: '', typeValidation: 'strict', version: 2 },
		conditions: [{ ...first, operator: { type: 'number', operation: 'lt' } }],
		combinator: 'and',
	};
	const failing = { parameters: parametersOf(kind), onError: 'continueErrorOutput' as const };
	return await desk().engine.runWorkflow(
		{
			nodes: [
				node('1', 'Start', 'n8n-nodes-base.manualTrigger', {}),
				node('2', TESTED_NODE, DINGTALK_CALENDAR, failing),
				node('3', 'Again', 'n8n-nodes-base.filter', { typeVersion: 2.2, parameters: { conditions, options: {} } }),
			],
			connections: {
				Start: { main: [[to]] },
				[TESTED_NODE]: { main: [[], [{ ...to, node: 'Again' }]] },
				Again: { main: [[to]] },
			},
			settings: {},
		},
		{ credentials: [desk().credential], pinData: { Start: [{ json: row }] } },
	);
}

const tool = async (kind: Kind, items: IDataObject[], more: IDataObject = {}): Promise<IRun> =>
	await desk().engine.runTool({
		...{ credential: desk().credential, parameters: parametersOf(kind, ofAgent), items, timezone: 'Asia/Shanghai' },
		...more,
	});

const agentAgain: Repeater = async (kind) => {
	const [row] = rowsOf();
	return await happened(row, { error: lastErrorOf(await tool(kind, [row, row])), calls: 1 });
};

const anotherExecution =
	(keyed: boolean, elsewhere: boolean): Repeater =>
	async (kind) => {
		const [row] = rowsOf();
		const parameters = parametersOf(kind, ofItem, keyed ? { idempotencyKey: ofItem('title') } : {});
		await desk().runNode({ parameters, items: [row] });
		const before = (await callsOf(desk())).length;
		const { engine, credential } = elsewhere ? await desk().anotherProcess() : desk();
		const again = await engine.runNode({ parameters, items: [row], credential, timezone: 'Asia/Shanghai' });
		if (elsewhere) await engine.stop();
		return await happened(row, { error: errorOf(again)?.message, calls: await callsAbout(row, before) });
	};

const GONE = 'fails: it is gone';
const done = (what: string): Record<Kind, string> =>
	Object.fromEntries(KINDS.map((kind) => [kind, what])) as Record<Kind, string>;

const ROWS: Array<[string, Repeater, Record<Kind, string>]> = [
	['by Retry On Fail after it was done', retryOnFail, done('no call')],
	["by n8n's Retry button after it was done", retryButton(false), done('no call')],
	[
		'by Retry On Fail of a tool after its response was lost',
		lostThen(async (kind, row) => await tool(kind, [row], RETRY)),
		{ ...done('the same request key'), calendar: 'nothing is sent' },
	],
	[
		'by an agent after its response was lost',
		lostThen(async (kind, row) => await tool(kind, [row, row])),
		{ ...done('the same request key'), calendar: 'nothing is sent' },
	],
	[
		'by an item of the error output after its response was lost',
		lostThen(errorOutput),
		{ ...done('the same request key'), calendar: 'nothing is sent' },
	],
	[
		'by an agent after it was done',
		agentAgain,
		{ event: 'a second one', upsert: 'found', calendar: 'a second one', change: 'sent again', deletion: GONE },
	],
	[
		"by n8n's Retry button in another process after it was done",
		retryButton(true),
		{
			...{ event: 'the same request key', upsert: 'found', calendar: 'a second one' },
			...{ change: 'the same request key', deletion: 'the same request key' },
		},
	],
	[
		'by another execution with a key',
		anotherExecution(true, false),
		{ event: 'no call', upsert: 'found', calendar: 'no call', change: 'sent again', deletion: GONE },
	],
	[
		'by another execution with a key in another process',
		anotherExecution(true, true),
		{
			...{ event: 'the same request key', upsert: 'found', calendar: 'a second one' },
			...{ change: 'sent again', deletion: GONE },
		},
	],
	[
		'by another execution without a key',
		anotherExecution(false, false),
		{ event: 'a second one', upsert: 'found', calendar: 'a second one', change: 'sent again', deletion: GONE },
	],
];

describe('A write that is repeated', () => {
	it.each(
		ROWS.flatMap(([by, repeat, expected]) => KINDS.map((kind) => ({ by, repeat, kind, expected: expected[kind] }))),
	)('$by ($kind): $expected', async ({ repeat, kind, expected }) => {
		expect(await repeat(kind)).toBe(expected);
	});
});

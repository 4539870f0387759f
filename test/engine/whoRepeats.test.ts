/** Tests the table of docs/limits.md on the n8n engine: who repeats a write, of which kind, and what happens then. */
import type { IDataObject, INode, INodeParameters, IRun } from 'n8n-workflow';

import { DINGTALK_CALENDAR, errorOf, TESTED_NODE, type RecordedCall } from './harness';
import { callsOf, clientToken } from './support/events';
import { interfere, type Interference } from './support/interference';
import {
	countMade,
	hasKey,
	isAbout,
	KINDS,
	OTHER_YEAR,
	parametersFor,
	rowsFor,
	type Field,
	type Kind,
} from './support/repeatedWrites';
import { useDesk } from './support/setup';

const desk = useDesk({ waits: 'skipped' });

const RETRY = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };
const IDEMPOTENT_ATTEMPTS = 3;

const ofItem: Field = (name) => `={{ $json.${name} }}`;
const ofAgent: Field = (name) => `={{ $fromAI('${name}') }}`;

const parametersOf = (kind: Kind, field: Field = ofItem, runOptions: INodeParameters = {}): INodeParameters =>
	parametersFor(desk(), kind, field, runOptions);

/** Decides what happens to each of the writes, which are counted from 1. */
function faultOf(decide: (nth: number) => ReturnType<Interference>): void {
	let count = 0;
	interfere(desk(), (_, method, path) => (method === 'GET' || QUESTION.test(path) ? undefined : decide(++count)));
}

/** What DingTalk takes as a POST and is no write. */
const QUESTION = /\/querySchedule$|\/query$/;

/** The responses of the first request get lost, as often as it is sent. */
function loseFirst(kind: Kind): void {
	const attempts = hasKey(kind) ? IDEMPOTENT_ATTEMPTS : 1;
	faultOf((nth) => (nth <= attempts ? 'dropAfterCommit' : undefined));
}

const refuseSecond = (): void =>
	faultOf((nth) => (nth === 2 ? { do: 'status', status: 400, code: 'invalidParameter' } : undefined));

const isWrite = ({ method, path }: RecordedCall): boolean => method !== 'GET' && !QUESTION.test(path);

const writes = async (row: IDataObject): Promise<RecordedCall[]> =>
	(await callsOf(desk())).filter((call) => isWrite(call) && isAbout(call, row));

const FAILURES: Array<[RegExp, string]> = [
	[/may have been (made|carried out)/, 'fails: it may be done'],
	[/no such event|calendar not exist|aclId invalid/, 'fails: it is gone'],
	[/is busy/, 'fails: busy'],
];

/** In the words of the table, as far as requests and results show it. */
async function happened(row: IDataObject, last: { error?: string; calls: number }): Promise<string> {
	const { error, calls } = last;
	const sent = await writes(row);
	const tokens = new Set(sent.map(clientToken));
	if (error?.includes('outcome is unknown')) return sent.length === 1 ? 'nothing is sent' : 'sent all the same';
	if (error !== undefined) return FAILURES.find(([text]) => text.test(error))?.[1] ?? error;
	if ((await countMade(desk(), row)) > 1) return 'a second one';
	if (sent.length === 1) return calls === 0 ? 'no call' : 'found';
	return tokens.size === 1 && !tokens.has(undefined) ? 'the same request key' : 'sent again';
}

/** Calls about the item, from this one on: its time is read by itself. */
const callsAbout = async (row: IDataObject, from: number): Promise<number> => {
	const isAboutItsTime = ({ path, query, body }: RecordedCall): boolean =>
		/\/(eventsview|querySchedule)$/.test(path) && !JSON.stringify([query, body]).includes(OTHER_YEAR);
	const calls = (await callsOf(desk())).slice(from);
	return calls.filter((call) => isAboutItsTime(call) || isAbout(call, row)).length;
};

type Repeater = (kind: Kind) => Promise<string>;

/** The first row is done and the second is not, and n8n's Retry button repeats both. */
const retryButton =
	(elsewhere: boolean): Repeater =>
	async (kind) => {
		const items = rowsFor(desk());
		refuseSecond();
		const parameters = parametersOf(kind);
		const { run: failed } = await desk().runNode({ parameters, items });
		const before = (await callsOf(desk())).length;
		const { engine, credential } = elsewhere ? await desk().anotherProcess() : desk();
		const again = await engine.runNode({ parameters, items, credential, timezone: 'Asia/Shanghai', retryOf: failed });
		if (elsewhere) await engine.stop();
		return await happened(items[0], {
			error: textOf(errorOf(again)),
			calls: await callsAbout(items[0], before),
		});
	};

const retryOnFail: Repeater = async (kind) => {
	const items = rowsFor(desk());
	refuseSecond();
	const { run } = await desk().runNode({ parameters: parametersOf(kind), items, ...RETRY });
	const failed = (await callsOf(desk())).findIndex((call) => isWrite(call) && isAbout(call, items[1]));
	return await happened(items[0], { error: textOf(errorOf(run)), calls: await callsAbout(items[0], failed) });
};

const lostThen =
	(run: (kind: Kind, row: IDataObject) => Promise<IRun>): Repeater =>
	async (kind) => {
		const [row] = rowsFor(desk());
		loseFirst(kind);
		return await happened(row, { error: lastErrorOf(await run(kind, row)), calls: 0 });
	};

const textOf = (error: { message?: string; description?: string | null } | undefined): string | undefined =>
	error && `${error.message} ${error.description}`;

/** Of the last run of the node or the tool; on the error output, it is in the item. */
function lastErrorOf(run: IRun): string | undefined {
	const last = run.data.resultData.runData[TESTED_NODE]?.at(-1);
	const failed = last?.data?.main?.[1]?.[0]?.json;
	return failed ? `${String(failed.error)} ${String(failed.message)}` : textOf(last?.error);
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
	const [row] = rowsFor(desk());
	return await happened(row, { error: lastErrorOf(await tool(kind, [row, row])), calls: 1 });
};

interface Again {
	/** With an idempotency key. */
	keyed?: boolean;
	elsewhere?: boolean;
	/** n8n runs an execution again when the process that ran it is lost. */
	executionId?: string;
}

const anotherExecution =
	({ keyed = false, elsewhere = false, executionId }: Again): Repeater =>
	async (kind) => {
		const [row] = rowsFor(desk());
		const parameters = parametersOf(kind, ofItem, keyed ? { idempotencyKey: ofItem('title') } : {});
		await desk().runNode({ parameters, items: [row], executionId });
		const before = (await callsOf(desk())).length;
		const { engine, credential } = elsewhere ? await desk().anotherProcess() : desk();
		const run = { parameters, items: [row], credential, timezone: 'Asia/Shanghai', executionId };
		const again = await engine.runNode(run);
		if (elsewhere) await engine.stop();
		return await happened(row, { error: textOf(errorOf(again)), calls: await callsAbout(row, before) });
	};

/** What happens to all kinds, and to some other than that. */
const outcomes = (most: string, others: Partial<Record<Kind, string>> = {}): Record<Kind, string> =>
	({ ...Object.fromEntries(KINDS.map((kind) => [kind, most])), ...others }) as Record<Kind, string>;

const GONE = 'fails: it is gone';
const BUSY = 'fails: busy';

const AFTER_LOSS = outcomes('the same request key', {
	...{ calendar: 'nothing is sent', share: 'nothing is sent', 'CalDAV account': 'nothing is sent' },
	'change of a calendar': 'sent again',
	'deletion of a share': 'sent again',
	// Nothing that DingTalk answers says for sure that it is gone.
	'deletion of a calendar': 'fails: it may be done',
});

const SENT_AGAIN = outcomes('sent again', {
	...{ event: 'a second one', booking: BUSY, 'unchecked booking': 'a second one' },
	...{ upsert: 'found', calendar: 'a second one' },
	...{ deletion: GONE, 'deletion of a calendar': GONE, 'deletion of a share': GONE },
});

const ELSEWHERE = outcomes('the same request key', {
	...{ booking: BUSY, upsert: 'found', calendar: 'a second one' },
	...{ share: 'sent again', 'CalDAV account': 'sent again', 'change of a calendar': 'sent again' },
	...{ 'deletion of a calendar': GONE, 'deletion of a share': GONE },
});

const ROWS: Array<[string, Repeater, Record<Kind, string>]> = [
	['by Retry On Fail after it was done', retryOnFail, outcomes('no call')],
	["by n8n's Retry button after it was done", retryButton(false), outcomes('no call')],
	[
		'by Retry On Fail of a tool after its response was lost',
		lostThen(async (kind, row) => await tool(kind, [row], RETRY)),
		AFTER_LOSS,
	],
	[
		'by an agent after its response was lost',
		lostThen(async (kind, row) => await tool(kind, [row, row])),
		// The list of shares has told the first call that the share is gone.
		{ ...AFTER_LOSS, 'deletion of a share': GONE },
	],
	['by an item of the error output after its response was lost', lostThen(errorOutput), AFTER_LOSS],
	['by an agent after it was done', agentAgain, SENT_AGAIN],
	["by n8n's Retry button in another process after it was done", retryButton(true), ELSEWHERE],
	[
		'by the same execution in another process after it was done',
		anotherExecution({ elsewhere: true, executionId: '7' }),
		ELSEWHERE,
	],
	[
		'by another execution with a key',
		anotherExecution({ keyed: true }),
		{ ...SENT_AGAIN, event: 'no call', booking: 'no call', 'unchecked booking': 'no call', calendar: 'no call' },
	],
	[
		'by another execution with a key in another process',
		anotherExecution({ keyed: true, elsewhere: true }),
		{ ...SENT_AGAIN, event: 'the same request key', 'unchecked booking': 'the same request key' },
	],
	['by another execution without a key', anotherExecution({}), SENT_AGAIN],
];

describe('A write that is repeated', () => {
	it.each(
		ROWS.flatMap(([by, repeat, expected]) => KINDS.map((kind) => ({ by, repeat, kind, expected: expected[kind] }))),
	)('$by ($kind): $expected', async ({ repeat, kind, expected }) => {
		expect(await repeat(kind)).toBe(expected);
	});
});

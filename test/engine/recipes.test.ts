/** Runs the example of each recipe and compares its metered calls with the figure on the recipe's page. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NodeConnectionTypes, type IDataObject } from 'n8n-workflow';
import { errorOf, outputOf, type WorkflowJson } from './harness';
import { useDesk } from './support/setup';
import { stateOf } from './support/state';

const desk = useDesk();

const root = join(__dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

const pages = readdirSync(join(root, 'docs/recipes')).filter((name) => name.endsWith('.md') && name !== 'README.md');
const textOf = (page: string): string => read(join('docs/recipes', page)).replace(/\s+/g, ' ');
const exampleOf = (page: string): string => /examples\/([\w-]+)\.json/.exec(textOf(page))?.[1] ?? '';
const workflowOf = (page: string): WorkflowJson => JSON.parse(read(`examples/${exampleOf(page)}.json`)) as WorkflowJson;

/** The calls of the first and of the next run, as the page states them. */
function figuresOf(page: string): { first: number; again?: number } | undefined {
	const found = /Measured with the example: (\d+) calls?(?:, and (\d+) when it runs again)?/.exec(textOf(page));
	return found ? { first: Number(found[1]), ...(found[2] && { again: Number(found[2]) }) } : undefined;
}

/** An agent's chat cannot be started without a model; its tools are run below. */
const AGENT = 'ai-agent.md';
const MANUAL = 'When clicking Execute';

async function callsOfRun(json: WorkflowJson, executionId: string): Promise<number> {
	await desk().recorder.clear();
	const credentials = [desk().credential];
	const run = await desk().engine.runWorkflow(json, { credentials, startNode: MANUAL, executionId });
	expect(errorOf(run)).toBeUndefined();
	return (await desk().recorder.meteredCalls()).length;
}

describe('a recipe', () => {
	it.each(pages)('fits on a screen: the problem, a picture, an example to import, and what it costs (%s)', (page) => {
		const lines = read(join('docs/recipes', page)).split('\n');
		expect(lines.length).toBeLessThanOrEqual(70);
		expect(lines[2]).toMatch(/^\*\*The problem:\*\* /);
		expect(lines).toContain(`![The workflow](../images/recipes/${page.replace('.md', '.png')})`);
		expect(exampleOf(page)).not.toBe('');
		expect(lines).toContain('## What it costs');
		if (page !== AGENT) expect(figuresOf(page)).toBeDefined();
	});

	it.each(pages.filter((page) => page !== AGENT))('makes as many calls as its page states (%s)', async (page) => {
		desk().simulator.world.clock.set(Date.now());
		const { first, again } = figuresOf(page) ?? { first: NaN };
		expect(await callsOfRun(workflowOf(page), 'first')).toBe(first);
		if (again !== undefined) expect(await callsOfRun(workflowOf(page), 'again')).toBe(again);
	});
});

describe('the recipe for someone who leaves', () => {
	it('cancels single meetings and series of the person, and nothing of others', async () => {
		desk().simulator.world.clock.set(Date.now());
		await callsOfRun(workflowOf('leaver.md'), 'once');
		const { events } = await stateOf(desk());
		expect(events.map(({ status }) => status)).toEqual(['cancelled', 'cancelled']);
	});
});

describe('the tools of the agent recipe', () => {
	const { nodes } = workflowOf(AGENT);

	/** Calls one of the tools as an agent does, with these arguments. */
	async function call(tool: string, args: IDataObject): Promise<{ answer: IDataObject; calls: number }> {
		const node = nodes.find(({ name }) => name === tool);
		if (!node) throw new Error(`The example has no tool ${tool}`);
		await desk().recorder.clear();
		const plain = (name: string, type: string) => ({
			id: name,
			name,
			type,
			typeVersion: 1,
			position: node.position,
			parameters: {},
		});
		const run = await desk().engine.runWorkflow(
			{
				nodes: [plain(MANUAL, 'n8n-nodes-base.manualTrigger'), node, plain('Agent', '@n8n/n8n-nodes-langchain.agent')],
				connections: {
					[MANUAL]: { main: [[{ node: 'Agent', type: NodeConnectionTypes.Main, index: 0 }]] },
					[tool]: { ai_tool: [[{ node: 'Agent', type: NodeConnectionTypes.AiTool, index: 0 }]] },
				},
				settings: { timezone: 'Asia/Shanghai' },
			},
			{ credentials: [desk().credential], startNode: MANUAL, pinData: { [MANUAL]: [{ json: args }] } },
		);
		const [{ response, error }] = outputOf(run, 'Agent') as Array<{ response?: string; error?: string }>;
		expect(error).toBeUndefined();
		const [answer] = JSON.parse(response ?? '[]') as IDataObject[];
		return { answer, calls: (await desk().recorder.meteredCalls()).length };
	}

	const costOf = (tool: string): number =>
		Number(new RegExp(`\\| ${tool} +\\| (\\d+) +\\|`).exec(read(`docs/recipes/${AGENT}`))?.[1]);

	it('find a time, book it, and show it, at the cost that the page states', async () => {
		desk().simulator.world.clock.set(Date.parse('2026-03-02T00:00:00Z'));
		const wanted = { attendees: '林晓彤, 王建国', minutes: 60, from: '2026-03-03T13:00', to: '2026-03-03T18:00' };
		const found = await call('Find a free time', wanted);
		expect(found.answer).toMatchObject({ found: true, start: '2026-03-03T13:00:00+08:00' });
		const { start, end } = found.answer;
		const booked = await call('Book a meeting', { title: 'Review', start, end, attendees: '林晓彤, 王建国' });
		expect(booked.answer).toMatchObject({ booked: true });
		const shown = await call('Read an agenda', { person: '林晓彤', date: '2026-03-03' });
		expect(shown.answer.text).toContain('Review');
		expect([found.calls, booked.calls, shown.calls]).toEqual(
			['Find a free time', 'Book a meeting', 'Read an agenda'].map(costOf),
		);
	});

	it('can change or cancel nothing', () => {
		const tools = nodes.filter(({ type }) => type.endsWith('dingTalkCalendarTool'));
		expect(tools.map(({ parameters }) => parameters.operation)).toEqual(['getAgenda', 'findSlots', 'book']);
	});
});

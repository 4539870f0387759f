/** Holds that `npm run try` says what examples did, and sees it when one fails. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { runExample } from '../try/runExample';
import { Engine, type WorkflowJson } from './harness';

const example = (name: string): string => readFileSync(join(__dirname, `../../examples/${name}.json`), 'utf8');

describe('npm run try', () => {
	let engine: Engine;
	beforeAll(async () => {
		engine = await Engine.start();
	});
	afterAll(async () => await engine.stop());

	const tried = async (json: string) => await runExample(engine, JSON.parse(json) as WorkflowJson);

	it('counts the items of every step', async () => {
		expect(await tried(example('weekly-meeting'))).toMatchObject([
			{
				start: 'started manually',
				steps: [
					{ node: 'Create the meeting', items: 1, first: { summary: 'Weekly planning' } },
					{ node: 'List the occurrences', items: 8 },
				],
				error: undefined,
			},
		]);
	});

	it('starts an example in each way that it can be started', async () => {
		const outcomes = await tried(example('two-way-sync'));
		expect(outcomes.map(({ start, steps, error }) => [start, steps.length, error])).toEqual([
			['started manually', 2, undefined],
			['a new meeting pushed over Stream', 3, undefined],
		]);
	});

	it('signs a user in, with a workflow that has no secret and keeps no execution', async () => {
		const json = example('sign-in-a-user');
		expect(await tried(json)).toMatchObject([
			{
				start: 'a user signs in, and the credential takes the code',
				steps: [
					{ node: 'Sign-in page', items: 1 },
					{ node: 'Show the page', items: 1 },
				],
				meteredCalls: 0,
				error: undefined,
			},
		]);
		const { settings, nodes } = JSON.parse(json) as WorkflowJson;
		expect(settings).toMatchObject({
			saveDataSuccessExecution: 'none',
			saveDataErrorExecution: 'none',
			saveManualExecutions: false,
			saveExecutionProgress: false,
		});
		expect(nodes.filter(({ credentials }) => credentials)).toEqual([]);
	});

	it('names the node that failed, and says why', async () => {
		const [{ error }] = await tried(example('weekly-meeting').replaceAll('13857130207', '19999999999'));
		expect(error).toMatch(/^'Create the meeting': .*'19999999999'/);
	});
});

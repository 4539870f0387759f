/**
 * Throws hostile values at every field of every operation and at every field of DingTalk's responses: nothing crashes, no secret
 * comes out, no prototype changes, no call leaves its path, and no file gets a line of an attacker's own.
 */
import type { INodeParameters, INodeProperties } from 'n8n-workflow';

import { api } from '../../lib/dingtalk/endpoints';
import { resources } from '../../nodes/DingTalkCalendar/resources';
import { amount, sample } from '../long/amount';
import { Random } from '../simulator/random';
import { TokenStore } from '../simulator/tokens';
import { errorOf, itemsOf, storedTextOf, TESTED_NODE } from './harness';
import { CASES } from './support/cases';
import { CRASHED, fieldsOf, isOfN8n, isPrototypeChanged } from './support/hostileFields';
import { hostileValue, INJECTED, startHostileProxy } from './support/hostileValues';
import { Desk, useDesk } from './support/setup';
import { credentialOf } from './support/state';

const desk = useDesk({ waits: 'skipped' });

const propertiesOf = (id: string): INodeProperties[] => {
	const [resource, name] = id.split('.');
	const operations = resources.find(({ value }) => value === resource)?.operations ?? [];
	return operations.find(({ value }) => value === name)?.properties ?? [];
};

const TEMPLATES = Object.values(api).flatMap((call) => [
	call.path,
	...('mePath' in call && typeof call.mePath === 'string' ? [call.mePath] : []),
]);
const PATHS = ['/v1.0/oauth2/accessToken', ...TEMPLATES].map(
	(path) => new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
);

/** What is wrong after an operation was run, on these parameters and with these responses. */
async function problemsOf(on: Desk, parameters: INodeParameters, url = on.simulator.url): Promise<string[]> {
	const credential = credentialOf(on, { baseUrl: url, clientId: 'sim-internal' });
	const started = await on.runNode({ parameters, credential }).catch((error: Error) => error);
	if (started instanceof Error) return isOfN8n(started) ? [] : [started.stack ?? started.message];
	const { run } = started;
	const error = errorOf(run);
	const problems: string[] = [];
	if (error) {
		const text = `${error.message} ${error.description ?? ''}`;
		if (!['NodeApiError', 'NodeOperationError'].includes(error.name)) problems.push(`not a node's error`);
		// Of a response with the wrong types, a general error of the node is enough.
		if (url === on.simulator.url && CRASHED.test(text)) problems.push('it crashed');
		if (problems.length > 0) problems.push(`${error.name} ${text.slice(0, 300)} ${error.stack?.slice(0, 600) ?? ''}`);
	}
	if (isPrototypeChanged()) problems.push('a prototype has changed');
	const stored = storedTextOf(run);
	const secrets = ['sim-secret', ...on.simulator.world.use(TokenStore).values()];
	if (secrets.some((secret) => stored.includes(secret))) problems.push('a secret came out');
	const { calls } = await on.recorder.summary();
	for (const { path } of calls)
		if (!PATHS.some((known) => known.test(path))) problems.push(`it called ${path.slice(0, 200)}`);
	for (const { binary } of itemsOf(run, TESTED_NODE)) {
		if (!binary?.data?.fileName?.endsWith('.ics')) continue;
		const lines = Buffer.from(binary.data.data, 'base64')
			.toString()
			.split(/[\r\n\u0085\u2028\u2029]/);
		if (lines.some((line) => line.startsWith(INJECTED))) problems.push('the file has a line of its own');
	}
	return problems;
}

const ids = Object.keys(CASES);
const rounds = amount({ short: 1, long: 60 });

const on = async <T>(work: (opened: Desk) => Promise<T>): Promise<T> => {
	const opened = await Desk.open(desk().engine);
	return await work(opened).finally(async () => await opened.close());
};

describe('A hostile value in a field', () => {
	it.each(ids.map((id, index) => ({ id, index })))('does no harm ($id)', async ({ id, index }) => {
		const fields = fieldsOf(propertiesOf(id));
		expect(fields.length).toBeGreaterThan(0);
		const found: unknown[] = [];
		for (let round = 0; round < rounds; round++) {
			const random = new Random();
			random.seed(4_000_000 + 1000 * index + round);
			const [resource, operation] = id.split('.');
			const value = hostileValue(random);
			await on(async (opened) => {
				const given = { resource, operation, user: opened.people[0].unionId, ...CASES[id](opened) };
				const parameters = random.pick(fields)(given, value);
				const problems = await problemsOf(opened, parameters);
				if (problems.length > 0) found.push({ round, problems, value: JSON.stringify(value)?.slice(0, 100) });
			});
		}
		expect(found).toEqual([]);
	});
});

/** A refusal repeats what was entered, so that it can be found, but no more of it than can be read. */
const MOST_REPEATED = 200;

describe('A text of thousands of characters in a field', () => {
	it.each(ids.map((id, index) => ({ id, index })))('is not repeated whole in an error ($id)', async ({ id, index }) => {
		const [resource, operation] = id.split('.');
		const found: string[] = [];
		const texts = ['x'.repeat(5000), `${'x'.repeat(3000)}@example.com`, '2026-03-03T' + 'x'.repeat(3000)];
		await on(async (opened) => {
			const given = { resource, operation, user: opened.people[0].unionId, ...CASES[id](opened) };
			for (const spoil of sample(fieldsOf(propertiesOf(id)), { every: 12, turn: index })) {
				for (const text of sample(texts, { every: 3, turn: index })) {
					const started = await opened.runNode({ parameters: spoil(given, text) }).catch((error: Error) => error);
					const error = started instanceof Error ? undefined : errorOf(started.run);
					const shown = `${error?.message ?? ''} ${error?.description ?? ''}`;
					if (new RegExp(`x{${MOST_REPEATED + 1}}`).test(shown)) found.push(shown.replace(/x{100,}/g, 'x…x'));
				}
			}
		});
		expect(found).toEqual([]);
	});
});

it('A list of lists of lists is refused as an option that there is not', async () => {
	const filters = { response: '['.repeat(5000) + ']'.repeat(5000) };
	const parameters = { resource: 'event', operation: 'getAll', ...CASES['event.getAll'](desk()), filters };
	const { run } = await desk().runNode({ parameters: { ...parameters, user: desk().people[0].unionId } });
	expect(errorOf(run)?.message).toContain('has no option');
});

describe('A hostile value in a response', () => {
	it.each(ids.map((id, index) => ({ id, index })))('does no harm ($id)', async ({ id, index }) => {
		const found: unknown[] = [];
		for (let round = 0; round < rounds; round++) {
			const random = new Random();
			random.seed(5_000_000 + 1000 * index + round);
			const [resource, operation] = id.split('.');
			await on(async (opened) => {
				const proxy = await startHostileProxy(opened.simulator.url, random, random.pick([0.01, 0.05, 0.2]));
				const output = random.pick(['simplified', 'raw', 'selected']);
				const given = { resource, operation, user: opened.people[0].unionId, output, ...CASES[id](opened) };
				const problems = await problemsOf(opened, given, proxy.url).finally(async () => await proxy.close());
				if (problems.length > 0)
					found.push({ round, problems, changed: proxy.changed.map((text) => text.slice(0, 400)) });
			});
		}
		expect(found).toEqual([]);
	});
});

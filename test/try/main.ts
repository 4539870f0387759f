/**
 * `npm run try`: every example workflow on n8n's engine, against a DingTalk in this process, and what it did.
 * `-- NAME` runs one, by the name of its file in examples/.
 */
import '../engine/environment.js';

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { columns, describeItem } from '../../tools/report/table.cjs';
import { Engine, type WorkflowJson } from '../engine/harness';
import { runExample, type Outcome, type Step } from './runExample';

const folder = join(__dirname, '../../examples');

const names = readdirSync(folder)
	.filter((file) => file.endsWith('.json'))
	.map((file) => file.slice(0, -'.json'.length));

/** The chat of an agent does nothing without a model, which is not part of this. */
const needsModel = ({ nodes }: WorkflowJson): boolean => nodes.some(({ type }) => type.endsWith('.chatTrigger'));

/** As its note says; undefined where the number depends on the use. */
const statedCost = ({ nodes }: WorkflowJson): number | undefined => {
	const note = nodes.map(({ parameters }) => String(parameters?.content ?? '')).join();
	const [, count] = /\*\*Costs\*\* (\d+|no) calls?/.exec(note) ?? [];
	return count === undefined ? undefined : Number(count.replace('no', '0'));
};

const seconds = (since: number): string => `${((Date.now() - since) / 1000).toFixed(1)} s`;

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

async function main(): Promise<void> {
	const begin = Date.now();
	const wanted = process.argv.slice(2);
	const unknown = wanted.filter((name) => !names.includes(name));
	if (unknown.length > 0) {
		console.error(`There is no example ${unknown.join(', ')}. The examples are:\n  ${names.join('\n  ')}`);
		process.exit(2);
	}

	const chosen = wanted.length > 0 ? wanted : names;
	console.log(`\n${counted(chosen.length, 'example workflow')} on n8n's engine, against a DingTalk simulator\n`);
	const engine = await Engine.start({ timezone: 'Asia/Shanghai' });
	let passed = 0;
	let calls = 0;
	for (const [index, name] of chosen.entries()) {
		const start = Date.now();
		const json = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as WorkflowJson;
		const outcomes = await runExample(engine, json);
		const stated = statedCost(json);
		const costsAsStated =
			stated === undefined || Math.max(...outcomes.map(({ meteredCalls }) => meteredCalls)) === stated;
		const isFine =
			costsAsStated && (outcomes.length > 0 || needsModel(json)) && outcomes.every(({ error }) => error === undefined);
		if (isFine) passed += 1;
		calls += outcomes.reduce((sum, { meteredCalls }) => sum + meteredCalls, 0);
		console.log(`[${index + 1}/${chosen.length}] ${isFine ? '✓' : '✗'} ${json.name} (${name}, ${seconds(start)})`);
		if (!costsAsStated) console.log(`  FAILED: its note says that a run costs ${counted(stated ?? 0, 'call')}\n`);
		for (const outcome of outcomes) console.log(`${report(outcome)}\n`);
		if (outcomes.length === 0) {
			console.log(
				needsModel(json)
					? '  Needs a language model: try it in n8n\n'
					: '  FAILED: it has no trigger that can be tried here\n',
			);
		}
	}
	await engine.stop();

	console.log(`Ran in ${seconds(begin)}. ${counted(calls, 'call')} would count against DingTalk's monthly quota.`);
	console.log(`${passed} passed, ${chosen.length - passed} failed`);
	process.exit(passed === chosen.length ? 0 : 1);
}

function report({ start, steps, meteredCalls, error }: Outcome): string {
	const rows = steps.map(({ node, items, first }) => [node, counted(items, 'item'), describeItem(first)]);
	const result = error === undefined ? `OK: ${summary(steps)}` : `FAILED: ${error}`;
	return [
		`  ${start[0].toUpperCase()}${start.slice(1)}`,
		...columns(rows, 70).map((line) => `  ${line}`),
		`  ${result} (${counted(meteredCalls, 'call')})`,
	].join('\n');
}

function summary(steps: Step[]): string {
	const last = steps.at(-1);
	if (!last) return 'nothing to do';
	return `${counted(steps.length, 'step')} ran, ${counted(last.items, 'item')} at the end`;
}

void main();

/** Holds that workflows of version 1.0.0-rc.1 run unchanged: its examples, byte for byte. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { runExample } from '../try/runExample';
import { Engine, type WorkflowJson } from './harness';

const folder = join(__dirname, 'fixtures/rc1');
const names = readdirSync(folder).map((file) => file.slice(0, -'.json'.length));

describe('an example workflow of version 1.0.0-rc.1', () => {
	let engine: Engine;
	beforeAll(async () => {
		engine = await Engine.start({ timezone: 'Asia/Shanghai' });
	});
	afterAll(async () => await engine.stop());

	it.each(names)('runs unchanged to its last node: %s', async (name) => {
		const json = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as WorkflowJson;
		const outcomes = await runExample(engine, json);
		expect(outcomes).not.toHaveLength(0);
		for (const { start, steps, error } of outcomes) {
			expect({ start, error }).toEqual({ start, error: undefined });
			expect(steps).not.toHaveLength(0);
			for (const { node, items } of steps) expect([node, items > 0]).toEqual([node, true]);
		}
	});
});

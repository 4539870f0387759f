/** Tests that the test workflows cover every operation and can be imported. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { NodeHelpers } from 'n8n-workflow';

import { DingTalkCalendar } from '../../nodes/DingTalkCalendar/DingTalkCalendar.node';
import { resources } from '../../nodes/DingTalkCalendar/resources';
import { DINGTALK_CALENDAR } from './harness';
import { readWorkflow } from './support/setup';

const names = readdirSync(join(__dirname, 'workflows')).map((file) => file.replace(/\.json$/, ''));

describe('the test workflows', () => {
	const { description } = new DingTalkCalendar();

	it('cover every operation', () => {
		const shown = names
			.flatMap((name) => readWorkflow(name).nodes)
			.map(({ parameters }) => `${String(parameters.resource)}.${String(parameters.operation)}`);
		const operations = resources.flatMap((resource) =>
			resource.operations.map(({ value }) => `${resource.value}.${value}`),
		);
		expect(operations.filter((operation) => !shown.includes(operation))).toEqual([]);
	});

	it.each(names)('set only parameters that the form shows (%s)', (name) => {
		const tested = readWorkflow(name).nodes.filter(({ type }) => type === DINGTALK_CALENDAR);
		expect(tested.length).toBeGreaterThan(0);
		for (const node of tested) {
			const known = NodeHelpers.getNodeParameters(
				description.properties,
				node.parameters,
				true,
				false,
				node,
				description,
			);
			expect(known).toMatchObject(node.parameters);
		}
	});

	it.each(names)('can be imported (%s)', (name) => {
		const { nodes, connections } = readWorkflow(name);
		const called = nodes.map((node) => node.name);
		expect(new Set(called).size).toBe(called.length);
		expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length);
		for (const node of nodes) {
			expect(node).toMatchObject({
				parameters: expect.anything(),
				typeVersion: expect.any(Number),
				position: [expect.any(Number), expect.any(Number)],
			});
		}
		const targets = Object.values(connections).flatMap(({ main }) => main.flat().map((target) => target?.node));
		for (const end of [...Object.keys(connections), ...targets]) expect(called).toContain(end);
	});
});

/** Workflows that DingTalk starts, activated in a real n8n. */
import { execFileSync } from 'node:child_process';
import { ensureN8n } from '../../tools/n8n/ensure.mjs';
import { controlOf, simulatorCredential } from '../../tools/simulator.mjs';
import { until } from './until.mjs';

const nodeMajor = (version) =>
	Number.parseInt(
		execFileSync('node', ['-p', 'process.versions.node'], { env: ensureN8n(version).environment, encoding: 'utf8' }),
		10,
	);

const withCredential = (workflow, credential) => ({
	...workflow,
	nodes: workflow.nodes.map((node) =>
		node.type.endsWith('.dingTalkCalendarTrigger')
			? { ...node, parameters: { ...node.parameters, people: '' }, credentials: { dingTalkCalendarApi: credential } }
			: node,
	),
});

/** n8n of before Node.js 22 must say why it cannot; any other runs each change once, also those made while it was down. */
export async function streamFault(n8n, workflow, simulatorUrl) {
	const control = controlOf(simulatorUrl);
	await control('reset', {});
	let server = await n8n.start();
	try {
		const { id: credentialId, name } = await server.rest.createCredential(
			'DingTalk Stream',
			simulatorCredential(simulatorUrl),
		);
		const { id } = await server.rest.createWorkflow(withCredential(workflow, { id: credentialId, name }));
		const refusal = await server.rest.activate(id).then(
			() => undefined,
			(error) => error.message,
		);
		if (nodeMajor(n8n.version) < 22)
			return refusal?.includes('needs Node.js 22') ? undefined : `expected a word about Node.js 22, not: ${refusal}`;
		if (refusal) return refusal;
		const push = async (count) =>
			await control('push', { clientId: 'sim-internal', via: 'stream', count, copies: 2, order: 'shuffled' });
		const accepted = async () => (await control('push')).pushes.every(({ state }) => state === 'accepted');
		const runs = async () => await server.rest.countExecutions(id, ['success']);
		const reach = async (count) =>
			await until(`${count} runs`, async () => (await runs()) >= count && (await accepted())).then(
				() => undefined,
				async () => `${await runs()} runs, not ${count}`,
			);
		await push(10);
		const first = await reach(10);
		if (first) return first;
		await control('connections', { do: 'drop' });
		await push(10);
		const second = await reach(20);
		if (second) return `after a drop: ${second}`;
		await server.stop();
		await push(10);
		server = await n8n.start();
		const third = await reach(30);
		if (third) return `after a restart: ${third}`;
		const failed = await server.rest.countExecutions(id, ['error']);
		const all = await runs();
		return all === 30 && failed === 0 ? undefined : `${all} runs and ${failed} failures for 30 changes`;
	} finally {
		await server.stop();
	}
}

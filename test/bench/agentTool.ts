/**
 * What an agent's tool costs (W13): the characters that a model is sent of the tool with each of its calls, beside n8n's Google
 * Calendar node in the same task, and the calls to DingTalk when the model uses it.
 */
import '../engine/environment.js';

import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { INode, INodeParameters, INodeType, IVersionedNodeType } from 'n8n-workflow';

import { Engine } from '../engine/harness';
import { Desk } from '../engine/support/setup';
import type { CallSummary } from '../simulator/gateway/callLog';
import { VERSION } from './n8n/servers';

export interface AgentTool {
	/** Name, description and schema of the tool, as the model gets them. */
	characters: { ours: number; googleCalendar: number };
	/** For one event with an attendee by name. */
	calls: Pick<CallSummary, 'metered' | 'free' | 'token'>;
}

interface Tool {
	name: string;
	description: string;
	schema: unknown;
}

const root = join(__dirname, '../..');
const ofN8n = createRequire(join(root, `.cache/n8n-${VERSION}/node_modules/n8n-nodes-base/package.json`));
const ofEngine = createRequire(require.resolve('n8n-core'));

/** As the editor writes it when a field is left to the model. */
const byModel = (key: string): string => `={{ $fromAI('${key}', \`\`, 'string') }}`;

const SUMMARY = { start: byModel('Start'), end: byModel('End') };
const OURS: INodeParameters = {
	resource: 'event',
	operation: 'create',
	summary: byModel('Title'),
	...SUMMARY,
	additionalFields: { attendees: byModel('Attendees') },
};
const GOOGLE: INodeParameters = {
	resource: 'event',
	operation: 'create',
	...SUMMARY,
	additionalFields: { summary: byModel('Summary'), attendees: [byModel('attendees0_Attendees')] },
};

/** Both nodes have the same name, which a user chooses. */
function charactersOf(nodeType: INodeType, parameters: INodeParameters): number {
	const { createNodeAsTool } = ofEngine('./execution-engine/node-execution-context/utils/create-node-as-tool.js') as {
		createNodeAsTool(options: object): { response: Tool };
	};
	const { zodToJsonSchema } = ofN8n('zod-to-json-schema') as { zodToJsonSchema(schema: unknown): object };
	const node: INode = {
		...{ id: '1', name: 'Create an event', type: 'tool', typeVersion: 1, position: [0, 0] },
		parameters,
	};
	const { name, description, schema } = createNodeAsTool({ node, nodeType, handleToolInvocation: () => '' }).response;
	return JSON.stringify({ name, description, parameters: zodToJsonSchema(schema) }).length;
}

type NodeClass = new () => INodeType | IVersionedNodeType;

/** The newest version of the only node in a file, as n8n loads it. */
function nodeIn(file: string): INodeType {
	const [Node] = Object.values(ofN8n(file) as Record<string, NodeClass>).filter((one) => typeof one === 'function');
	const node = new Node();
	return 'nodeVersions' in node ? node.nodeVersions[node.currentVersion] : node;
}

async function countCalls(): Promise<AgentTool['calls']> {
	const engine = await Engine.start();
	const desk = await Desk.open(engine);
	const [host, guest] = desk.people;
	const parameters = { ...OURS, user: { __rl: true, mode: 'unionId', value: host.unionId } };
	const args = { Title: 'Budget', Start: '2026-03-05T10:00', End: '2026-03-05T11:00', Attendees: guest.name };
	await engine.runTool({ parameters, items: [args], credential: desk.credential, timezone: 'Asia/Shanghai' });
	const { metered, free, token } = (await (
		await fetch(`${desk.simulator.url}/_simulator/calls`)
	).json()) as CallSummary;
	const { events } = (await (await fetch(`${desk.simulator.url}/_simulator/state`)).json()) as { events: unknown[] };
	if (events.length !== 1) throw new Error('The tool did not create its event');
	await desk.close();
	await engine.stop();
	return { metered, free, token };
}

export const measureAgentTool = async (): Promise<AgentTool> => ({
	characters: {
		ours: charactersOf(nodeIn(join(root, 'dist/nodes/DingTalkCalendar/DingTalkCalendar.node.js')), OURS),
		googleCalendar: charactersOf(nodeIn('./dist/nodes/Google/Calendar/GoogleCalendar.node.js'), GOOGLE),
	},
	calls: await countCalls(),
});

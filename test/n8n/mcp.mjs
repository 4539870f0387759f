/** The node as a tool of AI agents: offered by n8n's MCP Server Trigger, used by a client of the Model Context Protocol. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { controlOf } from '../../tools/simulator.mjs';

const PATH = 'dingtalk-tools';

/** An agent fills in the expressions; the rest is the workflow author's. */
const workflow = (credential) => ({
	name: 'Calendar tools for AI agents',
	nodes: [
		{
			id: 'm1',
			name: 'MCP Server Trigger',
			type: '@n8n/n8n-nodes-langchain.mcpTrigger',
			typeVersion: 2,
			position: [0, 0],
			webhookId: PATH,
			parameters: { path: PATH },
		},
		{
			id: 't1',
			name: 'Create an event',
			type: 'n8n-nodes-dingtalk-calendar.dingTalkCalendarTool',
			typeVersion: 1,
			position: [0, 240],
			parameters: {
				resource: 'event',
				operation: 'create',
				user: {
					__rl: true,
					mode: 'auto',
					value: "={{ $fromAI('organizer', 'Name or mobile number of the organizer', 'string') }}",
				},
				summary: "={{ $fromAI('title', 'Title of the meeting', 'string') }}",
				start: "={{ $fromAI('start', 'Start, for instance 2026-03-02T10:00:00', 'string') }}",
				end: "={{ $fromAI('end', 'End, for instance 2026-03-02T11:00:00', 'string') }}",
				additionalFields: {
					attendees: "={{ $fromAI('attendees', 'Names or mobile numbers, separated by commas', 'string') }}",
				},
			},
			credentials: { dingTalkCalendarApi: credential },
		},
	],
	connections: { 'Create an event': { ai_tool: [[{ node: 'MCP Server Trigger', type: 'ai_tool', index: 0 }]] } },
	settings: { executionOrder: 'v1', timezone: 'Asia/Shanghai' },
});

/** n8n brings the protocol's own SDK along. */
function clientSdk(n8nFolder) {
	const require = createRequire(join(n8nFolder, 'node_modules/n8n/package.json'));
	return {
		...require('@modelcontextprotocol/sdk/client/index.js'),
		...require('@modelcontextprotocol/sdk/client/streamableHttp.js'),
	};
}

async function connected({ Client, StreamableHTTPClientTransport }, url) {
	// An activated workflow takes a moment to get its address.
	const patience = Date.now() + 30_000;
	for (;;) {
		const client = new Client({ name: 'test', version: '1.0.0' });
		try {
			await client.connect(new StreamableHTTPClientTransport(new URL(url)));
			return client;
		} catch (error) {
			if (Date.now() > patience) throw error;
			await new Promise((resolve) => setTimeout(resolve, 500));
		}
	}
}

/** What went wrong; undefined where an agent could find the tool, use it, and understand what it cannot do. */
export async function agentFault({ server, n8nFolder, simulatorUrl, credential }) {
	const control = controlOf(simulatorUrl);
	const { id } = await server.rest.createWorkflow(workflow(credential));
	await server.rest.activate(id);
	const client = await connected(clientSdk(n8nFolder), `${server.url}/mcp/${PATH}`);
	try {
		const { tools } = await client.listTools();
		const [tool] = tools;
		const missing = ['organizer', 'title', 'start', 'end', 'attendees'].filter(
			(name) => !(name in (tool?.inputSchema.properties ?? {})),
		);
		if (tools.length !== 1 || missing.length > 0)
			return `the tool does not ask for ${missing.join(', ')}: ${JSON.stringify(tools)}`;

		const { people } = await control('state');
		const [host, guest] = people;
		const title = 'Made by an agent';
		const call = {
			organizer: host.mobile,
			title,
			start: '2026-03-02T10:00:00',
			end: '2026-03-02T11:00:00',
			attendees: guest.mobile,
		};
		const made = await client.callTool({ name: tool.name, arguments: call });
		const { events } = await control('state');
		const event = events.find(({ summary }) => summary === title);
		if (!event) return `no event was created: ${JSON.stringify(made)}`;
		if (!JSON.stringify(made.content).includes(title))
			return `the answer does not show the event: ${JSON.stringify(made)}`;

		const refused = JSON.stringify(
			await client.callTool({ name: tool.name, arguments: { ...call, end: '2026-03-02T09:00:00' } }),
		);
		return /'End'/.test(refused) ? undefined : `the agent does not learn what is wrong: ${refused}`;
	} finally {
		await client.close();
		await server.rest.deactivate(id);
	}
}

/**
 * n8n's own nodes, as they come with n8n 2.41.1, doing the same job the way a workflow does it today: HTTP Request with the same
 * credential, its batching and its pagination, Split Out, and expressions.
 */
import Module, { createRequire } from 'node:module';
import { join } from 'node:path';
import { NodeConnectionTypes, type IDataObject, type INode, type INodeExecutionData, type INodeParameters, type INodeType, type IPinData } from 'n8n-workflow';

import { Engine, errorOf, itemsOf } from '../../engine/harness';
import { HOUR, WINDOW } from '../workloads';
import type { Side } from './side';

const root = join(__dirname, '../../..');
export const NODES = join(root, '.cache/n8n-2.41.1/node_modules/n8n-nodes-base/dist/nodes');

type Resolver = (request: string, ...rest: unknown[]) => string;

/** One n8n-workflow and one n8n-core for engine and nodes, as in n8n itself. */
function shareEngine(): void {
	const loader = Module as unknown as { _resolveFilename: Resolver };
	const resolve = loader._resolveFilename;
	const shared = new Map(['n8n-workflow', 'n8n-core'].map((name) => [name, require.resolve(name)]));
	loader._resolveFilename = (request, ...rest) => shared.get(request) ?? resolve(request, ...rest);
}

const load = (file: string, name: string): INodeType => {
	const types = createRequire(__filename)(join(NODES, file)) as Record<string, new () => INodeType>;
	return new types[name]();
};

const request = (method: string, url: string, more: INodeParameters = {}): INodeParameters => ({
	method,
	url,
	authentication: 'predefinedCredentialType',
	nodeCredentialType: 'dingTalkCalendarApi',
	options: {},
	...more,
});

const json = (jsonBody: string): INodeParameters => ({ sendBody: true, contentType: 'json', specifyBody: 'json', jsonBody });

/** No more than DingTalk allows, as its panel offers it. */
const batches = (callsPerSecond: number): INodeParameters => ({ batching: { batch: { batchSize: callsPerSecond, batchInterval: 1000 } } });

interface Step {
	name: string;
	type: 'httpRequest' | 'splitOut';
	version: number;
	parameters: INodeParameters;
}

const http = (name: string, parameters: INodeParameters): Step => ({ name, type: 'httpRequest', version: 4.2, parameters });
const splitOut = (name: string, fieldToSplitOut: string): Step => ({ name, type: 'splitOut', version: 1, parameters: { fieldToSplitOut, options: {} } });

async function start(): Promise<Engine> {
	shareEngine();
	const engine = await Engine.start();
	engine.addNodeType('n8n-nodes-base.httpRequest', load('HttpRequest/HttpRequest.node.js', 'HttpRequest'));
	engine.addNodeType('n8n-nodes-base.splitOut', load('Transform/SplitOut/SplitOut.node.js', 'SplitOut'));
	return engine;
}

let started: Promise<Engine> | undefined;

export const httpRequest: Side = async ({ url, workload, task, callsPerSecond }) => {
	const engine = await (started ??= start());
	const credential = engine.addCredential({
		type: 'dingTalkCalendarApi',
		data: { region: 'custom', baseUrl: url, clientId: 'sim-internal', clientSecret: 'sim-secret' },
	});
	const calendar = `${url}/v1.0/calendar/users/`;
	const host = `${calendar}${task.people[0]}`;
	const time = (dateTime: string): string => `{ dateTime: ${JSON.stringify(dateTime)}, timeZone: 'Asia/Shanghai' }`;
	const event = (more = ''): string => `={{ JSON.stringify({ summary: $json.title, start: ${time(HOUR.start)}, end: ${time(HOUR.end)}${more} }) }}`;
	const createAt = `=${calendar}{{ $json.organizer }}/calendars/primary/events`;
	const invited =
		", attendees: $json.mobiles.map((mobile) => ({ id: $('People').all().find(({ json }) => json.result.mobile === mobile).json.result.unionid }))";

	const plans: Record<typeof workload.kind, { items: IDataObject[]; steps: Step[] }> = {
		create:
			task.mobiles.length > 0
				? {
						items: task.mobiles.map((mobile) => ({ mobile })),
						steps: [
							http('Find', request('POST', `${url}/topapi/v2/user/getbymobile`, { ...json('={{ JSON.stringify({ mobile: $json.mobile }) }}'), options: batches(callsPerSecond) })),
							http('People', request('POST', `${url}/topapi/v2/user/get`, { ...json('={{ JSON.stringify({ userid: $json.result.userid }) }}'), options: batches(callsPerSecond) })),
							splitOut('Rows', 'rows'),
							http('Create', request('POST', createAt, { ...json(event(invited)), options: batches(callsPerSecond) })),
						],
					}
				: { items: task.rows, steps: [http('Create', request('POST', createAt, { ...json(event()), options: batches(callsPerSecond) }))] },
		list: {
			items: [{}],
			steps: [
				http(
					'List',
					request('GET', `${host}/calendars/primary/eventsview`, {
						sendQuery: true,
						queryParameters: { parameters: Object.entries({ ...WINDOW, maxResults: '100' }).map(([name, value]) => ({ name, value })) },
						options: {
							pagination: {
								pagination: {
									paginationMode: 'updateAParameterInEachRequest',
									parameters: { parameters: [{ type: 'qs', name: 'nextToken', value: '={{ $response.body?.nextToken }}' }] },
									paginationCompleteWhen: 'other',
									completeExpression: '={{ !$response.body?.nextToken }}',
									requestInterval: 1000 / callsPerSecond,
								},
							},
						},
					}),
				),
				splitOut('Events', 'events'),
			],
		},
		addAttendees: {
			items: [{ parts: portions(task.people.slice(1), 500) }],
			steps: [
				splitOut('Parts', 'parts'),
				http('Add', request('POST', `${host}/calendars/primary/events/${task.eventId}/attendees`, json('={{ JSON.stringify({ attendeesToAdd: $json.people.map((id) => ({ id, isOptional: false })) }) }}'))),
			],
		},
		freeBusy: {
			items: [{ parts: portions(task.people, 20) }],
			steps: [
				splitOut('Parts', 'parts'),
				http('Ask', request('POST', `${host}/querySchedule`, json(`={{ JSON.stringify({ userIds: $json.people, startTime: '${WINDOW.timeMin}', endTime: '${WINDOW.timeMax}' }) }}`))),
				splitOut('People', 'scheduleInformation'),
			],
		},
	};
	const { items, steps } = plans[workload.kind];
	const workflow = workflowOf(steps, workload.nodeRetry ? { retryOnFail: true, maxTries: 3, waitBetweenTries: 1000 } : { onError: 'continueRegularOutput' }, items, task.rows);
	const last = steps[steps.length - 1].name;
	return async () => {
		const run = await engine.runWorkflow(workflow.json, { credentials: [credential], pinData: workflow.pinData });
		if (errorOf(run)) return { failed: workload.items };
		const output = itemsOf(run, last);
		const failed = output.filter(({ error, json: item }) => error !== undefined || 'error' in item).length;
		return { failed, read: output.map(({ json: item }) => String(item.id ?? item.userId)) };
	};
};

/** What a Code node would make of a list: parts of the size that one call takes. */
const portions = (people: string[], size: number): IDataObject[] =>
	Array.from({ length: Math.ceil(people.length / size) }, (_, i) => ({ people: people.slice(i * size, (i + 1) * size) }));

function workflowOf(steps: Step[], settings: Partial<INode>, items: IDataObject[], rows: IDataObject[]) {
	const start: INode = { id: '0', name: 'Start', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, position: [0, 0], parameters: {} };
	const nodes = steps.map(({ name, type, version, parameters }, i): INode => ({
		id: String(i + 1),
		name,
		type: `n8n-nodes-base.${type}`,
		typeVersion: version,
		position: [200 * (i + 1), 0],
		parameters,
		...(type === 'httpRequest' ? settings : {}),
	}));
	const all = [start, ...nodes];
	const connections = Object.fromEntries(
		nodes.map(({ name }, i) => [all[i].name, { main: [[{ node: name, type: NodeConnectionTypes.Main, index: 0 }]] }]),
	);
	// The rows come from somewhere else in a workflow, for instance from a sheet that is read when the people are known.
	const table: IPinData = steps.some(({ name }) => name === 'Rows') ? { Rows: rows.map((json): INodeExecutionData => ({ json })) } : {};
	return {
		json: { nodes: all, connections },
		pinData: { Start: items.map((json): INodeExecutionData => ({ json })), ...table },
	};
}

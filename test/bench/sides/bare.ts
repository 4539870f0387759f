/** n8n's HTTP helper with the same credential, called for each page and nothing else: what n8n itself takes of a call. */
import { NodeConnectionTypes, type IDataObject, type IExecuteFunctions, type IHttpRequestOptions, type INodeType } from 'n8n-workflow';

import { Engine, errorOf, outputOf, TESTED_NODE } from '../../engine/harness';
import { WINDOW } from '../workloads';
import type { Assignment, Side } from './side';

const TYPE = 'bench.bare';
/** Evenly, as the node does it. */
const everyMs = (callsPerSecond: number): number => 1010 / callsPerSecond;

const next = async (at: number): Promise<void> => await new Promise((resolve) => setTimeout(resolve, Math.max(0, at - Date.now())));

function nodeFor({ url, task, callsPerSecond }: Assignment): INodeType {
	const send = async (context: IExecuteFunctions, options: IHttpRequestOptions): Promise<IDataObject> =>
		(await context.helpers.httpRequestWithAuthentication.call(context, 'dingTalkCalendarApi', { json: true, ...options })) as IDataObject;
	const calendar = (userId: string): string => `${url}/v1.0/calendar/users/${userId}/calendars/primary`;
	const list = async (context: IExecuteFunctions): Promise<IDataObject[]> => {
		const events: IDataObject[] = [];
		let nextToken: string | undefined;
		for (let last = 0; last === 0 || nextToken; ) {
			await next(last + everyMs(callsPerSecond));
			const page = await send(context, { url: `${calendar(task.people[0])}/eventsview`, qs: { ...WINDOW, maxResults: 100, ...(nextToken ? { nextToken } : {}) } });
			// From the answer on: the first call waits for its token, and the others may not catch up with it.
			last = Date.now();
			events.push(...(page.events as IDataObject[]));
			nextToken = page.nextToken as string | undefined;
		}
		return events;
	};
	return {
		description: {
			displayName: 'Bare',
			name: 'bare',
			group: ['transform'],
			version: 1,
			description: 'Nothing but the helper',
			defaults: { name: 'Bare' },
			inputs: [NodeConnectionTypes.Main],
			outputs: [NodeConnectionTypes.Main],
			credentials: [{ name: 'dingTalkCalendarApi', required: true }],
			properties: [],
		},
		async execute() {
			return [(await list(this)).map((json) => ({ json }))];
		},
	};
}

let started: Promise<Engine> | undefined;
let count = 0;

export const bare: Side = async (assignment) => {
	const engine = await (started ??= Engine.start());
	const type = `${TYPE}${++count}`;
	engine.addNodeType(type, nodeFor(assignment));
	const credential = engine.addCredential({
		type: 'dingTalkCalendarApi',
		data: { region: 'custom', baseUrl: assignment.url, clientId: 'sim-internal', clientSecret: 'sim-secret' },
	});
	return async () => {
		const run = await engine.runNode({ type, parameters: {}, items: [{}], credential });
		if (errorOf(run)) return { failed: assignment.workload.items };
		const output = outputOf(run, TESTED_NODE);
		return { failed: 0, read: output.map(({ id }) => String(id)) };
	};
};

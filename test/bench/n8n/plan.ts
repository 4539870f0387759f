/** A workflow that does a task, as a user would build it in n8n's editor. */
import {
	NodeConnectionTypes,
	type IConnections,
	type IDataObject,
	type INode,
	type INodeCredentialsDetails,
	type INodeParameters,
} from 'n8n-workflow';

import type { Workload } from '../workloads';

export interface Step {
	name: string;
	type: string;
	version: number;
	parameters: INodeParameters;
	/** Whether it calls DingTalk. */
	calls?: boolean;
	/** What stands on the node's tab for settings. */
	settings?: Partial<INode>;
}

/** What the webhook is sent: the items that the first step gets, and whatever else. */
interface Body extends IDataObject {
	items: IDataObject[];
}

export interface Plan {
	body: Body;
	/** One after the other. */
	steps: Step[];
}

export const CREDENTIAL = 'dingTalkCalendarApi';

export const splitOut = (name: string, field: string): Step => ({
	name,
	type: 'n8n-nodes-base.splitOut',
	version: 1,
	parameters: { fieldToSplitOut: field, options: {} },
});

/** What n8n does when a call fails: the node once more, or the next item. */
export const onFailure = ({ nodeRetry }: Workload): Partial<INode> =>
	nodeRetry ? { retryOnFail: true, maxTries: 3, waitBetweenTries: 1000 } : { onError: 'continueRegularOutput' };

/** Answers with one item only: what came of the rest stands in the execution. */
const webhook = (path: string): Step => ({
	name: 'Webhook',
	type: 'n8n-nodes-base.webhook',
	version: 2,
	parameters: { httpMethod: 'POST', path, responseMode: 'lastNode', options: {} },
	settings: { webhookId: path },
});

export function workflowOf(steps: Step[], path: string, credential: INodeCredentialsDetails) {
	const all = [webhook(path), splitOut('Items', 'body.items'), ...steps];
	const nodes = all.map(({ name, type, version, parameters, settings, calls }, i): INode => ({
		id: String(i),
		name,
		type,
		typeVersion: version,
		position: [200 * i, 0],
		parameters,
		...settings,
		...(calls ? { credentials: { [CREDENTIAL]: credential } } : {}),
	}));
	const connections: IConnections = Object.fromEntries(
		nodes
			.slice(1)
			.map(({ name }, i) => [nodes[i].name, { main: [[{ node: name, type: NodeConnectionTypes.Main, index: 0 }]] }]),
	);
	return { name: path, nodes, connections, settings: { executionOrder: 'v1', timezone: 'Asia/Shanghai' } };
}

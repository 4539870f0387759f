/** An agent without a model: calls its tool once for each input item, with the item as arguments. */
import { NodeConnectionTypes, type IExecuteFunctions, type INodeExecutionData, type INodeType } from 'n8n-workflow';

import { describeNode } from './describe';

interface Tool {
	invoke(args: unknown): Promise<string>;
}

interface ToolError extends Error {
	description?: string | null;
}

/** What a tool call came to: the tool's answer, or its error. */
export interface ToolOutcome {
	response?: string;
	error?: string;
	description?: string;
}

const failure = ({ message, description }: ToolError): ToolOutcome => ({
	error: message,
	...(description ? { description } : {}),
});

/** With `atOnce` it does not wait for one call before the next, as models that call tools in parallel. */
export const agent: INodeType = {
	description: describeNode(
		'agent',
		[1],
		[{ displayName: 'At Once', name: 'atOnce', type: 'boolean', default: false }],
		{ inputs: [NodeConnectionTypes.Main, { type: NodeConnectionTypes.AiTool, required: true }] },
	),
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const [tool] = (await this.getInputConnectionData(NodeConnectionTypes.AiTool, 0)) as Tool[];
		const atOnce = this.getNodeParameter('atOnce', 0, false) === true;
		const call = async ({ json }: INodeExecutionData): Promise<ToolOutcome> =>
			await tool.invoke(json).then((response) => ({ response }), failure);
		const outcomes: ToolOutcome[] = [];
		if (atOnce) outcomes.push(...(await Promise.all(this.getInputData().map(call))));
		else for (const item of this.getInputData()) outcomes.push(await call(item));
		return [outcomes.map((outcome, item) => ({ json: { ...outcome }, pairedItem: { item } }))];
	},
};

/** A node as the tool that n8n makes of it. */
export const asTool = (type: INodeType): INodeType =>
	Object.create(type, {
		description: {
			value: { ...type.description, inputs: [], outputs: [NodeConnectionTypes.AiTool] },
		},
	}) as INodeType;

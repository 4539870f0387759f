/** The fields of a trigger, read like those of the node, and the way to DingTalk. */
import type { IHookFunctions, IPollFunctions, ITriggerFunctions, IWebhookFunctions } from 'n8n-workflow';
import { DingTalkClient } from '../../dingtalk/client/client';
import type { Transport } from '../../dingtalk/client/types';
import { Directory } from '../../dingtalk/people/directory';
import { createTransport } from '../../dingtalk/client/transport';
import { Item } from '../ItemContext';
import { toFailure, type NodeFailure } from '../toNodeError';

export type AnyTrigger = ITriggerFunctions | IPollFunctions | IWebhookFunctions | IHookFunctions;

export const isManual = (context: AnyTrigger): boolean => context.getMode() === 'manual';

/** One item without input: a trigger has nothing before it. */
export async function createItem(context: AnyTrigger, wire?: Transport): Promise<Item> {
	const client = new DingTalkClient(wire ?? (await createTransport(context)));
	return new Item(
		{
			source: {
				parameter: (name) => context.getNodeParameter(name, null),
				input: () => ({}),
			},
			client,
			directory: new Directory(client),
			zone: context.getTimezone(),
			runKey: triggerId(context),
		},
		0,
	);
}

/** This node in this workflow, as nothing else in the instance is called. */
export const triggerId = (context: AnyTrigger): string => `${context.getWorkflow().id}:${context.getNode().id}`;

/** As the run of a node shows it. */
export const toTriggerError = (context: AnyTrigger, error: unknown): NodeFailure =>
	toFailure(context.getNode(), error as Error).error;

/** Where n8n cannot activate a workflow it shows one line only, so what to do stands in it too. */
export function toActivationError(context: AnyTrigger, error: unknown): NodeFailure {
	const nodeError = toTriggerError(context, error);
	if (!isManual(context) && nodeError.description) nodeError.message = `${nodeError.message}. ${nodeError.description}`;
	return nodeError;
}

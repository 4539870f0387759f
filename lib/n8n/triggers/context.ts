/** Connects a trigger to DingTalk and reads its parameters in the same way as those of the action node. */
import type {
	IHookFunctions,
	IPollFunctions,
	ITriggerFunctions,
	IWebhookFunctions,
	WorkflowActivateMode,
} from 'n8n-workflow';
import { DingTalkClient } from '../../dingtalk/client/client';
import type { Transport } from '../../dingtalk/client/types';
import { Directory } from '../../dingtalk/people/directory';
import { createTransport } from '../../dingtalk/client/transport';
import { Item } from '../ItemContext';
import { toFailure, type NodeFailure } from '../toNodeError';
import { t } from '../../locale/t';

const USER_ACTIVATIONS = new Set<WorkflowActivateMode>(['activate', 'create', 'update', 'manual']);

/** A user activated or saved the workflow; otherwise n8n started again, or another process took over. */
export const isUserActivation = (context: ITriggerFunctions | IPollFunctions): boolean =>
	USER_ACTIVATIONS.has(context.getActivationMode());

export type AnyTrigger = ITriggerFunctions | IPollFunctions | IWebhookFunctions | IHookFunctions;

export const isManual = (context: AnyTrigger): boolean => context.getMode() === 'manual';

/** A trigger has no input, so there is one item without any. */
export async function createItem(context: AnyTrigger, transport?: Transport): Promise<Item> {
	const client = new DingTalkClient(transport ?? (await createTransport(context)));
	return new Item(
		{
			source: {
				parameter: (name) => context.getNodeParameter(name, null),
				input: () => ({}),
			},
			client,
			directory: new Directory(client),
			zone: context.getTimezone(),
			tryKey: triggerId(context),
		},
		0,
	);
}

/** Identifies this trigger in this workflow, uniquely within the n8n instance. */
export const triggerId = (context: AnyTrigger): string => `${context.getWorkflow().id}:${context.getNode().id}`;

/** The error in the same form as in a run of the action node. */
export const toTriggerError = (context: AnyTrigger, error: unknown): NodeFailure =>
	toFailure(context.getNode(), error as Error).error;

/** When a workflow cannot be activated, n8n shows only the message, so the description is added to it. */
export function toActivationError(context: AnyTrigger, error: unknown): NodeFailure {
	const nodeError = toTriggerError(context, error);
	if (!isManual(context) && nodeError.description)
		nodeError.message = t`${nodeError.message}. ${nodeError.description}`;
	return nodeError;
}

/** The stand-ins for n8n's own nodes, by type. */
import type { INodeType } from 'n8n-workflow';

import { agent } from './agent';
import { filter } from './filter';
import { formTrigger } from './form-trigger';
import { httpRequest } from './http-request';
import { manualTrigger } from './manual-trigger';
import { noOp, stickyNote } from './pass-through';
import { set } from './set';
import { splitInBatches } from './split-in-batches';
import { splitOut } from './split-out';
import { respondToWebhook, webhook } from './webhook';

/**
 * Small nodes under the names of n8n's own, so that an exported workflow runs as it is. n8n's package of nodes would
 * be the alternative, at several hundred megabytes.
 */
export const standIns: Record<string, INodeType> = {
	'@n8n/n8n-nodes-langchain.agent': agent,
	'n8n-nodes-base.filter': filter,
	'n8n-nodes-base.formTrigger': formTrigger,
	'n8n-nodes-base.httpRequest': httpRequest,
	'n8n-nodes-base.manualTrigger': manualTrigger,
	'n8n-nodes-base.noOp': noOp,
	'n8n-nodes-base.respondToWebhook': respondToWebhook,
	'n8n-nodes-base.set': set,
	'n8n-nodes-base.splitInBatches': splitInBatches,
	'n8n-nodes-base.splitOut': splitOut,
	'n8n-nodes-base.stickyNote': stickyNote,
	'n8n-nodes-base.webhook': webhook,
};

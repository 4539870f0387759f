/** Runs a workflow on n8n's engine, or retries one that has failed. */
import { WorkflowExecute } from 'n8n-core';
import { Workflow } from 'n8n-workflow';
import type { ICredentialsHelper, IPinData, IRun, IRunExecutionData, WorkflowExecuteMode } from 'n8n-workflow';

import { additionalData } from './additional-data';
import type { CredentialReference } from './credential-store';
import type { NodeTypes } from './node-types';
import { importWorkflow, type WorkflowJson } from './workflow-json';

export interface RunOptions {
	/** Connected to every node that asks for their type, whatever the JSON names. */
	credentials?: readonly CredentialReference[];
	/** How the run was started; `manual` by default. */
	mode?: WorkflowExecuteMode;
	executionId?: string;
	/** Output of nodes that are not to run, by node name; added to the JSON's own. */
	pinData?: IPinData;
	/** Where to start; the workflow's trigger by default. */
	startNode?: string;
	/** Cancels the run, as the Stop button does. */
	signal?: AbortSignal;
	/** The run is cancelled by the time-out of its workflow instead. */
	timesOut?: boolean;
	/** A failed run to continue in a new execution, as the Retry button does. */
	retryOf?: IRun;
}

/** What n8n makes of a stored execution when Retry is pressed: the node that failed is the next one, and has not run. */
function dataToRetry(failed: IRun, workflow: Workflow): IRunExecutionData {
	// n8n stores executions as text.
	const data = JSON.parse(JSON.stringify(failed.data)) as IRunExecutionData;
	const { resultData } = data;
	delete resultData.error;
	if (resultData.lastNodeExecuted !== undefined) resultData.runData[resultData.lastNodeExecuted].pop();
	// "With currently saved workflow", which is also how n8n retries one that has not changed.
	for (const next of data.executionData?.nodeExecutionStack ?? [])
		next.node = workflow.getNode(next.node.name) ?? next.node;
	return data;
}

export async function runWorkflow(
	types: NodeTypes,
	helper: ICredentialsHelper,
	json: WorkflowJson,
	options: RunOptions & { executionId: string },
): Promise<IRun> {
	const { mode = 'manual', executionId, signal } = options;
	const record = importWorkflow(json, options.credentials ?? [], types);
	const workflow = new Workflow({ ...record, nodeTypes: types });
	const startNode = options.startNode === undefined ? workflow.getStartNode() : workflow.getNode(options.startNode);
	if (!startNode) throw new Error('The workflow has no node to start from');

	const data = additionalData(helper, record, mode, executionId);
	const execution = new WorkflowExecute(data, mode);
	const running = options.retryOf
		? new WorkflowExecute(
				additionalData(helper, record, 'retry', executionId),
				'retry',
				dataToRetry(options.retryOf, workflow),
			).processRunExecutionData(workflow)
		: execution.run({ workflow, startNode, pinData: { ...record.pinData, ...options.pinData } });
	const cancel = (): void => {
		if (options.timesOut) data.executionTimeoutTimestamp = Date.now();
		running.cancel();
	};
	signal?.addEventListener('abort', cancel, { once: true });
	try {
		return await running;
	} finally {
		signal?.removeEventListener('abort', cancel);
	}
}

/** What an n8n server gives the engine for one execution, as far as nodes use it. */
import { ExecutionLifecycleHooks, ExternalSecretsProxy } from 'n8n-core';
import type {
	ICredentialsHelper,
	IWorkflowBase,
	IWorkflowExecuteAdditionalData,
	WorkflowExecuteMode,
} from 'n8n-workflow';

/** Nothing listens there; nodes only see it in expressions such as `$execution.resumeUrl`. */
const ADDRESS = 'http://localhost/';

const outside = (what: string) => async (): Promise<never> => {
	throw new Error(`${what} is outside what this engine covers`);
};

/** What a server tells the engine about one execution. */
export function additionalData(
	credentialsHelper: ICredentialsHelper,
	workflow: IWorkflowBase,
	mode: WorkflowExecuteMode,
	executionId: string,
): IWorkflowExecuteAdditionalData {
	return {
		credentialsHelper,
		hooks: new ExecutionLifecycleHooks(mode, executionId, workflow),
		executionId,
		workflowId: workflow.id,
		currentNodeExecutionIndex: 0,
		variables: {},
		externalSecretsProxy: new ExternalSecretsProxy(),
		restApiUrl: ADDRESS,
		instanceBaseUrl: ADDRESS,
		formBaseUrl: ADDRESS,
		formWaitingBaseUrl: ADDRESS,
		formTestBaseUrl: ADDRESS,
		webhookBaseUrl: ADDRESS,
		webhookWaitingBaseUrl: ADDRESS,
		webhookTestBaseUrl: ADDRESS,
		mcpBaseUrl: ADDRESS,
		mcpTestBaseUrl: ADDRESS,
		executeWorkflow: outside('A sub-workflow'),
		startRunnerTask: outside('A task runner'),
		getRunExecutionData: async () => undefined,
		getRuntimeCredential: async () => undefined,
		logAiEvent: () => undefined,
	};
}

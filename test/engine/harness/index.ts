/** The test harness: n8n's own engine without its server. */
import 'reflect-metadata';

import { randomInt } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { NodeConnectionTypes, setGlobalState } from 'n8n-workflow';
import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	INode,
	INodeCredentialTestResult,
	INodeExecutionData,
	INodeListSearchResult,
	INodeParameters,
	INodePropertyOptions,
	INodeType,
	INodeTypeDescription,
	IRun,
} from 'n8n-workflow';

import { CredentialStore, type CredentialReference } from './credential-store';
import { testCredential } from './credential-test';
import { EngineCredentialsHelper, type Persistence } from './credentials-helper';
import { Editor, type OpenNode } from './editor';
import { forgetPackage } from './forgetPackage';
import { NodeTypes } from './node-types';
import { Poller, pollOnce, type PollerOptions } from './poller';
import { runWorkflow, type RunOptions } from './run';
import { Server, type ServerOptions } from './server';
import { asTool } from './stand-ins/agent';
import { WebhookServer, type WebhookServerOptions } from './webhook-server';
import type { WorkflowJson } from './workflow-json';

export type { CredentialReference } from './credential-store';
export type { Accident, Poller, Saving } from './poller';
export type { RunOptions } from './run';
export type { WebhookServer, WebhookServerOptions } from './webhook-server';
export type { WorkflowJson } from './workflow-json';
export { forgetPackage, loadedModule } from './forgetPackage';
export { Database } from './server';
export type { Server, ServerOptions, StoredExecution } from './server';
export type { ToolOutcome } from './stand-ins/agent';
export { errorOf, hintsOf, itemsOf, outputOf, storedTextOf } from './results';
export { RequestRecorder, type RecordedCall } from './requestRecorder';

/** The package under test, as built. */
const PACKAGE_ROOT = join(__dirname, '..', '..', '..');
export const POLLING_TRIGGER = 'n8n-nodes-dingtalk-calendar.dingTalkCalendarPollingTrigger';
export const DINGTALK_CALENDAR = 'n8n-nodes-dingtalk-calendar.dingTalkCalendar';
const DINGTALK_CALENDAR_TOOL = `${DINGTALK_CALENDAR}Tool`;

/** The names that runNode and runTool give to their nodes. */
export const START_NODE = 'Start';
export const TESTED_NODE = 'DingTalk Calendar';
/** The node whose tool the tested node is, where it is one. */
export const AGENT_NODE = 'Agent';

export interface EngineOptions {
	/** Folders of the npm packages to load; this project by default. */
	packages?: string[];
	/** How refreshed tokens are saved; as current n8n does by default. */
	persistence?: Persistence;
	/** The instance's zone, for workflows that set none. */
	timezone?: string;
}

export type NodeRun = Pick<
	INode,
	'onError' | 'retryOnFail' | 'maxTries' | 'waitBetweenTries' | 'alwaysOutputData' | 'executeOnce'
> &
	Pick<RunOptions, 'mode' | 'executionId' | 'signal' | 'timesOut' | 'retryOf'> & {
		parameters: INodeParameters;
		/** One empty item by default. */
		items?: IDataObject[];
		credential?: CredentialReference;
		type?: string;
		typeVersion?: number;
		/** The workflow's zone. */
		timezone?: string;
	};

type EditedNode = Omit<OpenNode, 'type' | 'credentials' | 'parameters'> & {
	type?: string;
	parameters?: INodeParameters;
	credential: CredentialReference;
};

/** An n8n without a server: n8n's own loader, engine and HTTP, a credentials table in memory. */
export class Engine {
	readonly credentials = new CredentialStore();
	private readonly types = new NodeTypes();
	private readonly helper: EngineCredentialsHelper;
	private readonly editor: Editor;
	/** Execution IDs start anywhere, as the package stays loaded from one test file to the next. */
	private executions = randomInt(1_000_000_000);

	private constructor(
		persistence: Persistence,
		private readonly packages: string[],
	) {
		this.helper = new EngineCredentialsHelper(this.types, this.credentials, persistence);
		this.editor = new Editor(this.types, this.helper);
	}

	static async start({
		packages = [PACKAGE_ROOT],
		persistence = 'merged',
		timezone = 'UTC',
	}: EngineOptions = {}): Promise<Engine> {
		setGlobalState({ defaultTimezone: timezone });
		const engine = new Engine(persistence, packages);
		await engine.load();
		return engine;
	}

	/** What happens to the packages when n8n starts again: nothing that they kept in the process is left. */
	async restart(): Promise<void> {
		forgetPackage();
		await this.load();
	}

	private async load(): Promise<void> {
		for (const directory of this.packages) await this.types.load(directory);
		if (this.packages.includes(PACKAGE_ROOT))
			this.types.add(DINGTALK_CALENDAR_TOOL, asTool(this.types.getByNameAndVersion(DINGTALK_CALENDAR)));
	}

	/** Removes the settings the engine wrote. */
	async stop(): Promise<void> {
		const folder = process.env.N8N_USER_FOLDER;
		if (folder) rmSync(folder, { recursive: true, force: true });
	}

	addNodeType(name: string, type: INodeType): void {
		this.types.add(name, type);
	}

	addCredential(credential: {
		type: string;
		data: ICredentialDataDecryptedObject;
		name?: string;
	}): CredentialReference {
		return this.credentials.add(credential.type, credential.data, credential.name);
	}

	/** Runs an exported workflow. */
	async runWorkflow(json: WorkflowJson, options: RunOptions = {}): Promise<IRun> {
		const executionId = options.executionId ?? String(++this.executions);
		return await runWorkflow(this.types, this.helper, json, { ...options, executionId });
	}

	/** A server for active workflows. */
	server(options: ServerOptions = {}): Server {
		return new Server(this.types, this.helper, options);
	}

	/** A node's description as n8n has it once it is loaded. */
	description(type: string): INodeTypeDescription {
		return this.types.getByNameAndVersion(type).description;
	}

	/** A server for a workflow that polls. */
	poller(json: WorkflowJson, options: PollerOptions): Poller {
		return new Poller(this.types, this.helper, json, options);
	}

	/** Tests a workflow that polls, as the editor does. */
	async pollOnce(
		json: WorkflowJson,
		credentials: readonly CredentialReference[],
		staticData?: IDataObject,
	): ReturnType<typeof pollOnce> {
		return await pollOnce(this.types, this.helper, json, credentials, staticData);
	}

	/** The public address of one active webhook trigger. */
	async webhookServer(json: WorkflowJson, options: WebhookServerOptions = {}): Promise<WebhookServer> {
		return await WebhookServer.open(this.types, this.helper, json, options);
	}

	/** Runs one node on given items: the output is that of the node named TESTED_NODE. */
	async runNode(run: NodeRun): Promise<IRun> {
		const { parameters, items = [{}], credential, type = DINGTALK_CALENDAR, typeVersion = 1, timezone } = run;
		const { mode, executionId, signal, timesOut, retryOf, ...settings } = run;
		const tested: INode = {
			id: '2',
			name: TESTED_NODE,
			type,
			typeVersion,
			position: [200, 0],
			parameters,
			onError: settings.onError,
			retryOnFail: settings.retryOnFail,
			maxTries: settings.maxTries,
			waitBetweenTries: settings.waitBetweenTries,
			alwaysOutputData: settings.alwaysOutputData,
			executeOnce: settings.executeOnce,
		};
		const start: INode = {
			id: '1',
			name: START_NODE,
			type: 'n8n-nodes-base.manualTrigger',
			typeVersion: 1,
			position: [0, 0],
			parameters: {},
		};
		return await this.runWorkflow(
			{
				nodes: [start, tested],
				connections: { [START_NODE]: { main: [[{ node: TESTED_NODE, type: NodeConnectionTypes.Main, index: 0 }]] } },
				settings: timezone === undefined ? {} : { timezone },
			},
			{
				credentials: credential ? [credential] : [],
				mode,
				executionId,
				signal,
				timesOut,
				retryOf,
				pinData: { [START_NODE]: items.map((json): INodeExecutionData => ({ json })) },
			},
		);
	}

	/** Runs the node as the tool of an agent that calls it once for each item: the output is that of the node named AGENT_NODE. */
	async runTool({ atOnce = false, ...run }: NodeRun & { atOnce?: boolean }): Promise<IRun> {
		const { parameters, items = [{}], credential, timezone, mode, executionId, signal } = run;
		const { retryOnFail, maxTries, waitBetweenTries, onError } = run;
		const node = (id: string, name: string, type: string, more: Partial<INode>): INode => ({
			...{ id, name, type, typeVersion: 1, position: [0, 0], parameters: {} },
			...more,
		});
		const main = (to: string) => ({ main: [[{ node: to, type: NodeConnectionTypes.Main, index: 0 }]] });
		return await this.runWorkflow(
			{
				nodes: [
					node('1', START_NODE, 'n8n-nodes-base.manualTrigger', {}),
					node('2', TESTED_NODE, DINGTALK_CALENDAR_TOOL, {
						...{ parameters, retryOnFail, maxTries, waitBetweenTries, onError },
					}),
					node('3', AGENT_NODE, '@n8n/n8n-nodes-langchain.agent', { parameters: { atOnce } }),
				],
				connections: {
					[START_NODE]: main(AGENT_NODE),
					[TESTED_NODE]: { ai_tool: [[{ node: AGENT_NODE, type: NodeConnectionTypes.AiTool, index: 0 }]] },
				},
				settings: timezone === undefined ? {} : { timezone },
			},
			{
				...{ credentials: credential ? [credential] : [], mode, executionId, signal },
				pinData: { [START_NODE]: items.map((json): INodeExecutionData => ({ json })) },
			},
		);
	}

	async loadOptions(node: EditedNode, method: string): Promise<INodePropertyOptions[]> {
		return await this.editor.loadOptions(opened(node), method);
	}

	async listSearch(
		node: EditedNode,
		method: string,
		filter?: string,
		paginationToken?: string,
	): Promise<INodeListSearchResult> {
		return await this.editor.listSearch(opened(node), method, filter, paginationToken);
	}

	async testCredential(reference: CredentialReference): Promise<INodeCredentialTestResult> {
		return await testCredential(this.types, this.helper, this.credentials, reference);
	}
}

const opened = ({ type = DINGTALK_CALENDAR, typeVersion, parameters = {}, credential }: EditedNode): OpenNode => ({
	type,
	typeVersion,
	parameters,
	credentials: [credential],
});

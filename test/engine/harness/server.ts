/** An n8n server for trigger tests: it activates workflows, stores executions and can be killed. */
import { Container } from '@n8n/di';
import { ActiveWorkflowTriggers, TriggerContext } from 'n8n-core';
import { deepCopy, Workflow } from 'n8n-workflow';
import type {
	ICredentialsHelper,
	IDataObject,
	INode,
	INodeExecutionData,
	IRun,
	ITriggerFunctions,
	WorkflowActivateMode,
} from 'n8n-workflow';

import { additionalData } from './additional-data';
import type { CredentialReference } from './credential-store';
import type { NodeTypes } from './node-types';
import { importWorkflow, type WorkflowJson } from './workflow-json';

type DonePromise = Parameters<ITriggerFunctions['emit']>[2];

/** One execution as the database has it: what the trigger put out. */
export interface StoredExecution {
	workflowId: string;
	node: string;
	items: IDataObject[];
	deduplicationKey?: string;
}

/** What outlives the process: static data as it was last saved, executions with their unique keys. */
export class Database {
	readonly executions: StoredExecution[] = [];
	/** Executions that were refused because their key was there already. */
	refused = 0;
	private readonly keys = new Set<string>();
	private readonly staticData = new Map<string, string>();

	readStaticData(workflowId: string): IDataObject {
		return JSON.parse(this.staticData.get(workflowId) ?? '{}') as IDataObject;
	}

	writeStaticData(workflowId: string, data: IDataObject): void {
		this.staticData.set(workflowId, JSON.stringify(data));
	}

	/** Says whether the execution was stored; a key can be used once in the whole instance. */
	store(execution: StoredExecution): boolean {
		const { deduplicationKey: key } = execution;
		if (key !== undefined && this.keys.has(key)) {
			this.refused++;
			return false;
		}
		if (key !== undefined) this.keys.add(key);
		this.executions.push(deepCopy(execution));
		return true;
	}
}

export interface ServerOptions {
	/** The same one for a server that starts after another one has ended. */
	database?: Database;
	/** n8n before 2.20 knows no keys. */
	knowsKeys?: boolean;
	/** Awaited before an execution is stored: a slow database, or one that fails. */
	beforeStoring?: (execution: StoredExecution) => Promise<void>;
	/** Awaited before an execution that was stored is over. */
	running?: (execution: StoredExecution) => Promise<void>;
}

export interface ActivateOptions {
	credentials?: readonly CredentialReference[];
	mode?: WorkflowActivateMode;
}

/** What a server does for active workflows, on n8n's own ActiveWorkflowTriggers; restates how it stores what they emit (2.41). */
export class Server {
	readonly database: Database;
	/** What triggers reported with emitError, which deactivates their workflow. */
	readonly errors: Error[] = [];
	private readonly active = Container.get(ActiveWorkflowTriggers);
	private readonly activated = new Set<string>();
	private killed = false;

	constructor(
		private readonly types: NodeTypes,
		private readonly helper: ICredentialsHelper,
		private readonly options: ServerOptions = {},
	) {
		this.database = options.database ?? new Database();
	}

	/** Activates a workflow, with the static data that was saved last; rejects as the editor would show it. */
	async activate(json: WorkflowJson, { credentials = [], mode = 'activate' }: ActivateOptions = {}): Promise<void> {
		const record = importWorkflow(json, credentials, this.types);
		const workflow = new Workflow({
			...record,
			nodeTypes: this.types,
			staticData: this.database.readStaticData(record.id),
		});
		const data = additionalData(this.helper, record, 'trigger', '');
		const notPolled = (): never => {
			throw new Error('This server does not poll');
		};
		const opened = (_: Workflow, node: INode): ITriggerFunctions => this.context(workflow, node, data, mode);
		await this.active.addAllTriggers(workflow.id, workflow, data, 'trigger', mode, opened, notPolled);
		this.activated.add(workflow.id);
		this.saveStaticData(workflow);
	}

	async deactivate(workflowId: string): Promise<void> {
		this.activated.delete(workflowId);
		await this.active.remove(workflowId);
	}

	/** Shuts down as on SIGTERM: triggers are closed. */
	async stop(): Promise<void> {
		for (const id of [...this.activated]) await this.deactivate(id);
	}

	/** Nothing that is emitted from now on is stored: for n8n, the process has died. */
	kill(): void {
		this.killed = true;
	}

	private context(
		workflow: Workflow,
		node: INode,
		data: ReturnType<typeof additionalData>,
		mode: WorkflowActivateMode,
	): TriggerContext {
		const emit: ITriggerFunctions['emit'] = (output, _response, done, key) => {
			if (this.killed) return;
			this.saveStaticData(workflow);
			const deduplicationKey = this.options.knowsKeys === false ? undefined : key;
			const items = output.flat().map(({ json }: INodeExecutionData) => json);
			void this.store({ workflowId: workflow.id, node: node.name, items, deduplicationKey }, done);
		};
		const emitError = (error: Error): void => {
			this.errors.push(error);
			void this.deactivate(workflow.id);
		};
		const saveFailed = (error: Error): void => {
			this.errors.push(error);
		};
		return new TriggerContext(workflow, node, data, 'trigger', mode, emit, emitError, saveFailed);
	}

	private async store(execution: StoredExecution, done?: DonePromise): Promise<void> {
		try {
			await this.options.beforeStoring?.(execution);
			if (this.killed) return;
			const stored = this.database.store(execution);
			if (stored) await this.options.running?.(execution);
			done?.resolve({} as IRun);
		} catch (error) {
			done?.reject(error as Error);
		}
	}

	private saveStaticData(workflow: Workflow): void {
		const data = workflow.staticData as IDataObject & { __dataChanged?: boolean };
		if (data.__dataChanged !== true || this.killed) return;
		this.database.writeStaticData(workflow.id, data);
		data.__dataChanged = false;
	}
}

/** What a server does for a polling trigger, on n8n's own PollContext and PollTriggerExecutor; restates how it stores what they give (2.41). */
import { Container } from '@n8n/di';
import { PollContext, PollTriggerExecutor } from 'n8n-core';
import { deepCopy, Workflow } from 'n8n-workflow';
import type { ICredentialsHelper, IDataObject, INode, INodeExecutionData, WorkflowActivateMode } from 'n8n-workflow';

import { additionalData } from './additional-data';
import type { CredentialReference } from './credential-store';
import type { NodeTypes } from './node-types';
import { importWorkflow, type WorkflowJson } from './workflow-json';

/** `lazy`: saved with the workflow when something is emitted, and until then only in memory. `durable`: with each poll, or not at all. */
export type Saving = 'lazy' | 'durable';

/** Where the process ends, if it does. */
export type Accident = 'beforeEmit' | 'betweenEmitAndSave';

export interface PollerOptions {
	credentials: readonly CredentialReference[];
	saving?: Saving;
	/** How long a poll may take; older versions do not say. */
	budgetMs?: number;
	/** As saved by another instance, or exported with the workflow. */
	staticData?: IDataObject;
}

type Poll = (activation?: boolean) => Promise<void>;

export class Poller {
	/** Everything that started an execution, in this life and the ones before. */
	readonly emitted: IDataObject[][] = [];
	readonly errors: Error[] = [];
	/** What the trigger wrote to n8n's log, from information upwards. */
	readonly logged: string[] = [];
	private readonly executor = Container.get(PollTriggerExecutor);
	/** As the database has it. */
	private saved: IDataObject;
	private workflow: Workflow | undefined;
	private poll: Poll | undefined;
	private accident: Accident | undefined;

	constructor(
		private readonly types: NodeTypes,
		private readonly helper: ICredentialsHelper,
		private readonly json: WorkflowJson,
		private readonly options: PollerOptions,
	) {
		this.saved = deepCopy(options.staticData ?? {});
	}

	/** The workflow's static data as the database has it. */
	get stored(): IDataObject {
		return deepCopy(this.saved);
	}

	/** All items, in the order in which they were emitted. */
	get items(): IDataObject[] {
		return this.emitted.flat();
	}

	/** Activates, or starts again after the process has ended (`init`): n8n polls at once. */
	async start(mode: WorkflowActivateMode = 'activate'): Promise<void> {
		const record = importWorkflow(this.json, this.options.credentials, this.types);
		const workflow = new Workflow({ ...record, nodeTypes: this.types, staticData: deepCopy(this.saved) });
		const [node] = workflow.getPollNodes();
		if (!node) throw new Error('The workflow has no polling trigger');
		this.workflow = workflow;
		this.poll = this.executor.create(workflow, node, this.context(workflow, node, record, mode), () => true);
		await this.poll(true);
		if (this.options.saving !== 'durable') this.save();
	}

	/** One of the poll times. */
	async tick(accident?: Accident): Promise<void> {
		this.accident = accident;
		await this.poll?.();
		this.accident = undefined;
		if (accident) await this.start('init');
	}

	/** What the trigger was configured to, defaults included. */
	parameter(name: string): unknown {
		return this.workflow?.getPollNodes()[0]?.parameters[name];
	}

	private context(
		workflow: Workflow,
		node: INode,
		record: ReturnType<typeof importWorkflow>,
		mode: WorkflowActivateMode,
	): PollContext {
		const { saving = 'lazy', budgetMs } = this.options;
		const data = additionalData(this.helper, record, 'trigger', '');
		let staged: IDataObject = {};
		const commit = (): void => {
			this.saved = { [`node:${node.name}`]: deepCopy(staged) };
		};
		const emit = (output: INodeExecutionData[][]): void => {
			if (this.accident === 'beforeEmit') return;
			this.emitted.push(output.flat().map(({ json }) => deepCopy(json)));
			if (this.accident) return;
			if (saving === 'durable') commit();
			else this.save();
		};
		const emitError = (error: Error): void => {
			this.errors.push(error);
		};
		const durable = [
			async () => {
				if (!this.accident) commit();
			},
			async <T>(poll: () => Promise<T>): Promise<T> => {
				staged = deepCopy((this.saved[`node:${node.name}`] as IDataObject | undefined) ?? {});
				return await poll();
			},
			() => staged,
		] as const;
		const context =
			saving === 'durable'
				? new PollContext(workflow, node, data, 'trigger', mode, emit, emitError, ...durable, () => budgetMs ?? 36_000)
				: new PollContext(workflow, node, data, 'trigger', mode, emit, emitError);
		const log = (text: string): void => void this.logged.push(text);
		Object.defineProperty(context, 'logger', { value: { debug: () => undefined, info: log, warn: log, error: log } });
		// Versions before 2.39 have no such method.
		if (saving === 'lazy' && budgetMs === undefined) Object.assign(context, { getPollBudgetMs: undefined });
		return context;
	}

	private save(): void {
		if (this.workflow) this.saved = deepCopy(this.workflow.staticData);
	}
}

/** *Fetch Test Event* of the editor. */
export async function pollOnce(
	types: NodeTypes,
	helper: ICredentialsHelper,
	json: WorkflowJson,
	credentials: readonly CredentialReference[],
	staticData: IDataObject = {},
): Promise<{ items: IDataObject[] | null; staticData: IDataObject }> {
	const record = importWorkflow(json, credentials, types);
	const workflow = new Workflow({ ...record, nodeTypes: types, staticData: deepCopy(staticData) });
	const [node] = workflow.getPollNodes();
	const context = new PollContext(workflow, node, additionalData(helper, record, 'manual', ''), 'manual', 'manual');
	const output = (await types.getByNameAndVersion(node.type, node.typeVersion).poll?.call(context)) ?? null;
	return { items: output && output.flat().map(({ json: one }) => one), staticData: deepCopy(workflow.staticData) };
}

/** Serves the webhooks of active workflows over HTTP, as n8n does. */
import { createServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebhookContext, WorkflowExecute } from 'n8n-core';
import { createRunExecutionData, Workflow } from 'n8n-workflow';
import type {
	ICredentialsHelper,
	IDataObject,
	IRun,
	IWebhookData,
	IWebhookResponseData,
	IWorkflowBase,
	IWorkflowExecuteAdditionalData,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import { additionalData } from './additional-data';
import type { CredentialReference } from './credential-store';
import type { NodeTypes } from './node-types';
import { Database, type StoredExecution } from './server';
import { importWorkflow, type WorkflowJson } from './workflow-json';

export interface WebhookServerOptions {
	credentials?: readonly CredentialReference[];
	/** The same one for a server that starts after another one has ended. */
	database?: Database;
	/** `manual` is what listening for a test event does. */
	mode?: WorkflowExecuteMode;
	/** Awaited before an execution is stored: a slow database, or one that fails. */
	beforeStoring?: (execution: StoredExecution) => Promise<void>;
}

/** What nodes use of Express. */
type Response = ServerResponse & { status(code: number): Response; json(body: unknown): Response };

function expressResponse(plain: ServerResponse): Response {
	const response: Response = Object.assign(plain, {
		status(code: number) {
			response.statusCode = code;
			return response;
		},
		json(body: unknown) {
			if (!response.hasHeader('content-type')) response.setHeader('Content-Type', 'application/json; charset=utf-8');
			response.end(JSON.stringify(body));
			return response;
		},
	});
	return response;
}

const MOST_BYTES = 16 * 1024 * 1024;

async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of request as AsyncIterable<Buffer>) {
		size += chunk.length;
		if (size > MOST_BYTES) return undefined;
		chunks.push(chunk);
	}
	return Buffer.concat(chunks);
}

/**
 * Answers the production URL of one webhook trigger as n8n's server does, on n8n's own WebhookContext and WorkflowExecute;
 * restates live-webhooks, webhook-helpers and body-parser (2.8 and 2.41 do the same here).
 */
export class WebhookServer {
	readonly database: Database;
	/** Runs that have ended, whose output can be looked at. */
	readonly runs: IRun[] = [];
	/** What the node threw; n8n would keep each as a failed execution. */
	readonly thrown: Error[] = [];
	private readonly running = new Set<Promise<void>>();
	private readonly http: HttpServer;
	private readonly record: IWorkflowBase;
	private executions = 0;

	private constructor(
		private readonly types: NodeTypes,
		private readonly helper: ICredentialsHelper,
		json: WorkflowJson,
		private readonly options: WebhookServerOptions,
	) {
		this.database = options.database ?? new Database();
		this.record = importWorkflow(json, options.credentials ?? [], types);
		this.http = createServer((request, response) => void this.answer(request, expressResponse(response)));
	}

	static async open(
		types: NodeTypes,
		helper: ICredentialsHelper,
		json: WorkflowJson,
		options: WebhookServerOptions = {},
	): Promise<WebhookServer> {
		const server = new WebhookServer(types, helper, json, options);
		await new Promise<void>((resolve) => server.http.listen(0, '127.0.0.1', resolve));
		return server;
	}

	get url(): string {
		return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}/webhook/id/dingtalk-calendar`;
	}

	async close(): Promise<void> {
		this.http.closeAllConnections();
		await new Promise((resolve) => this.http.close(resolve));
	}

	/** Settles when every run that was started has ended. */
	async idle(): Promise<void> {
		while (this.running.size > 0) await Promise.all(this.running);
	}

	private async answer(request: IncomingMessage, response: Response): Promise<void> {
		try {
			const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
			const isKnown = request.method === 'POST' && pathname === new URL(this.url).pathname;
			if (!isKnown) return void response.status(404).json({ message: 'not registered' });
			const raw = await bodyOf(request);
			if (raw === undefined) return void response.status(413).json({ message: 'too large' });
			const query = Object.fromEntries(
				[...new Set(searchParams.keys())].map((name) => [name, all(searchParams, name)]),
			);
			const body = parsed(raw, request.headers['content-type'] ?? '');
			if (body === UNREADABLE) return void response.status(422).json({ message: 'Failed to parse request body' });
			await this.executeWebhook(Object.assign(request, { query, body, params: {} }), response);
		} catch {
			if (!response.headersSent) response.status(500).json({ message: 'There was a problem executing the workflow' });
		}
	}

	private async executeWebhook(request: IncomingMessage, response: Response): Promise<void> {
		const { mode = 'webhook' } = this.options;
		const workflow = this.workflow();
		const data = additionalData(this.helper, this.record, mode, '');
		Object.assign(data, { httpRequest: request, httpResponse: response });
		const result = await this.runNode(workflow, data, mode);
		if (result === undefined) return void response.status(500).json({ message: 'Workflow could not be started' });
		if (result.noWebhookResponse === true) this.saveStaticData(workflow);
		if (result.workflowData !== undefined) await this.start(workflow, result.workflowData, mode);
		if (result.noWebhookResponse === true) return;
		this.saveStaticData(workflow);
		response.status(200).json(result.webhookResponse);
	}

	private async runNode(
		workflow: Workflow,
		data: IWorkflowExecuteAdditionalData,
		mode: WorkflowExecuteMode,
	): Promise<IWebhookResponseData | undefined> {
		const [node] = workflow.queryNodes(({ webhook }) => webhook !== undefined);
		const type = this.types.getByNameAndVersion(node.type, node.typeVersion);
		const [webhookDescription] = type.description.webhooks ?? [];
		const webhookData: IWebhookData = {
			httpMethod: 'POST',
			node: node.name,
			path: '',
			webhookDescription,
			workflowId: workflow.id,
			workflowExecuteAdditionalData: data,
		};
		try {
			return await type.webhook?.call(new WebhookContext(workflow, node, data, mode, webhookData, [], null));
		} catch (error) {
			this.thrown.push(error as Error);
			return undefined;
		}
	}

	/** Settles as soon as the execution is stored; it runs on. */
	private async start(
		workflow: Workflow,
		output: NonNullable<IWebhookResponseData['workflowData']>,
		mode: WorkflowExecuteMode,
	): Promise<void> {
		const [node] = workflow.queryNodes(({ webhook }) => webhook !== undefined);
		const stored = { workflowId: workflow.id, node: node.name, items: output.flat().map(({ json }) => json) };
		await this.options.beforeStoring?.(stored);
		this.database.store(stored);
		const data = createRunExecutionData({
			executionData: { nodeExecutionStack: [{ node, data: { main: output }, source: null }] },
		});
		const executionId = String(++this.executions);
		const execution = new WorkflowExecute(additionalData(this.helper, this.record, mode, executionId), mode, data);
		const ran = this.workflow();
		const running = execution.processRunExecutionData(ran).then((run) => {
			this.saveStaticData(ran);
			this.runs.push(run);
			this.running.delete(running);
		});
		this.running.add(running);
	}

	private workflow(): Workflow {
		return new Workflow({
			...this.record,
			nodeTypes: this.types,
			staticData: this.database.readStaticData(this.record.id),
		});
	}

	private saveStaticData(workflow: Workflow): void {
		const data = workflow.staticData as IDataObject & { __dataChanged?: boolean };
		if (data.__dataChanged !== true || this.options.mode === 'manual') return;
		this.database.writeStaticData(workflow.id, data);
		data.__dataChanged = false;
	}
}

const all = (query: URLSearchParams, name: string): string | string[] => {
	const values = query.getAll(name);
	return values.length === 1 ? values[0] : values;
};

const UNREADABLE = Symbol('unreadable');

function parsed(raw: Buffer, contentType: string): unknown {
	const [type] = contentType.split(';');
	if (raw.length === 0) return undefined;
	if (type.trim() === 'text/plain') return raw.toString();
	if (type.trim() !== 'application/json') return undefined;
	try {
		return JSON.parse(raw.toString()) as unknown;
	} catch {
		return UNREADABLE;
	}
}

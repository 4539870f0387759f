/** What n8n gives the triggers, restated for the histories: contexts, static data as it is saved, executions with their keys. */
import type { IDataObject } from 'n8n-workflow';

import type { Api, HttpRequest, HttpResponse } from './api';
import type { PackageProcess } from './process';

const CREDENTIAL_MODULE = 'credentials/DingTalkCalendarApi.credentials';

export interface Execution {
	workflowId: string;
	item: IDataObject;
	key?: string;
}

/** What outlives a process. */
export class Database {
	readonly staticData = new Map<string, string>();
	readonly executions: Execution[] = [];
	private readonly keys = new Set<string>();

	read(workflowId: string): IDataObject {
		return JSON.parse(this.staticData.get(workflowId) ?? '{}') as IDataObject;
	}

	save(workflowId: string, data: IDataObject): void {
		this.staticData.set(workflowId, JSON.stringify(data));
	}

	/** A key can be used once in the whole instance. */
	store(execution: Execution): boolean {
		const { key } = execution;
		if (key !== undefined && this.keys.has(key)) return false;
		if (key !== undefined) this.keys.add(key);
		this.executions.push(execution);
		return true;
	}
}

export interface WorkflowSetup {
	id: string;
	type: string;
	parameters: Record<string, unknown>;
	/** By credential type; read again each time. */
	credentials: Record<string, () => IDataObject>;
}

interface CredentialType {
	preAuthentication(this: unknown, credentials: IDataObject): Promise<IDataObject>;
	authenticate(credentials: IDataObject, request: HttpRequest): Promise<HttpRequest>;
}

/** The parts of a context that all kinds of trigger share. */
export function createContext(
	process: PackageProcess,
	api: Api,
	{ id, type, parameters, credentials }: WorkflowSetup,
	staticData: () => IDataObject,
	log: (message: string) => void = () => undefined,
): Record<string, unknown> {
	const node = {
		id: `node-of-${id}`,
		name: 'Trigger',
		type,
		typeVersion: 1,
		parameters,
		position: [0, 0],
		credentials: Object.fromEntries(Object.keys(credentials).map((name) => [name, { id: name, name }])),
	};
	const { DingTalkCalendarApi } = process.load<{ DingTalkCalendarApi: new () => CredentialType }>(CREDENTIAL_MODULE);
	const credentialType = new DingTalkCalendarApi();
	const httpRequest = async (request: HttpRequest): Promise<HttpResponse> => {
		return await api.send(request);
	};
	const helpers = {
		httpRequest,
		async httpRequestWithAuthentication(
			_type: string,
			request: HttpRequest,
			more: { credentialsDecrypted: { data: IDataObject } },
		): Promise<HttpResponse> {
			const { data } = more.credentialsDecrypted;
			Object.assign(data, await credentialType.preAuthentication.call({ helpers: { httpRequest } }, data));
			return await httpRequest(await credentialType.authenticate(data, request));
		},
		createDeferredPromise: () => {
			let resolve: unknown;
			let reject: unknown;
			const promise = new Promise((resolved, rejected) => {
				resolve = resolved;
				reject = rejected;
			});
			return { promise, resolve, reject };
		},
		registerCron: () => undefined,
	};
	return {
		helpers,
		logger: { info: log, warn: log, error: log, debug: log },
		getNode: () => node,
		getWorkflow: () => ({ id, name: id, active: true }),
		getMode: () => 'trigger',
		getActivationMode: () => 'init',
		getTimezone: () => 'UTC',
		getInstanceId: () => 'instance',
		getNodeParameter: (...given: unknown[]) => {
			const name = String(given[0]);
			return name in parameters ? structuredClone(parameters[name]) : given.at(-1);
		},
		getCredentials: async (name: string) => await Promise.resolve({ ...credentials[name]() }),
		getWorkflowStaticData: () => staticData(),
	};
}

/** Calls n8n's internal REST API as its editor does. */
import { unflatten } from './flatted.mjs';

export const OWNER = { email: 'owner@example.com', firstName: 'Test', lastName: 'Owner', password: 'Owner-Passw0rd' };

/** The calls that n8n's own editor makes. */
export class RestSession {
	#url;
	#cookie = '';
	#owner;

	/** `password` is that of the first user. */
	constructor(url, password = OWNER.password) {
		this.#url = url;
		this.#owner = { ...OWNER, password };
	}

	async call(method, path, body) {
		const response = await fetch(this.#url + path, {
			method,
			headers: {
				'content-type': 'application/json',
				// The session holds only for the browser that opened it.
				'browser-id': 'test',
				...(this.#cookie && { cookie: this.#cookie }),
			},
			body: body && JSON.stringify(body),
		});
		const session = response.headers.getSetCookie().find((cookie) => cookie.startsWith('n8n-auth='));
		if (session) this.#cookie = session.split(';')[0];

		const text = await response.text();
		if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 500)}`);
		const answer = JSON.parse(text);
		return answer.data ?? answer;
	}

	createOwner() {
		return this.call('POST', '/rest/owner/setup', this.#owner);
	}

	/** As the first user; makes that user where there is none yet. */
	async signIn() {
		const { userManagement } = await this.call('GET', '/rest/settings');
		if (userManagement.showSetupOnFirstLoad) return await this.createOwner();
		return await this.call('POST', '/rest/login', {
			emailOrLdapLoginId: this.#owner.email,
			password: this.#owner.password,
		});
	}

	nodeTypes() {
		return this.call('GET', '/types/nodes.json');
	}

	createCredential(name, data) {
		return this.call('POST', '/rest/credentials', { name, type: 'dingTalkCalendarApi', data });
	}

	/** What the dialog of a stored credential shows: `{ status: 'OK' | 'Error', message }`. */
	async testCredential(data) {
		const { id, name, type } = await this.createCredential('Test', data);
		return await this.call('POST', '/rest/credentials/test', { credentials: { id, name, type, data } });
	}

	/** One page of a list that a field of the editor offers. */
	searchList({ type, credentials, methodName, field, filter, parameters }) {
		return this.call('POST', '/rest/dynamic-node-parameters/resource-locator-results', {
			path: `parameters.${field}`,
			nodeTypeAndVersion: { name: type, version: 1 },
			currentNodeParameters: parameters,
			credentials,
			methodName,
			filter,
		});
	}

	credentials() {
		return this.call('GET', '/rest/credentials');
	}

	updateCredential(id, credential) {
		return this.call('PATCH', `/rest/credentials/${id}`, credential);
	}

	workflows() {
		return this.call('GET', '/rest/workflows');
	}

	workflow(id) {
		return this.call('GET', `/rest/workflows/${id}`);
	}

	createWorkflow({ name, nodes, connections, settings = {} }) {
		return this.call('POST', '/rest/workflows', { name, nodes, connections, settings, active: false });
	}

	async activate(id) {
		const { versionId, active } = await this.workflow(id);
		return active ? undefined : await this.call('POST', `/rest/workflows/${id}/activate`, { versionId });
	}

	async deactivate(id) {
		return await this.call('POST', `/rest/workflows/${id}/deactivate`, {});
	}

	/** Runs a workflow from its first node, as the button does, and waits until it has ended. */
	async run(id, startNode) {
		// n8n 2.8 wants the workflow as the editor has it; later ones read it themselves.
		const body = { workflowData: await this.workflow(id), triggerToStartFrom: { name: startNode } };
		const { executionId } = await this.call('POST', `/rest/workflows/${id}/run`, body);
		return await this.ended(executionId);
	}

	/** The newest first; `status` is a list, and without it all are meant. */
	async executions(workflowId, status = undefined, limit = 100) {
		const filter = encodeURIComponent(JSON.stringify({ workflowId, status }));
		return (await this.call('GET', `/rest/executions?filter=${filter}&limit=${limit}`)).results;
	}

	async countExecutions(workflowId, status) {
		const filter = encodeURIComponent(JSON.stringify({ workflowId, status }));
		return (await this.call('GET', `/rest/executions?filter=${filter}&limit=1`)).count;
	}

	/** As the button in the list of executions does: the same input once more. */
	retry(executionId) {
		return this.call('POST', `/rest/executions/${executionId}/retry`, { loadWorkflow: false });
	}

	async execution(id) {
		const execution = await this.call('GET', `/rest/executions/${id}`);
		return { ...execution, data: typeof execution.data === 'string' ? unflatten(execution.data) : execution.data };
	}

	async ended(id) {
		for (;;) {
			const { status } = await this.call('GET', `/rest/executions/${id}`);
			if (!['new', 'running', 'waiting'].includes(status)) return await this.execution(id);
			await new Promise((resolve) => setTimeout(resolve, 300));
		}
	}
}

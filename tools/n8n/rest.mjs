export const OWNER = { email: 'owner@example.com', firstName: 'Test', lastName: 'Owner', password: 'Owner-Passw0rd' };

/** The calls that n8n's own editor makes. */
export class RestSession {
	#url;
	#cookie = '';

	constructor(url) {
		this.#url = url;
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
		return this.call('POST', '/rest/owner/setup', OWNER);
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
}

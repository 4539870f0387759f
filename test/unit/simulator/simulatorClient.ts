/** Talks to a simulator over HTTP as any program would. */
import type { Simulator } from '../../simulator';
import type { CallSummary } from '../../simulator/gateway/callLog';

export interface Reply {
	status: number;
	headers: Headers;
	text: string;
	/** The parsed body; an empty object where it is not a JSON object. */
	body: Record<string, unknown>;
}

/** Talks to a simulator as any program would, and drives it through its control plane. */
export class SimulatorClient {
	constructor(private readonly simulator: Simulator) {}

	async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
		const response = await fetch(this.simulator.url + path, {
			method,
			headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		const text = await response.text();
		return { status: response.status, headers: response.headers, text, body: parsed(text) };
	}

	async form(path: string, fields: Record<string, string>): Promise<Reply> {
		const response = await fetch(this.simulator.url + path, { method: 'POST', body: new URLSearchParams(fields) });
		const text = await response.text();
		return { status: response.status, headers: response.headers, text, body: parsed(text) };
	}

	/** The token an app gets, for the header or the query. */
	async token(clientId = 'sim-internal'): Promise<string> {
		const fields = { client_id: clientId, client_secret: 'sim-secret', grant_type: 'client_credentials' };
		const { body } = await this.send('POST', `/v1.0/oauth2/${this.simulator.world.company.corpId}/token`, fields);
		return String(body.access_token);
	}

	async userToken(userId: string, clientId = 'sim-internal'): Promise<string> {
		const { body } = await this.refresh(`sim-refresh-${userId}`, clientId);
		return String(body.accessToken);
	}

	refresh(refreshToken: string, clientId = 'sim-internal'): Promise<Reply> {
		const client = { clientId, clientSecret: 'sim-secret' };
		return this.send('POST', '/v1.0/oauth2/userAccessToken', { ...client, refreshToken, grantType: 'refresh_token' });
	}

	get(path: string, token?: string): Promise<Reply> {
		return this.send('GET', path, undefined, withToken(token));
	}

	post(path: string, body: unknown, token?: string, headers: Record<string, string> = {}): Promise<Reply> {
		return this.send('POST', path, body, { ...withToken(token), ...headers });
	}

	old(path: string, body: unknown, token: string): Promise<Reply> {
		return this.send('POST', `${path}?access_token=${token}`, body);
	}

	control(name: string, body?: unknown): Promise<Reply> {
		return this.send('POST', `/_simulator/${name}`, body ?? {});
	}

	async calls(): Promise<CallSummary> {
		const response = await fetch(`${this.simulator.url}/_simulator/calls`);
		return (await response.json()) as CallSummary;
	}
}

const withToken = (token: string | undefined): Record<string, string> =>
	token === undefined ? {} : { 'x-acs-dingtalk-access-token': token };

function parsed(text: string): Record<string, unknown> {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === 'object' && value !== null ? { ...value } : {};
	} catch {
		return {};
	}
}

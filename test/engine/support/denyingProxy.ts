/** A proxy between the nodes and the simulator that denies some writes: it answers in place of DingTalk, which never hears of them. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { api, type ApiCall } from '../../../lib/dingtalk/endpoints';

export interface Denial {
	status: number;
	/** Sent as JSON, a text as it is. */
	body: unknown;
}

export interface DenyingProxy {
	url: string;
	/** The writes that came, denied or not, in order. */
	writes: ApiCall[];
	/** What each denied write was answered with. */
	denied: string[];
	/** Writes that were denied and not carried out later either. */
	undone(): string[];
	close(): Promise<void>;
}

const WRITES = Object.values<ApiCall>(api).filter(({ isRead }) => !isRead);

const patternOf = (template: string): RegExp => new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`);

const PATTERNS = WRITES.flatMap((call) =>
	[call.path, call.mePath].flatMap((template) => (template ? [{ call, pattern: patternOf(template) }] : [])),
);

/** Undefined for a read. */
const writeOf = (method: string, url: string): ApiCall | undefined =>
	PATTERNS.find(({ call, pattern }) => call.method === method && pattern.test(url.split('?')[0]))?.call;

async function readAll(message: IncomingMessage): Promise<Buffer> {
	const parts: Buffer[] = [];
	for await (const part of message) parts.push(part as Buffer);
	return Buffer.concat(parts);
}

const PASSED_ON = ['accept', 'content-type', 'x-acs-dingtalk-access-token', 'x-client-token'];

/** Tells one write from another. A write may be sent again with its times in another form. */
const nameOf = (method: string, url: string, body: Buffer): string =>
	`${method} ${url} ${body.toString()}`.replace(/\.000(?=Z|[+-])/g, '');

async function passOn(
	target: string,
	{ method, url = '/', headers }: IncomingMessage,
	body: Buffer,
	response: ServerResponse,
): Promise<void> {
	const answer = await fetch(target + url, {
		method,
		headers: Object.fromEntries(PASSED_ON.flatMap((name) => (headers[name] ? [[name, String(headers[name])]] : []))),
		...(body.length > 0 ? { body: new Uint8Array(body) } : {}),
	});
	response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' });
	response.end(await answer.text());
}

function deny({ status, body }: Denial, response: ServerResponse): void {
	const text = typeof body === 'string' ? body : JSON.stringify(body);
	const type = text.startsWith('<') ? 'text/html' : 'application/json;charset=utf-8';
	response.writeHead(status, text === '' ? {} : { 'content-type': type });
	response.end(text);
}

/** `denialOf` gets each write with how many writes of the same kind came before it. */
export async function startDenyingProxy(
	target: string,
	denialOf: (call: ApiCall, earlier: number) => Denial | undefined,
): Promise<DenyingProxy> {
	const writes: ApiCall[] = [];
	const denied: string[] = [];
	const undone = new Set<string>();
	async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const { method = 'GET', url = '/' } = request;
		const call = writeOf(method, url);
		const denial = call && denialOf(call, writes.filter((one) => one === call).length);
		if (call) writes.push(call);
		const body = await readAll(request);
		const name = nameOf(method, url, body);
		if (!denial) {
			undone.delete(name);
			await passOn(target, request, body, response);
			return;
		}
		undone.add(name);
		denied.push(`${method} ${url.split('?')[0]}: ${denial.status} ${JSON.stringify(denial.body)}`);
		deny(denial, response);
	}
	const server = createServer((request, response) => {
		answer(request, response).catch((error: Error) => response.destroy(error));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		writes,
		denied,
		undone: () => [...undone],
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

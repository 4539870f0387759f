/** Holds that the simulator serves, and calls, only programs on this machine. */
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

import WebSocket from 'ws';

import { startSimulator, type Simulator } from '../../simulator';
import { CallbackClient } from '../../simulator/push/http/callbackClient';

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator();
});
afterAll(async () => await simulator.close());

const statusWith = async (headers: Record<string, string>, path = '/_simulator/state'): Promise<number | undefined> =>
	await new Promise((resolve, reject) => {
		request(`${simulator.url}${path}`, { headers, agent: false }, (response) => {
			response.resume();
			response.on('end', () => resolve(response.statusCode));
		})
			.on('error', reject)
			.end();
	});

describe('The simulator', () => {
	it.each<Record<string, string>>([
		{},
		{ host: 'localhost:4010' },
		{ host: '[::1]:4010' },
		{ origin: 'http://localhost:5678' },
	])('serves a program on this machine (%j)', async (headers) => expect(await statusWith(headers)).toBe(200));

	it.each<Record<string, string>>([
		{ host: 'rebound.example:4010' },
		{ host: '127.0.0.1.example' },
		{ origin: 'https://evil.example' },
		{ origin: 'null' },
	])('refuses a web page or another host (%j)', async (headers) => {
		expect(await statusWith(headers)).toBe(403);
		expect(await statusWith(headers, '/v1.0/oauth2/accessToken')).toBe(403);
	});

	it('opens no Stream connection for a web page', async () => {
		const socket = new WebSocket(`${simulator.url.replace('http', 'ws')}/connect?ticket=x`, {
			origin: 'https://evil.example',
		});
		const status = await new Promise((resolve) =>
			socket.on('unexpected-response', (_, { statusCode }) => resolve(statusCode)),
		);
		expect(status).toBe(403);
	});

	it('calls no callback URL on another machine', async () => {
		const client = new CallbackClient(simulator.world);
		await expect(client.post({ url: 'http://example.com/hook', query: {}, body: '{}' })).rejects.toThrow(
			'the simulator calls only this machine',
		);
	});

	it('calls no port of this machine that was not named', async () => {
		const received: string[] = [];
		const server = createServer((incoming, response) => {
			received.push(incoming.url ?? '');
			response.end('{}');
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as AddressInfo;
		const callback = {
			clientId: 'sim-internal',
			url: `http://127.0.0.1:${port}/hook`,
			token: 'token',
			aesKey: 'a'.repeat(43),
		};
		const register = async ({ url }: Simulator): Promise<string> => {
			const body = JSON.stringify(callback);
			return await (await fetch(`${url}/_simulator/callback`, { method: 'POST', body })).text();
		};
		expect(await register(simulator)).toContain('only the ports that it was started with (--callback-port)');
		expect(received).toEqual([]);
		const open = await startSimulator({ callbackPorts: [port] });
		await register(open);
		open.reset();
		await register(open);
		expect(received).toHaveLength(2);
		await open.close();
		await new Promise((resolve) => server.close(resolve));
	});
});

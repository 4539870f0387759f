/** Holds that the simulator serves, and calls, only programs on this machine. */
import { request } from 'node:http';

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
});

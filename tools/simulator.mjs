/** Starts the DingTalk simulator and talks to it. */
import { join } from 'node:path';
import { startServer } from './processes.mjs';

/**
 * Runs the simulator's command line, on a free port unless one is given. `value` is its address. It pushes to `callbackPort` of
 * this machine only; tests that start n8n later, at a port that is not known yet, name `any`.
 */
export const startSimulator = (port = 0, callbackPort = 'any') =>
	startServer(
		process.execPath,
		['--import', 'tsx', 'test/simulator/main.ts', '--port', String(port), '--callback-port', String(callbackPort)],
		{
			cwd: join(import.meta.dirname, '..'),
			ready: (output) => /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0],
		},
	);

/** Calls the simulator's control plane: a GET without a body, a POST with one. */
export const controlOf =
	(url) =>
	async (what, body = undefined) => {
		const response = await fetch(
			`${url}/_simulator/${what}`,
			body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) },
		);
		if (!response.ok) throw new Error(`/_simulator/${what}: ${response.status} ${await response.text()}`);
		return await response.json();
	};

/** The fields of a credential that reaches it. */
export const simulatorCredential = (url, clientSecret = 'sim-secret') => ({
	region: 'custom',
	baseUrl: url,
	appType: 'internal',
	clientId: 'sim-internal',
	clientSecret,
});

import { join } from 'node:path';
import { startServer } from './processes.mjs';

/** The simulator with its own command line, on a free port unless one is given. `value` is its address. */
export const startSimulator = (port = 0) =>
	startServer(process.execPath, ['--import', 'tsx', 'test/simulator/main.ts', '--port', String(port)], {
		cwd: join(import.meta.dirname, '..'),
		ready: (output) => /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0],
	});

/** Asks the simulator at an address about itself, or tells it something: whatever is told goes as a POST. */
export const controlOf =
	(url) =>
	async (what, told = undefined) => {
		const response = await fetch(
			`${url}/_simulator/${what}`,
			told === undefined ? {} : { method: 'POST', body: JSON.stringify(told) },
		);
		if (!response.ok) throw new Error(`/_simulator/${what}: ${response.status} ${await response.text()}`);
		return await response.json();
	};

/** What a credential needs to reach it. */
export const simulatorCredential = (url, clientSecret = 'sim-secret') => ({
	region: 'custom',
	baseUrl: url,
	appType: 'internal',
	clientId: 'sim-internal',
	clientSecret,
});

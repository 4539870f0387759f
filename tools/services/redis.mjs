/** Starts a Redis for tests. */
import { freePort, startServer } from '../processes.mjs';
import { program } from './program.mjs';

/** A Redis in memory. `value` is its port. */
export async function startRedis() {
	const port = await freePort();
	return await startServer(
		program('redis-server', 'redis-server'),
		['--port', String(port), '--bind', '127.0.0.1', '--save', ''],
		{
			ready: (output) => output.includes('Ready to accept connections') && port,
			seconds: 30,
		},
	);
}

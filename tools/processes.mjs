/** Starts servers, and ends them with the script that started them. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';

const running = new Set();

/** Nothing that the script started outlives it. */
process.on('exit', () => running.forEach((child) => signal(child, 'SIGKILL')));
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(name, () => void endAll());

/** Politely at first, so that databases are closed; a second signal ends everything at once. */
async function endAll() {
	for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(name, () => process.exit(1));
	const children = [...running];
	children.forEach((child) => signal(child, 'SIGTERM'));
	const ends = children.map((child) => child.exitCode ?? new Promise((resolve) => child.once('close', resolve)));
	await Promise.race([Promise.all(ends), new Promise((resolve) => setTimeout(resolve, 10_000))]);
	process.exit(process.exitCode ?? 1);
}

/** The whole group: n8n and tsx start processes of their own. */
function signal(child, name) {
	try {
		process.kill(-child.pid, name);
	} catch (error) {
		if (error.code !== 'ESRCH') throw error;
	}
}

/**
 * Starts a server and waits until `ready` (given all output so far) returns something. Returns that, a `stop`, and a `kill`
 * that ends it as a crash would.
 * @param {{ env?: object, cwd?: string, uid?: number, gid?: number, ready: (output: string) => unknown, seconds?: number }} options
 */
export async function startServer(command, args, { env, cwd, uid, gid, ready, seconds = 240 }) {
	const child = spawn(command, args, { env, cwd, uid, gid, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
	running.add(child);
	let output = '';
	child.stdout.on('data', (chunk) => (output += chunk));
	child.stderr.on('data', (chunk) => (output += chunk));
	const ended = new Promise((resolve) => child.once('close', resolve)).then(() => running.delete(child));

	const stop = async () => {
		signal(child, 'SIGTERM');
		const patience = setTimeout(() => signal(child, 'SIGKILL'), 15_000);
		await ended;
		clearTimeout(patience);
	};
	const kill = async () => {
		signal(child, 'SIGKILL');
		await ended;
	};

	const deadline = Date.now() + seconds * 1000;
	while (Date.now() < deadline && child.exitCode === null && child.signalCode === null) {
		const value = await ready(output);
		if (value) return { value, stop, kill, output: () => output };
		await new Promise((resolve) => setTimeout(resolve, 200));
	}
	await stop();
	throw new Error(`${command} ${args.join(' ')} did not get ready:\n${output.slice(-3000)}`);
}

/** A free port of the loopback interface; the wanted one if it is free. */
export async function freePort(wanted = 0) {
	return await listenOn(wanted).catch((error) => (wanted === 0 ? Promise.reject(error) : listenOn(0)));
}

function listenOn(wanted) {
	return new Promise((resolve, reject) => {
		const server = createServer();
		server.once('error', reject);
		server.listen(wanted, '127.0.0.1', () => {
			const { port } = server.address();
			server.close(() => resolve(port));
		});
	});
}

/** Starts the simulator by its command and uses it from a script without any library. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '..', '..');

async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	server.close();
	await once(server, 'close');
	return port;
}

/** Starts the command in its own process group, because npm is only the first of several processes. */
function startCommand(port: number): ChildProcess {
	return spawn('npm', ['run', 'simulator', '--', '--port', String(port)], {
		cwd: ROOT,
		detached: true,
		stdio: ['ignore', 'pipe', 'inherit'],
	});
}

async function waitForOutput(command: ChildProcess, text: string): Promise<string> {
	let output = '';
	for await (const chunk of command.stdout ?? []) {
		output += String(chunk);
		if (output.includes(text)) return output;
	}
	throw new Error(`The process ended without printing "${text}", but:\n${output}`);
}

describe('A script with the official client, against `npm run simulator`,', () => {
	let command: ChildProcess;
	let url: string;
	let introduction: string;

	beforeAll(async () => {
		const port = await freePort();
		url = `http://127.0.0.1:${port}`;
		command = startCommand(port);
		introduction = await waitForOutput(command, 'Press Ctrl+C to stop.');
	});

	afterAll(async () => {
		const ended = once(command, 'close');
		if (command.pid !== undefined) process.kill(-command.pid, 'SIGTERM');
		await ended;
	});

	it('gets the URL and the credentials of the simulator', () => {
		expect(introduction).toContain(url);
		expect(introduction).toContain('sim-internal / sim-secret');
	});

	it('creates, reads, changes, responds to and deletes an event', async () => {
		const run = promisify(execFile);
		const { stdout } = await run('npx', ['tsx', 'test/conformance/plain-script.ts', url], { cwd: ROOT });
		const steps = stdout
			.trim()
			.split('\n')
			.map((line) => line.split(/\s{2,}/));
		expect(steps).toEqual([
			['created', expect.any(String)],
			['read', 'Made by the official client, confirmed'],
			['changed', 'Changed by the official client'],
			['answered', expect.stringMatching(/: accepted$/)],
			['deleted', 'instanceNotExist'],
		]);
	});
});

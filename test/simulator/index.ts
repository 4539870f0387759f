/** Starts the DingTalk simulator on a port of this machine. */
import type { Server } from 'node:http';

import { Router } from './gateway/router';
import { routes } from './routes';
import { CallbackPorts, type NamedPorts } from './push/http/callbackPorts';
import { seedWorld } from './seed';
import { createSimulatorServer } from './server';
import type { Switches } from './switches';
import type { World } from './world';

export interface Simulator {
	/** For example `http://127.0.0.1:4010`; serves new-style and old-style calls. */
	readonly url: string;
	readonly port: number;
	/** Replaced by a reset, so do not keep a reference. */
	readonly world: World;
	reset(): void;
	close(): Promise<void>;
}

/** Reachable only from this machine. */
const HOST = '127.0.0.1';

/** Ports that no operating system gives out by itself, so that no connection of another program holds one. */
const FIRST_PORT = 12_000;
const PORTS = 20_000;

/** Kept for the whole process: Jest loads this file anew for each test file, but not what remembers the addresses. */
const started = ((globalThis as Record<symbol, unknown>)[Symbol.for('startedSimulators')] ??= {
	count: (process.pid * 997) % PORTS,
}) as { count: number };

/** Windows reserves some. */
const isUnavailable = ({ code }: NodeJS.ErrnoException): boolean => code === 'EADDRINUSE' || code === 'EACCES';

async function listenOn(server: Server, port: number): Promise<number> {
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, HOST, () => {
			server.off('error', reject);
			resolve();
		});
	});
	return port;
}

/**
 * For port 0, on each port in turn: clients cache tokens and limits by address, and forget them long before it comes again.
 * The operating system would give out the same port again after a while, and none that is new to this process in the end.
 */
async function listen(server: Server, port: number): Promise<number> {
	if (port !== 0) return await listenOn(server, port);
	for (;;) {
		const next = FIRST_PORT + (started.count++ % PORTS);
		const taken = await listenOn(server, next).catch((error: Error) => error);
		if (!(taken instanceof Error)) return taken;
		if (!isUnavailable(taken)) throw taken;
	}
}

/** Starts an independent simulator; port 0 picks any free port. */
export async function startSimulator({
	port = 0,
	switches = {},
	callbackPorts = [],
}: { port?: number; switches?: Partial<Switches>; callbackPorts?: NamedPorts } = {}): Promise<Simulator> {
	const newWorld = (): World => {
		const seeded = seedWorld();
		Object.assign(seeded.switches, switches);
		seeded.use(CallbackPorts).allow(callbackPorts);
		return seeded;
	};
	let world = newWorld();
	const router = new Router(routes);
	const reset = (): void => {
		world.close();
		world = newWorld();
	};
	const server = createSimulatorServer({
		router,
		reset,
		get world() {
			return world;
		},
	});
	const taken = await listen(server, port);
	return {
		url: `http://${HOST}:${taken}`,
		port: taken,
		reset,
		get world() {
			return world;
		},
		close: () =>
			new Promise((resolve, reject) => {
				server.close((error) => (error === undefined ? resolve() : reject(error)));
				server.closeAllConnections();
				world.close();
			}),
	};
}

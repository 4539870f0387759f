/** Starts the DingTalk simulator on a port of this machine. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

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

/** Ports of earlier simulators of this process. Clients cache tokens by address, so a port must not be reused. */
const usedPorts = new Set<number>();

async function listen(server: Server, port: number): Promise<number> {
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, HOST, resolve);
	});
	const { port: taken } = server.address() as AddressInfo;
	if (port === 0 && usedPorts.has(taken)) {
		await new Promise((resolve) => server.close(resolve));
		return await listen(server, port);
	}
	usedPorts.add(taken);
	return taken;
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

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

import { control, isControl } from './control';
import type { Controlled } from './control/request';
import { deliver } from './delivery';
import { passGate } from './gate/gateway';
import { streamEntrance } from './push/stream/upgrade';
import { readRequest } from './wire';

async function serve(incoming: IncomingMessage, response: ServerResponse, simulator: Controlled): Promise<void> {
	const request = await readRequest(incoming);
	const delivery = isControl(request)
		? await control(request, simulator)
		: await passGate(request, simulator.world, simulator.router);
	await deliver(delivery, response);
}

/** Longer than clients keep a connection, so that none is closed in the very moment in which it is used again. */
const KEEP_ALIVE_MS = 65_000;

export const createSimulatorServer = (simulator: Controlled): Server => {
	const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (incoming, response) => {
		serve(incoming, response, simulator).catch((error: unknown) => {
			// A client that hung up is no news; a mistake of the simulator is.
			if (!incoming.destroyed || incoming.complete) console.error(error);
			response.destroy();
		});
	});
	return server.on('upgrade', streamEntrance(simulator));
};

/** The HTTP server of the simulator: control plane, DingTalk calls and WebSocket upgrades. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import { control, isControl } from './control';
import type { Controlled } from './control/request';
import { deliver, type Delivery } from './delivery';
import { passGate } from './gate/gateway';
import { streamEntrance } from './push/stream/upgrade';
import { Limits } from './limits';
import { readRequest, type WireRequest } from './wire';

async function overTheDistance(request: WireRequest, { world, router }: Controlled): Promise<Delivery> {
	const delivery = await passGate(request, world, router);
	const { latencyMs } = world.use(Limits).values;
	if (latencyMs !== null) await sleep(latencyMs, undefined, { ref: false });
	return delivery;
}

async function serve(incoming: IncomingMessage, response: ServerResponse, simulator: Controlled): Promise<void> {
	const request = await readRequest(incoming);
	const delivery = isControl(request) ? await control(request, simulator) : await overTheDistance(request, simulator);
	await deliver(delivery, response);
}

/** Longer than clients keep connections, so that none is closed just as it is reused. */
const KEEP_ALIVE_MS = 65_000;

export const createSimulatorServer = (simulator: Controlled): Server => {
	const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (incoming, response) => {
		serve(incoming, response, simulator).catch((error: unknown) => {
			// A client that disconnected is no error; a bug in the simulator is.
			if (!incoming.destroyed || incoming.complete) console.error(error);
			response.destroy();
		});
	});
	return server.on('upgrade', streamEntrance(simulator));
};

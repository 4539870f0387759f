/** The HTTP server of the simulator: control plane, DingTalk calls and WebSocket upgrades. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import { handleControlCall, isControlCall } from './control';
import type { ControlContext } from './control/controlRequest';
import { sendResponse, type SimulatorResponse } from './response';
import { Faults } from './gateway/faults';
import { handleCall } from './gateway/handleCall';
import { handleUpgrade } from './push/stream/upgrade';
import { Limits } from './limits';
import { isForeignRequest } from './loopbackOnly';
import { readRequest, type IncomingRequest } from './incomingRequest';
import { handleSignIn, isSignIn } from './signIn/handleSignIn';

async function handleWithLatency(
	request: IncomingRequest,
	{ world, router }: ControlContext,
): Promise<SimulatorResponse> {
	const delivery = await handleCall(request, world, router);
	const { latencyMs } = world.use(Limits).values;
	if (latencyMs !== null) await sleep(latencyMs, undefined, { ref: false });
	return delivery;
}

async function answerTo(request: IncomingRequest, simulator: ControlContext): Promise<SimulatorResponse> {
	if (isControlCall(request)) return await handleControlCall(request, simulator);
	if (isSignIn(request)) return handleSignIn(request, simulator.world);
	return await handleWithLatency(request, simulator);
}

async function handleRequest(
	incoming: IncomingMessage,
	response: ServerResponse,
	simulator: ControlContext,
): Promise<void> {
	const request = await readRequest(incoming);
	const delivery = await answerTo(request, simulator);
	await sendResponse(
		delivery,
		response,
		async (delayMs) => await simulator.world.use(Faults).waitForDelay({ delayMs }),
	);
}

function refuseForeign(incoming: IncomingMessage, response: ServerResponse): void {
	incoming.resume();
	response.writeHead(403, { 'content-type': 'text/plain; charset=utf-8' });
	response.end('The simulator serves only programs on this machine, at its loopback address.\n');
}

/** Longer than clients keep connections, so that none is closed just as it is reused. */
const KEEP_ALIVE_MS = 65_000;

export const createSimulatorServer = (simulator: ControlContext): Server => {
	const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (incoming, response) => {
		if (isForeignRequest(incoming.headers)) return refuseForeign(incoming, response);
		handleRequest(incoming, response, simulator).catch((error: unknown) => {
			// A client that disconnected is no error; a bug in the simulator is.
			if (!incoming.destroyed || incoming.complete) console.error(error);
			response.destroy();
		});
	});
	return server.on('upgrade', handleUpgrade(simulator));
};

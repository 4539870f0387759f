/** Accepts WebSocket connections on the port of the simulator. */
import type { IncomingMessage } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

import { WebSocketServer } from 'ws';

import { Faults, type FaultRule } from '../../gateway/faults';
import type { ControlContext } from '../../control/controlRequest';
import { isForeignRequest } from '../../loopbackOnly';
import { StreamHub } from './hub';
import { Tickets } from './tickets';

export const CONNECT_PATH = '/connect';

export function handleUpgrade(
	simulator: ControlContext,
): (request: IncomingMessage, socket: Duplex, head: Buffer) => void {
	// A silenced connection must not answer pings, so the library must not do it automatically.
	const sockets = new WebSocketServer({ noServer: true, autoPong: false });
	return (request, socket, head) => {
		socket.on('error', () => socket.destroy());
		if (isForeignRequest(request.headers)) return refuse(403, socket);
		const { world, router } = simulator;
		const { pathname, searchParams } = new URL(request.url ?? '/', 'ws://simulator');
		const fault = world.use(Faults).findFault('GET', pathname, pathname, router);
		if (fault !== undefined) return applyFault(fault, socket);
		if (pathname !== CONNECT_PATH) return refuse(404, socket);
		const admission = world.use(Tickets).redeem(searchParams.get('ticket') ?? '');
		if (admission === undefined) return refuse(401, socket);
		sockets.handleUpgrade(request, socket, head, (accepted) => world.use(StreamHub).attach(accepted, admission));
	};
}

function applyFault({ do: action, status = 500 }: FaultRule, socket: Duplex): void {
	if (action === 'status') refuse(status, socket);
	else socket.destroy();
}

function refuse(status: number, socket: Duplex): void {
	socket.end(
		`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
	);
}

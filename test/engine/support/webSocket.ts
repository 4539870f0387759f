import { WebSocket as WsWebSocket } from 'ws';

/** Node.js 20 has no WebSocket of its own; from 22 on the tests use what the nodes will use. */
export function installWebSocket(): void {
	globalThis.WebSocket ??= WsWebSocket as unknown as typeof WebSocket;
}

/** Provides a WebSocket client for tests on Node.js 20. */
import { WebSocket as WsWebSocket } from 'ws';

/** Since Node.js 22, tests use the built-in client, as the nodes do. */
export function installWebSocket(): void {
	globalThis.WebSocket ??= WsWebSocket as unknown as typeof WebSocket;
}

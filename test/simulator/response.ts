/** HTTP responses of the simulator and how they are sent. */
import type { ServerResponse } from 'node:http';

export const JSON_TYPE = 'application/json;charset=utf-8';
export const XML_TYPE = 'application/xml;charset=utf-8';

/** A response; `dropped` closes the connection instead, `hanging` never responds. */
export interface SimulatorResponse {
	status: number;
	contentType: string;
	headers: Record<string, string>;
	text: string;
	dropped?: boolean;
	hanging?: boolean;
	/** Sends the first half, waits this long and sends the rest. */
	pauseMidwayMs?: number;
}

const emptyResponse: SimulatorResponse = { status: 0, contentType: '', headers: {}, text: '' };

export const dropped: SimulatorResponse = { ...emptyResponse, dropped: true };

export const hanging: SimulatorResponse = { ...emptyResponse, hanging: true };

export const jsonResponse = (
	status: number,
	body: unknown,
	headers: Record<string, string> = {},
): SimulatorResponse => ({
	status,
	contentType: JSON_TYPE,
	headers,
	text: JSON.stringify(body),
});

export async function sendResponse(
	delivery: SimulatorResponse,
	response: ServerResponse,
	pause: (ms: number) => Promise<void>,
): Promise<void> {
	if (delivery.dropped === true) {
		response.socket?.destroy();
		return;
	}
	if (delivery.hanging === true) return;
	const payload = Buffer.from(delivery.text, 'utf8');
	response.writeHead(delivery.status, {
		Server: 'DingTalk/1.0.0',
		...(payload.length > 0 ? { 'Content-Type': delivery.contentType } : {}),
		'Content-Length': payload.length,
		...delivery.headers,
	});
	if (delivery.pauseMidwayMs === undefined) {
		response.end(payload);
		return;
	}
	const half = Math.floor(payload.length / 2);
	response.write(payload.subarray(0, half));
	await pause(delivery.pauseMidwayMs);
	response.end(payload.subarray(half));
}

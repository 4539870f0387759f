/** A Stream client that is free to make mistakes, unlike DingTalk's own. */
import axios, { type AxiosResponse } from 'axios';
import { WebSocket } from 'ws';

import { SECRET, type Stage } from './stage';
import type { Fields } from './user';
import { until } from './until';

export interface RawFrame {
	specVersion: string;
	type: string;
	headers: Record<string, string>;
	data: string;
}

export interface Opened {
	endpoint: string;
	ticket: string;
	code?: string;
	message?: string;
	requestid?: string;
}

const OPEN = '/v1.0/gateway/connections/open';

/** Asks for a connection, with whatever a client may get wrong. */
export const openConnection = (
	stage: Stage,
	wrong: Fields = {},
	headers: Record<string, string> = { Accept: 'application/json' },
): Promise<AxiosResponse<Opened>> =>
	axios.post<Opened>(
		stage.url + OPEN,
		{ clientId: 'sim-internal', clientSecret: SECRET, subscriptions: [{ type: 'EVENT', topic: '*' }], ...wrong },
		{ headers, validateStatus: () => true },
	);

export const placeOf = ({ endpoint, ticket }: Opened): string => `${endpoint}?ticket=${encodeURIComponent(ticket)}`;

/** A client that answers only when a test says so: what no SDK does. */
export class RawStream {
	readonly frames: RawFrame[] = [];
	readonly texts: string[] = [];

	private constructor(readonly socket: WebSocket) {
		socket.on('message', (data) => {
			const text = (data as Buffer).toString('utf8');
			this.texts.push(text);
			if (text.startsWith('{') && text.endsWith('}')) this.frames.push(JSON.parse(text) as RawFrame);
		});
	}

	static async connect(stage: Stage, wrong: Fields = {}): Promise<RawStream> {
		const { data } = await openConnection(stage, wrong);
		return await RawStream.at(placeOf(data));
	}

	static at(place: string): Promise<RawStream> {
		const socket = new WebSocket(place);
		const stream = new RawStream(socket);
		return new Promise((resolve, reject) => {
			socket.once('open', () => resolve(stream));
			socket.once('error', reject);
		});
	}

	get isOpen(): boolean {
		return this.socket.readyState === WebSocket.OPEN;
	}

	heard(count: number): Promise<void> {
		return until(`${count} frames have come`, () => this.texts.length >= count);
	}

	answer({ headers: { messageId } }: RawFrame, data: unknown, code = 200): void {
		const headers = { contentType: 'application/json', messageId };
		this.socket.send(JSON.stringify({ code, headers, message: 'OK', data: JSON.stringify(data) }));
	}
}

/** An HTTP server that receives pushes as DingTalk's documentation describes, in several manners. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { decrypted, seal } from '../simulator/push/envelope';
import type { Stage } from './stage';
import { until } from './until';

/** Samples, as the documents give them. */
export const TOKEN = '123456';
export const AES_KEY = '1234567890123456789012345678901234567890123';

export interface ReceivedPush {
	query: Record<string, string>;
	body: string;
	/** Decrypted. */
	data: Record<string, unknown>;
	ownerKey: string;
}

export type Manner = 'success' | 'otherWord' | 'plain' | 'error' | 'redirect' | 'silent' | 'wrongSignature';

/** A callback URL as a user might build one. */
export class Receiver {
	readonly received: ReceivedPush[] = [];
	manner: Manner = 'success';
	/** Requests whose sender did not wait for the reply. */
	private abandoned = 0;
	private server!: Server;

	async open(): Promise<void> {
		this.server = createServer((request, response) => {
			response.once('close', () => {
				if (!response.writableFinished) this.abandoned += 1;
			});
			this.take(request).then(
				(push) => {
					if (this.manner === 'silent') return;
					if (this.manner === 'redirect') response.setHeader('Location', this.url);
					response.statusCode = { error: 500, redirect: 302 }[this.manner as 'error'] ?? 200;
					response.end(this.reply(push));
				},
				() => response.destroy(),
			);
		});
		await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
	}

	get url(): string {
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/webhook/dingtalk?from=console`;
	}

	/** All but the check of the URL. */
	get pushes(): ReceivedPush[] {
		return this.received.filter(({ data }) => data.EventType !== 'check_url');
	}

	heard(count: number): Promise<void> {
		return until(`${count} pushes have come over HTTP`, () => this.pushes.length >= count);
	}

	hungUp(): Promise<void> {
		return until('the sender has hung up', () => this.abandoned > 0);
	}

	async close(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}

	private async take(request: IncomingMessage): Promise<ReceivedPush> {
		const chunks: Buffer[] = [];
		for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
		const body = Buffer.concat(chunks).toString('utf8');
		const query = Object.fromEntries(new URL(request.url ?? '/', 'http://receiver').searchParams);
		const push = { query, body, ...opened(body) };
		this.received.push(push);
		return push;
	}

	private reply({ ownerKey }: ReceivedPush): string {
		if (this.manner === 'plain') return 'success';
		const word = this.manner === 'otherWord' ? 'failure' : 'success';
		const { signature, timestamp, nonce, encrypt } = seal(
			word,
			{ token: TOKEN, aesKey: AES_KEY, ownerKey },
			String(Date.now()),
		);
		const shown = this.manner === 'wrongSignature' ? `${signature.slice(1)}0` : signature;
		return JSON.stringify({ msg_signature: shown, timeStamp: timestamp, nonce, encrypt });
	}
}

function opened(body: string): { data: Record<string, unknown>; ownerKey: string } {
	try {
		const { text, ownerKey } = decrypted((JSON.parse(body) as { encrypt: string }).encrypt, AES_KEY);
		return { data: JSON.parse(text) as Record<string, unknown>, ownerKey };
	} catch {
		return { data: {}, ownerKey: '' };
	}
}

/** A callback URL for each test. */
export function useReceiver(stage: Stage): { readonly it: Receiver; register: (clientId?: string) => Promise<void> } {
	let receiver: Receiver;
	beforeEach(async () => {
		receiver = new Receiver();
		await receiver.open();
	});
	afterEach(() => receiver.close());
	return {
		get it() {
			return receiver;
		},
		register: (clientId = 'sim-internal') =>
			stage.control('callback', { clientId, url: receiver.url, token: TOKEN, aesKey: AES_KEY }),
	};
}

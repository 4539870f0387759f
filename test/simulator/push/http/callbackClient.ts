/** Sends HTTP requests to callback URLs. */
import { request as requestHttp, type ClientRequest } from 'node:http';
import { request as requestHttps } from 'node:https';

import { isLoopbackUrl } from '../../loopbackOnly';
import { Limits } from '../../limits';
import type { World } from '../../world';
import { CallbackPorts } from './callbackPorts';

export interface CallbackRequest {
	url: string;
	query: Record<string, string>;
	body: string;
}

export interface CallbackReply {
	status: number;
	text: string;
}

/** The reason why there was no readable reply. */
export class NoReply extends Error {}

/** Maximum number of concurrent requests. */
const MAX_CONCURRENT = 16;

/** Follows no redirects and uses DingTalk's timeout. */
export class CallbackClient {
	private active = 0;
	private readonly queue: Array<() => void> = [];
	private readonly activeRequests = new Set<ClientRequest>();

	constructor(private readonly world: World) {}

	async post(post: CallbackRequest): Promise<CallbackReply> {
		if (this.active >= MAX_CONCURRENT) await new Promise<void>((resolve) => this.queue.push(resolve));
		else this.active += 1;
		try {
			return await this.send(post);
		} finally {
			const next = this.queue.shift();
			if (next === undefined) this.active -= 1;
			else next();
		}
	}

	close(): void {
		for (const request of this.activeRequests) request.destroy(new NoReply('the simulator was closed'));
	}

	private async send({ url, query, body }: CallbackRequest): Promise<CallbackReply> {
		if (!isLoopbackUrl(url)) throw new NoReply('the simulator calls only this machine');
		if (!this.world.use(CallbackPorts).includes(url))
			throw new NoReply('the simulator calls only the ports that it was started with (--callback-port)');
		const target = new URL(url);
		for (const [name, value] of Object.entries(query)) target.searchParams.set(name, value);
		const payload = Buffer.from(body, 'utf8');
		const headers = { 'Content-Type': 'application/json', 'Content-Length': payload.length };
		return await new Promise((resolve, reject) => {
			const send = target.protocol === 'https:' ? requestHttps : requestHttp;
			const request = send(target, { method: 'POST', headers, agent: false }, (response) => {
				const chunks: Buffer[] = [];
				response.on('data', (chunk: Buffer) => chunks.push(chunk));
				response.on('error', (error) => request.destroy(error));
				response.on('end', () => {
					callOff();
					resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') });
				});
			});
			this.activeRequests.add(request);
			request.on('close', () => this.activeRequests.delete(request));
			const callOff = this.deadline(() => request.destroy(new NoReply('too late')));
			request.on('error', (error) => {
				callOff();
				reject(error instanceof NoReply ? error : new NoReply(`unreachable: ${error.message}`));
			});
			request.end(payload);
		});
	}

	private deadline(tooLate: () => void): () => void {
		const { httpAnswerMs } = this.world.use(Limits).values;
		return httpAnswerMs === null ? () => undefined : this.world.clock.after(httpAnswerMs, tooLate);
	}
}

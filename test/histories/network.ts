/** The network between n8n and the simulator: n8n's own axios, whose calls arrive and are answered in a chosen order. */
import { createRequire } from 'node:module';
import type { AxiosAdapter, AxiosResponse, AxiosStatic, InternalAxiosRequestConfig } from 'axios';

import { handleCall } from '../simulator/gateway/handleCall';
import { Faults } from '../simulator/gateway/faults';
import { Router } from '../simulator/gateway/router';
import type { IncomingRequest } from '../simulator/incomingRequest';
import type { SimulatorResponse } from '../simulator/response';
import { routes } from '../simulator/routes';
import type { World } from '../simulator/world';
import type { Strike } from '../faults/faults';
import type { VirtualTime } from './virtualTime';

/** A call of the node as it went over the network; calls for a token are not among them. */
export interface SentCall {
	/** Position among the calls of the run, from 1. */
	number: number;
	method: string;
	path: string;
	body: unknown;
	idempotencyKey?: string;
	/** The node had the whole of a good answer. */
	isConfirmed: boolean;
	fault?: string;
	/** DingTalk carried it out, or is doing so. */
	isCarriedOut: boolean;
}

export interface Listener {
	/** Before the call arrives; names what happens to it. */
	onCall(call: SentCall): Strike['do'] | undefined;
	/** Which of so many things that can happen now happens first. */
	choose(count: number): number;
}

interface Failure {
	code: string;
	message: string;
}

const TOKEN_PATH = /^\/v1\.0\/oauth2\//;
const RESET: Failure = { code: 'ECONNRESET', message: 'socket hang up' };
const REFUSED: Failure = { code: 'ECONNREFUSED', message: 'connect ECONNREFUSED' };

const router = new Router(routes);

export class Network {
	calls: SentCall[] = [];
	private listener: Listener | undefined;
	private worlds = new Map<string, World>();
	private due: Array<() => void> = [];
	/** Calls that DingTalk is still working on. */
	private running = 0;
	private readonly axios: AxiosStatic;
	private readonly interceptor: number;

	constructor(private readonly time: VirtualTime) {
		const load = createRequire(__filename);
		const network = load.resolve('@n8n/backend-network', { paths: [load.resolve('n8n-core')] });
		this.axios = load(load.resolve('axios', { paths: [network] })) as AxiosStatic;
		const adapter: AxiosAdapter = async (config) => await this.send(config);
		this.interceptor = this.axios.interceptors.request.use((config) => Object.assign(config, { adapter }));
	}

	end(): void {
		this.axios.interceptors.request.eject(this.interceptor);
	}

	connect(origin: string, world: World): void {
		this.worlds.clear();
		this.worlds.set(origin, world);
		const faults = world.use(Faults);
		faults.waitForDelay = async ({ delayMs = 0 }) => await this.time.wait(delayMs, { isSleep: false });
	}

	listen(listener: Listener | undefined): void {
		this.calls = [];
		this.listener = listener;
	}

	get isBusy(): boolean {
		return this.running > 0;
	}

	/** Lets one thing happen; says whether there was one. */
	step(): boolean {
		if (this.due.length === 0) return false;
		const index = (this.listener?.choose(this.due.length) ?? 0) % this.due.length;
		const [next] = this.due.splice(index, 1);
		next();
		return true;
	}

	private async turn(): Promise<void> {
		await new Promise<void>((resolve) => this.due.push(resolve));
	}

	private async send(config: InternalAxiosRequestConfig): Promise<AxiosResponse> {
		const url = new URL(this.axios.getUri(config));
		const world = this.worlds.get(url.origin);
		if (!world) throw this.failure(config, REFUSED);
		const request = incoming(config, url);
		await this.turn();
		// A request that was cancelled before it left does not arrive.
		if (config.signal?.aborted) throw new this.axios.CanceledError();
		const isToken = TOKEN_PATH.test(url.pathname);
		const call: SentCall = {
			number: this.calls.length + 1,
			method: request.method,
			path: url.pathname,
			body: 'value' in request.body ? request.body.value : undefined,
			idempotencyKey: request.headers['x-client-token'],
			isConfirmed: false,
			isCarriedOut: false,
		};
		if (!isToken) this.calls.push(call);
		const strike = isToken ? undefined : this.listener?.onCall(call);
		if (strike === 'refuse') {
			call.fault = strike;
			throw this.failure(config, REFUSED);
		}
		call.fault = strike?.do;
		world.use(Faults).findFault = () => strike && { match: {}, ...strike };
		this.running++;
		const answered = handleCall(request, world, router).finally(() => this.running--);
		const response = await this.within(config.timeout, config, answered);
		if (response.hanging) await this.timeOut(config);
		call.isCarriedOut = response.status === 200;
		if (response.dropped) throw this.failure(config, RESET);
		if ((response.pauseMidwayMs ?? 0) > (config.timeout ?? Infinity)) await this.timeOut(config);
		await this.turn();
		call.isConfirmed = response.status === 200 && strike === undefined;
		return await this.answer(config, response);
	}

	/** The time-out of the client, where the answer takes longer. */
	private async within<T>(ms: number | undefined, config: InternalAxiosRequestConfig, work: Promise<T>): Promise<T> {
		if (!ms) return await work;
		const settled = { is: false };
		const late = this.time.wait(ms, { isSleep: false }).then(() => {
			if (!settled.is) throw this.failure(config, timedOut(ms));
		});
		return (await Promise.race([work, late]).finally(() => {
			settled.is = true;
		})) as T;
	}

	private async timeOut(config: InternalAxiosRequestConfig): Promise<never> {
		const ms = config.timeout ?? 0;
		await this.time.wait(ms, { isSleep: false });
		throw this.failure(config, timedOut(ms));
	}

	private failure(config: InternalAxiosRequestConfig, { code, message }: Failure): Error {
		return new this.axios.AxiosError(message, code, config, {});
	}

	private async answer(config: InternalAxiosRequestConfig, answer: SimulatorResponse): Promise<AxiosResponse> {
		const { status, text, contentType, headers } = answer;
		const response: AxiosResponse = {
			status,
			statusText: '',
			data: text,
			headers: { ...(text === '' ? {} : { 'content-type': contentType }), ...headers },
			config,
			request: {},
		};
		if (!config.validateStatus || config.validateStatus(status)) return response;
		const code = status >= 500 ? 'ERR_BAD_RESPONSE' : 'ERR_BAD_REQUEST';
		throw new this.axios.AxiosError(`Request failed with status code ${status}`, code, config, {}, response);
	}
}

const timedOut = (ms: number): Failure => ({ code: 'ECONNABORTED', message: `timeout of ${ms}ms exceeded` });

function incoming(config: InternalAxiosRequestConfig, url: URL): IncomingRequest {
	const headers = Object.fromEntries(
		Object.entries(config.headers.toJSON()).map(([name, value]) => [name.toLowerCase(), String(value)]),
	);
	const text =
		typeof config.data === 'string' ? config.data : config.data === undefined ? '' : JSON.stringify(config.data);
	return {
		method: (config.method ?? 'get').toUpperCase(),
		path: url.pathname,
		query: Object.fromEntries(url.searchParams),
		headers,
		body: text === '' ? { kind: 'none' } : { kind: 'json', value: JSON.parse(text) as unknown },
	};
}

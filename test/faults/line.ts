/**
 * The line between the engine and the simulators of all cells. It is n8n's own axios with an interceptor: it counts the calls
 * of each cell, says when one goes out and when one is answered, and can send one to a port without a server.
 *
 * Two things are shorter here than in the product, so that the matrix takes minutes and not hours. The product gives up on an
 * answer after 30 seconds; here it gives up sooner on those calls, and only on those, whose answer is being held back. And its
 * waits before trying again, from a second to a minute, are one millisecond.
 */
import { createRequire } from 'node:module';

import type { AxiosStatic, InternalAxiosRequestConfig } from 'axios';

const QUICK_MS = 1;

/** Nothing listens at this port of any machine. */
const CLOSED_PORT = '1';

export interface Call {
	/** Position among the calls of the cell, from 1; calls for a token are not counted. */
	number: number;
	method: string;
	path: string;
}

/** `refuse` sends the call to a port without a server; a number is how long its answer is waited for. */
export type Treatment = 'refuse' | number;

export interface Listener {
	/** Before the call goes out, which it does when this is settled. `underWay` tells how many others have no answer yet. */
	out(call: Call, underWay: () => number): Promise<Treatment | undefined>;
	/** After its answer came. An answer without a body is complete as soon as its headers are there. */
	back(call: Call, answer: { hasBody: boolean }): Promise<void>;
}

interface Listened {
	listener: Listener;
	calls: number;
	underWay: number;
}

const listened = new Map<string, Listened>();
const under = new WeakMap<object, { call: Call; cell: Listened }>();

const TOKEN_PATH = /^\/v1\.0\/oauth2\//;

async function sendOut(config: InternalAxiosRequestConfig): Promise<InternalAxiosRequestConfig> {
	const url = new URL(config.url ?? '');
	const cell = listened.get(url.origin);
	if (!cell) return config;
	if (TOKEN_PATH.test(url.pathname)) return config;
	const call = { number: ++cell.calls, method: (config.method ?? 'get').toUpperCase(), path: url.pathname };
	under.set(config, { call, cell });
	const treatment = await cell.listener.out(call, () => cell.underWay);
	cell.underWay++;
	if (treatment === 'refuse') {
		url.port = CLOSED_PORT;
		config.url = url.href;
	}
	if (typeof treatment === 'number') config.timeout = treatment;
	return config;
}

/** What is to be done when the answer is a good one. */
function cameBack(config: InternalAxiosRequestConfig): ((hasBody: boolean) => Promise<void>) | undefined {
	const outgoing = under.get(config);
	if (!outgoing) return undefined;
	under.delete(config);
	outgoing.cell.underWay--;
	return async (hasBody) => await outgoing.cell.listener.back(outgoing.call, { hasBody });
}

/** Takes hold of n8n's axios and of the product's waits; once in a process, before anything is loaded. */
export function openLine(): void {
	const network = require.resolve('@n8n/backend-network', { paths: [require.resolve('n8n-core')] });
	const load = createRequire(__filename);
	const axios = load(require.resolve('axios', { paths: [network] })) as AxiosStatic;
	axios.interceptors.request.use(sendOut);
	axios.interceptors.response.use(
		async (answer) => {
			await cameBack(answer.config)?.(answer.headers['content-length'] !== '0');
			return answer;
		},
		async (error: { config?: InternalAxiosRequestConfig }) => {
			if (error.config) cameBack(error.config);
			return await Promise.reject(error);
		},
	);
	const n8n = load('n8n-workflow') as typeof import('n8n-workflow');
	const { sleep } = n8n;
	Object.defineProperty(n8n, 'sleep', { value: async () => await sleep(QUICK_MS) });
}

/** Listens to everything that goes to this address. */
export function listen(origin: string, listener: Listener): () => void {
	listened.set(origin, { listener, calls: 0, underWay: 0 });
	return () => void listened.delete(origin);
}

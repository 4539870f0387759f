/** A proxy between the nodes and the simulator that changes successful responses: fields go missing, are null, empty, doubled or of another type. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DateTime } from 'luxon';

import type { Random } from '../../simulator/random';

type Fields = Record<string, unknown>;

const HOME_ZONE = 'Asia/Shanghai';

const isFields = (value: unknown): value is Fields =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const isTime = ({ date, dateTime }: Fields): boolean => typeof date === 'string' || typeof dateTime === 'string';

/** A time with both keys, as the samples of DingTalk's pages have it. */
function double(time: Fields): Fields {
	const { date, dateTime } = time;
	if (typeof dateTime === 'string') {
		return { ...time, date: DateTime.fromISO(dateTime, { zone: HOME_ZONE }).toISODate() };
	}
	return { ...time, dateTime: `${String(date)}T00:00:00+08:00`, timeZone: HOME_ZONE };
}

/** The same moment in UTC, as DingTalk returns times where milliseconds are asked for. */
const inUtc = (time: Fields): Fields =>
	typeof time.dateTime === 'string' ? { ...time, dateTime: new Date(time.dateTime).toISOString() } : time;

const emptied = (value: unknown): unknown =>
	typeof value === 'string' ? '' : Array.isArray(value) ? [] : isFields(value) ? {} : null;

/** The same data with each of its fields changed with that probability. Booleans and numbers have no empty form. */
export function changeFields(value: unknown, random: Random, probability: number): unknown {
	if (Array.isArray(value)) {
		const entries = value.map((entry: unknown) => changeFields(entry, random, probability));
		return random.chance(probability / 2) ? [...entries, null] : entries;
	}
	if (!isFields(value)) return value;
	const doubled = isTime(value) && random.chance(probability * 2) ? double(value) : value;
	const fields = isTime(value) && random.chance(probability * 2) ? inUtc(doubled) : doubled;
	return Object.fromEntries(
		Object.entries(fields).flatMap(([name, field]): Array<[string, unknown]> => {
			if (!random.chance(probability)) return [[name, changeFields(field, random, probability)]];
			switch (random.pick(['missing', 'null', 'empty'] as const)) {
				case 'missing':
					return [];
				case 'null':
					return [[name, null]];
				case 'empty':
					return [[name, emptied(field)]];
			}
		}),
	);
}

const TYPES: Array<(random: Random) => unknown> = [
	(random) => random.pick(['x', 'abc def', '2026-03-03T10:00:00+08:00']),
	(random) => random.pick([0, 7, 1.5]),
	(random) => random.chance(0.5),
	(random) => random.pick<unknown>([[], ['x'], [7], [{ id: 'x' }], [[]]]),
	(random) => random.pick<unknown>([{}, { id: 'x' }, { toString: 1 }, { 0: 'x', length: 1 }]),
];

const typeOf = (value: unknown): number =>
	Array.isArray(value)
		? 3
		: ['string', 'number', 'boolean', 'list', 'object'].indexOf(value === null ? '' : typeof value);

/** The same data with each of its fields and entries turned into a value of another type with that probability. */
export function retypeFields(value: unknown, random: Random, probability: number): unknown {
	if (random.chance(probability)) {
		const own = typeOf(value);
		return random.pick(TYPES.filter((_, type) => type !== own))(random);
	}
	if (Array.isArray(value)) return value.map((entry: unknown) => retypeFields(entry, random, probability));
	if (!isFields(value)) return value;
	return Object.fromEntries(
		Object.entries(value).map(([name, field]): [string, unknown] => [name, retypeFields(field, random, probability)]),
	);
}

async function readAll(message: IncomingMessage): Promise<Buffer> {
	const parts: Buffer[] = [];
	for await (const part of message) parts.push(part as Buffer);
	return Buffer.concat(parts);
}

const isSuccess = (status: number, body: unknown): body is Fields =>
	status === 200 && isFields(body) && !Number(body.errcode ?? 0);

const PASSED_ON = ['accept', 'content-type', 'x-acs-dingtalk-access-token', 'x-client-token'];

const PASSED_THROUGH = ['/v1.0/oauth2/', '/v1.0/gateway/connections/open'];

export interface ChangingProxy {
	url: string;
	/** The bodies it sent in place of the simulator's. */
	changed: string[];
	/** The same as values. */
	bodies: unknown[];
	close(): Promise<void>;
}

/** Tokens and tickets of Stream connections are passed on as they are: without one, nothing else would be tested. */
export async function startProxy(target: string, change: (body: unknown) => unknown): Promise<ChangingProxy> {
	const changed: string[] = [];
	const bodies: unknown[] = [];
	const server = createServer((request, response) => {
		void (async () => {
			const body = await readAll(request);
			const { method = 'GET', url = '/' } = request;
			const headers = Object.fromEntries(
				PASSED_ON.flatMap((name) => (request.headers[name] ? [[name, String(request.headers[name])]] : [])),
			);
			const answer = await fetch(target + url, {
				method,
				headers,
				...(body.length > 0 ? { body: new Uint8Array(body) } : {}),
			});
			let text = await answer.text();
			if (
				!PASSED_THROUGH.some((start) => url.startsWith(start)) &&
				answer.headers.get('content-type')?.includes('json')
			) {
				const parsed: unknown = text === '' ? undefined : JSON.parse(text);
				if (isSuccess(answer.status, parsed)) {
					const body = change(parsed);
					bodies.push(body);
					text = JSON.stringify(body);
					changed.push(`${method} ${url.split('?')[0]} ${text}`);
				}
			}
			response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' });
			response.end(text);
		})().catch((error: Error) => response.destroy(error));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		changed,
		bodies,
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

/** Fields of successful responses go missing, are null, empty or doubled. */
export const startChangingProxy = async (target: string, random: Random, probability: number): Promise<ChangingProxy> =>
	await startProxy(target, (body) => changeFields(body, random, probability));

/** Fields of successful responses have other types than documented. */
export const startRetypingProxy = async (target: string, random: Random, probability: number): Promise<ChangingProxy> =>
	await startProxy(target, (body) => {
		const changed = retypeFields(body, random, probability);
		return isFields(changed) ? changed : body;
	});

import { Agent, request } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { seal, type SealedText } from '../simulator/push/envelope';
import { Random } from '../simulator/random';
import type { WebhookServer } from './harness';
import { useDesk } from './support/setup';
import { CLIENT_ID, KEYS, openServer, triggeredWorkflow } from './support/webhook';
import { amount } from '../long/amount';

const at = useDesk();

const BAD = amount({ short: 600, long: 10_000 });
/** One genuine push to so many that are not. */
const GENUINE_EACH = 20;
const AT_ONCE = 8;
const SEED = 20_261_121;
/** What may stay behind of half of the refusals once the garbage is collected; one that was kept would be 20 times as much. */
const LEFT_BYTES = 4 * 1024 * 1024;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heapUsed(): number {
	for (let i = 0; i < 3; i++) collectGarbage();
	return process.memoryUsage().heapUsed;
}

interface Sent {
	method: string;
	query: Record<string, string>;
	body: string;
	contentType: string;
}

// A connection for each push: one that is kept may be closed by the server just when it is used again.
const agent = new Agent({ keepAlive: false, maxSockets: AT_ONCE });

async function send(address: string, { method, query, body, contentType }: Sent): Promise<number> {
	return await new Promise((resolve, reject) => {
		const headers = { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(body) };
		const sending = request(
			`${address}?${String(new URLSearchParams(query))}`,
			{ method, headers, agent },
			(response) => {
				response.resume();
				response.on('end', () => resolve(response.statusCode ?? 0));
				response.on('error', reject);
			},
		);
		sending.on('error', reject);
		sending.end(body);
	});
}

const postOf = ({ signature, timestamp, nonce, encrypt }: SealedText): Sent => ({
	method: 'POST',
	query: { signature, timestamp, nonce },
	body: JSON.stringify({ encrypt }),
	contentType: 'application/json',
});

let changes = 0;
const changeText = (): string =>
	JSON.stringify({
		EventType: 'calendar_event_change',
		BizId: `biz-${++changes}`,
		CalendarEventId: `event-${changes}`,
		ChangeType: 'updated',
		UnionIdList: ['somebody'],
	});

const keys = { ...KEYS, ownerKey: CLIENT_ID };
const sealed = (changed: Partial<typeof keys> = {}, time = Date.now()): SealedText =>
	seal(changeText(), { ...keys, ...changed }, String(time));

/** All the ways in which a push can be wrong; a random one at a random place each time. */
function badPush(random: Random): Sent {
	const number = (most: number): number => Math.floor(random.next() * most);
	const flipped = (text: string): string => {
		const place = number(text.length);
		return text.slice(0, place) + (text[place] === 'A' ? 'B' : 'A') + text.slice(place + 1);
	};
	const noise = (length: number): string => Buffer.from(Array.from({ length }, () => number(256))).toString('base64');
	const post = postOf(sealed());
	const ways: Array<() => Sent> = [
		() => ({ ...post, body: flipped(post.body) }),
		() => postOf({ ...sealed(), encrypt: flipped(sealed().encrypt) }),
		() => ({ ...post, query: { ...post.query, signature: flipped(post.query.signature) } }),
		() => ({ ...post, query: { ...post.query, nonce: noise(9) } }),
		() => ({ ...post, query: { ...post.query, timestamp: String(Date.now() - 1 - number(1000)) } }),
		() => ({ ...post, query: { timestamp: post.query.timestamp, nonce: post.query.nonce, signature: '' } }),
		() => ({ ...post, query: {} }),
		() => ({ ...post, body: post.body.slice(0, number(post.body.length)) }),
		() => ({ ...post, body: JSON.stringify({ encrypt: noise(number(300)) }) }),
		() => ({ ...post, body: noise(number(300)) }),
		() => ({ ...post, contentType: ['text/plain', 'application/xml', 'multipart/form-data'][number(3)] }),
		() => ({ ...post, method: ['PUT', 'DELETE', 'PATCH'][number(3)] }),
		() => postOf(sealed({ token: noise(6) })),
		() =>
			postOf(
				sealed({
					aesKey: '9876543210'
						.repeat(5)
						.slice(number(7), 43 + number(1))
						.padEnd(43, 'x'),
				}),
			),
		() => postOf(sealed({ ownerKey: ['', 'ding-somebody-else', `${CLIENT_ID}x`][number(3)] })),
		() => postOf(sealed({}, Date.now() - 301_000 - number(1e9))),
		() => postOf(sealed({}, Date.now() + 360_000 + number(1e9))),
		() => (number(20) > 0 ? post : { ...post, body: JSON.stringify({ encrypt: 'A'.repeat(1024 * 1024 + 4) }) }),
	];
	const chosen = ways[number(ways.length)]();
	// Chance may leave a push as it was: that would be a genuine one.
	return chosen === post || JSON.stringify(chosen) === JSON.stringify(post)
		? { ...post, query: { ...post.query, signature: 'none' } }
		: chosen;
}

async function inTurns(count: number, work: (index: number) => Promise<void>): Promise<void> {
	let next = 0;
	const worker = async (): Promise<void> => {
		while (next < count) await work(next++);
	};
	await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

let server: WebhookServer;
afterEach(async () => await server.close());
afterAll(() => agent.destroy());

test(`of ${BAD} forged, broken, late, wrongly keyed and replayed pushes none starts a workflow, and every genuine one among them does`, async () => {
	const random = new Random();
	random.seed(SEED);
	console.log(`seed ${SEED}`);
	server = await openServer(at(), triggeredWorkflow({ triggerOn: ['updated'], fetchDetails: false }));
	const statuses = new Map<number, number>();
	const genuine: Sent[] = [];
	let replays = 0;
	let runs = 0;
	const heaps: number[] = [];

	async function part(count: number): Promise<void> {
		await inTurns(count, async (index) => {
			if (index % GENUINE_EACH === 0) {
				const push = postOf(sealed());
				expect(await send(server.url, push)).toBe(200);
				genuine.push(push);
			}
			if (index % GENUINE_EACH === 7 && genuine.length > 0) {
				// Signed by DingTalk and recorded by somebody on the way; it is told again that all is well, and nothing happens.
				replays += 1;
				expect(await send(server.url, genuine[Math.floor(random.next() * genuine.length)])).toBe(200);
				return;
			}
			const status = await send(server.url, badPush(random));
			statuses.set(status, (statuses.get(status) ?? 0) + 1);
		});
		await server.idle();
		runs += server.runs.length;
		// The runs of the genuine ones are kept by the test alone.
		server.runs.length = 0;
		heaps.push(heapUsed());
	}
	await part(BAD / 2);
	await part(BAD / 2);

	const refused = [...statuses]
		.filter(([status]) => status >= 400 && status < 500)
		.reduce((sum, [, count]) => sum + count, 0);
	console.log({
		statuses: Object.fromEntries(statuses),
		replays,
		genuine: genuine.length,
		heapGrowth: heaps[1] - heaps[0],
	});
	expect(refused + replays).toBe(BAD);
	expect(server.thrown).toEqual([]);
	expect(server.database.executions).toHaveLength(genuine.length);
	expect(runs).toBe(genuine.length);
	expect(heaps[1] - heaps[0]).toBeLessThan(LEFT_BYTES);
}, 600_000);

/** Sends the webhook trigger thousands of wrong pushes among genuine ones. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { seal, type SealedText } from '../simulator/push/envelope';
import { Random } from '../simulator/random';
import type { WebhookServer } from './harness';
import { useDesk } from './support/setup';
import {
	CLIENT_ID,
	KEYS,
	openServer,
	requestOf,
	sendRequest,
	triggeredWorkflow,
	type PushRequest,
} from './support/webhook';
import { amount } from '../long/amount';

const at = useDesk();

const BAD = amount({ short: 200, long: 10_000 });
/** There is one genuine push for this many wrong ones. */
const GENUINE_EACH = 20;
/** Replays are chosen among these: older pushes could be rejected because of their age. */
const RECENT = 100;
const CONCURRENCY = 8;
const SEED = 20_261_121;
/** The heap may grow by this much during half of the pushes. If rejected pushes were kept, it would be 20 times as much. */
const MAX_GROWTH_BYTES = 4 * 1024 * 1024;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heapUsed(): number {
	for (let i = 0; i < 3; i++) collectGarbage();
	return process.memoryUsage().heapUsed;
}

let changes = 0;
const changeText = (): string =>
	JSON.stringify({
		EventType: 'calendar_event_change',
		BizId: `biz-${++changes}`,
		CalendarEventId: `event-${changes}`,
		ChangeType: 'updated',
		UnionIdList: ['any-union-id'],
	});

const keys = { ...KEYS, ownerKey: CLIENT_ID };
const sealed = (changed: Partial<typeof keys> = {}, time = Date.now()): SealedText =>
	seal(changeText(), { ...keys, ...changed }, String(time));

/** A push that is wrong in a random way, at a random place. */
function badPush(random: Random): PushRequest {
	const number = (most: number): number => Math.floor(random.next() * most);
	const flipped = (text: string): string => {
		const place = number(text.length);
		return text.slice(0, place) + (text[place] === 'A' ? 'B' : 'A') + text.slice(place + 1);
	};
	const noise = (length: number): string => Buffer.from(Array.from({ length }, () => number(256))).toString('base64');
	const genuine = requestOf(sealed());
	const ways: Array<() => PushRequest> = [
		() => ({ ...genuine, body: flipped(genuine.body) }),
		() => requestOf({ ...sealed(), encrypt: flipped(sealed().encrypt) }),
		() => ({ ...genuine, query: { ...genuine.query, signature: flipped(genuine.query.signature) } }),
		() => ({ ...genuine, query: { ...genuine.query, nonce: noise(9) } }),
		() => ({ ...genuine, query: { ...genuine.query, timestamp: String(Date.now() - 1 - number(1000)) } }),
		() => ({ ...genuine, query: { timestamp: genuine.query.timestamp, nonce: genuine.query.nonce, signature: '' } }),
		() => ({ ...genuine, query: {} }),
		() => ({ ...genuine, body: genuine.body.slice(0, number(genuine.body.length)) }),
		() => ({ ...genuine, body: JSON.stringify({ encrypt: noise(number(300)) }) }),
		() => ({ ...genuine, body: noise(number(300)) }),
		() => ({
			...genuine,
			headers: { 'content-type': ['text/plain', 'application/xml', 'multipart/form-data'][number(3)] },
		}),
		() => ({ ...genuine, method: ['PUT', 'DELETE', 'PATCH'][number(3)] }),
		() => requestOf(sealed({ token: noise(6) })),
		() =>
			requestOf(
				sealed({
					aesKey: '9876543210'
						.repeat(5)
						.slice(number(7), 43 + number(1))
						.padEnd(43, 'x'),
				}),
			),
		() => requestOf(sealed({ ownerKey: ['', 'ding-other-app', `${CLIENT_ID}x`][number(3)] })),
		() => requestOf(sealed({}, Date.now() - 301_000 - number(1e9))),
		() => requestOf(sealed({}, Date.now() + 360_000 + number(1e9))),
		() => (number(20) > 0 ? genuine : { ...genuine, body: JSON.stringify({ encrypt: 'A'.repeat(1024 * 1024 + 4) }) }),
	];
	const chosen = ways[number(ways.length)]();
	// A random change may leave the push as it was; then it would be genuine.
	return chosen === genuine || JSON.stringify(chosen) === JSON.stringify(genuine)
		? { ...genuine, query: { ...genuine.query, signature: 'none' } }
		: chosen;
}

async function runConcurrently(count: number, work: (index: number) => Promise<void>): Promise<void> {
	let next = 0;
	const worker = async (): Promise<void> => {
		while (next < count) await work(next++);
	};
	await Promise.all(Array.from({ length: CONCURRENCY }, worker));
}

let server: WebhookServer;
afterEach(async () => await server.close());

test(`The webhook trigger starts no workflow for ${BAD} wrong or replayed pushes, and one for each genuine push among them`, async () => {
	const random = new Random();
	random.seed(SEED);
	console.log(`seed ${SEED}`);
	server = await openServer(at(), triggeredWorkflow({ triggerOn: ['updated'], fetchDetails: false }));
	const statuses = new Map<number, number>();
	const genuine: PushRequest[] = [];
	let replays = 0;
	let runs = 0;
	const heaps: number[] = [];

	async function part(count: number): Promise<void> {
		await runConcurrently(count, async (index) => {
			if (index % GENUINE_EACH === 0) {
				const push = requestOf(sealed());
				expect((await sendRequest(server.url, push)).status).toBe(200);
				genuine.push(push);
			}
			if (index % GENUINE_EACH === 7 && genuine.length > 0) {
				// Signed by DingTalk, but recorded and sent again: it gets the same response and is ignored.
				replays += 1;
				const recent = genuine.slice(-RECENT);
				const replayed = recent[Math.floor(random.next() * recent.length)];
				expect((await sendRequest(server.url, replayed)).status).toBe(200);
				return;
			}
			const { status } = await sendRequest(server.url, badPush(random));
			statuses.set(status, (statuses.get(status) ?? 0) + 1);
		});
		await server.idle();
		runs += server.runs.length;
		// Only the test keeps the runs of genuine pushes.
		server.runs.length = 0;
		heaps.push(heapUsed());
	}
	await part(BAD / 2);
	await part(BAD / 2);

	const rejected = [...statuses]
		.filter(([status]) => status >= 400 && status < 500)
		.reduce((sum, [, count]) => sum + count, 0);
	console.log({
		statuses: Object.fromEntries(statuses),
		replays,
		genuine: genuine.length,
		heapGrowth: heaps[1] - heaps[0],
	});
	expect(rejected + replays).toBe(BAD);
	expect(server.thrown).toEqual([]);
	expect(server.database.executions).toHaveLength(genuine.length);
	expect(runs).toBe(genuine.length);
	expect(heaps[1] - heaps[0]).toBeLessThan(MAX_GROWTH_BYTES);
});

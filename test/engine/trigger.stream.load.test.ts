/** Pushes many changes to two workflows through repetitions, disconnects and a restart. */
import type { WorkflowActivateMode } from 'n8n-workflow';

import { Database, type Server } from './harness';
import { useDesk } from './support/setup';
import { StreamClock } from './support/streamClock';
import { pushes, streamWorkflow, until, untilClosed } from './support/triggers';
import { amount } from '../long/amount';

const CHANGES = amount({ short: 200, long: 2000 });
const WAVES = 20;
/** How long changes wait for workflows that n8n has not activated yet. */
const STARTUP_MS = 10_000;
/** Every tenth change is pushed twice. */
const REPEATED = CHANGES / 10;
const WORKFLOWS = ['first', 'second'];

/** Random numbers that are the same in every run. */
function createRandom(seed: number): () => number {
	let state = seed;
	return () => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return state / 2 ** 32;
	};
}

describe(`Two workflows of one app, through ${CHANGES} changes, repetitions, disconnects and a restart`, () => {
	const getDesk = useDesk();

	it('are started exactly once for each change', async () => {
		const clock = StreamClock.install();
		const desk = getDesk();
		const database = new Database();
		const random = createRandom(20261121);
		const start = async (mode: WorkflowActivateMode): Promise<Server> => {
			// Without n8n's own deduplication, as before 2.20, so that only the trigger recognizes repetitions.
			const server = desk.engine.server({ database, knowsKeys: false });
			for (const id of WORKFLOWS) {
				await server.activate(streamWorkflow({ fetchDetails: false }, id), { credentials: [desk.credential], mode });
			}
			return server;
		};
		await desk.control('switches', { streamWithoutConnection: 'kept', acceptedPushes: 'done' });
		let server = await start('activate');
		let disconnects = 0;
		const allAccepted = async () => await until(() => pushes(desk).every(({ state }) => state === 'accepted'));
		const single = CHANGES / WAVES - REPEATED / WAVES;
		for (let wave = 0; wave < WAVES; wave++) {
			if (wave === WAVES / 2) {
				await allAccepted();
				await server.stop();
				await untilClosed(desk, clock);
				await desk.control('push', { clientId: 'sim-internal', via: 'stream', count: 1 });
				server = await start('init');
				await desk.control('push', { clientId: 'sim-internal', via: 'stream', count: single - 1 });
				clock.advance(STARTUP_MS);
			} else {
				await desk.control('push', { clientId: 'sim-internal', via: 'stream', count: single });
			}
			await desk.control('push', {
				clientId: 'sim-internal',
				via: 'stream',
				count: REPEATED / WAVES,
				copies: 2,
				order: 'shuffled',
			});
			if (wave % 5 === 2) {
				disconnects++;
				await desk.control('connections', { do: random() < 0.5 ? 'drop' : 'disconnect' });
			}
		}
		await allAccepted();
		const expected = new Set(pushes(desk).map(({ message }) => message.eventId));
		expect(expected.size).toBe(CHANGES);
		expect(pushes(desk)).toHaveLength(CHANGES + REPEATED);
		expect(disconnects).toBe(4);
		for (const id of WORKFLOWS) {
			const seen = database.executions
				.filter(({ workflowId }) => workflowId === id)
				.map(({ items: [item] }) => (item.change as { key: string }).key);
			const lost = [...expected].filter((key) => !seen.includes(key));
			expect({ id, lost: lost.length, double: seen.length - new Set(seen).size, seen: seen.length }).toEqual({
				id,
				lost: 0,
				double: 0,
				seen: CHANGES,
			});
		}
		await server.stop();
		await untilClosed(desk, clock);
	});
});

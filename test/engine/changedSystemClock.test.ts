/** Tests on the n8n engine that nothing depends on the time of day: the clock of the server is set while the nodes work. */
import type { IDataObject } from 'n8n-workflow';

import { errorOf, outputOf, TESTED_NODE } from './harness';
import { booking } from './support/bookings';
import { callsOf, plant } from './support/events';
import { interfere } from './support/interference';
import { useDesk } from './support/setup';
import { stateOf } from './support/state';
import { HOUR, MINUTE } from '../../lib/dingtalk/utils/time';

const desk = useDesk({ waits: 'skipped' });

const JUMPS: Array<[string, number]> = [
	['back by ten minutes', -10 * MINUTE],
	['back by three hours', -180 * MINUTE],
	['forward by three hours', 180 * MINUTE],
];

/** Sets the clock of the n8n server; no time passes, and DingTalk's clock is right. */
function setClock(byMs: number): void {
	const { now } = Date;
	jest.spyOn(Date, 'now').mockImplementation(() => now.call(Date) + byMs);
	desk().simulator.world.clock.advance(-byMs);
}

/** How long the package has waited, without the time that the machine took: waits are skipped on the clock only. */
const waitedMs = (): number => performance.now() - Number(process.hrtime.bigint()) / 1e6;

afterEach(() => jest.restoreAllMocks());

const tokenCalls = async (): Promise<number> =>
	(await desk().recorder.calls()).filter(({ path }) => path.startsWith('/v1.0/oauth2/')).length;

const read = async (count: number) => {
	const [host] = desk().people;
	const eventId = plant(desk(), host);
	const { run, items } = await desk().runNode({
		parameters: { resource: 'event', operation: 'get', user: host.unionId, eventId },
		items: Array.from({ length: count }, () => ({})),
	});
	expect(errorOf(run)).toBeUndefined();
	return items;
};

describe('A clock that is set', () => {
	it.each(JUMPS)('%s between two runs costs no new token and no wait', async (_, ms) => {
		await read(25);
		setClock(ms);
		const before = waitedMs();
		expect(await read(1)).toHaveLength(1);
		// Whatever the first run has used of the second, the call waits no longer than for the next one.
		expect(waitedMs() - before).toBeLessThan(MINUTE);
		expect(await tokenCalls()).toBe(1);
	});

	it.each(JUMPS)('%s during a run does not hold up its calls', async (_, ms) => {
		interfere(desk(), (number) => {
			if (number === 30) setClock(ms);
			return undefined;
		});
		const before = waitedMs();
		expect(await read(60)).toHaveLength(60);
		expect(waitedMs() - before).toBeLessThan(5 * MINUTE);
		expect((await callsOf(desk())).filter(({ status }) => status === 200)).toHaveLength(60);
		expect(await tokenCalls()).toBe(1);
	});

	it.each<[string, number]>([...JUMPS, ['forward by two days', 2 * 24 * 60 * MINUTE]])(
		'%s does not make an idempotency key create a second event',
		async (_, ms) => {
			const [host] = desk().people;
			const parameters = {
				resource: 'event',
				operation: 'create',
				user: host.unionId,
				summary: 'Order 1',
				start: '2026-03-03T10:00:00',
				end: '2026-03-03T11:00:00',
				runOptions: { idempotencyKey: 'order-1' },
			};
			const first = await desk().runNode({ parameters });
			setClock(ms);
			const second = await desk().runNode({ parameters });
			expect(second.items).toMatchObject([{ id: first.items[0].id }]);
			expect(await callsOf(desk())).toHaveLength(1);
		},
	);

	it.each<[string, number]>([...JUMPS, ['back by ten hours', -600 * MINUTE]])(
		'%s leaves a meeting its room when it is booked again with its key and only the process has forgotten it',
		async (_, ms) => {
			const booked = async () => {
				const options = { onlyIfFree: 'nobody' };
				const { run } = await desk().runNode({
					parameters: booking(desk(), 'Budget review', { options, runOptions: { idempotencyKey: 'review' } }),
				});
				expect(errorOf(run)).toBeUndefined();
				const [{ id, room }] = outputOf(run, TESTED_NODE);
				return { id, room };
			};
			const first = await booked();
			setClock(ms);
			const clock = performance.now;
			jest.spyOn(performance, 'now').mockImplementation(() => clock.call(performance) + 25 * HOUR);
			expect(await booked()).toEqual(first);
			const { events, roomBookings } = await stateOf(desk());
			expect(events.filter(({ summary }) => summary === 'Budget review')).toHaveLength(1);
			expect(roomBookings.map(({ roomId }) => ({ roomId }))).toMatchObject([
				{ roomId: (first.room as IDataObject).roomId },
			]);
		},
	);

	it.each(JUMPS)('%s after the credential was refused does not keep the refusal', async (_, ms) => {
		const wrong = desk().engine.addCredential({
			type: 'dingTalkCalendarApi',
			data: { region: 'custom', baseUrl: desk().simulator.url, clientId: 'sim-internal', clientSecret: `wrong ${ms}` },
		});
		const [host] = desk().people;
		const parameters = { resource: 'event', operation: 'getAll', user: host.unionId };
		const { run } = await desk().runNode({ parameters, credential: wrong });
		expect(errorOf(run)?.message).toContain("'Client Secret'");
		setClock(ms);
		const clock = performance.now;
		jest.spyOn(performance, 'now').mockImplementation(() => clock.call(performance) + 11_000);
		const before = await tokenCalls();
		await desk().runNode({ parameters, credential: wrong });
		expect(await tokenCalls()).toBeGreaterThan(before);
	});
});

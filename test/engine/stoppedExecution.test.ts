/** Tests on the n8n engine that a stopped execution ends as canceled, says what is done, and sends nothing more. */
import type { INodeParameters } from 'n8n-workflow';

import { errorOf, TESTED_NODE } from './harness';
import type { NodeRun } from './harness';
import { callsOf, plant, remembered } from './support/events';
import { interfere } from './support/interference';
import { useDesk } from './support/setup';

const desk = useDesk();

/** Stops the execution when DingTalk receives this call about calendars; the call itself gets its response. */
async function stopAtCall(number: number, run: Omit<NodeRun, 'signal'>) {
	const stop = new AbortController();
	interfere(desk(), (at) => {
		if (at === number) stop.abort();
		return undefined;
	});
	return (await desk().runNode({ ...run, signal: stop.signal })).run;
}

const create: INodeParameters = {
	resource: 'event',
	operation: 'create',
	summary: '={{ $json.title }}',
	start: '2026-03-03T10:00',
	end: '2026-03-03T11:00',
	runOptions: { concurrency: 1 },
};
const rows = (count: number) => Array.from({ length: count }, (_, number) => ({ title: `Row ${number}` }));

describe('A stopped execution', () => {
	it.each<[string, Partial<NodeRun>]>([
		['by itself', {}],
		['with Continue On Fail', { onError: 'continueRegularOutput' }],
		['with an error output', { onError: 'continueErrorOutput' }],
		['with Retry On Fail', { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 }],
		['by the time-out of its workflow', { timesOut: true }],
		[
			'by the time-out of its workflow with Retry On Fail',
			{ timesOut: true, retryOnFail: true, maxTries: 3, waitBetweenTries: 1 },
		],
	])('ends as canceled, says which items are done, and sends nothing more (%s)', async (_, settings) => {
		const run = await stopAtCall(3, {
			parameters: { ...create, user: desk().people[0].unionId },
			items: rows(5),
			...settings,
		});
		expect(run.status).toBe('canceled');
		expect(errorOf(run)?.message).toBe('The execution was canceled');
		// The third creation was sent, so it ends.
		expect(errorOf(run)?.description).toBe(
			'Done: items 0–2. Not done: items 3–4. This run used 3 calls of your monthly DingTalk quota.',
		);
		expect(await callsOf(desk())).toHaveLength(3);
		expect(await remembered(desk())).toHaveLength(3);
	});

	it('ends as canceled if it only reads', async () => {
		const [host] = desk().people;
		const eventId = plant(desk(), host);
		const run = await stopAtCall(1, {
			parameters: { resource: 'event', operation: 'get', user: host.unionId, eventId },
		});
		expect(run.status).toBe('canceled');
		expect(errorOf(run)).toMatchObject({ message: 'The execution was canceled' });
	});

	it('ends as canceled while it waits for a limit', async () => {
		const [host] = desk().people;
		const eventId = plant(desk(), host);
		const stop = new AbortController();
		interfere(desk(), () => {
			setImmediate(() => stop.abort());
			return 'throttleQpm';
		});
		const { run } = await desk().runNode({
			parameters: { resource: 'event', operation: 'get', user: host.unionId, eventId },
			signal: stop.signal,
		});
		expect(run.status).toBe('canceled');
		expect(errorOf(run)?.message).toBe('The execution was canceled');
		expect(await callsOf(desk())).toHaveLength(1);
	});

	it('says what remains of a booking that it interrupted', async () => {
		const [host] = desk().people;
		const run = await stopAtCall(2, {
			parameters: {
				resource: 'event',
				operation: 'book',
				user: host.unionId,
				summary: 'Meeting',
				start: '2026-03-03T10:00',
				end: '2026-03-03T11:00',
				roomChoice: 'list',
				rooms: desk().simulator.world.company.rooms[0].roomId,
			},
		});
		expect(run.status).toBe('canceled');
		expect(errorOf(run)?.message).toMatch(/^The execution was canceled/);
		expect(JSON.stringify(run.data.resultData.runData[TESTED_NODE])).not.toContain('please report');
	});
});

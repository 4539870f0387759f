/** Runs the node against a DingTalk that wants milliseconds in times. */
import { errorOf } from './harness';
import { useDesk } from './support/setup';

const desk = useDesk();

const create = {
	resource: 'event',
	operation: 'create',
	user: '={{ $json.organizer }}',
	summary: 'Meeting',
	start: '2026-03-03T10:00:00',
	end: '2026-03-03T11:00:00',
};

const createTwice = async () => {
	const organizer = desk().people[0].unionId;
	const { run, items } = await desk().runNode({ parameters: create, items: [{ organizer }, { organizer }] });
	expect(errorOf(run)).toBeUndefined();
	const calls = await desk().recorder.meteredCalls();
	return { items, calls: calls.map(({ status, body }) => ({ status, start: (body as { start: object }).start })) };
};

describe('A DingTalk server that requires milliseconds in times', () => {
	it('receives them after it has refused the documented format', async () => {
		await desk().control('switches', { timestampsNeedMilliseconds: true });
		const { items, calls } = await createTwice();
		expect(items.map(({ start }) => start)).toEqual(['2026-03-03T10:00:00+08:00', '2026-03-03T10:00:00+08:00']);
		const refused = calls.filter(({ status }) => status === 400);
		const accepted = calls.filter(({ status }) => status === 200);
		expect(refused.length).toBeLessThanOrEqual(2);
		expect(accepted.map(({ start }) => start)).toEqual([
			{ dateTime: '2026-03-03T02:00:00.000Z', timeZone: 'Asia/Shanghai' },
			{ dateTime: '2026-03-03T02:00:00.000Z', timeZone: 'Asia/Shanghai' },
		]);

		await desk().recorder.clear();
		// One refusal is no rule for the process: another run tries the documented format first.
		const again = await createTwice();
		expect(again.calls[0].start).toEqual({ dateTime: '2026-03-03T10:00:00+08:00', timeZone: 'Asia/Shanghai' });
		expect(again.calls.filter(({ status }) => status === 200)).toHaveLength(2);
	});

	it('does not change the format of the first request', async () => {
		const { calls } = await createTwice();
		expect(calls.map(({ start }) => start)).toEqual([
			{ dateTime: '2026-03-03T10:00:00+08:00', timeZone: 'Asia/Shanghai' },
			{ dateTime: '2026-03-03T10:00:00+08:00', timeZone: 'Asia/Shanghai' },
		]);
	});
});

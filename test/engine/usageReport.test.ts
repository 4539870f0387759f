/** Checks what a run reports about the calls it has used. */
import { errorOf, hintsOf, TESTED_NODE } from './harness';
import { useDesk } from './support/setup';

const desk = useDesk();

const create = (summary: string) => ({
	resource: 'event',
	operation: 'create',
	user: '={{ $json.organizer }}',
	summary,
	start: '2026-03-03T10:00:00',
	end: '2026-03-03T11:00:00',
});

describe('The usage report of a run', () => {
	it('lists metered calls and free lookups as DingTalk counts them', async () => {
		const [host] = desk().people;
		const items = [{ organizer: host.mobile }, { organizer: host.mobile }];
		const { run } = await desk().runNode({ parameters: create('Meeting'), items });
		expect(errorOf(run)).toBeUndefined();
		expect(await desk().recorder.meteredCalls()).toHaveLength(2);
		expect(hintsOf(run, TESTED_NODE)).toEqual([
			{ message: 'This run used 2 calls of your monthly DingTalk quota, 2 free lookups.', location: 'outputPane' },
		]);
	});

	it('includes retries', async () => {
		await desk().control('faults', {
			match: { method: 'POST', path: 'calendars/primary/events', nth: 1 },
			do: 'expireToken',
		});
		const { run } = await desk().runNode({
			parameters: create('Meeting'),
			items: [{ organizer: desk().people[0].unionId }],
		});
		expect(errorOf(run)).toBeUndefined();
		expect(hintsOf(run, TESTED_NODE).map(({ message }) => message)).toEqual([
			'This run used 1 call of your monthly DingTalk quota, 1 retry.',
		]);
	});

	it('is part of the error of a failed run, for which n8n shows no hints', async () => {
		await desk().control('faults', {
			match: { method: 'POST', path: 'calendars/primary/events', nth: 2 },
			do: 'status',
			status: 400,
			code: 'invalidParameter',
		});
		const { unionId } = desk().people[0];
		const { run } = await desk().runNode({
			parameters: create('Meeting'),
			items: [{ organizer: unionId }, { organizer: unionId }],
		});
		expect(errorOf(run)?.description).toMatch(/This run used 2 calls of your monthly DingTalk quota\.$/);
	});
});

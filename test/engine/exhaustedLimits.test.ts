/** Runs nodes into DingTalk's daily and monthly limits. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { errorOf, hintsOf, TESTED_NODE } from './harness';
import { callsOf, plant, remembered } from './support/events';
import { useDesk } from './support/setup';

const desk = useDesk();

const locator = (value: string) => ({ __rl: true, mode: 'auto', value });

const create = (runOptions: INodeParameters = {}): INodeParameters => ({
	resource: 'event',
	operation: 'create',
	user: locator('={{ $json.organizer }}'),
	summary: '={{ $json.title }}',
	start: '2026-03-03T10:00',
	end: '2026-03-03T11:00',
	runOptions,
});

const rows = (count: number): IDataObject[] =>
	Array.from({ length: count }, (_, number) => ({ organizer: desk().people[0].unionId, title: `Row ${number}` }));

const titles = async () => (await remembered(desk())).map(({ summary }) => summary).sort();

describe('The daily limit of events', () => {
	it('stops the run with the lists of done and open items and the time to continue', async () => {
		await desk().control('limits', { eventsPerDay: 3 });
		const { run } = await desk().runNode({ parameters: create({ concurrency: 1 }), items: rows(8) });
		const error = errorOf(run);
		expect(error?.message).toBe('This organizer has created the 100 events DingTalk allows a day [Item 3]');
		expect(error?.description).toMatch(
			/^Done: items 0–2\. Not done: items 3–7\. Continue tomorrow, from \d{4}-\d\d-\d\d 00:00 China time, or .* code flowLimit/,
		);
		expect(await callsOf(desk())).toHaveLength(4);
	});

	it('with Continue On Fail skips calls and lookups for that organizer but not for others', async () => {
		await desk().control('limits', { eventsPerDay: 1 });
		const [host, anna, ben] = desk().people;
		const items = [host, host, host, anna].map(({ unionId }, number) => ({
			organizer: unionId,
			title: `Row ${number}`,
		}));
		const parameters = {
			...create({ concurrency: 1 }),
			additionalFields: { attendees: '={{ $json.title === "Row 2" ? $json.guest : "" }}' },
		};
		const { items: out } = await desk().runNode({
			parameters,
			items: items.map((item) => ({ ...item, guest: ben.mobile })),
			onError: 'continueRegularOutput',
		});
		expect(out.map(({ summary }) => summary)).toEqual(['Row 0', undefined, undefined, 'Row 3']);
		expect(out[2]).toMatchObject({
			error: 'Not sent: this organizer has created the 100 events DingTalk allows a day [Item 2]',
			details: { kind: 'dayLimit', sent: false, goOnAt: expect.stringMatching(/T00:00:00.000\+08:00$/) },
		});
		expect((await callsOf(desk())).map(({ path }) => path).filter((path) => path.includes('topapi'))).toEqual([]);
		expect(await callsOf(desk())).toHaveLength(3);
	});
});

describe('The monthly quota', () => {
	it('once used up costs one call and no lookup for all remaining items', async () => {
		await desk().control('limits', { monthlyQuota: 2 });
		const people = desk().people.slice(0, 6);
		const { items: out } = await desk().runNode({
			parameters: create({ concurrency: 1 }),
			items: people.map(({ userId }, number) => ({ organizer: userId, title: `Row ${number}` })),
			onError: 'continueRegularOutput',
		});
		expect(out.map(({ summary }) => summary)).toEqual(['Row 0', 'Row 1', undefined, undefined, undefined, undefined]);
		expect(out[5]).toMatchObject({
			error: "Not sent: your organization has used up this month's DingTalk API calls [Item 5]",
			details: { kind: 'quota', sent: false, goOnAt: expect.stringMatching(/-01T00:00:00.000\+08:00$/) },
		});
		// Three people looked up, three creations of which the last was refused.
		expect(await callsOf(desk())).toHaveLength(6);
	});
});

describe('An idempotency key', () => {
	it('lets another execution finish what the daily limit stopped, without duplicates', async () => {
		await desk().control('limits', { eventsPerDay: 3 });
		const parameters = create({ idempotencyKey: '={{ $json.title }}', concurrency: 1 });
		await desk().runNode({ parameters, items: rows(5) });
		expect(await titles()).toEqual(['Row 0', 'Row 1', 'Row 2']);
		await desk().control('clock', { advanceMs: 17 * 3_600_000 });
		const again = await desk().runNode({ parameters, items: rows(5).map((row) => ({ ...row, runAt: 'later' })) });
		expect(errorOf(again.run)).toBeUndefined();
		expect(again.items.map(({ summary }) => summary)).toEqual(['Row 0', 'Row 1', 'Row 2', 'Row 3', 'Row 4']);
		expect(await titles()).toEqual(['Row 0', 'Row 1', 'Row 2', 'Row 3', 'Row 4']);
	});

	it('prevents duplicates even when DingTalk reports only a conflict', async () => {
		await desk().control('switches', { finishedDuplicate: 'conflict' });
		// Times apart, so that each event can be found.
		const parameters = {
			...create({ idempotencyKey: '={{ $json.title }}' }),
			start: '={{ $json.start }}',
			end: '={{ $json.end }}',
		};
		const items = rows(3).map((row, number) => ({
			...row,
			start: `2026-03-0${number + 3}T10:00`,
			end: `2026-03-0${number + 3}T11:00`,
		}));
		const first = await desk().runNode({ parameters, items });
		const again = await desk().runNode({ parameters, items });
		expect(errorOf(again.run)).toBeUndefined();
		expect(again.items.map(({ id }) => id)).toEqual(first.items.map(({ id }) => id));
		expect(await remembered(desk())).toHaveLength(3);
	});

	it('that two items share is refused before any call', async () => {
		const { run } = await desk().runNode({ parameters: create({ idempotencyKey: 'always' }), items: rows(2) });
		expect(errorOf(run)?.message).toBe("'Idempotency Key' is also 'always' for item 0 [Item 1]");
		expect(await callsOf(desk())).toEqual([]);
	});

	it('that is empty is refused before any call', async () => {
		const { run } = await desk().runNode({ parameters: create({ idempotencyKey: ' ' }), items: rows(1) });
		expect(errorOf(run)?.message).toBe("'Idempotency Key' is empty [Item 0]");
		expect(await callsOf(desk())).toEqual([]);
	});

	it('does not block a different update of the same event', async () => {
		const [host] = desk().people;
		const eventId = plant(desk(), host);
		const update = (summary: string) => ({
			resource: 'event',
			operation: 'update',
			user: locator(host.unionId),
			eventId: { __rl: true, mode: 'id', value: eventId },
			updateFields: { summary },
			runOptions: { idempotencyKey: 'row 1' },
		});
		for (const summary of ['First', 'Second']) await desk().runNode({ parameters: update(summary) });
		expect(await titles()).toEqual(['Second']);
	});
});

describe('The run options', () => {
	it('add the request IDs of an item to its output', async () => {
		const { items } = await desk().runNode({ parameters: create({ requestIds: true }), items: rows(2) });
		const ids = items.flatMap(({ requestIds }) => requestIds as string[]);
		expect(ids).toHaveLength(2);
		expect(new Set(ids).size).toBe(2);
		for (const id of ids) expect(id).toMatch(/^[0-9A-F-]{36}$/);
	});

	it.each([0, 51, 'many'])('refuse a concurrency of %p before any call', async (concurrency) => {
		const { run } = await desk().runNode({ parameters: create({ concurrency }), items: rows(1) });
		expect(errorOf(run)?.message).toMatch(/^'Concurrency' must be a whole number from 1 to 50/);
		expect(await callsOf(desk())).toEqual([]);
	});

	it('report no usage for a preview', async () => {
		const { run } = await desk().runNode({ parameters: create({ preview: true }), items: rows(2) });
		expect(errorOf(run)).toBeUndefined();
		expect(hintsOf(run, TESTED_NODE)).toEqual([]);
		expect(await callsOf(desk())).toEqual([]);
	});
});

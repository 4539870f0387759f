/** Tests 'Remove What Is No Longer Listed' of the Event operation 'Create or Update' on the n8n engine. */

import { errorOf } from './harness';
import { plant, remembered } from './support/events';
import { interfere } from './support/interference';
import { useDesk, type Result } from './support/setup';
import { shiftRow as row, shiftsOf } from './support/shifts';

const desk = useDesk({ waits: 'skipped' });

const { plantShift, run, keysLeft } = shiftsOf(desk);

const REMOVE = { mode: 'remove' };

const removals = ({ items }: Result): Array<[unknown, unknown]> =>
	items.filter(({ action }) => action !== 'unchanged').map(({ key, action }) => [key, action]);

const writes = async (): Promise<string[]> =>
	(await desk().recorder.meteredCalls()).map(({ method }) => method).filter((method) => method !== 'GET');

beforeEach(() => {
	for (const [index, key] of ['SHIFT-1', 'SHIFT-2', 'SHIFT-3', 'SHIFT2-1', 'TRIP-1'].entries())
		plantShift(key, 3 + index);
	plantShift('SHIFT-OLD', 1, 10, {
		start: { dateTime: '2026-02-28T23:00:00+08:00', timeZone: 'Asia/Shanghai' },
		end: { dateTime: '2026-03-01T06:00:00+08:00', timeZone: 'Asia/Shanghai' },
	});
});

const OTHERS = ['SHIFT-OLD', 'SHIFT2-1', 'TRIP-1'];

describe('removing what is no longer listed', () => {
	it('first returns what would be removed, and removes nothing', async () => {
		const result = await run([row('SHIFT-2', 4)], {});
		expect(removals(result)).toEqual([
			['SHIFT-1', 'wouldRemove'],
			['SHIFT-3', 'wouldRemove'],
		]);
		expect(result.items[1]).toMatchObject({ summary: 'Shift SHIFT-1', start: '2026-03-03T10:00:00+08:00' });
		expect(await writes()).toEqual([]);
	});

	it('shows the requests and their cost as every preview of the node does', async () => {
		const weekly = {
			pattern: { type: 'weekly', interval: 1, daysOfWeek: 'friday' },
			range: { type: 'numbered', numberOfOccurrences: 3 },
		};
		plantShift('SHIFT-WEEKLY', 6, 10, { recurrence: weekly });
		const preview = { parameters: { runOptions: { preview: true } } };
		const { items } = await run([row('SHIFT-2', 4)], REMOVE, preview);
		expect(items.map(({ key, action, meteredCalls }) => [key, action, meteredCalls])).toEqual([
			[undefined, undefined, 1],
			['SHIFT-1', 'wouldRemove', 1],
			['SHIFT-3', 'wouldRemove', 1],
			['SHIFT-WEEKLY', 'kept', 0],
		]);
		expect(items.every((item) => item.preview === true && Array.isArray(item.requests))).toBe(true);
		expect(items[1].requests).toMatchObject([
			{ method: 'DELETE', path: expect.stringContaining(`/events/${String(items[1].id)}`) as string, metered: true },
		]);
		expect(await writes()).toEqual([]);
		const onlyList = await run([row('SHIFT-2', 4)], {}, preview);
		expect(onlyList.items[1]).toMatchObject({ action: 'wouldRemove', preview: true, meteredCalls: 0, requests: [] });
	});

	it('then removes it, one call for each, and leaves other prefixes, other times and the calendars of others alone', async () => {
		const [, anna] = desk().people;
		const at = (clock: number) => ({ dateTime: `2026-03-05T${clock}:00:00+08:00`, timeZone: 'Asia/Shanghai' });
		plant(desk(), anna, {
			start: at(10),
			end: at(11),
			description: '[key: SHIFT-OF-ANNA]',
			attendees: [{ id: desk().people[0].unionId }],
		});
		const result = await run([row('SHIFT-2', 4), row('SHIFT-4', 9)], REMOVE);
		expect(errorOf(result.run)).toBeUndefined();
		expect(removals(result)).toEqual([
			['SHIFT-4', 'created'],
			['SHIFT-1', 'removed'],
			['SHIFT-3', 'removed'],
		]);
		expect(await writes()).toEqual(['POST', 'DELETE', 'DELETE']);
		expect(await keysLeft()).toEqual(['SHIFT-2', 'SHIFT-4', 'SHIFT-OF-ANNA', ...OTHERS].sort());
	});

	it('costs no call more than the reading of the calendar if nothing is to be removed', async () => {
		const result = await run([row('SHIFT-1', 3), row('SHIFT-2', 4), row('SHIFT-3', 5)], REMOVE);
		expect(removals(result)).toEqual([]);
		expect(await desk().recorder.meteredCalls()).toHaveLength(1);
	});

	it('keeps a series, and says so', async () => {
		plantShift('SHIFT-WEEKLY', 6, 10, {
			recurrence: {
				pattern: { type: 'weekly', interval: 1, daysOfWeek: 'friday' },
				range: { type: 'numbered', numberOfOccurrences: 3 },
			},
		});
		const result = await run([row('SHIFT-1', 3), row('SHIFT-2', 4), row('SHIFT-3', 5)], REMOVE);
		expect(removals(result)).toEqual([['SHIFT-WEEKLY', 'kept']]);
		expect(await writes()).toEqual([]);
	});

	it('removes no event that it has just moved', async () => {
		const rows = [row('SHIFT-1', 12), row('SHIFT-2', 4), row('SHIFT-3', 5)];
		const result = await run(rows, REMOVE);
		expect(removals(result)).toEqual([['SHIFT-1', 'updated']]);
		expect(await keysLeft()).toEqual(['SHIFT-1', 'SHIFT-2', 'SHIFT-3', ...OTHERS].sort());
	});
});

describe('an empty list', () => {
	it('removes nothing unless removing all is chosen for it', async () => {
		const { run: outcome } = await run([{}], REMOVE);
		expect(errorOf(outcome)?.message).toBe(
			"'External Key' is empty because the list has no rows, so nothing is removed [Item 0]",
		);
		expect(await desk().recorder.meteredCalls()).toEqual([]);
		expect(await keysLeft()).toHaveLength(6);
	});

	it('can be previewed, and removes all under the prefix if that is chosen', async () => {
		expect(removals(await run([{}], {}))).toEqual(['SHIFT-1', 'SHIFT-2', 'SHIFT-3'].map((key) => [key, 'wouldRemove']));
		const result = await run([{}], { ...REMOVE, ifEmpty: 'removeAll' });
		expect(removals(result)).toEqual(['SHIFT-1', 'SHIFT-2', 'SHIFT-3'].map((key) => [key, 'removed']));
		expect(await keysLeft()).toEqual([...OTHERS].sort());
	});

	it('is not taken for one if a row has lost its key', async () => {
		const rows = [{ ...row('', 3) }];
		const { run: outcome } = await run(rows, { ...REMOVE, ifEmpty: 'removeAll' });
		expect(errorOf(outcome)?.message).toBe("'External Key' is empty [Item 0]");
		expect(await keysLeft()).toHaveLength(6);
	});
});

describe('a list that cannot be trusted', () => {
	it.each([
		[
			'a key without the prefix',
			[row('TRIP-9', 3)],
			{},
			"'External Key' does not begin with the key prefix 'SHIFT-': TRIP-9 [Item 0]",
		],
		[
			'a prefix that may be part of another',
			[row('SHIFT-1', 3)],
			{ prefix: 'SHIFT' },
			"'Key Prefix' ends with a letter or digit: SHIFT [Item 0]",
		],
		['no prefix', [row('SHIFT-1', 3)], { prefix: '' }, "'Key Prefix' is empty [Item 0]"],
		['no end', [row('SHIFT-1', 3)], { until: '' }, "'Until' is empty [Item 0]"],
		['an end before its start', [row('SHIFT-1', 3)], { until: '2026-02-01' }, "'Until' is not after 'From' [Item 0]"],
	])('is refused before any call: %s', async (_, rows, list, message) => {
		const { run: outcome } = await run(rows, { ...REMOVE, ...list });
		expect(errorOf(outcome)?.message).toBe(message);
		expect(await desk().recorder.meteredCalls()).toEqual([]);
	});

	it('removes nothing if a row failed whose key is not known, although the workflow continues', async () => {
		const result = await run([row('SHIFT-2', 4), row('', 5)], REMOVE, { onError: 'continueRegularOutput' });
		expect(result.items.at(-1)?.error).toBe(
			"'Remove What Is No Longer Listed' needs the key of each item, and one of 2 has none that can be used",
		);
		expect(await writes()).toEqual([]);
	});

	it('keeps the event of a row that failed for another reason', async () => {
		const result = await run([row('SHIFT-2', 4), { ...row('SHIFT-1', 3), start: 'nonsense' }], REMOVE, {
			onError: 'continueRegularOutput',
		});
		expect(result.items.filter(({ action }) => action === 'removed').map(({ key }) => key)).toEqual(['SHIFT-3']);
	});
});

describe('a removal that fails halfway', () => {
	it('names what is removed and what is not, and a second run removes the rest', async () => {
		refuseSecond(Infinity);
		const failed = await run([row('SHIFT-3', 5)], REMOVE);
		expect(errorOf(failed.run)?.message).toContain('Done: remove Shift SHIFT-1 (key SHIFT-1, 2026-03-03 10:00)');
		expect(errorOf(failed.run)?.message).toContain('Not done: remove Shift SHIFT-2 (key SHIFT-2, 2026-03-04 10:00)');
		interfere(desk(), () => undefined);
		const again = await run([row('SHIFT-3', 5)], REMOVE);
		expect(removals(again)).toEqual([['SHIFT-2', 'removed']]);
		expect(await keysLeft()).toEqual(['SHIFT-3', ...OTHERS].sort());
	});

	it.each([
		['itemNotFound', true],
		['user.not.employee', false],
	])('takes an event for removed by another person if DingTalk says %s: %s', async (code, isGone) => {
		interfere(desk(), (_, method) => (method === 'DELETE' ? { do: 'status', status: 400, code } : undefined));
		const result = await run([row('SHIFT-2', 4), row('SHIFT-3', 5)], REMOVE);
		expect(errorOf(result.run) === undefined).toBe(isGone);
		expect(removals(result)).toEqual(isGone ? [['SHIFT-1', 'removed']] : []);
	});

	it('is continued by a retry of n8n', async () => {
		refuseSecond(1);
		const result = await run([row('SHIFT-3', 5)], REMOVE, { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 });
		expect(errorOf(result.run)).toBeUndefined();
		expect(removals(result)).toEqual([['SHIFT-2', 'removed']]);
		expect(await keysLeft()).toEqual(['SHIFT-3', ...OTHERS].sort());
	});

	function refuseSecond(times: number): void {
		let left = times;
		interfere(desk(), (_, method, path) =>
			method === 'DELETE' && decodeURIComponent(path).includes(second) && left-- > 0
				? { do: 'status', status: 403, code: 'Forbidden.AccessDenied' }
				: undefined,
		);
	}

	let second = '';
	beforeEach(async () => {
		second = (await remembered(desk())).find(({ summary }) => summary === 'Shift SHIFT-2')?.id ?? '';
	});
});

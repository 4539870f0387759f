/** Tests 'Remove What Is No Longer Listed' of 'Create or Update' on the n8n engine where the items do not agree on one list. */
import type { IDataObject } from 'n8n-workflow';

import { errorOf, type NodeRun } from './harness';
import { useDesk, type Result } from './support/setup';
import { shiftRow as row, shiftsOf } from './support/shifts';

const desk = useDesk({ waits: 'skipped' });
const { plantShift, run, keysLeft } = shiftsOf(desk);

describe('A list whose items say different things', () => {
	const remove = async (rows: IDataObject[], list: IDataObject, more: Partial<NodeRun> = {}): Promise<Result> =>
		await run(rows, { mode: 'remove', ...list }, more);
	const zoneOf = (value: string): Partial<NodeRun> => ({
		parameters: { additionalFields: { timeZone: { __rl: true, mode: 'name', value } } },
	});

	it('keeps all that is listed where From is $now, which differs between items', async () => {
		const rows = [1, 2, 3, 4].map((n) => row(`SHIFT-${n}`, 9 + n));
		for (const { key } of rows) plantShift(String(key), 9 + Number(String(key).slice(-1)));
		const { run: done } = await remove(rows, { from: '={{ $now.set({ year: 2026, month: 3, day: 5 }) }}' });
		expect(errorOf(done)).toBeUndefined();
		expect(await keysLeft()).toEqual(['SHIFT-1', 'SHIFT-2', 'SHIFT-3', 'SHIFT-4']);
	});

	it('removes nothing where the rows name other times', async () => {
		plantShift('SHIFT-1', 10);
		plantShift('SHIFT-3', 12);
		const rows = [
			{ ...row('SHIFT-1', 10), from: '2026-03-01' },
			{ ...row('SHIFT-2', 12), from: '2026-03-02' },
		];
		const { run: done } = await remove(rows, { from: '={{ $json.from }}' });
		expect(errorOf(done)?.message).toMatch(/'Remove What Is No Longer Listed' is not the same in items 0 and 1/);
		expect(await keysLeft()).toEqual(['SHIFT-1', 'SHIFT-2', 'SHIFT-3']);
	});

	it('removes nothing where one row has a time zone of its own that moves the time', async () => {
		plantShift('SHIFT-1', 10);
		plantShift('SHIFT-3', 12);
		const rows = [
			{ ...row('SHIFT-1', 10), tz: 'Asia/Shanghai' },
			{ ...row('SHIFT-2', 12), tz: 'Europe/Berlin' },
		];
		const { run: done } = await remove(rows, {}, zoneOf('={{ $json.tz }}'));
		expect(errorOf(done)?.message).toMatch(/not the same in items/);
		expect(await keysLeft()).toEqual(['SHIFT-1', 'SHIFT-2', 'SHIFT-3']);
	});

	it('keeps what rows of two time zones list for the same time', async () => {
		plantShift('SHIFT-1', 10);
		const rows = [
			{ ...row('SHIFT-1', 10), tz: 'Asia/Shanghai' },
			{ ...row('SHIFT-2', 12), tz: 'Asia/Tokyo' },
		];
		const time = { from: '2026-03-01T00:00:00+08:00', until: '2026-04-01T00:00:00+08:00' };
		const { run: done } = await remove(rows, time, zoneOf('={{ $json.tz }}'));
		expect(errorOf(done)).toBeUndefined();
		expect(await keysLeft()).toEqual(['SHIFT-1', 'SHIFT-2']);
	});

	it('keeps what another row lists under a longer prefix, and removes the rest of both', async () => {
		for (const [key, day] of Object.entries({ 'SHIFT-1': 10, 'SHIFT-N-1': 12, 'SHIFT-9': 14, 'SHIFT-N-9': 16 }))
			plantShift(key, day);
		const rows = [
			{ ...row('SHIFT-1', 10), prefix: 'SHIFT-' },
			{ ...row('SHIFT-N-1', 12), prefix: 'SHIFT-N-' },
		];
		const { items, run: done } = await remove(rows, { prefix: '={{ $json.prefix }}' });
		expect(errorOf(done)).toBeUndefined();
		expect(await keysLeft()).toEqual(['SHIFT-1', 'SHIFT-N-1']);
		const removed = items.filter(({ action }) => action === 'removed').map(({ key }) => key);
		expect(removed).toEqual(['SHIFT-9', 'SHIFT-N-9']);
	});

	it('counts the days of all-day events in the time zone of the list', async () => {
		const day = (date: string, next: string): IDataObject => ({
			isAllDay: true,
			start: { date },
			end: { date: next },
		});
		plantShift('SHIFT-APRIL', 1, 10, day('2026-04-01', '2026-04-02'));
		plantShift('SHIFT-MARCH', 1, 10, day('2026-03-01', '2026-03-02'));
		const { run: done } = await remove([row('SHIFT-1', 10)], {}, zoneOf('Europe/Berlin'));
		expect(errorOf(done)).toBeUndefined();
		expect(await keysLeft()).toEqual(['SHIFT-1', 'SHIFT-APRIL']);
	});

	it('is not taken for an empty one if a single row has lost all its fields', async () => {
		plantShift('SHIFT-1', 10);
		plantShift('SHIFT-2', 12);
		await remove([row('SHIFT-1', 10), {}], { ifEmpty: 'removeAll' }, { onError: 'continueRegularOutput' });
		expect(await keysLeft()).toEqual(['SHIFT-1', 'SHIFT-2']);
	});

	it('is refused if it has rows of an error output, because the others may be missing', async () => {
		plantShift('SHIFT-1', 10);
		const { run: done } = await remove([{ ...row('SHIFT-3', 13), error: 'The service is busy' }], {});
		expect(errorOf(done)?.message).toMatch(/needs all rows, and this one comes from an error output/);
		expect(await keysLeft()).toEqual(['SHIFT-1']);
	});
});

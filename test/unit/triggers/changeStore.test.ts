/** Tests what a trigger stores of changes and events between executions. */
import type { IDataObject } from 'n8n-workflow';
import { ChangeStore } from '../../../lib/n8n/triggers/changeStore';

const reopen = (data: IDataObject, zone = 'UTC'): ChangeStore =>
	new ChangeStore(JSON.parse(JSON.stringify(data)) as IDataObject, zone);

describe('The change store of a trigger', () => {
	it('is the same after the static data was saved and loaded', () => {
		const data: IDataObject = {};
		const store = new ChangeStore(data, 'UTC');
		store.markSeen('a');
		store.recordState('event', 1, { summary: 'Old', location: null });
		const reopenedStore = reopen(data);
		expect([reopenedStore.hasSeen('a'), reopenedStore.hasSeen('b')]).toEqual([true, false]);
		expect(reopenedStore.compare('event', 2, { summary: 'New', location: null })).toEqual({
			summary: { before: 'Old', after: 'New' },
		});
	});

	it('stays within its limits and drops the oldest entries first', () => {
		const data: IDataObject = {};
		const store = new ChangeStore(data, 'UTC');
		for (let i = 0; i < 5000; i++) {
			store.markSeen(`key ${i}`);
			if (i < 500)
				store.recordState(`event ${i}`, i + 1, { summary: 'x'.repeat(150), description: 'y'.repeat(100_000) });
		}
		expect(JSON.stringify(data).length).toBeLessThan(60_000);
		expect([store.hasSeen('key 4999'), store.hasSeen('key 4001'), store.hasSeen('key 3000')]).toEqual([
			true,
			true,
			false,
		]);
		expect([store.lastKnown('event 499') !== undefined, store.lastKnown('event 0')]).toEqual([true, undefined]);
	});

	it('keeps a key longer that is seen again', () => {
		const store = new ChangeStore({}, 'UTC');
		store.markSeen('again');
		for (let i = 0; i < 999; i++) store.markSeen(String(i));
		store.markSeen('again');
		store.markSeen('one more');
		expect([store.hasSeen('again'), store.hasSeen('0')]).toEqual([true, false]);
	});

	it('shows that a long text changed, without the text before', () => {
		const store = new ChangeStore({}, 'UTC');
		store.recordState('event', 1, { description: 'a'.repeat(300) });
		expect(store.compare('event', 2, { description: 'a'.repeat(300) })).toEqual({});
		expect(store.compare('event', 2, { description: 'short' })).toEqual({ description: { after: 'short' } });
		expect(store.lastKnown('event')).toEqual({});
	});

	it('does not compare a change with a later state, and keeps the later state', () => {
		const store = new ChangeStore({}, 'UTC');
		store.recordState('event', 5, { summary: 'Later' });
		store.recordState('event', 3, { summary: 'Earlier' });
		expect(store.compare('event', 3, { summary: 'Earlier' })).toBeUndefined();
		expect(store.lastKnown('event')).toEqual({ summary: 'Later' });
	});

	it('ignores states with local times of another time zone', () => {
		const data: IDataObject = {};
		new ChangeStore(data, 'UTC').recordState('event', 1, { start: '10:00' });
		expect(reopen(data, 'Asia/Shanghai').compare('event', 2, { start: '18:00' })).toBeUndefined();
	});

	it.each(['', '{', '{}', '[1,[2],["a",null]]', '[["a",{"state":7}]]'])(
		'starts empty if the stored data is damaged: %s',
		(states) => {
			const store = new ChangeStore({ seen: 7, zone: 'UTC', states } as unknown as IDataObject, 'UTC');
			expect(store.compare('a', 1, { summary: 'x' })).toBeUndefined();
			expect(store.hasSeen('a')).toBe(false);
		},
	);
});

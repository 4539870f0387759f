import type { IDataObject } from 'n8n-workflow';
import { ChangeStore } from '../../../lib/n8n/triggers/changeStore';

const reopened = (data: IDataObject, zone = 'UTC'): ChangeStore =>
	new ChangeStore(JSON.parse(JSON.stringify(data)) as IDataObject, zone);

describe('What a trigger remembers', () => {
	it('is still known after static data went through the database', () => {
		const data: IDataObject = {};
		const memory = new ChangeStore(data, 'UTC');
		memory.markSeen('a');
		memory.recordState('event', 1, { summary: 'Old', location: null });
		const later = reopened(data);
		expect([later.hasSeen('a'), later.hasSeen('b')]).toEqual([true, false]);
		expect(later.compare('event', 2, { summary: 'New', location: null })).toEqual({
			summary: { before: 'Old', after: 'New' },
		});
	});

	it('is bounded, and the oldest goes first', () => {
		const data: IDataObject = {};
		const memory = new ChangeStore(data, 'UTC');
		for (let i = 0; i < 5000; i++) {
			memory.markSeen(`key ${i}`);
			if (i < 500)
				memory.recordState(`event ${i}`, i + 1, { summary: 'x'.repeat(150), description: 'y'.repeat(100_000) });
		}
		expect(JSON.stringify(data).length).toBeLessThan(60_000);
		expect([memory.hasSeen('key 4999'), memory.hasSeen('key 4001'), memory.hasSeen('key 3000')]).toEqual([
			true,
			true,
			false,
		]);
		expect([memory.lastKnown('event 499') !== undefined, memory.lastKnown('event 0')]).toEqual([true, undefined]);
	});

	it('keeps a key that is seen again longer', () => {
		const memory = new ChangeStore({}, 'UTC');
		memory.markSeen('again');
		for (let i = 0; i < 999; i++) memory.markSeen(String(i));
		memory.markSeen('again');
		memory.markSeen('one more');
		expect([memory.hasSeen('again'), memory.hasSeen('0')]).toEqual([true, false]);
	});

	it('tells that a long text changed, though not from what', () => {
		const memory = new ChangeStore({}, 'UTC');
		memory.recordState('event', 1, { description: 'a'.repeat(300) });
		expect(memory.compare('event', 2, { description: 'a'.repeat(300) })).toEqual({});
		expect(memory.compare('event', 2, { description: 'short' })).toEqual({ description: { after: 'short' } });
		expect(memory.lastKnown('event')).toEqual({});
	});

	it('compares with nothing later than the change, and keeps the later state', () => {
		const memory = new ChangeStore({}, 'UTC');
		memory.recordState('event', 5, { summary: 'Later' });
		memory.recordState('event', 3, { summary: 'Earlier' });
		expect(memory.compare('event', 3, { summary: 'Earlier' })).toBeUndefined();
		expect(memory.lastKnown('event')).toEqual({ summary: 'Later' });
	});

	it('forgets states whose clock times were meant in another zone', () => {
		const data: IDataObject = {};
		new ChangeStore(data, 'UTC').recordState('event', 1, { start: '10:00' });
		expect(reopened(data, 'Asia/Shanghai').compare('event', 2, { start: '18:00' })).toBeUndefined();
	});

	it.each(['', '{', '{}', '[1,[2],["a",null]]', '[["a",{"state":7}]]'])(
		'starts anew from damaged data: %s',
		(states) => {
			const memory = new ChangeStore({ seen: 7, zone: 'UTC', states } as unknown as IDataObject, 'UTC');
			expect(memory.compare('a', 1, { summary: 'x' })).toBeUndefined();
			expect(memory.hasSeen('a')).toBe(false);
		},
	);
});

/** Tests what a trigger stores of changes and events between executions. */
import type { IDataObject } from 'n8n-workflow';
import { hashText } from '../../../lib/dingtalk/utils/hash';
import { ChangeStore } from '../../../lib/n8n/triggers/changeStore';

const open = (data: IDataObject = {}, { zone = 'UTC', rememberValues = true } = {}): ChangeStore =>
	new ChangeStore(data, zone, { rememberValues });

const copyOf = (data: IDataObject): IDataObject => JSON.parse(JSON.stringify(data)) as IDataObject;

const reopen = (data: IDataObject, zone = 'UTC'): ChangeStore => open(copyOf(data), { zone });

describe('The change store of a trigger', () => {
	it('is the same after the static data was saved and loaded', () => {
		const data: IDataObject = {};
		const store = open(data);
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
		const store = open(data);
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
		const store = open();
		store.markSeen('again');
		for (let i = 0; i < 999; i++) store.markSeen(String(i));
		store.markSeen('again');
		store.markSeen('one more');
		expect([store.hasSeen('again'), store.hasSeen('0')]).toEqual([true, false]);
	});

	it('shows that a long text changed, without the text before', () => {
		const store = open();
		store.recordState('event', 1, { description: 'a'.repeat(300) });
		expect(store.compare('event', 2, { description: 'a'.repeat(300) })).toEqual({});
		expect(store.compare('event', 2, { description: 'short' })).toEqual({ description: { after: 'short' } });
		expect(store.lastKnown('event')).toEqual({});
	});

	it('does not compare a change with a later state, and keeps the later state', () => {
		const store = open();
		store.recordState('event', 5, { summary: 'Later' });
		store.recordState('event', 3, { summary: 'Earlier' });
		expect(store.compare('event', 3, { summary: 'Earlier' })).toBeUndefined();
		expect(store.lastKnown('event')).toEqual({ summary: 'Later' });
	});

	it('ignores states with local times of another time zone', () => {
		const data: IDataObject = {};
		open(data).recordState('event', 1, { start: '10:00' });
		expect(reopen(data, 'Asia/Shanghai').compare('event', 2, { start: '18:00' })).toBeUndefined();
	});

	it.each(['', '{', '{}', '[1,[2],["a",null]]', '[["a",{"state":7}]]'])(
		'starts empty if the stored data is damaged: %s',
		(states) => {
			const store = open({ seen: 7, zone: 'UTC', states } as unknown as IDataObject);
			expect(store.compare('a', 1, { summary: 'x' })).toBeUndefined();
			expect(store.hasSeen('a')).toBe(false);
		},
	);

	describe('that remembers no values', () => {
		const PRIVATE = { summary: 'Dismissal of Bo', location: 'Room 7', attendees: 'Anna <u1>', description: null };

		it('stores fingerprints and times, and says which parts differ', () => {
			const data: IDataObject = {};
			const store = open(data, { rememberValues: false });
			store.recordState('event', 1, { ...PRIVATE, start: '10:00' });
			expect(JSON.stringify(data)).not.toMatch(/Dismissal|Room|Anna|u1/);
			expect(store.compare('event', 2, { ...PRIVATE, summary: 'New', description: 'Text', start: '11:00' })).toEqual({
				summary: { after: 'New' },
				description: { before: null, after: 'Text' },
				start: { before: '10:00', after: '11:00' },
			});
			expect(store.lastKnown('event')).toEqual({ start: '10:00' });
		});

		it('reads what an earlier version stored, and stores it without values from then on', () => {
			const longText = 'a'.repeat(300);
			const state = { summary: 'Secret title', description: ` #${hashText(longText, 12)}` };
			const data: IDataObject = { zone: 'UTC', states: JSON.stringify([[hashText('event', 12), { at: 1, state }]]) };
			const store = open(data, { rememberValues: false });
			expect(store.compare('event', 2, { summary: 'Secret title', description: longText })).toEqual({});
			store.recordState('other', 2, { summary: 'x' });
			expect(String(data.states)).not.toContain('Secret');
			expect(
				open(data, { rememberValues: false }).compare('event', 2, { summary: 'New', description: longText }),
			).toEqual({ summary: { after: 'New' } });
		});
	});

	it.each([true, false])(
		'describes a change that is delivered again as the first time (values: %s)',
		(rememberValues) => {
			const data: IDataObject = {};
			const first = open(data, { rememberValues });
			first.recordState('event', 1, { summary: 'A', location: null });
			const differences = first.compare('event', 2, { summary: 'B', location: 'X' });
			first.recordState('event', 2, { summary: 'B', location: 'X' });
			const restarted = open(copyOf(data), { rememberValues });
			expect(restarted.compare('event', 2, { summary: 'B', location: 'X' })).toEqual(differences);
			restarted.recordState('event', 2, { summary: 'B', location: 'X' });
			expect(restarted.compare('event', 2, { summary: 'B', location: 'X' })).toEqual(differences);
		},
	);

	it('takes over what other processes have stored of later changes', () => {
		const [mine, theirs]: IDataObject[] = [{}, {}];
		const store = open(mine);
		store.recordState('event', 1, { summary: 'A' });
		store.recordState('own', 5, { summary: 'Mine' });
		const other = open(theirs);
		other.recordState('event', 2, { summary: 'B' });
		other.recordState('own', 4, { summary: 'Theirs' });
		store.merge(theirs);
		expect(store.compare('event', 3, { summary: 'C' })).toEqual({ summary: { before: 'B', after: 'C' } });
		expect(store.lastKnown('own')).toEqual({ summary: 'Mine' });
		expect(reopen(mine).lastKnown('event')).toEqual({ summary: 'B' });
	});
});

/** Tests what polling stores of events: that it is read back unchanged, holds no texts or people, and keeps the nearest events. */
import { readFileSync } from 'node:fs';
import { fingerprintOf, type ListedEvent } from '../../../lib/dingtalk/polling/fingerprint';
import { MAX_CHARACTERS, Snapshots, snapshotOf } from '../../../lib/dingtalk/polling/snapshots';
import { pollingProperties } from '../../../nodes/DingTalkCalendarPollingTrigger/fields';
import { hashText } from '../../../lib/dingtalk/utils/hash';

const T0 = Date.parse('2026-03-02T00:00:00Z');
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const RESPONSES = ['needsAction', 'accepted', 'declined', 'tentative'];
const iso = (at: number): string => new Date(at).toISOString();

const meeting = (id: string, start: number, guests: number, more: Partial<ListedEvent> = {}): ListedEvent => ({
	id,
	summary: `Talk about the salary of ${id}`,
	status: 'confirmed',
	createTime: iso(T0 - DAY),
	updateTime: iso(T0 - DAY),
	start: { dateTime: iso(start) },
	end: { dateTime: iso(start + 45 * MINUTE) },
	location: { displayName: 'Room 1' },
	attendees: Array.from({ length: guests }, (_, n) => ({
		id: `union${n}`,
		displayName: `Person ${n}`,
		responseStatus: RESPONSES[n % 4],
	})),
	...more,
});

const store = (events: ListedEvent[]): Snapshots => {
	const snapshots = new Snapshots();
	for (const event of events) snapshots.set(event.id ?? '', snapshotOf(event, [Date.parse(event.updateTime ?? '')]));
	return snapshots;
};

const isKnown = (snapshots: Snapshots, event: ListedEvent): boolean => snapshots.get(event.id ?? '') !== undefined;

describe('The snapshots of a person', () => {
	it.each([
		['a usual event', {}],
		['an all-day event', { start: { date: '2026-03-09' }, end: { date: '2026-03-11' } }],
		['an event of 100 days', { end: { dateTime: iso(T0 + 100 * DAY) } }],
		['an event with all parts', { description: 'x', recurrence: { a: 1 }, meetingRooms: [{ roomId: 'r' }] }],
		['an event without times', { start: undefined, end: undefined }],
		['an event with 300 guests', meeting('a', T0, 300)],
		['an event with empty parts', { summary: '', location: undefined, attendees: [] }],
	])('are read back unchanged: %s', (_, more) => {
		const event = meeting('a', T0 + DAY, 5, { ...more, id: 'a' });
		const stored = store([event]).store(T0);
		expect(new Snapshots(stored).get('a')).toEqual({ reportedAt: [T0 - DAY], fingerprint: fingerprintOf(event) });
		expect(new Snapshots(new Snapshots(stored).store(T0)).get('a')).toEqual(new Snapshots(stored).get('a'));
	});

	it('keep the times of a series and of removals', () => {
		const snapshots = new Snapshots();
		const times = [T0, -T0, T0 + DAY, 0, T0 + 2 * DAY, T0 + 3 * DAY];
		snapshots.set('s', { reportedAt: times, fingerprint: fingerprintOf(meeting('s', T0, 2)) });
		snapshots.set('gone', { reportedAt: [T0] });
		const read = new Snapshots(snapshots.store(T0 + DAY));
		expect(read.get('s')?.reportedAt).toEqual(times);
		expect(read.get('gone')).toEqual({ reportedAt: [T0] });
		expect(new Snapshots(snapshots.store(T0 + 40 * DAY)).get('gone')).toBeUndefined();
	});

	it('hold no titles, texts or people', () => {
		const text = JSON.stringify(store([meeting('a', T0, 5)]).store(T0));
		const plain = Buffer.from(text.replace(/[^A-Za-z0-9+/]/g, ''), 'base64').toString('latin1');
		for (const one of [text, plain]) expect(one).not.toMatch(/salary|union|Person|Room/);
	});

	it.each([
		[180, 5],
		[160, 9],
		[115, 21],
		[35, 130],
	])('fully know the nearest %i events with %i people, a text, a place and a room each', (count, people) => {
		const parts = { description: 'Agenda', meetingRooms: [{ roomId: 'r1' }] };
		const events = Array.from({ length: 1000 }, (_, n) => meeting(`e${n}`, T0 + (n + 1) * DAY, people, parts));
		const shuffled = [...events].sort((a, b) => (hashText(a.id ?? '') < hashText(b.id ?? '') ? -1 : 1));
		const stored = store(shuffled).store(T0);
		expect(stored.events?.length).toBeLessThanOrEqual(MAX_CHARACTERS);
		const read = new Snapshots(stored);
		expect(events.slice(0, count).every((event) => isKnown(read, event))).toBe(true);
		expect(isKnown(read, events[999])).toBe(false);
		expect(read.wasEvicted('e999')).toBe(true);
		expect(read.wasEvicted('never seen')).toBe(false);
		expect(JSON.stringify(stored).length).toBeLessThan(11_800);
	});

	it('are known of as many events as the help of the trigger and the documentation say', () => {
		const help = pollingProperties.find(({ name }) => name === 'people')?.hint;
		expect(help).toContain('nearest 180 events of each person with five people each (160 with nine people)');
		const page = readFileSync('docs/triggers.md', 'utf8').replace(/\s+/g, ' ');
		expect(page).toContain('180 events with five people each, or 160 with nine, 115 with twenty-one, or 35 with 130');
	});

	it('say that they do not know if even the IDs of the others have no room', () => {
		const read = new Snapshots(
			store(Array.from({ length: 2000 }, (_, n) => meeting(`e${n}`, T0 + n * DAY, 4))).store(T0),
		);
		expect(read.wasEvicted('never seen')).toBeUndefined();
	});

	it('survive damage', () => {
		const { events = '' } = store([meeting('a', T0, 3), meeting('b', T0 + DAY, 3)]).store(T0);
		expect(new Snapshots({ events: events.slice(0, -5) }).get('a')).toBeDefined();
		for (const damaged of ['!', 'AAAA', '////////////', events.slice(7)]) {
			expect(() => new Snapshots({ events: damaged }).store(T0)).not.toThrow();
		}
	});

	it('are read from what 1.0.0-rc.1 stored', () => {
		const event = meeting('a', T0 + DAY, 5);
		const content = JSON.stringify(event, (key, value: unknown) =>
			['updateTime', 'responseStatus'].includes(key) ? undefined : value,
		);
		const responses = (event.attendees ?? []).map(({ id = '' }, n) => hashText(id, 3) + 'nadt'[n % 4]).join('');
		const line = [hashText('a', 9), (T0 - DAY).toString(36), hashText(content, 6), responses].join(' ');
		const read = new Snapshots({ notes: [line, `${hashText('gone', 9)} ${T0.toString(36)} - `, '', 'damaged'] });
		expect(read.get('a')).toMatchObject({
			reportedAt: [T0 - DAY],
			fingerprint: { isLegacy: true, responses: fingerprintOf(event).responses },
		});
		expect(read.get('gone')).toEqual({ reportedAt: [T0] });
		expect(read.wasEvicted('other')).toBeUndefined();
	});
});

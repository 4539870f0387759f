/** Tests which changes are detected between two polls, also for random edits of a calendar. */
import type { PolledChange, PollHistory } from '../../../lib/dingtalk/polling/describeChange';
import { detectChanges, recordSnapshots } from '../../../lib/dingtalk/polling/detectChanges';
import { findLatestChange } from '../../../lib/dingtalk/polling/eventTimes';
import type { ListedEvent } from '../../../lib/dingtalk/polling/fingerprint';
import { Snapshots } from '../../../lib/dingtalk/polling/snapshots';
import { amount } from '../../long/amount';

const T0 = Date.parse('2026-03-02T00:00:00Z');
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const iso = (at: number): string => new Date(at).toISOString().replace('.000', '');

const event = (
	id: string,
	{
		created = T0,
		updated = created,
		...more
	}: Partial<Omit<ListedEvent, 'id'>> & { created?: number; updated?: number } = {},
): ListedEvent => ({
	id,
	summary: 'Plan',
	status: 'confirmed',
	createTime: iso(created),
	updateTime: iso(updated),
	start: { dateTime: iso(T0) },
	...more,
});

const historyOf = (known: ListedEvent[] = []): PollHistory => {
	const snapshots = new Snapshots();
	recordSnapshots(snapshots, known);
	return {
		snapshots,
		since: T0 + MINUTE,
		knownFrom: T0 - 90 * DAY,
		readAt: T0 + MINUTE,
		latestChangeAt: findLatestChange(known),
	};
};

/** The history as it is read back from the static data. */
const reload = ({ snapshots, ...rest }: PollHistory): PollHistory => ({
	...rest,
	snapshots: new Snapshots(snapshots.store(T0)),
});

const keysOf = (changes: PolledChange[]): string[] => changes.map(({ key }) => key);

describe('A poll', () => {
	it('reports a new event as created, and also as updated if it was changed since', () => {
		const now = T0 + 10 * MINUTE;
		expect(keysOf(detectChanges(historyOf(), [event('a', { created: now })]))).toEqual(['created:a']);
		expect(keysOf(detectChanges(historyOf(), [event('a', { created: now, updated: now + MINUTE })]))).toEqual([
			'created:a',
			`updated:a:${now + MINUTE}`,
		]);
	});

	it('reports an old event as updated if it was known, and as created if the person is invited only now', () => {
		const updated = T0 + 10 * MINUTE;
		const old = event('a', { created: T0 - MINUTE, updated: T0 - MINUTE });
		const changed = event('a', { created: T0 - MINUTE, updated, summary: 'Better plan' });
		expect(detectChanges(historyOf([old]), [changed])).toEqual([
			expect.objectContaining({ key: `updated:a:${updated}`, changedParts: [{ name: 'summary' }] }),
		]);
		expect(keysOf(detectChanges(historyOf([event('b', { created: T0 })]), [changed]))).toEqual(['created:a']);
	});

	it('reports an event that comes back as created, each time with another key', () => {
		const history = historyOf([event('a')]);
		const keys = [1, 2, 3, 4].flatMap((n) =>
			keysOf(
				detectChanges(reload(history), []).concat(
					detectChanges(history, [event('a', { updated: T0 + n * MINUTE, status: n % 2 ? 'cancelled' : 'confirmed' })]),
				),
			),
		);
		expect(keys).toEqual([
			`cancelled:a:${T0 + MINUTE}`,
			`created:a:${T0 + MINUTE}`,
			`cancelled:a:${T0 + 3 * MINUTE}`,
			`created:a:${T0 + 3 * MINUTE}`,
		]);
	});

	it('does not take events for new that there was no room for, or that ended long before polling started', () => {
		const many = Array.from({ length: 1000 }, (_, i) => event(`e${i}`, { start: { dateTime: iso(T0 + i * DAY) } }));
		const history = reload(historyOf(many));
		const updated = T0 + 10 * MINUTE;
		const far = { ...many[999], updateTime: iso(updated), summary: 'Better plan' };
		const longPast = event('past', { created: T0 - 200 * DAY, updated, start: { dateTime: iso(T0 - 100 * DAY) } });
		expect(detectChanges(history, [far, longPast])).toEqual([
			expect.objectContaining({ kind: 'updated', hasNoSnapshot: true }),
			expect.objectContaining({ kind: 'updated', hasNoSnapshot: true }),
		]);
		expect(keysOf(detectChanges(history, [event('new', { created: updated })]))).toEqual(['created:new']);
	});

	it('reports who responded, and does not take a new date for a response', () => {
		const people = (...responses: string[]) =>
			responses.map((responseStatus, i) => ({ id: `P${i}`, displayName: `Person ${i}`, responseStatus }));
		const history = historyOf([event('a', { attendees: people('accepted', 'needsAction') })]);
		const at = T0 + 10 * MINUTE;
		expect(detectChanges(history, [event('a', { updated: at, attendees: people('accepted', 'declined') })])).toEqual([
			expect.objectContaining({ kind: 'responded', responses: [{ id: 'P1', name: 'Person 1', status: 'declined' }] }),
		]);
		const moved = event('a', {
			updated: at + MINUTE,
			attendees: people('needsAction', 'needsAction'),
			start: { dateTime: iso(at) },
		});
		expect(detectChanges(history, [moved]).map(({ kind }) => kind)).toEqual(['updated']);
		expect(
			detectChanges(history, [
				{ ...moved, updateTime: iso(at + 2 * MINUTE), summary: 'New', attendees: people('accepted', 'needsAction') },
			]).map(({ kind }) => kind),
		).toEqual(['updated', 'responded']);
	});

	it('reports two changes within the same second separately', () => {
		const history = historyOf([event('a')]);
		const at = T0 + 10 * MINUTE;
		const keys = ['One', 'Two'].flatMap((summary) =>
			keysOf(detectChanges(history, [event('a', { updated: at, summary })])),
		);
		expect(new Set(keys).size).toBe(2);
	});

	it('reports the removal of an event once', () => {
		const history = historyOf([event('a')]);
		const removed = event('a', { updated: T0 + 10 * MINUTE, status: 'cancelled' });
		expect(keysOf(detectChanges(history, [removed]))).toEqual([`cancelled:a:${T0 + 10 * MINUTE}`]);
		expect(detectChanges(reload(history), [removed])).toEqual([]);
	});

	it('reports a change to a whole series once, however many occurrences it has', () => {
		const occurrences = (updated: number, more: Partial<ListedEvent> = {}) =>
			Array.from({ length: 20 }, (_, i) => event(`s_${i}`, { updated, seriesMasterId: 's', ...more }));
		const history = historyOf(occurrences(T0));
		const at = T0 + 10 * MINUTE;
		expect(detectChanges(history, occurrences(at, { summary: 'New' }))).toEqual([
			expect.objectContaining({ key: `updated:s:${at}`, occurrences: 20 }),
		]);
		expect(detectChanges(reload(history), occurrences(at, { summary: 'New' }))).toEqual([]);
		// The next occurrence starts, and nothing has changed.
		expect(detectChanges(history, [event('s_20', { updated: at, summary: 'New', seriesMasterId: 's' })])).toEqual([]);
		expect(detectChanges(history, occurrences(at + MINUTE, { status: 'cancelled' }))).toEqual([
			expect.objectContaining({ kind: 'cancelled', checkSeriesId: 's', occurrences: 20 }),
		]);
	});

	it('reports a new series when its first occurrence starts, and never again', () => {
		const history = historyOf();
		const created = T0 + 10 * MINUTE;
		expect(keysOf(detectChanges(history, [event('s_0', { created, seriesMasterId: 's' })]))).toEqual(['created:s']);
		for (let i = 1; i < 200; i++)
			expect(detectChanges(history, [event(`s_${i}`, { created, seriesMasterId: 's' })])).toEqual([]);
		expect(JSON.stringify(history.snapshots.store(T0)).length).toBeLessThan(200);
	});

	it('does not report the next occurrence of a series that is older than the start of polling', () => {
		expect(detectChanges(historyOf(), [event('s_7', { created: T0 - MINUTE, seriesMasterId: 's' })])).toEqual([]);
	});

	it('does not report the occurrences that a new recurrence rule removes', () => {
		const at = T0 + 10 * MINUTE;
		const oldOccurrences = Array.from({ length: 3 }, (_, i) => event(`s_${i}`, { seriesMasterId: 's' }));
		const changes = detectChanges(historyOf(oldOccurrences), [
			...oldOccurrences.map((occurrence) => ({ ...occurrence, status: 'cancelled', updateTime: iso(at) })),
			event('s_9', { updated: at, seriesMasterId: 's' }),
		]);
		expect(changes.map(({ kind }) => kind)).toEqual(['updated']);
	});
});

/** Mulberry32. */
function random(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
	};
}

const RESPONSES = ['accepted', 'declined', 'tentative'];

/** A calendar that is edited at random. */
class EditedCalendar {
	readonly events = new Map<string, ListedEvent>();
	private made = 0;

	constructor(private readonly chance: () => number) {}

	/** Returns the event and the kinds of change that must be reported. */
	edit(at: number): { event: ListedEvent; kinds: string[] } {
		const existing = [...this.events.values()].filter(({ status }) => status !== 'cancelled');
		const dice = this.chance();
		if (existing.length < 3 || dice < 0.2) {
			const attendees = Array.from({ length: Math.floor(this.chance() * 6) }, (_, i) => ({
				id: `P${i}`,
				displayName: `P${i}`,
				responseStatus: 'needsAction',
			}));
			return this.keep(event(`e${this.made++}`, { created: at, attendees }), 'created');
		}
		const old = existing[Math.floor(this.chance() * existing.length)];
		const changed = { ...old, updateTime: iso(at) };
		if (dice < 0.35) return this.keep({ ...changed, status: 'cancelled' }, 'cancelled');
		const { attendees = [] } = old;
		if (dice < 0.7 && attendees.length > 0) {
			const who = Math.floor(this.chance() * attendees.length);
			const response = RESPONSES.filter((one) => one !== attendees[who].responseStatus)[Math.floor(this.chance() * 2)];
			return this.keep(
				{ ...changed, attendees: attendees.map((one, i) => (i === who ? { ...one, responseStatus: response } : one)) },
				'responded',
			);
		}
		return this.keep({ ...changed, summary: `Title ${at}` }, 'updated');
	}

	private keep(edited: ListedEvent, ...kinds: string[]): { event: ListedEvent; kinds: string[] } {
		this.events.set(String(edited.id), edited);
		return { event: edited, kinds };
	}
}

describe('Polls of a calendar that is edited at random', () => {
	it.each(Array.from({ length: amount({ short: 30, long: 300 }) }, (_, seed) => seed))(
		'report each edit once, also if a poll is lost or repeated (seed %i)',
		(seed) => {
			const chance = random(seed);
			const calendar = new EditedCalendar(chance);
			let history = historyOf();
			const expected: string[] = [];
			const reported = new Map<string, string>();
			let unsaved = new Map<string, ListedEvent>();
			for (let at = T0 + 10 * MINUTE, poll = 0; poll < 60; poll++) {
				const delta = new Map<string, ListedEvent>();
				for (let edits = Math.floor(chance() * 4); edits > 0; edits--, at += MINUTE) {
					const { event: edited, kinds } = calendar.edit(at);
					// Two edits of one event between two polls look like one change, so the second one is undone.
					if (delta.has(String(edited.id)) || unsaved.has(String(edited.id))) {
						calendar.events.set(
							String(edited.id),
							delta.get(String(edited.id)) ?? (unsaved.get(String(edited.id)) as ListedEvent),
						);
						continue;
					}
					delta.set(String(edited.id), edited);
					expected.push(...kinds.map((kind) => `${kind} ${edited.id} ${at}`));
				}
				const listed = new Map([...unsaved, ...delta]);
				const before = reload(history);
				for (const { kind, event: of, at: when, key } of detectChanges(history, [...listed.values()]))
					reported.set(key, `${kind} ${of.id} ${when}`);
				history = reload(history);
				if (chance() < 0.1) {
					// The state is lost, so DingTalk lists the same changes again.
					history = before;
					unsaved = listed;
				} else {
					unsaved = new Map();
					if (chance() < 0.1) expect(detectChanges(reload(history), [...listed.values()])).toEqual([]);
				}
			}
			expect([...reported.values()].sort()).toEqual([...new Set(expected)].sort());
			expect(reported.size).toBe(expected.length);
		},
	);
});

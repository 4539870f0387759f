import {
	detectChanges,
	findLatestChange,
	takeSnapshots,
	type PollHistory,
	type PolledChange,
} from '../../../lib/dingtalk/polling/detectChanges';
import { Snapshots, type ListedEvent } from '../../../lib/dingtalk/polling/snapshots';

const T0 = Date.parse('2026-03-02T00:00:00Z');
const MINUTE = 60_000;
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

const past = (known: ListedEvent[] = []): PollHistory => {
	const notebook = new Snapshots();
	takeSnapshots(notebook, known);
	return { snapshots: notebook, since: T0 + MINUTE, latestChangeAt: findLatestChange(known) };
};

/** As it comes back out of the store. */
const stored = ({ snapshots: notebook, ...rest }: PollHistory): PollHistory => ({
	...rest,
	snapshots: new Snapshots(notebook.lines()),
});

const brief = (changes: PolledChange[]): string[] => changes.map(({ key }) => key);

describe('What changed on a calendar', () => {
	it('tells a new event as created, and as updated too when it was changed since', () => {
		const now = T0 + 10 * MINUTE;
		expect(brief(detectChanges(past(), [event('a', { created: now })]))).toEqual(['created:a']);
		expect(brief(detectChanges(past(), [event('a', { created: now, updated: now + MINUTE })]))).toEqual([
			'created:a',
			`updated:a:${now + MINUTE}`,
		]);
	});

	it('tells an old event as updated, known or not', () => {
		const updated = T0 + 10 * MINUTE;
		const old = event('a', { created: T0 - MINUTE, updated: T0 - MINUTE });
		const changed = event('a', { created: T0 - MINUTE, updated, summary: 'Better plan' });
		expect(brief(detectChanges(past([old]), [changed]))).toEqual([`updated:a:${updated}`]);
		expect(detectChanges(past([event('b')]), [changed])).toEqual([
			expect.objectContaining({ kind: 'updated', unsure: true }),
		]);
	});

	it('tells who answered, and takes no new date for an answer', () => {
		const people = (...answers: string[]) =>
			answers.map((responseStatus, i) => ({ id: `P${i}`, displayName: `Person ${i}`, responseStatus }));
		const memory = past([event('a', { attendees: people('accepted', 'needsAction') })]);
		const at = T0 + 10 * MINUTE;
		expect(detectChanges(memory, [event('a', { updated: at, attendees: people('accepted', 'declined') })])).toEqual([
			expect.objectContaining({ kind: 'responded', answers: [{ id: 'P1', name: 'Person 1', answer: 'declined' }] }),
		]);
		const moved = event('a', {
			updated: at + MINUTE,
			attendees: people('needsAction', 'needsAction'),
			start: { dateTime: iso(at) },
		});
		expect(detectChanges(memory, [moved]).map(({ kind }) => kind)).toEqual(['updated']);
		expect(
			detectChanges(memory, [
				{ ...moved, updateTime: iso(at + 2 * MINUTE), summary: 'New', attendees: people('accepted', 'needsAction') },
			]).map(({ kind }) => kind),
		).toEqual(['updated', 'responded']);
	});

	it('tells two changes within one second as two', () => {
		const memory = past([event('a')]);
		const at = T0 + 10 * MINUTE;
		const keys = ['One', 'Two'].flatMap((summary) =>
			brief(detectChanges(memory, [event('a', { updated: at, summary })])),
		);
		expect(new Set(keys).size).toBe(2);
	});

	it('tells once that an event is gone', () => {
		const memory = past([event('a')]);
		const lost = event('a', { updated: T0 + 10 * MINUTE, status: 'cancelled' });
		expect(brief(detectChanges(memory, [lost]))).toEqual([`cancelled:a:${T0 + 10 * MINUTE}`]);
		expect(detectChanges(stored(memory), [lost])).toEqual([]);
	});

	it('tells a change to a whole series once, however many dates it has', () => {
		const dates = (updated: number, more: Partial<ListedEvent> = {}) =>
			Array.from({ length: 20 }, (_, i) => event(`s_${i}`, { updated, seriesMasterId: 's', ...more }));
		const memory = past(dates(T0));
		const at = T0 + 10 * MINUTE;
		expect(detectChanges(memory, dates(at, { summary: 'New' }))).toEqual([
			expect.objectContaining({ key: `updated:s:${at}`, dates: 20 }),
		]);
		expect(detectChanges(stored(memory), dates(at, { summary: 'New' }))).toEqual([]);
		// The next date begins, and nobody has changed anything.
		expect(detectChanges(memory, [event('s_20', { updated: at, summary: 'New', seriesMasterId: 's' })])).toEqual([]);
		expect(detectChanges(memory, dates(at + MINUTE, { status: 'cancelled' }))).toEqual([
			expect.objectContaining({ kind: 'cancelled', askSeries: 's', dates: 20 }),
		]);
	});

	it('tells a new series when its first date begins, and never again', () => {
		const memory = past();
		const created = T0 + 10 * MINUTE;
		expect(brief(detectChanges(memory, [event('s_0', { created, seriesMasterId: 's' })]))).toEqual(['created:s']);
		for (let i = 1; i < 200; i++)
			expect(detectChanges(memory, [event(`s_${i}`, { created, seriesMasterId: 's' })])).toEqual([]);
		expect(memory.snapshots.lines().join('').length).toBeLessThan(500);
	});

	it('is silent about a series from before, whose next date begins', () => {
		expect(detectChanges(past(), [event('s_7', { created: T0 - MINUTE, seriesMasterId: 's' })])).toEqual([]);
	});

	it('is silent about the dates of an old rule when the series has a new one', () => {
		const at = T0 + 10 * MINUTE;
		const old = Array.from({ length: 3 }, (_, i) => event(`s_${i}`, { seriesMasterId: 's' }));
		const found = detectChanges(past(old), [
			...old.map((date) => ({ ...date, status: 'cancelled', updateTime: iso(at) })),
			event('s_9', { updated: at, seriesMasterId: 's' }),
		]);
		expect(found.map(({ kind }) => kind)).toEqual(['updated']);
	});

	it('remembers no more than it has room for, and the newest longest', () => {
		const memory = past();
		for (let i = 0; i < 2000; i++) detectChanges(memory, [event(`e${i}`, { created: T0 + 10 * MINUTE + i * MINUTE })]);
		const lines = memory.snapshots.lines();
		expect(lines.join('').length).toBeLessThanOrEqual(4000);
		expect(new Snapshots(lines).read('e1999')).toBeDefined();
		expect(new Snapshots(lines).read('e0')).toBeUndefined();
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

const ANSWERS = ['accepted', 'declined', 'tentative'];

/** A calendar that is edited at random, and a book of what was done to each event since the last look. */
class Edited {
	readonly events = new Map<string, ListedEvent>();
	private made = 0;

	constructor(private readonly chance: () => number) {}

	/** Returns the event and what must be told of it. */
	edit(at: number): { event: ListedEvent; kinds: string[] } {
		const there = [...this.events.values()].filter(({ status }) => status !== 'cancelled');
		const dice = this.chance();
		if (there.length < 3 || dice < 0.2) {
			const attendees = Array.from({ length: Math.floor(this.chance() * 6) }, (_, i) => ({
				id: `P${i}`,
				displayName: `P${i}`,
				responseStatus: 'needsAction',
			}));
			return this.keep(event(`e${this.made++}`, { created: at, attendees }), 'created');
		}
		const old = there[Math.floor(this.chance() * there.length)];
		const changed = { ...old, updateTime: iso(at) };
		if (dice < 0.35) return this.keep({ ...changed, status: 'cancelled' }, 'cancelled');
		const { attendees = [] } = old;
		if (dice < 0.7 && attendees.length > 0) {
			const who = Math.floor(this.chance() * attendees.length);
			const answer = ANSWERS.filter((one) => one !== attendees[who].responseStatus)[Math.floor(this.chance() * 2)];
			return this.keep(
				{ ...changed, attendees: attendees.map((one, i) => (i === who ? { ...one, responseStatus: answer } : one)) },
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

describe('Random edits of a calendar', () => {
	it.each(Array.from({ length: 100 }, (_, seed) => seed))(
		'are told each once, also after a look that was lost or came twice (script %i)',
		(seed) => {
			const chance = random(seed);
			const calendar = new Edited(chance);
			let memory = past();
			const expected: string[] = [];
			const told = new Map<string, string>();
			let unsaved = new Map<string, ListedEvent>();
			for (let at = T0 + 10 * MINUTE, look = 0; look < 60; look++) {
				const delta = new Map<string, ListedEvent>();
				for (let edits = Math.floor(chance() * 4); edits > 0; edits--, at += MINUTE) {
					const { event: edited, kinds } = calendar.edit(at);
					// Two edits of one event between two looks are one change to whoever looks; they are another test's business.
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
				const before = stored(memory);
				for (const { kind, event: of, at: when, key } of detectChanges(memory, [...listed.values()]))
					told.set(key, `${kind} ${of.id} ${when}`);
				memory = stored(memory);
				if (chance() < 0.1) {
					// What was remembered is lost, so DingTalk lists the same changes again.
					memory = before;
					unsaved = listed;
				} else {
					unsaved = new Map();
					if (chance() < 0.1) expect(detectChanges(stored(memory), [...listed.values()])).toEqual([]);
				}
			}
			expect([...told.values()].sort()).toEqual([...new Set(expected)].sort());
			expect(told.size).toBe(expected.length);
		},
	);
});

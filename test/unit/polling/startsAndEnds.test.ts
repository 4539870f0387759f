/** Random histories of starts and ends: events come and move, n8n polls and is off, and its clock is set, also back by hours. */
import * as fc from 'fast-check';

import type { ListedEvent } from '../../../lib/dingtalk/polling/fingerprint';
import {
	createStartEndState,
	findDue,
	getQueryWindow,
	isReadingValid,
	type StartEndRules,
	type StartEndState,
} from '../../../lib/dingtalk/polling/startsAndEnds';
import { DAY, HOUR, MINUTE } from '../../../lib/dingtalk/utils/time';
import { amount } from '../../long/amount';

const T0 = Date.parse('2026-03-02T00:00:00Z');
const INTERVAL = 15 * MINUTE;

interface Meeting {
	id: string;
	start: number;
	end: number;
	created: number;
	changed: number;
}

type Step =
	| { do: 'create'; count: number; inMinutes: number; long: number }
	| { do: 'move'; which: number; inMinutes: number }
	| { do: 'rename'; which: number; count: number }
	| { do: 'poll'; times: number }
	| { do: 'setClock'; minutes: number };

const minutesAhead = fc.integer({ min: 1, max: 300 });
const steps: fc.Arbitrary<Step> = fc.oneof(
	{
		weight: 3,
		arbitrary: fc.record({
			do: fc.constant('create' as const),
			count: fc.oneof({ weight: 6, arbitrary: fc.constant(1) }, fc.constant(20)),
			inMinutes: minutesAhead,
			long: fc.integer({ min: 5, max: 90 }),
		}),
	},
	fc.record({ do: fc.constant('move' as const), which: fc.nat(300), inMinutes: minutesAhead }),
	fc.record({ do: fc.constant('rename' as const), which: fc.nat(300), count: fc.integer({ min: 1, max: 50 }) }),
	{ weight: 4, arbitrary: fc.record({ do: fc.constant('poll' as const), times: fc.integer({ min: 1, max: 8 }) }) },
	fc.record({ do: fc.constant('setClock' as const), minutes: fc.integer({ min: -200, max: 50 }) }),
);

const iso = (at: number): string => new Date(Math.floor(at / 1000) * 1000).toISOString().replace('.000', '');

const toListed = ({ id, start, end, created, changed }: Meeting): ListedEvent => ({
	id,
	createTime: iso(created),
	updateTime: iso(changed),
	start: { dateTime: iso(start) },
	end: { dateTime: iso(end) },
});

/** What one person's calendar and n8n do; returns the keys of what was reported. */
function play(history: readonly Step[], rules: StartEndRules): { meetings: Meeting[]; reported: string[] } {
	const meetings: Meeting[] = [];
	const reported: string[] = [];
	let [time, offset, hasActivity] = [T0, 0, false];
	const read = (from: number, to: number): ListedEvent[] =>
		meetings.filter(({ start, end }) => start < to && end > from).map(toListed);
	let state: StartEndState = createStartEndState([], T0, rules);
	const poll = (): void => {
		const now = time + offset;
		if (hasActivity || !isReadingValid(state, now)) {
			const { from, to } = getQueryWindow(state, now, rules);
			const found = findDue(state, read(from, to), now, rules);
			reported.push(...found.startsAndEnds.map(({ key }) => key));
			// As n8n stores it.
			state = JSON.parse(JSON.stringify(found.state)) as StartEndState;
		}
		hasActivity = false;
	};
	const pollFor = (times: number): void => {
		for (let n = 0; n < times; n++) {
			time += INTERVAL;
			poll();
		}
	};
	for (const step of history) {
		time += 7 * 1000;
		hasActivity ||= step.do !== 'poll' && step.do !== 'setClock';
		if (step.do === 'create')
			for (let n = 0; n < step.count; n++) {
				const start = Math.ceil(time / MINUTE) * MINUTE + (step.inMinutes + n) * MINUTE;
				const end = start + step.long * MINUTE;
				meetings.push({ id: `m${meetings.length}`, start, end, created: time, changed: time });
			}
		const first = meetings.length > 0 && 'which' in step ? step.which % meetings.length : -1;
		const ahead = ({ start }: Meeting): boolean => start > time && start > time + offset;
		if (step.do === 'move' && meetings[first] && ahead(meetings[first])) {
			const start = Math.ceil(time / MINUTE) * MINUTE + step.inMinutes * MINUTE;
			const end = start + meetings[first].end - meetings[first].start;
			Object.assign(meetings[first], { start, end, changed: time });
		}
		if (step.do === 'rename' && first >= 0)
			for (const meeting of meetings.slice(first, first + step.count)) meeting.changed = time;
		if (step.do === 'poll') pollFor(step.times);
		if (step.do === 'setClock') offset = step.minutes * MINUTE;
	}
	offset = 0;
	pollFor(60);
	return { meetings, reported };
}

function findDouble(keys: readonly string[]): string | undefined {
	const seen = new Set<string>();
	return keys.find((key) => seen.size === seen.add(key).size);
}

describe('Starts and ends over random histories', () => {
	it.each([10, 30, 24 * 60])('are reported once, with %i minutes before the start', (lead) => {
		const rules: StartEndRules = {
			starting: true,
			ended: true,
			leadMs: lead * MINUTE,
			startGraceMs: 2 * INTERVAL,
			allDayZone: undefined,
		};
		const numRuns = amount({ short: 60, long: 3000 });
		fc.assert(
			fc.property(fc.array(steps, { maxLength: 16, size: 'max' }), (history) => {
				const { meetings, reported } = play(history, rules);
				expect(findDouble(reported)).toBeUndefined();
				const known = new Set(reported);
				const missed = meetings.filter(({ id, end }) => !known.has(`ended:${id}:${end}`));
				expect(missed).toEqual([]);
				// A clock that is put forward lets the time for a start pass.
				if (history.some((step) => step.do === 'setClock')) return;
				const unannounced = meetings.filter(({ id, start }) => !known.has(`starting:${id}:${start}`));
				expect(unannounced).toEqual([]);
			}),
			{ numRuns, seed: 17 },
		);
	});

	it('report a start until the event begins, and then not', () => {
		const rules = { starting: true, ended: false, leadMs: 30 * MINUTE, startGraceMs: 0, allDayZone: undefined };
		const start = T0 + 2 * HOUR;
		const meeting = toListed({ id: 'm', start, end: start + HOUR, created: T0 - DAY, changed: T0 - DAY });
		const due = (now: number): string[] =>
			findDue({ until: T0, next: T0 }, [meeting], now, rules).startsAndEnds.map(({ key }) => key);
		expect(due(start)).toEqual([`starting:m:${start}`]);
		expect(due(start + 1)).toEqual([]);
	});

	it('are stored in 10,900 characters at most, however many there are, and in 2,400 for 200 starts', () => {
		const rules = { starting: true, ended: true, leadMs: 7 * DAY, startGraceMs: 0, allDayZone: undefined };
		const store = (count: number): number => {
			const meetings = Array.from({ length: count }, (_, n) => {
				const start = T0 + DAY + n * MINUTE;
				return toListed({ id: `m${n}`, start, end: start + HOUR, created: T0, changed: T0 });
			});
			const { startsAndEnds, state } = findDue({ until: T0 - 8 * DAY, next: T0 }, meetings, T0 + HOUR, rules);
			expect(startsAndEnds).toHaveLength(count);
			return JSON.stringify(state).length;
		};
		expect(store(3000)).toBeLessThan(10_900);
		expect(store(200)).toBeLessThan(2_400);
	});

	it('report the start of an event that was created after more starts than can be stored', () => {
		const rules = { starting: true, ended: false, leadMs: 2 * DAY, startGraceMs: 0, allDayZone: undefined };
		const meetings = Array.from({ length: 1100 }, (_, n) => {
			const start = T0 + DAY + n * MINUTE;
			return toListed({ id: `m${n}`, start, end: start + HOUR, created: T0 + n, changed: T0 + n });
		});
		const first = findDue({ until: T0 - MINUTE, next: T0, mark: T0 - DAY }, meetings, T0 + HOUR, rules);
		expect(first.startsAndEnds).toHaveLength(1100);
		const created = T0 + HOUR + MINUTE;
		const added = toListed({
			id: 'new',
			start: T0 + DAY + 1090 * MINUTE,
			end: T0 + 2 * DAY,
			created,
			changed: created,
		});
		const renamed = { ...meetings[1095], updateTime: iso(created) };
		const second = findDue(first.state, [...meetings, added, renamed], T0 + 2 * HOUR, rules);
		expect(second.startsAndEnds.map(({ event }) => event.id)).toEqual(['new']);
	});
});

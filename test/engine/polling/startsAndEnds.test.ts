import type { Poller } from '../harness';
import {
	Company,
	DAY,
	guests,
	HOUR,
	MINUTE,
	createPoller,
	SimulatedTime,
	timed,
	readReported,
	type ReportedChange,
} from '../support/polling';
import { useDesk } from '../support/setup';
import { meteredBy } from '../support/state';

const desk = useDesk();

let time: SimulatedTime;
let company: Company;

beforeEach(() => {
	time = new SimulatedTime(desk(), '2026-03-02T00:00:00Z');
	company = new Company(desk());
});
afterEach(() => time.end());

async function nextAt(poller: Poller, at: number): Promise<ReportedChange[]> {
	const before = poller.items.length;
	time.moveTo(at);
	await poller.tick();
	expect(poller.errors).toEqual([]);
	return readReported(poller.items.slice(before));
}

const brief = (told: ReportedChange[]): string[] => told.map(({ kind, id }) => `${kind} ${id}`);

describe('The polling trigger, on starts and ends', () => {
	it('tells a start so many minutes before, and the end when it is over', async () => {
		const [anna] = desk().people;
		const begin = time.at;
		const id = company.create(anna, timed(begin + 2 * HOUR));
		const poller = createPoller(desk(), { people: anna.unionId, triggerOn: ['starting', 'ended'], minutesBefore: 30 });
		await poller.start();
		expect(await nextAt(poller, begin + 75 * MINUTE)).toEqual([]);
		const [starting] = await nextAt(poller, begin + 90 * MINUTE);
		expect(starting).toMatchObject({ kind: 'starting', id, change: { startsInMinutes: 30 } });
		expect(await nextAt(poller, begin + 105 * MINUTE)).toEqual([]);
		expect(await nextAt(poller, begin + 179 * MINUTE)).toEqual([]);
		expect(brief(await nextAt(poller, begin + 181 * MINUTE))).toEqual([`ended ${id}`]);
		expect(await nextAt(poller, begin + 190 * MINUTE)).toEqual([]);
	});

	it('tells of an event that was made, or moved, at short notice, and not of one that was called off', async () => {
		const [anna] = desk().people;
		const begin = time.at;
		const poller = createPoller(desk(), { people: anna.unionId, triggerOn: ['starting'], minutesBefore: 30 });
		const moved = company.create(anna, timed(begin + 5 * HOUR));
		const off = company.create(anna, timed(begin + HOUR));
		await poller.start();
		const late = company.create(anna, timed(begin + 10 * MINUTE));
		company.update(moved, timed(begin + HOUR));
		company.cancel(off);
		expect(brief(await nextAt(poller, begin + 15 * MINUTE))).toEqual([`starting ${late}`]);
		expect(brief(await nextAt(poller, begin + 30 * MINUTE))).toEqual([`starting ${moved}`]);
		// Put off after it was told, it starts once more.
		company.update(moved, timed(begin + 3 * HOUR));
		expect(await nextAt(poller, begin + 2 * HOUR)).toEqual([]);
		expect(brief(await nextAt(poller, begin + 150 * MINUTE))).toEqual([`starting ${moved}`]);
	});

	it('tells what became due while nobody polled', async () => {
		const [anna] = desk().people;
		const begin = time.at;
		const poller = createPoller(desk(), { people: anna.unionId, triggerOn: ['starting', 'ended'] });
		await poller.start();
		const id = company.create(anna, timed(begin + 2 * HOUR));
		expect(brief(await nextAt(poller, begin + 3 * HOUR + 30 * MINUTE))).toEqual([`starting ${id}`, `ended ${id}`]);
	});

	it.each([
		['midnight', ['starting']],
		['leaveOut', []],
	])('takes the start of an all-day event as the user chose: %s', async (allDay, kinds) => {
		const [anna] = desk().people;
		const poller = createPoller(
			desk(),
			{ people: anna.unionId, triggerOn: ['starting'], minutesBefore: 0, allDay },
			{ timezone: 'America/Los_Angeles' },
		);
		await poller.start();
		company.create(anna, { isAllDay: true, start: { date: '2026-03-03' }, end: { date: '2026-03-04' } });
		// Midnight there is eight in the morning in London, and sixteen hours after midnight in Shanghai.
		expect(await nextAt(poller, Date.parse('2026-03-03T07:59:00Z'))).toEqual([]);
		expect((await nextAt(poller, Date.parse('2026-03-03T08:00:00Z'))).map(({ kind }) => kind)).toEqual(kinds);
	});

	it('together with changes takes one more call only when something changed, is due, or an hour has gone by', async () => {
		const [anna, bo] = desk().people;
		const begin = time.at;
		const poller = createPoller(desk(), { people: anna.unionId, triggerOn: ['created', 'starting'], minutesBefore: 30 });
		await poller.start();
		await desk().wire.clear();
		const views = async (): Promise<number> =>
			(await desk().wire.meteredCalls()).filter(({ path }) => path.endsWith('/eventsview')).length;

		await nextAt(poller, begin + 15 * MINUTE);
		await nextAt(poller, begin + 30 * MINUTE);
		expect(await views()).toBe(0);
		const id = company.create(bo, { ...timed(begin + 95 * MINUTE), ...guests(anna) });
		expect(brief(await nextAt(poller, begin + 45 * MINUTE))).toEqual([`created ${id}`]);
		expect(await views()).toBe(1);
		expect(await nextAt(poller, begin + 60 * MINUTE)).toEqual([]);
		expect(await views()).toBe(1);
		expect(brief(await nextAt(poller, begin + 75 * MINUTE))).toEqual([`starting ${id}`]);
		expect(await views()).toBe(2);
		await nextAt(poller, begin + 100 * MINUTE);
		expect(await views()).toBe(2);
		await nextAt(poller, begin + 140 * MINUTE);
		expect(await views()).toBe(3);
		expect(await meteredBy(desk())).toBe(7 + 3);
	});

	it('tells the starts of a series, with its exceptions, across the change of the clocks', async () => {
		const [anna] = desk().people;
		const poller = createPoller(
			desk(),
			{ people: anna.unionId, triggerOn: ['starting'], minutesBefore: 60 },
			{ timezone: 'Europe/Berlin' },
		);
		await poller.start();
		company.create(anna, {
			...timed(Date.parse('2026-03-28T10:00:00+01:00'), 60, 'Europe/Berlin'),
			recurrence: { pattern: { type: 'daily', interval: 1 }, range: { type: 'numbered', numberOfOccurrences: 3 } },
		});
		const told: string[] = [];
		for (let at = Date.parse('2026-03-27T00:00:00Z'); at < Date.parse('2026-03-31T00:00:00Z'); at += HOUR) {
			for (const { change } of await nextAt(poller, at)) told.push(String(change.at));
		}
		expect(told).toEqual(['2026-03-28T10:00:00+01:00', '2026-03-29T10:00:00+02:00', '2026-03-30T10:00:00+02:00']);
	});

	it('keeps what it remembers small', async () => {
		const [anna] = desk().people;
		const poller = createPoller(desk(), {
			people: anna.unionId,
			triggerOn: ['created', 'starting'],
			minutesBefore: 7 * 24 * 60,
		});
		await poller.start();
		for (let i = 0; i < 500; i++) company.create(anna, timed(time.at + DAY + i * MINUTE));
		await nextAt(poller, time.at + HOUR);
		expect(poller.items.length).toBeGreaterThan(500);
		expect(JSON.stringify(poller.stored).length).toBeLessThan(20_000);
	});
});

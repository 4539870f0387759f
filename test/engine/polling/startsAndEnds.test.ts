/** Tests on n8n's engine when the polling trigger reports starts and ends, and with how many calls. */
import type { Poller } from '../harness';
import { DAY, HOUR, MINUTE } from '../../../lib/dingtalk/utils/time';
import {
	Company,
	guests,
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

async function pollAt(poller: Poller, at: number): Promise<ReportedChange[]> {
	const before = poller.items.length;
	time.moveTo(at);
	await poller.tick();
	expect(poller.errors).toEqual([]);
	return readReported(poller.items.slice(before));
}

const summarize = (changes: ReportedChange[]): string[] => changes.map(({ kind, id }) => `${kind} ${id}`);

describe('The polling trigger', () => {
	it('reports a start the given minutes before, and an end when the event is over', async () => {
		const [anna] = desk().people;
		const begin = time.at;
		const id = company.create(anna, timed(begin + 2 * HOUR));
		const poller = createPoller(desk(), { people: anna.unionId, triggerOn: ['starting', 'ended'], minutesBefore: 30 });
		await poller.start();
		expect(await pollAt(poller, begin + 75 * MINUTE)).toEqual([]);
		const [starting] = await pollAt(poller, begin + 90 * MINUTE);
		expect(starting).toMatchObject({ kind: 'starting', id, change: { startsInMinutes: 30 } });
		expect(await pollAt(poller, begin + 105 * MINUTE)).toEqual([]);
		expect(await pollAt(poller, begin + 179 * MINUTE)).toEqual([]);
		expect(summarize(await pollAt(poller, begin + 181 * MINUTE))).toEqual([`ended ${id}`]);
		expect(await pollAt(poller, begin + 190 * MINUTE)).toEqual([]);
	});

	it('reports the start of an event that was created or moved at short notice, but not of a cancelled one', async () => {
		const [anna] = desk().people;
		const begin = time.at;
		const poller = createPoller(desk(), { people: anna.unionId, triggerOn: ['starting'], minutesBefore: 30 });
		const moved = company.create(anna, timed(begin + 5 * HOUR));
		const cancelled = company.create(anna, timed(begin + HOUR));
		await poller.start();
		const late = company.create(anna, timed(begin + 10 * MINUTE));
		company.update(moved, timed(begin + HOUR));
		company.cancel(cancelled);
		expect(summarize(await pollAt(poller, begin + 15 * MINUTE))).toEqual([`starting ${late}`]);
		expect(summarize(await pollAt(poller, begin + 30 * MINUTE))).toEqual([`starting ${moved}`]);
		// If it is postponed after its start was reported, the new start is reported too.
		company.update(moved, timed(begin + 3 * HOUR));
		expect(await pollAt(poller, begin + 2 * HOUR)).toEqual([]);
		expect(summarize(await pollAt(poller, begin + 150 * MINUTE))).toEqual([`starting ${moved}`]);
	});

	it('reports what became due while n8n was not polling, but no start of an event that has begun', async () => {
		const [anna] = desk().people;
		const begin = time.at;
		const poller = createPoller(desk(), { people: anna.unionId, triggerOn: ['starting', 'ended'] });
		await poller.start();
		const past = company.create(anna, timed(begin + 2 * HOUR));
		const next = company.create(anna, timed(begin + 3 * HOUR + 45 * MINUTE));
		expect(summarize(await pollAt(poller, begin + 3 * HOUR + 30 * MINUTE))).toEqual([
			`ended ${past}`,
			`starting ${next}`,
		]);
	});

	it.each([
		[0, 15, 25, true],
		[0, 15, 35, false],
		[0, 5, 15, false],
		[10, 5, 5, false],
		[10, 60, 90, true],
		[0, 240, 130, false],
	])(
		'with %i minutes before the start and a poll every %i minutes, says %i minutes after a start that it is due: %s',
		async (minutesBefore, interval, minutesLate, isReported) => {
			const [anna] = desk().people;
			const begin = time.at;
			const pollTimes = { item: [{ mode: 'everyX', unit: 'minutes', value: interval }] };
			const poller = createPoller(desk(), { people: anna.unionId, triggerOn: ['starting'], minutesBefore, pollTimes });
			await poller.start();
			const id = company.create(anna, timed(begin + 4 * HOUR));
			expect(await pollAt(poller, begin + MINUTE)).toEqual([]);
			expect(summarize(await pollAt(poller, begin + 4 * HOUR + minutesLate * MINUTE))).toEqual(
				isReported ? [`starting ${id}`] : [],
			);
		},
	);

	it.each([
		['midnight', ['starting']],
		['leaveOut', []],
	])('handles the start of an all-day event as selected: %s', async (allDay, kinds) => {
		const [anna] = desk().people;
		const poller = createPoller(
			desk(),
			{ people: anna.unionId, triggerOn: ['starting'], minutesBefore: 0, allDay },
			{ timezone: 'America/Los_Angeles' },
		);
		await poller.start();
		company.create(anna, { isAllDay: true, start: { date: '2026-03-03' }, end: { date: '2026-03-04' } });
		// Midnight there is eight in the morning in London, and sixteen hours after midnight in Shanghai.
		expect(await pollAt(poller, Date.parse('2026-03-03T07:59:00Z'))).toEqual([]);
		expect((await pollAt(poller, Date.parse('2026-03-03T08:00:00Z'))).map(({ kind }) => kind)).toEqual(kinds);
	});

	it('reads occurrences only if something changed or is due, or after an hour, when it reports changes too', async () => {
		const [anna, bo] = desk().people;
		const begin = time.at;
		const poller = createPoller(desk(), {
			people: anna.unionId,
			triggerOn: ['created', 'starting'],
			minutesBefore: 30,
		});
		await poller.start();
		await desk().recorder.clear();
		const views = async (): Promise<number> =>
			(await desk().recorder.meteredCalls()).filter(({ path }) => path.endsWith('/eventsview')).length;

		await pollAt(poller, begin + 15 * MINUTE);
		await pollAt(poller, begin + 30 * MINUTE);
		expect(await views()).toBe(0);
		const id = company.create(bo, { ...timed(begin + 95 * MINUTE), ...guests(anna) });
		expect(summarize(await pollAt(poller, begin + 45 * MINUTE))).toEqual([`created ${id}`]);
		expect(await views()).toBe(1);
		expect(await pollAt(poller, begin + 60 * MINUTE)).toEqual([]);
		expect(await views()).toBe(1);
		expect(summarize(await pollAt(poller, begin + 75 * MINUTE))).toEqual([`starting ${id}`]);
		expect(await views()).toBe(2);
		await pollAt(poller, begin + 100 * MINUTE);
		expect(await views()).toBe(2);
		await pollAt(poller, begin + 140 * MINUTE);
		expect(await views()).toBe(3);
		expect(await meteredBy(desk())).toBe(7 + 3);
	});

	it('reports each start of a series across a change to daylight saving time', async () => {
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
		const starts: string[] = [];
		for (let at = Date.parse('2026-03-27T00:00:00Z'); at < Date.parse('2026-03-31T00:00:00Z'); at += HOUR) {
			for (const { change } of await pollAt(poller, at)) starts.push(String(change.at));
		}
		expect(starts).toEqual(['2026-03-28T10:00:00+01:00', '2026-03-29T10:00:00+02:00', '2026-03-30T10:00:00+02:00']);
	});

	it('keeps the stored state of many starts small', async () => {
		const [anna] = desk().people;
		const poller = createPoller(desk(), {
			people: anna.unionId,
			triggerOn: ['created', 'starting'],
			minutesBefore: 7 * 24 * 60,
		});
		await poller.start();
		for (let i = 0; i < 500; i++) company.create(anna, timed(time.at + DAY + i * MINUTE));
		await pollAt(poller, time.at + HOUR);
		expect(poller.items.length).toBeGreaterThan(500);
		expect(JSON.stringify(poller.stored).length).toBeLessThan(20_000);
	});

	it('reports each start once, however many there are and whatever else changes', async () => {
		const [anna] = desk().people;
		const poller = createPoller(desk(), { people: anna.unionId, triggerOn: ['starting'], minutesBefore: 24 * 60 });
		await poller.start();
		const begin = time.at;
		const ids = Array.from({ length: 260 }, (_, n) => company.create(anna, timed(begin + 5 * HOUR + n * MINUTE)));
		for (let poll = 1; poll <= 6; poll++) {
			await pollAt(poller, begin + poll * 15 * MINUTE);
			for (const id of ids.slice(0, 50)) company.update(id, { summary: `Title ${poll}` });
		}
		expect(poller.items.map(({ id }) => id).sort()).toEqual([...ids].sort());
	});

	it('does not report what is long past after n8n was off for two weeks', async () => {
		const [anna] = desk().people;
		const begin = time.at;
		for (let day = 0; day < 10; day++) company.create(anna, timed(begin + day * DAY + 5 * HOUR));
		const poller = createPoller(desk(), { people: anna.unionId, triggerOn: ['starting', 'ended'] });
		await poller.start();
		const recent = company.create(anna, timed(begin + 13 * DAY + 12 * HOUR));
		time.moveTo(begin + 14 * DAY);
		await poller.start('init');
		expect(summarize(readReported(poller.items))).toEqual([`ended ${recent}`]);
	});

	it('reports no start twice and misses none when Minutes Before Start is changed', async () => {
		const [anna] = desk().people;
		const begin = time.at;
		const [first, second] = [company.create(anna, timed(begin + HOUR)), company.create(anna, timed(begin + 2 * HOUR))];
		const parameters = { people: anna.unionId, triggerOn: ['starting'] };
		const poller = createPoller(desk(), { ...parameters, minutesBefore: 30 });
		await poller.start();
		expect(summarize(await pollAt(poller, begin + 35 * MINUTE))).toEqual([`starting ${first}`]);
		const longer = createPoller(desk(), { ...parameters, minutesBefore: 120 }, { staticData: poller.stored });
		await longer.start('update');
		expect(summarize(readReported(longer.items))).toEqual([`starting ${second}`]);
		expect(await pollAt(longer, begin + 50 * MINUTE)).toEqual([]);
	});
});

/**
 * Thirty days of three calendars, polled by two workflows, with processes that end at the worst moment. What must be told
 * is kept in a book of its own, from what the company did and from what calendars mean.
 */
import { DateTime } from 'luxon';
import { CalendarStore } from '../../simulator/calendar/store';
import type { Person } from '../../simulator/company';
import type { Accident, Poller } from '../harness';
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
} from '../support/polling';
import { useDesk } from '../support/setup';
import { amount } from '../../long/amount';

const desk = useDesk();

const ZONE = 'Europe/Berlin';
/** The clocks of Berlin go forward on the 29th. */
const START = '2026-03-10T00:00:00Z';
const DAYS = amount({ short: 4, long: 30 });
const STEP = HOUR;
const LEAD = 45 * MINUTE;

/** Mulberry32: the same month each time. */
function random(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
	};
}

/** Something on the calendars that takes place once. */
interface Occasion {
	id: string;
	start: number;
	end: number;
}

interface Meeting extends Occasion {
	organizer: Person;
	people: Person[];
	answers: Map<string, string>;
	touchedAt: number;
}

/** What must be told at which poll. */
class Book {
	readonly expected = new Map<string, number[]>();

	expect(kind: string, id: string, poll: number): void {
		const name = `${kind} ${id}`;
		this.expected.set(name, [...(this.expected.get(name) ?? []), poll]);
	}

	get entries(): string[] {
		return [...this.expected].flatMap(([name, polls]) => polls.map((poll) => `${name} at poll ${poll}`)).sort();
	}
}

/** What was told, by poll; a key that comes again after an accident is what somebody downstream drops. */
class Listener {
	readonly entries: string[] = [];
	readonly keys = new Set<string>();
	repeated = 0;
	private seen = 0;

	listen(poller: Poller, poll: number): void {
		for (const { kind, id, key, change } of readReported(poller.items.slice(this.seen))) {
			if (this.keys.has(key)) this.repeated++;
			else
				this.entries.push(
					`${kind} ${kind === 'starting' || kind === 'ended' ? id : String(change.seriesId ?? id)} at poll ${poll}`,
				);
			this.keys.add(key);
		}
		this.seen = poller.items.length;
	}
}

describe(`Polling for ${DAYS} days`, () => {
	it('miss nothing and tell nothing twice, for one call of each person and poll', async () => {
		const time = new SimulatedTime(desk(), START);
		try {
			await live(time, random(1));
		} finally {
			time.end();
		}
	});
});

async function live(time: SimulatedTime, chance: () => number): Promise<void> {
	const company = new Company(desk());
	const people = desk().people.slice(0, 5);
	const watched = people.slice(0, 2);
	const among = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)];
	const begin = time.at;
	const parameters = { people: watched.map(({ unionId }) => unionId).join() };
	const options = { timezone: ZONE };
	const changes = createPoller(
		desk(),
		{ ...parameters, triggerOn: ['created', 'updated', 'cancelled', 'responded'] },
		{ ...options, id: 'changes' },
	);
	const moments = createPoller(
		desk(),
		{ ...parameters, triggerOn: ['starting', 'ended'], minutesBefore: LEAD / MINUTE },
		{ ...options, id: 'moments' },
	);
	const [changeBook, momentBook] = [new Book(), new Book()];
	const [changeEar, momentEar] = [new Listener(), new Listener()];
	const meetings = new Map<string, Meeting>();

	// Twice a week at nine in Berlin, whatever the clocks do there; three of its dates are not like the others.
	const firstDay = DateTime.fromISO('2026-03-12T09:00', { zone: ZONE });
	const seriesDates = Array.from({ length: 12 }, (_, n) =>
		firstDay.plus({ days: Math.floor(n / 2) * 7 + (n % 2) * 5 }),
	);
	let series = '';
	const seriesLive: Array<{ origin: number; start: number; end: number; cancelled: boolean }> = seriesDates.map(
		(day) => ({
			origin: day.toMillis(),
			start: day.toMillis(),
			end: day.plus({ minutes: 30 }).toMillis(),
			cancelled: false,
		}),
	);
	const dateId = (origin: number): string => {
		const { world } = desk().simulator;
		const window = { fromMs: begin, toMs: begin + 60 * DAY };
		const found = world
			.use(CalendarStore)
			.occurrencesOf(watched[0].unionId, window)
			.find((view) => view.originMs === origin && view.event.id === series);
		if (!found) throw new Error('The series has no such date');
		return found.id;
	};
	const dateIds = new Map<number, string>();

	/** All-day, over the night in which the clocks change. */
	const trip = {
		id: '',
		start: DateTime.fromISO('2026-03-28', { zone: ZONE }).toMillis(),
		end: DateTime.fromISO('2026-03-30', { zone: ZONE }).toMillis(),
	};

	await changes.start();
	await moments.start();
	await desk().wire.clear();

	const toldMoments = new Set<string>();
	const expectMoments = (last: number, now: number, poll: number): void => {
		const dates: Occasion[] = [...meetings.values()].filter(concerns(watched));
		if (series)
			for (const one of seriesLive)
				if (!one.cancelled) dates.push({ id: dateIds.get(one.origin) ?? '', start: one.start, end: one.end });
		if (trip.id) dates.push(trip);
		for (const { id, start, end } of dates) {
			const due: Array<[string, boolean]> = [
				[`starting ${id} ${start}`, start - LEAD <= now && start > last],
				[`ended ${id} ${end}`, end <= now && end > last - HOUR],
			];
			for (const [name, isDue] of due) {
				if (!isDue || toldMoments.has(name)) continue;
				toldMoments.add(name);
				momentBook.expect(name.split(' ')[0], id, poll);
			}
		}
	};
	const concerns =
		(who: Person[]) =>
		({ people: invited }: Meeting): boolean =>
			invited.some((person) => who.includes(person));

	let lives = 0;
	let last = time.at;
	const polls = (DAYS * DAY) / STEP;
	for (let poll = 1; poll <= polls; poll++) {
		const next = begin + poll * STEP;
		const touched = new Set<string>();
		for (let acts = Math.floor(chance() * 4); acts > 0; acts--) {
			// Now and then at the very moment of the poll.
			time.moveTo(chance() < 0.1 ? next - 1 : last + (0.8 - acts * 0.2) * STEP);
			act(poll, touched);
		}
		plannedActs(poll);
		time.moveTo(next);
		const accident: Accident | undefined =
			chance() < 0.03 ? among(['beforeEmit', 'betweenEmitAndSave'] as const) : undefined;
		if (accident) lives += 2;
		const now = time.at;
		expectMoments(last, now, poll);
		await changes.tick(accident);
		await moments.tick(accident);
		changeEar.listen(changes, poll);
		momentEar.listen(moments, poll);
		last = now;
	}

	expect(changes.errors).toEqual([]);
	expect(moments.errors).toEqual([]);
	expect(changeEar.entries.sort()).toEqual(changeBook.entries);
	expect(momentEar.entries.sort()).toEqual(momentBook.entries);
	expect(changeBook.entries.length).toBeGreaterThan(10 * DAYS);
	expect(momentBook.entries.length).toBeGreaterThan(10 * DAYS);
	expect(lives).toBeGreaterThan(DAYS / 3);

	const metered = await desk().wire.meteredCalls();
	// After an accident n8n starts again and polls at once.
	expect(metered.length).toBe(watched.length * (2 * polls + lives));
	expect(metered.filter(({ path }) => path.endsWith('/eventsview'))).toHaveLength(metered.length / 2);
	for (const poller of [changes, moments])
		expect(JSON.stringify(poller.stored).length).toBeLessThan(watched.length * 9_000);

	function act(poll: number, touched: Set<string>): void {
		const now = time.at;
		const usable = [...meetings.values()].filter(
			(one) => !touched.has(one.id) && one.touchedAt < now - STEP && one.end > now - 3 * HOUR,
		);
		const kind =
			usable.length < 4 ? 'create' : among(['create', 'title', 'respond', 'respond', 'cancel', 'move'] as const);
		if (kind === 'create') return create(poll, now);
		const meeting = among(usable);
		touched.add(meeting.id);
		const told = concerns(watched)(meeting);
		const change = (name: string): void => {
			if (told) changeBook.expect(name, meeting.id, poll);
			meeting.touchedAt = now;
		};
		if (kind === 'title') {
			company.update(meeting.id, { summary: `Title ${chance()}` });
			change('updated');
		} else if (kind === 'respond') {
			const who = among(meeting.people.filter((person) => person !== meeting.organizer));
			if (who === undefined) return;
			const answer = among(
				(['accepted', 'declined', 'tentative'] as const).filter((one) => one !== meeting.answers.get(who.unionId)),
			);
			meeting.answers.set(who.unionId, answer);
			company.respond(meeting.id, who, answer);
			change('responded');
		} else if (kind === 'cancel') {
			company.cancel(meeting.id);
			change('cancelled');
			meetings.delete(meeting.id);
		} else if (meeting.start > now + LEAD) {
			const start = now + LEAD + Math.ceil(chance() * 40) * 15 * MINUTE;
			company.update(meeting.id, timed(start));
			Object.assign(meeting, { start: Math.floor(start / 1000) * 1000, end: Math.floor(start / 1000) * 1000 + HOUR });
			meeting.answers.clear();
			change('updated');
		}
	}

	function create(poll: number, now: number): void {
		const organizer = among(people);
		const invited = people.filter((person) => person !== organizer && chance() < 0.4);
		// Some are in the past, some begin at once, most are ahead.
		const start = Math.floor((now + (chance() * 30 - 1) * HOUR) / 60_000) * 60_000;
		const id = company.create(organizer, { ...timed(start), ...guests(...invited) });
		const meeting = {
			id,
			start,
			end: start + HOUR,
			organizer,
			people: [organizer, ...invited],
			answers: new Map<string, string>(),
			touchedAt: now,
		};
		meetings.set(id, meeting);
		if (concerns(watched)(meeting)) changeBook.expect('created', id, poll);
	}

	function plannedActs(poll: number): void {
		const at = (moment: string): boolean =>
			poll === Math.round((DateTime.fromISO(moment, { zone: ZONE }).toMillis() - begin) / STEP);
		const pollAfter = (moment: number): number => Math.ceil((moment - begin) / STEP);
		if (at('2026-03-11T12:00')) {
			time.moveTo(begin + poll * STEP - 10 * MINUTE);
			series = company.create(watched[0], {
				...timed(seriesDates[0].toMillis(), 30, ZONE),
				...guests(watched[1]),
				recurrence: {
					pattern: { type: 'weekly', interval: 1, daysOfWeek: 'tuesday,thursday', firstDayOfWeek: 'thursday' },
					range: { type: 'numbered', numberOfOccurrences: seriesDates.length },
				},
			});
			for (const { origin } of seriesLive) dateIds.set(origin, dateId(origin));
			// DingTalk lists a series from its first date on.
			changeBook.expect('created', series, pollAfter(seriesDates[0].toMillis()));
			trip.id = company.create(watched[1], {
				isAllDay: true,
				start: { date: '2026-03-28' },
				end: { date: '2026-03-30' },
			});
			changeBook.expect('created', trip.id, poll);
		}
		if (at('2026-03-18T12:00')) {
			// Before it begins a date is in no list, so that it was moved is told when it begins.
			const one = seriesLive[3];
			const start = one.start + 3 * HOUR;
			company.update(dateIds.get(one.origin) ?? '', timed(start, 30, ZONE));
			Object.assign(one, { start, end: start + 30 * MINUTE });
			changeBook.expect('updated', series, pollAfter(start));
			// One that is called off begins never, and nobody is told.
			const other = seriesLive[8];
			company.cancel(dateIds.get(other.origin) ?? '');
			other.cancelled = true;
		}
		if (at('2026-03-26T15:00')) {
			company.update(series, { summary: 'Stand-up, now with coffee' });
			changeBook.expect('updated', series, poll);
		}
	}
}

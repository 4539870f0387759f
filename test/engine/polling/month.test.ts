/**
 * Polls calendars for up to thirty days with two workflows, with processes that end at the worst moment. What must be
 * reported is recorded independently, from what people did.
 */
import { DateTime } from 'luxon';
import { CalendarStore } from '../../simulator/calendar/calendarStore';
import type { Person } from '../../simulator/company';
import type { Accident, Poller } from '../harness';
import { DAY, HOUR, MINUTE } from '../../../lib/dingtalk/utils/time';
import { Company, guests, createPoller, SimulatedTime, timed, readReported } from '../support/polling';
import { useDesk } from '../support/setup';
import { amount } from '../../long/amount';

const desk = useDesk();

const ZONE = 'Europe/Berlin';
/** In Berlin, daylight saving time starts on the 29th. */
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

/** An event or one occurrence of a series. */
interface Occurrence {
	id: string;
	start: number;
	end: number;
}

interface Meeting extends Occurrence {
	organizer: Person;
	people: Person[];
	responses: Map<string, string>;
	touchedAt: number;
}

/** What must be reported, and at which poll. */
class ExpectedReports {
	readonly expected = new Map<string, number[]>();

	expect(kind: string, id: string, poll: number): void {
		const name = `${kind} ${id}`;
		this.expected.set(name, [...(this.expected.get(name) ?? []), poll]);
	}

	get entries(): string[] {
		return [...this.expected].flatMap(([name, polls]) => polls.map((poll) => `${name} at poll ${poll}`)).sort();
	}
}

/** What was reported, and at which poll. A key that is repeated after a crash is left out, as deduplication would. */
class ActualReports {
	readonly entries: string[] = [];
	readonly keys = new Set<string>();
	repeated = 0;
	private seen = 0;

	collect(poller: Poller, poll: number): void {
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

describe(`Polling for ${DAYS} days with crashes`, () => {
	it('reports everything exactly once, with one call per person and poll', async () => {
		const time = new SimulatedTime(desk(), START);
		try {
			await simulate(time, random(1));
		} finally {
			time.end();
		}
	});
});

async function simulate(time: SimulatedTime, chance: () => number): Promise<void> {
	const company = new Company(desk());
	const people = desk().people.slice(0, 5);
	const watched = people.slice(0, 2);
	const pick = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)];
	const begin = time.at;
	const parameters = {
		people: watched.map(({ unionId }) => unionId).join(),
		pollTimes: { item: [{ mode: 'everyX', unit: 'minutes', value: STEP / MINUTE }] },
	};
	const options = { timezone: ZONE };
	const changes = createPoller(
		desk(),
		{ ...parameters, triggerOn: ['created', 'updated', 'cancelled', 'responded'] },
		{ ...options, id: 'changes' },
	);
	const startsAndEnds = createPoller(
		desk(),
		{ ...parameters, triggerOn: ['starting', 'ended'], minutesBefore: LEAD / MINUTE },
		{ ...options, id: 'startsAndEnds' },
	);
	const [expectedChanges, expectedStartsAndEnds] = [new ExpectedReports(), new ExpectedReports()];
	const [actualChanges, actualStartsAndEnds] = [new ActualReports(), new ActualReports()];
	const meetings = new Map<string, Meeting>();

	// Twice a week at nine in Berlin, across the change to daylight saving time; some occurrences are exceptions.
	const firstDay = DateTime.fromISO('2026-03-12T09:00', { zone: ZONE });
	const seriesStarts = Array.from({ length: 12 }, (_, n) =>
		firstDay.plus({ days: Math.floor(n / 2) * 7 + (n % 2) * 5 }),
	);
	let series = '';
	const seriesOccurrences: Array<{ origin: number; start: number; end: number; cancelled: boolean }> = seriesStarts.map(
		(day) => ({
			origin: day.toMillis(),
			start: day.toMillis(),
			end: day.plus({ minutes: 30 }).toMillis(),
			cancelled: false,
		}),
	);
	const occurrenceId = (origin: number): string => {
		const { world } = desk().simulator;
		const window = { fromMs: begin, toMs: begin + 60 * DAY };
		const found = world
			.use(CalendarStore)
			.occurrencesOf(watched[0].unionId, window)
			.find((view) => view.originMs === origin && view.event.id === series);
		if (!found) throw new Error('The series has no such occurrence');
		return found.id;
	};
	const occurrenceIds = new Map<number, string>();

	/** An all-day event across the change to daylight saving time. */
	const trip = {
		id: '',
		start: DateTime.fromISO('2026-03-28', { zone: ZONE }).toMillis(),
		end: DateTime.fromISO('2026-03-30', { zone: ZONE }).toMillis(),
	};

	await changes.start();
	await startsAndEnds.start();
	await desk().recorder.clear();

	const reported = new Set<string>();
	const expectStartsAndEnds = (last: number, now: number, poll: number): void => {
		const occurrences: Occurrence[] = [...meetings.values()].filter(concerns(watched));
		if (series)
			for (const one of seriesOccurrences)
				if (!one.cancelled)
					occurrences.push({ id: occurrenceIds.get(one.origin) ?? '', start: one.start, end: one.end });
		if (trip.id) occurrences.push(trip);
		for (const { id, start, end } of occurrences) {
			const due: Array<[string, boolean]> = [
				[`starting ${id} ${start}`, start - LEAD <= now && start > last],
				[`ended ${id} ${end}`, end <= now && end > last - HOUR],
			];
			for (const [name, isDue] of due) {
				if (!isDue || reported.has(name)) continue;
				reported.add(name);
				expectedStartsAndEnds.expect(name.split(' ')[0], id, poll);
			}
		}
	};
	const concerns =
		(who: Person[]) =>
		({ people: invited }: Meeting): boolean =>
			invited.some((person) => who.includes(person));

	let restarts = 0;
	let last = time.at;
	const polls = (DAYS * DAY) / STEP;
	for (let poll = 1; poll <= polls; poll++) {
		const next = begin + poll * STEP;
		const touched = new Set<string>();
		for (let edits = Math.floor(chance() * 4); edits > 0; edits--) {
			// Sometimes at the very time of the poll.
			time.moveTo(chance() < 0.1 ? next - 1 : last + (0.8 - edits * 0.2) * STEP);
			editRandomly(poll, touched);
		}
		editAsPlanned(poll);
		time.moveTo(next);
		const accident: Accident | undefined =
			chance() < 0.03 ? pick(['beforeEmit', 'betweenEmitAndSave'] as const) : undefined;
		if (accident) restarts += 2;
		const now = time.at;
		expectStartsAndEnds(last, now, poll);
		await changes.tick(accident);
		await startsAndEnds.tick(accident);
		actualChanges.collect(changes, poll);
		actualStartsAndEnds.collect(startsAndEnds, poll);
		last = now;
	}

	expect(changes.errors).toEqual([]);
	expect(startsAndEnds.errors).toEqual([]);
	expect(actualChanges.entries.sort()).toEqual(expectedChanges.entries);
	expect(actualStartsAndEnds.entries.sort()).toEqual(expectedStartsAndEnds.entries);
	expect(expectedChanges.entries.length).toBeGreaterThan(10 * DAYS);
	expect(expectedStartsAndEnds.entries.length).toBeGreaterThan(10 * DAYS);
	expect(restarts).toBeGreaterThan(DAYS / 3);

	const metered = await desk().recorder.meteredCalls();
	// After a crash, n8n restarts and polls at once.
	expect(metered.length).toBe(watched.length * (2 * polls + restarts));
	expect(metered.filter(({ path }) => path.endsWith('/eventsview'))).toHaveLength(metered.length / 2);
	for (const poller of [changes, startsAndEnds])
		expect(JSON.stringify(poller.stored).length).toBeLessThan(watched.length * 9_000);

	function editRandomly(poll: number, touched: Set<string>): void {
		const now = time.at;
		const usable = [...meetings.values()].filter(
			(one) => !touched.has(one.id) && one.touchedAt < now - STEP && one.end > now - 3 * HOUR,
		);
		const kind =
			usable.length < 4 ? 'create' : pick(['create', 'title', 'respond', 'respond', 'cancel', 'move'] as const);
		if (kind === 'create') return create(poll, now);
		const meeting = pick(usable);
		touched.add(meeting.id);
		const isWatched = concerns(watched)(meeting);
		const change = (name: string): void => {
			if (isWatched) expectedChanges.expect(name, meeting.id, poll);
			meeting.touchedAt = now;
		};
		if (kind === 'title') {
			company.update(meeting.id, { summary: `Title ${chance()}` });
			change('updated');
		} else if (kind === 'respond') {
			const who = pick(meeting.people.filter((person) => person !== meeting.organizer));
			if (who === undefined) return;
			const answer = pick(
				(['accepted', 'declined', 'tentative'] as const).filter((one) => one !== meeting.responses.get(who.unionId)),
			);
			meeting.responses.set(who.unionId, answer);
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
			meeting.responses.clear();
			change('updated');
		}
	}

	function create(poll: number, now: number): void {
		const organizer = pick(people);
		const invited = people.filter((person) => person !== organizer && chance() < 0.4);
		// Some are in the past, some start at once, most are in the future.
		const start = Math.floor((now + (chance() * 30 - 1) * HOUR) / 60_000) * 60_000;
		const id = company.create(organizer, { ...timed(start), ...guests(...invited) });
		const meeting = {
			id,
			start,
			end: start + HOUR,
			organizer,
			people: [organizer, ...invited],
			responses: new Map<string, string>(),
			touchedAt: now,
		};
		meetings.set(id, meeting);
		if (concerns(watched)(meeting)) expectedChanges.expect('created', id, poll);
	}

	function editAsPlanned(poll: number): void {
		const isAt = (time: string): boolean =>
			poll === Math.round((DateTime.fromISO(time, { zone: ZONE }).toMillis() - begin) / STEP);
		const pollAfter = (time: number): number => Math.ceil((time - begin) / STEP);
		if (isAt('2026-03-11T12:00')) {
			time.moveTo(begin + poll * STEP - 10 * MINUTE);
			series = company.create(watched[0], {
				...timed(seriesStarts[0].toMillis(), 30, ZONE),
				...guests(watched[1]),
				recurrence: {
					pattern: { type: 'weekly', interval: 1, daysOfWeek: 'tuesday,thursday', firstDayOfWeek: 'thursday' },
					range: { type: 'numbered', numberOfOccurrences: seriesStarts.length },
				},
			});
			for (const { origin } of seriesOccurrences) occurrenceIds.set(origin, occurrenceId(origin));
			// DingTalk lists a series once its first occurrence starts.
			expectedChanges.expect('created', series, pollAfter(seriesStarts[0].toMillis()));
			trip.id = company.create(watched[1], {
				isAllDay: true,
				start: { date: '2026-03-28' },
				end: { date: '2026-03-30' },
			});
			expectedChanges.expect('created', trip.id, poll);
		}
		if (isAt('2026-03-18T12:00')) {
			// DingTalk lists an occurrence only once it starts, so its new time is reported then.
			const one = seriesOccurrences[3];
			const start = one.start + 3 * HOUR;
			company.update(occurrenceIds.get(one.origin) ?? '', timed(start, 30, ZONE));
			Object.assign(one, { start, end: start + 30 * MINUTE });
			expectedChanges.expect('updated', series, pollAfter(start));
			// A cancelled occurrence never starts, so it is never reported.
			const other = seriesOccurrences[8];
			company.cancel(occurrenceIds.get(other.origin) ?? '');
			other.cancelled = true;
		}
		if (isAt('2026-03-26T15:00')) {
			company.update(series, { summary: 'Stand-up, now with coffee' });
			expectedChanges.expect('updated', series, poll);
		}
	}
}

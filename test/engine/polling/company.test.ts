/**
 * Polls a whole company for a simulated month: how much is stored, how many calls are made, and that each change is reported
 * once. The calendars are as full as those of busy people, with meetings that several of them share.
 */
import type { Person } from '../../simulator/company';
import { amount } from '../../long/amount';
import { DAY, HOUR, MINUTE } from '../../../lib/dingtalk/utils/time';
import { Company, createPoller, guests, readReported, SimulatedTime, timed } from '../support/polling';
import { useDesk } from '../support/setup';

const desk = useDesk();

const PEOPLE = amount({ short: 6, long: 50 });
const EVENTS_PER_PERSON = amount({ short: 40, long: 200 });
const DAYS = amount({ short: 2, long: 31 });
const POLLS_PER_DAY = 6;
const CHANGES_PER_POLL = amount({ short: 4, long: 20 });
const MAX_STORED = 400_000;
const PLACES = ['Blue Room', 'Green Room', 'Cafeteria'];

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

function hire(count: number): Person[] {
	const { people } = desk().simulator.world.company;
	const [model] = people;
	for (let n = people.length; n < count; n++)
		people.push({
			...model,
			userId: `hired${n}`,
			unionId: `hiredUnion${n}iEiE`,
			mobile: `1350000${1000 + n}`,
			name: `Hired ${n}`,
		});
	return people.slice(0, count);
}

describe(`Polling ${PEOPLE} people with ${EVENTS_PER_PERSON} events each for ${DAYS} days`, () => {
	it('misses nothing, repeats nothing, stays small and makes one call per person and poll', async () => {
		const time = new SimulatedTime(desk(), '2026-03-02T00:00:00Z');
		try {
			await simulate(time);
		} finally {
			time.end();
		}
	});
});

async function simulate(time: SimulatedTime): Promise<void> {
	const company = new Company(desk());
	const chance = random(7);
	const pick = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)];
	const people = hire(PEOPLE);
	const meetings = new Map<string, { start: number; people: Person[] }>();
	const countOf = new Map<Person, number>();
	const hasRoom = (person: Person): boolean => (countOf.get(person) ?? 0) < EVENTS_PER_PERSON;
	const create = (organizer: Person): string => {
		const invited = people.filter((person) => person !== organizer && hasRoom(person) && chance() < 3 / PEOPLE);
		const start = Math.floor((time.at + (chance() * 90 - 30) * DAY) / MINUTE) * MINUTE;
		const plan = { location: { displayName: pick(PLACES) }, ...guests(...invited) };
		const id = company.create(organizer, { ...timed(start), ...plan });
		for (const one of [organizer, ...invited]) countOf.set(one, (countOf.get(one) ?? 0) + 1);
		meetings.set(id, { start, people: [organizer, ...invited] });
		return id;
	};
	for (const person of people) while (hasRoom(person)) create(person);

	const poller = createPoller(desk(), {
		people: people.map(({ unionId }) => unionId).join(),
		triggerOn: ['created', 'updated', 'cancelled', 'responded'],
	});
	time.advance(MINUTE);
	await poller.start();
	await desk().recorder.clear();

	const expected: string[] = [];
	const reported: string[] = [];
	let unknown = 0;
	let largest = 0;
	const polls = DAYS * POLLS_PER_DAY;
	for (let poll = 1; poll <= polls; poll++) {
		const touched = new Set<string>();
		for (let n = 0; n < CHANGES_PER_POLL; n++) {
			time.advance(HOUR / CHANGES_PER_POLL);
			const id = pick([...meetings.keys()]);
			const organizer = people.find(hasRoom);
			if (organizer && chance() < 0.3) {
				const made = create(organizer);
				touched.add(made);
				expected.push(`created ${made} at poll ${poll}`);
			} else if (!touched.has(id)) {
				touched.add(id);
				expected.push(`${edit(id, `${poll} ${n}`)} ${id} at poll ${poll}`);
			}
		}
		time.advance(3 * HOUR);
		const before = poller.items.length;
		await poller.tick();
		for (const { kind, id, change } of readReported(poller.items.slice(before))) {
			reported.push(`${kind} ${id} at poll ${poll}`);
			if (change.before === 'unknown') unknown++;
		}
		largest = Math.max(largest, Buffer.byteLength(JSON.stringify(poller.stored)));
	}

	expect(poller.errors).toEqual([]);
	expect(reported.sort()).toEqual(expected.sort());
	expect(unknown).toBe(0);
	expect(largest).toBeLessThan(MAX_STORED);
	const calls = await desk().recorder.meteredCalls();
	const ofPolls = calls.filter(({ query }) => JSON.stringify(query).includes('syncToken'));
	expect(ofPolls).toHaveLength(people.length * polls);
	// There is room for all events, so none is read anew each week.
	expect(calls).toHaveLength(ofPolls.length);

	function edit(id: string, name: string): string {
		const meeting = meetings.get(id);
		const guest = meeting?.people.at(-1);
		const dice = chance();
		if (dice < 0.15) {
			company.cancel(id);
			for (const one of meeting?.people ?? []) countOf.set(one, (countOf.get(one) ?? 1) - 1);
			meetings.delete(id);
			return 'cancelled';
		}
		if (dice < 0.5 && meeting && guest && meeting.people.length > 1) {
			const { attendees } = company.view(id);
			const now = attendees.find(({ unionId }) => unionId === guest.unionId)?.response;
			company.respond(id, guest, now === 'accepted' ? 'declined' : 'accepted');
			return 'responded';
		}
		company.update(id, { summary: `Title ${name}` });
		return 'updated';
	}
}

/** Tests on n8n's engine what the polling trigger reports of busy people, of invitations, and if someone cannot be read. */
import type { IDataObject } from 'n8n-workflow';
import type { Person } from '../../simulator/company';
import type { Poller } from '../harness';
import { DAY, HOUR, MINUTE } from '../../../lib/dingtalk/utils/time';
import {
	Company,
	createPoller,
	guests,
	readReported,
	SimulatedTime,
	timed,
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

const ALL = ['created', 'updated', 'cancelled', 'responded'];

async function pollNext(poller: Poller, errors: unknown[] = []): Promise<ReportedChange[]> {
	const before = poller.items.length;
	time.advance(15 * MINUTE);
	await poller.tick();
	expect(poller.errors).toEqual(errors);
	return readReported(poller.items.slice(before));
}

const summarize = (changes: ReportedChange[]): string[] => changes.map(({ kind, id }) => `${kind} ${id}`);

const watch = (people: Person[], more: IDataObject = {}): Poller =>
	createPoller(desk(), { people: people.map(({ unionId }) => unionId).join(), triggerOn: ALL, ...more } as never);

/** The person leaves the company; the returned function brings them back. */
function leave(person: Person): () => void {
	const { people } = desk().simulator.world.company;
	people.splice(people.indexOf(person), 1);
	return () => void people.push(person);
}

describe('Event Created, when polling', () => {
	it('includes an invitation to an event that is older than the newest one of the person', async () => {
		const [anna, bo] = desk().people;
		const old = company.create(bo, timed(time.at + 3 * DAY));
		time.advance(HOUR);
		company.create(anna, timed(time.at + DAY));
		time.advance(HOUR);
		const poller = watch([anna]);
		await poller.start();
		company.invite(old, anna);
		expect(summarize(await pollNext(poller))).toEqual([`created ${old}`]);
		company.update(old, { summary: 'Changed' });
		expect(summarize(await pollNext(poller))).toEqual([`updated ${old}`]);
	});

	it('includes being invited again, with another key, and names whom it concerns', async () => {
		const [anna, bo, carla] = desk().people;
		const poller = watch([anna, bo]);
		await poller.start();
		time.advance(5 * MINUTE);
		const id = company.create(anna, timed(time.at + DAY));
		const keys: string[] = (await pollNext(poller)).map(({ key }) => key);
		for (let times = 0; times < 2; times++) {
			company.invite(id, bo);
			const changes = await pollNext(poller);
			expect(summarize(changes)).toEqual([`updated ${id}`, `created ${id}`].sort().reverse());
			const created = changes.find(({ kind }) => kind === 'created');
			expect(created?.people).toEqual([`${bo.name} <${bo.unionId}>`]);
			keys.push(...changes.map(({ key }) => key));
			company.uninvite(id, bo);
			keys.push(...(await pollNext(poller)).map(({ key }) => key));
		}
		expect(new Set(keys).size).toBe(keys.length);
		company.respond(company.create(bo, { ...timed(time.at + DAY), ...guests(anna, carla) }), carla, 'accepted');
		expect((await pollNext(poller)).map(({ kind }) => kind)).toContain('created');
	});

	it('includes an invitation that follows right after the poll that found the event', async () => {
		const [anna, bo] = desk().people;
		const poller = watch([anna, bo]);
		await poller.start();
		time.advance(15 * MINUTE);
		const id = company.create(anna, timed(time.at + DAY));
		await poller.tick();
		const [first] = readReported(poller.items);
		company.invite(id, bo);
		const created = (await pollNext(poller)).filter(({ kind }) => kind === 'created');
		expect(created.map(({ people }) => people)).toEqual([[`${bo.name} <${bo.unionId}>`]]);
		expect(created[0].key).not.toBe(first.key);
	});

	it('reports the removal from each of two calendars, also if both happen at different times', async () => {
		const [anna, bo, carla] = desk().people;
		const poller = watch([anna, bo]);
		const id = company.create(carla, { ...timed(time.at + DAY), ...guests(anna, bo) });
		await poller.start();
		company.hide(id, anna);
		const first = await pollNext(poller);
		company.hide(id, bo);
		const second = await pollNext(poller);
		expect([first, second].map(summarize)).toEqual([[`cancelled ${id}`], [`cancelled ${id}`]]);
		expect(first[0].key).not.toBe(second[0].key);
	});
});

describe('Busy people, when polling', () => {
	it('have responses and differences of the nearest events, for 150 events with 8 guests', async () => {
		const [anna, ...others] = desk().people;
		const invited = others.slice(0, 8);
		const start = time.at + 9 * HOUR;
		const ids = Array.from({ length: 150 }, (_, n) =>
			company.create(anna, { ...timed(start + (n / 2) * DAY), ...guests(...invited), location: { displayName: 'A' } }),
		);
		const poller = watch([anna]);
		await poller.start();
		for (const id of [ids[0], ids[60], ids[140]]) {
			company.respond(id, invited[3], 'declined');
			const [responded, ...none] = await pollNext(poller);
			expect(none).toEqual([]);
			expect(responded).toMatchObject({ kind: 'responded', id });
			expect(responded.change.answers).toEqual([
				{ person: `${invited[3].name} <${invited[3].unionId}>`, answer: 'declined' },
			]);
			company.update(id, { location: { displayName: 'B' } });
			const [updated] = await pollNext(poller);
			expect(updated).toMatchObject({ kind: 'updated', id });
			expect(updated.change.before).toBeUndefined();
			expect(updated.change.differences).toEqual({ location: { after: 'B' } });
		}
	});

	it('have differences in each of ten changed events: times with their earlier values', async () => {
		const [anna] = desk().people;
		const start = time.at + DAY;
		const ids = Array.from({ length: 10 }, (_, n) => company.create(anna, timed(start + n * HOUR)));
		const poller = watch([anna]);
		await poller.start();
		ids.forEach((id, n) => company.update(id, { summary: `New ${n}`, ...timed(start + (n + 24) * HOUR) }));
		const changes = await pollNext(poller);
		expect(changes).toHaveLength(10);
		for (const { id, change } of changes) {
			const n = ids.indexOf(id);
			const local = (at: number): string => new Date(at + 8 * HOUR).toISOString().replace('.000Z', '+08:00');
			const toMinute = (at: number): number => Math.floor(at / MINUTE) * MINUTE;
			expect(change.differences).toMatchObject({
				summary: { after: `New ${n}` },
				start: { before: local(toMinute(start + n * HOUR)) },
				end: { before: local(toMinute(start + (n + 1) * HOUR)) },
			});
		}
	});

	it('with more events than can be stored have the nearest ones read again each week', async () => {
		const [anna, bo] = desk().people;
		const start = time.at + HOUR;
		const ids = Array.from({ length: 320 }, (_, n) =>
			company.create(anna, { ...timed(start + n * 12 * HOUR), ...guests(bo) }),
		);
		const poller = watch([anna]);
		await poller.start();
		company.update(ids[310], { summary: 'Far away' });
		expect((await pollNext(poller))[0]).toMatchObject({ kind: 'updated', change: { before: 'unknown' } });
		time.advance(120 * DAY);
		expect(await pollNext(poller)).toEqual([]);
		await desk().recorder.clear();
		company.respond(ids[309], bo, 'accepted');
		expect((await pollNext(poller)).map(({ kind, id }) => [kind, id])).toEqual([['responded', ids[309]]]);
		expect(await meteredBy(desk())).toBe(1);
	});
});

describe('A watched person who cannot be read', () => {
	it('leaves the changes of the others to be reported, and is named in the items and once a day in the log', async () => {
		const [anna, bo] = desk().people;
		const poller = watch([anna, bo]);
		await poller.start();
		const comeBack = leave(bo);
		const warnings = (): number =>
			poller.logged.filter((text) => text.includes(`calendar of ${bo.unionId} could`)).length;
		for (let polls = 1; polls <= 3; polls++) {
			time.advance(MINUTE);
			const id = company.create(anna, timed(time.at + DAY));
			const changes = await pollNext(poller);
			expect(summarize(changes)).toEqual([`created ${id}`]);
			expect(changes[0].change.unreadable).toEqual([
				{ person: bo.unionId, problem: expect.stringContaining('found') as unknown },
			]);
			expect(warnings()).toBe(1);
		}
		time.advance(DAY);
		expect(await pollNext(poller)).toEqual([]);
		expect(warnings()).toBe(2);

		const missed = company.create(anna, { ...timed(time.at + DAY) });
		await pollNext(poller);
		comeBack();
		expect(await pollNext(poller)).toEqual([]);
		company.invite(missed, bo);
		const changes = await pollNext(poller);
		expect(summarize(changes).sort()).toEqual([`created ${missed}`, `updated ${missed}`]);
		expect(changes[0].change.unreadable).toBeUndefined();
	});

	it('does not keep n8n from starting again, but a user from activating the workflow with a name that is not found', async () => {
		const [anna, bo] = desk().people;
		const parameters = { people: `${anna.unionId}, ${bo.mobile}`, triggerOn: ALL };
		const poller = createPoller(desk(), parameters);
		await poller.start();
		const comeBack = leave(bo);
		time.advance(DAY + HOUR);
		await poller.start('init');
		const id = company.create(anna, timed(time.at + DAY));
		expect(summarize(await pollNext(poller))).toEqual([`created ${id}`]);
		time.advance(DAY + HOUR);
		await expect(poller.start('update')).rejects.toThrow('no one in your organization');
		comeBack();
		const other = company.create(bo, timed(time.at + DAY));
		await poller.start('init');
		expect(summarize(readReported(poller.items).slice(-1))).toEqual([`created ${other}`]);
	});

	it('makes the poll fail if there is no one else', async () => {
		const [anna] = desk().people;
		const poller = watch([anna]);
		await poller.start();
		leave(anna);
		expect(
			await pollNext(poller, [expect.objectContaining({ name: expect.stringMatching(/^Node/) as unknown })]),
		).toEqual([]);
	});

	it('is read later, and each change of a shared event is reported once', async () => {
		const [anna, bo] = desk().people;
		const poller = watch([anna, bo]);
		const shared = company.create(anna, { ...timed(time.at + DAY), ...guests(bo) });
		await poller.start();
		time.advance(10 * MINUTE);
		company.update(shared, { summary: 'New' });
		const created = company.create(anna, { ...timed(time.at + DAY), ...guests(bo) });
		const comeBack = leave(bo);
		expect(summarize(await pollNext(poller)).sort()).toEqual([`created ${created}`, `updated ${shared}`]);
		expect(await pollNext(poller)).toEqual([]);
		comeBack();
		expect(await pollNext(poller)).toEqual([]);
	});

	it('has nothing repeated that was reported meanwhile, when someone else is invited just before', async () => {
		const [anna, bo, carla] = desk().people;
		const poller = watch([anna, bo, carla]);
		await poller.start();
		time.advance(MINUTE);
		const id = company.create(bo, { ...timed(time.at + DAY), ...guests(anna) });
		const comeBack = leave(anna);
		const first = await pollNext(poller);
		expect(summarize(first)).toEqual([`created ${id}`]);
		comeBack();
		company.invite(id, carla);
		const changes = await pollNext(poller);
		const created = changes.filter(({ kind }) => kind === 'created');
		expect(created.map(({ people }) => people)).toEqual([[`${carla.name} <${carla.unionId}>`]]);
		expect(created[0].key).not.toBe(first[0].key);
	});
});

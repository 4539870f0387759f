/** Tests on n8n's engine that changes of shared events are reported once if one of the people cannot be read for days. */
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
import { Faults } from '../../simulator/gateway/faults';
import { useDesk } from '../support/setup';

const desk = useDesk();

let time: SimulatedTime;
let company: Company;

beforeEach(() => {
	time = new SimulatedTime(desk(), '2026-03-02T00:00:00Z');
	company = new Company(desk());
});
afterEach(() => time.end());

const CHANGES = ['created', 'updated', 'cancelled', 'responded'];

/** DingTalk shows neither the calendar of this person nor, if asked by mobile number, who they are. */
const makeUnreadable = async ({ unionId }: Person): Promise<void> => {
	const refusal = { do: 'status', status: 400, code: 'invalidParameter' };
	await desk().control('faults', [
		{ match: { path: `/users/${unionId}/` }, ...refusal },
		{ match: { path: 'getbymobile' }, ...refusal },
	]);
};
const makeReadable = (): void => desk().simulator.world.use(Faults).clear();

async function pollAfter(poller: Poller, ms = HOUR): Promise<ReportedChange[]> {
	const before = poller.items.length;
	time.advance(ms);
	await poller.tick();
	expect(poller.errors).toEqual([]);
	return readReported(poller.items.slice(before));
}

const summarize = (changes: ReportedChange[]): string[] => changes.map(({ kind, id }) => `${kind} ${id}`).sort();

/** The people as the user typed them: those given by mobile number are looked up again every day. */
const watch = (typed: string[], more: IDataObject = {}): Poller =>
	createPoller(desk(), { people: typed.join(), triggerOn: CHANGES, ...more } as never);

describe('Of a person who could not be read for three days', () => {
	it.each(['unionId', 'mobile'] as const)(
		'the changes of events shared with another one are reported once (person given by %s)',
		async (by) => {
			const [anna, bo, carla] = desk().people;
			const poller = watch([anna.unionId, bo[by]]);
			const [changed, answered, cancelled, own] = [1, 2, 3, 4].map((days) =>
				company.create(anna, { ...timed(time.at + (days + 5) * DAY), ...guests(bo, carla) }),
			);
			await poller.start();
			time.advance(MINUTE);
			await makeUnreadable(bo);
			const created = company.create(carla, { ...timed(time.at + 4 * DAY), ...guests(anna, bo) });
			company.update(changed, { summary: 'New' });
			company.respond(answered, carla, 'accepted');
			company.cancel(cancelled);
			expect(summarize(await pollAfter(poller))).toEqual(
				[`created ${created}`, `updated ${changed}`, `responded ${answered}`, `cancelled ${cancelled}`].sort(),
			);
			company.update(changed, { summary: 'Newer' });
			expect(summarize(await pollAfter(poller, DAY))).toEqual([`updated ${changed}`]);
			expect(await pollAfter(poller, 2 * DAY)).toEqual([]);
			const alone = company.create(bo, timed(time.at + DAY));
			company.hide(own, bo);
			makeReadable();
			expect(summarize(await pollAfter(poller))).toEqual([`cancelled ${own}`, `created ${alone}`].sort());
			expect(await pollAfter(poller)).toEqual([]);
		},
	);

	it('the changes of shared events are reported once, also after more changes than there are keys for', async () => {
		const [anna, bo, carla] = desk().people;
		const poller = watch([anna.unionId, bo.unionId, carla.unionId]);
		const changed = company.create(anna, { ...timed(time.at + 5 * DAY), ...guests(bo) });
		await poller.start();
		time.advance(MINUTE);
		await makeUnreadable(bo);
		company.update(changed, { summary: 'New' });
		const created = company.create(carla, { ...timed(time.at + 4 * DAY), ...guests(anna, bo) });
		expect(summarize(await pollAfter(poller))).toEqual([`created ${created}`, `updated ${changed}`].sort());
		for (let n = 0; n < 510; n++) company.create(anna, { ...timed(time.at + 6 * DAY), ...guests(carla) });
		expect(await pollAfter(poller)).toHaveLength(510);
		makeReadable();
		expect(await pollAfter(poller)).toEqual([]);
	});

	it('the changes that another one, who was invited meanwhile, was not shown are reported', async () => {
		const [anna, bo, carla] = desk().people;
		const poller = watch([anna.unionId, bo.unionId]);
		const id = company.create(bo, { ...timed(time.at + 5 * DAY), ...guests(carla) });
		time.advance(HOUR);
		await poller.start();
		await makeUnreadable(bo);
		company.respond(id, carla, 'accepted');
		company.invite(id, anna);
		expect(summarize(await pollAfter(poller))).toEqual([`created ${id}`]);
		company.update(id, { summary: 'New' });
		expect(summarize(await pollAfter(poller, 2 * DAY))).toEqual([`updated ${id}`]);
		makeReadable();
		expect(summarize(await pollAfter(poller))).toContain(`responded ${id}`);
		expect(await pollAfter(poller)).toEqual([]);
	});

	it('the start and the end of a shared event are announced once, and nothing that is long past', async () => {
		const [anna, bo, carla] = desk().people;
		const days = (count: number): IDataObject => ({ ...timed(time.at + count * DAY), ...guests(bo) });
		const [past, shared] = [company.create(anna, days(1)), company.create(anna, days(6))];
		const own = [company.create(carla, days(2)), company.create(carla, days(6))];
		const poller = watch([anna.unionId, bo.unionId], { triggerOn: ['starting', 'ended'], minutesBefore: 4 * 24 * 60 });
		await poller.start();
		await makeUnreadable(bo);
		expect(summarize(await pollAfter(poller, 2 * DAY))).toEqual([`ended ${past}`, `starting ${shared}`].sort());
		expect(await pollAfter(poller, 1.5 * DAY)).toEqual([]);
		makeReadable();
		expect(summarize(await pollAfter(poller))).toEqual([`starting ${own[1]}`]);
		expect(summarize(await pollAfter(poller, 3 * DAY))).toEqual([`ended ${shared}`, `ended ${own[1]}`].sort());
	});
});

describe('While one person cannot be read for days', () => {
	it('the changes of events shared by the others are each reported once, with the names of those who can be read', async () => {
		const [anna, bo, carla] = desk().people;
		const poller = watch([anna, bo, carla].map(({ unionId }) => unionId));
		const shared = company.create(bo, { ...timed(time.at + 20 * DAY), ...guests(anna, carla) });
		await poller.start();
		await makeUnreadable(bo);
		for (let times = 0; times < 4; times++) {
			time.advance(MINUTE);
			company.update(shared, { summary: `Title ${times}` });
			const changes = await pollAfter(poller, 0.6 * DAY);
			expect(summarize(changes)).toEqual([`updated ${shared}`]);
			expect(changes[0].people).toHaveLength(2);
			expect(await pollAfter(poller)).toEqual([]);
		}
		company.hide(shared, carla);
		expect((await pollAfter(poller, DAY)).map(({ kind, people }) => [kind, people.length])).toEqual([['cancelled', 1]]);
		company.uninvite(shared, carla);
		await pollAfter(poller);
		company.invite(shared, carla);
		expect((await pollAfter(poller)).map(({ kind }) => kind)).toContain('created');
	});
});

/** Tests on n8n's engine which changes the polling trigger reports, with how many calls, and what it does after errors. */
import { POLLING_TRIGGER, type Poller } from '../harness';
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

const ALL = ['created', 'updated', 'cancelled', 'responded'];

async function pollNext(poller: Poller): Promise<ReportedChange[]> {
	const before = poller.items.length;
	time.advance(15 * MINUTE);
	await poller.tick();
	expect(poller.errors).toEqual([]);
	return readReported(poller.items.slice(before));
}

const summarize = (changes: ReportedChange[]): string[] => changes.map(({ kind, id }) => `${kind} ${id}`);

describe('The polling trigger', () => {
	it('polls every 15 minutes by default, which keeps one person within the standard quota', async () => {
		const [anna] = desk().people;
		const poller = createPoller(desk(), { people: anna.unionId });
		await poller.start();
		expect(poller.parameter('pollTimes')).toEqual({
			item: [expect.objectContaining({ mode: 'everyX', unit: 'minutes', value: 15 })],
		});
		expect(
			desk()
				.engine.description(POLLING_TRIGGER)
				.properties.filter(({ name }) => name === 'pollTimes'),
		).toHaveLength(1);
	});

	it('reports nothing that is in the calendar when polling starts', async () => {
		const [anna, bo] = desk().people;
		company.create(anna, { ...timed(time.at + DAY), ...guests(bo) });
		const poller = createPoller(desk(), { people: anna.mobile, triggerOn: ALL });
		await poller.start();
		expect(await pollNext(poller)).toEqual([]);
		expect(poller.items).toEqual([]);
	});

	it('reports each change once, with new responses and differences', async () => {
		const [anna, bo] = desk().people;
		const poller = createPoller(desk(), { people: anna.unionId, triggerOn: ALL, rememberValues: true });
		await poller.start();
		time.advance(MINUTE);
		const id = company.create(anna, { summary: 'Plan', ...timed(time.at + DAY), ...guests(bo) });
		expect(summarize(await pollNext(poller))).toEqual([`created ${id}`]);

		company.update(id, { summary: 'Better plan' });
		const [updated] = await pollNext(poller);
		expect(updated).toMatchObject({
			kind: 'updated',
			id,
			change: { differences: { summary: { before: 'Plan', after: 'Better plan' } } },
		});

		company.respond(id, bo, 'accepted');
		const [responded] = await pollNext(poller);
		expect(responded).toMatchObject({
			kind: 'responded',
			id,
			change: { answers: [{ person: `${bo.name} <${bo.unionId}>`, answer: 'accepted' }] },
		});

		company.cancel(id);
		expect(summarize(await pollNext(poller))).toEqual([`cancelled ${id}`]);
		expect(await pollNext(poller)).toEqual([]);
	});

	it('makes one metered call per person and poll, and no other calls', async () => {
		const people = desk().people.slice(0, 3);
		const poller = createPoller(desk(), { people: people.map(({ mobile }) => mobile).join(', '), triggerOn: ALL });
		await poller.start();
		await desk().recorder.clear();
		for (let polls = 0; polls < 10; polls++) {
			company.create(people[0], { ...timed(time.at + DAY), ...guests(people[1], people[2]) });
			expect(await pollNext(poller)).toHaveLength(1);
		}
		expect(await meteredBy(desk())).toBe(10 * people.length);
		expect((await desk().recorder.summary()).calls.filter(({ path }) => path.startsWith('/topapi'))).toEqual([]);
	});

	it('reports a change that concerns two watched people once, with both names', async () => {
		const [anna, bo] = desk().people;
		const poller = createPoller(desk(), { people: `${anna.unionId}, ${bo.userId}`, triggerOn: ALL });
		await poller.start();
		time.advance(MINUTE);
		const id = company.create(anna, { ...timed(time.at + DAY), ...guests(bo) });
		const changes = await pollNext(poller);
		expect(summarize(changes)).toEqual([`created ${id}`]);
		expect(changes[0].people).toEqual([`${anna.name} <${anna.unionId}>`, `${bo.name} <${bo.unionId}>`]);
	});

	it('saves the sync token only after the last page', async () => {
		const [anna] = desk().people;
		const poller = createPoller(desk(), { people: anna.unionId, triggerOn: ALL });
		await poller.start();
		time.advance(MINUTE);
		for (let i = 0; i < 230; i++) company.create(anna, timed(time.at + DAY + i * MINUTE));
		await desk().control('faults', [
			{ match: { path: '/events', nth: 3 }, do: 'status', status: 400, code: 'invalidParameter' },
		]);
		time.advance(15 * MINUTE);
		await poller.tick();
		expect(poller.errors).toHaveLength(1);
		expect(poller.items).toEqual([]);
		await poller.tick();
		expect(new Set(poller.items.map(({ id }) => id)).size).toBe(230);
		expect(poller.items).toHaveLength(230);
	});

	it.each([true, false])(
		'reports removed events, whether or not DingTalk lists them unasked (unasked: %s)',
		async (included) => {
			await desk().control('switches', {
				deletedInDelta: included ? 'included' : 'onlyWithShowDeleted',
				emptyPages: 'sometimes',
				lastPageToken: 'absent',
			});
			const [anna, bo] = desk().people;
			const poller = createPoller(desk(), { people: bo.unionId, triggerOn: ALL });
			await poller.start();
			const [first, second] = [
				company.create(anna, { ...timed(time.at + DAY), ...guests(bo) }),
				company.create(anna, { ...timed(time.at + DAY), ...guests(bo) }),
			];
			await pollNext(poller);
			company.uninvite(first, bo);
			company.hide(second, bo);
			expect(summarize(await pollNext(poller)).sort()).toEqual([`cancelled ${first}`, `cancelled ${second}`].sort());
		},
	);

	it('misses no change when DingTalk no longer accepts the sync token, however often, and across restarts', async () => {
		const [anna, bo] = desk().people;
		const [changed, untouched] = [
			company.create(anna, timed(time.at + DAY)),
			company.create(anna, timed(time.at + DAY)),
		];
		const poller = createPoller(desk(), { people: anna.unionId, triggerOn: ALL });
		await poller.start();
		for (let times = 0; times < 4; times++) {
			await desk().control('faults', [
				{ match: { path: '/events', nth: 1 }, do: 'status', status: 400, code: 'invalidParameter' },
			]);
			time.advance(MINUTE);
			company.update(changed, { summary: `Title ${times}` });
			const created = company.create(bo, { ...timed(time.at + DAY), ...guests(anna) });
			expect(summarize(await pollNext(poller))).toEqual([`updated ${changed}`, `created ${created}`]);
			await poller.start('init');
			expect(await pollNext(poller)).toEqual([]);
		}
		company.update(untouched, { summary: 'At last' });
		expect(summarize(await pollNext(poller))).toEqual([`updated ${untouched}`]);
	});

	it.each([
		['removed by the organizer', 400],
		['hidden', 400],
		['removed by the organizer', 410],
	] as const)(
		'reports what was %s since the last poll when DingTalk refuses the sync token with %i, and nothing older, with one reading of the calendar',
		async (how, status) => {
			const [anna, bo] = desk().people;
			const [removed, removedBefore] = [1, 2].map((days) =>
				company.create(anna, { ...timed(time.at + days * DAY), ...guests(bo) }),
			);
			company.cancel(company.create(anna, { ...timed(time.at + DAY), ...guests(bo) }));
			const poller = createPoller(desk(), { people: bo.unionId, triggerOn: ALL });
			await poller.start();
			company.cancel(removedBefore);
			expect(summarize(await pollNext(poller))).toEqual([`cancelled ${removedBefore}`]);
			if (how === 'hidden') company.hide(removed, bo);
			else company.cancel(removed);
			await desk().control('faults', [
				{ match: { path: '/events', nth: 1 }, do: 'status', status, code: 'invalidParameter' },
			]);
			const calls = await meteredBy(desk());
			expect(summarize(await pollNext(poller))).toEqual([`cancelled ${removed}`]);
			expect((await meteredBy(desk())) - calls).toBe(1);
			for (let polls = 0; polls < 2; polls++) {
				await desk().control('faults', [
					{ match: { path: '/events', nth: 1 }, do: 'status', status, code: 'invalidParameter' },
				]);
				expect(await pollNext(poller)).toEqual([]);
			}
		},
	);

	it('reports a removed series once when DingTalk refuses the sync token', async () => {
		const [anna] = desk().people;
		const recurrence = {
			pattern: { type: 'daily', interval: 1 },
			range: { type: 'numbered', numberOfOccurrences: 6 },
		};
		const series = company.create(anna, { ...timed(time.at - 3 * DAY), recurrence });
		const poller = createPoller(desk(), { people: anna.unionId, triggerOn: ALL });
		await poller.start();
		company.cancel(series);
		for (const expected of [[series], []]) {
			await desk().control('faults', [
				{ match: { path: '/events', nth: 1 }, do: 'status', status: 400, code: 'invalidParameter' },
			]);
			const changes = await pollNext(poller);
			expect(changes.map(({ kind, change }) => [kind, change.seriesId])).toEqual(
				expected.map((id) => ['cancelled', id]),
			);
		}
	});

	it('continues after a refused sync token without what was removed if DingTalk does not list it', async () => {
		await desk().control('switches', { deletedInList: 'leftOut' });
		const [anna] = desk().people;
		const [removed, kept] = [1, 2].map((days) => company.create(anna, timed(time.at + days * DAY)));
		const poller = createPoller(desk(), { people: anna.unionId, triggerOn: ALL });
		await poller.start();
		company.cancel(removed);
		company.update(kept, { summary: 'Kept' });
		await desk().control('faults', [
			{ match: { path: '/events', nth: 1 }, do: 'status', status: 400, code: 'invalidParameter' },
		]);
		expect(summarize(await pollNext(poller))).toEqual([`updated ${kept}`]);
		expect(poller.logged.join()).toContain('only if DingTalk still lists it as deleted');
		expect(await pollNext(poller)).toEqual([]);
	});

	it.each([
		['a proxy denies the call', { status: 403, body: 'Denied by policy' }],
		['a proxy does not know the method', { status: 405, body: '' }],
		['a proxy asks for a login', { status: 407, body: '' }],
		['nothing answers at the address', { status: 404, body: '<html>404</html>' }],
		['a proxy finds the call bad', { status: 400, body: 'Bad Request' }],
		['the person cannot be found for a while', { status: 400, code: 'user.not.employee' }],
	])('reports a removed event with the next poll when %s', async (_why, refusal) => {
		const [anna] = desk().people;
		const removed = company.create(anna, timed(time.at + DAY));
		const poller = createPoller(desk(), { people: anna.unionId, triggerOn: ALL });
		await poller.start();
		company.cancel(removed);
		await desk().control('faults', [{ match: { path: '/events', nth: 1 }, do: 'status', ...refusal }]);
		time.advance(15 * MINUTE);
		await poller.tick();
		expect(poller.errors).toHaveLength(1);
		poller.errors.length = 0;
		expect(summarize(await pollNext(poller))).toEqual([`cancelled ${removed}`]);
	});

	it('starts over with the static data of another workflow or selection of changes', async () => {
		const [anna] = desk().people;
		const poller = createPoller(desk(), { people: anna.unionId, triggerOn: ALL });
		await poller.start();
		const staticData = poller.stored;
		company.create(anna, timed(time.at + DAY));
		time.advance(HOUR);
		const others = [
			createPoller(desk(), { people: anna.unionId, triggerOn: ALL }, { staticData, id: 'copy' }),
			createPoller(desk(), { people: anna.unionId, triggerOn: ['created'] }, { staticData }),
		];
		for (const other of others) {
			await other.start();
			expect(other.items).toEqual([]);
			const id = company.create(anna, timed(time.at + DAY));
			expect(summarize(await pollNext(other))).toEqual([`created ${id}`]);
		}
		const same = createPoller(desk(), { people: anna.unionId, triggerOn: ALL }, { staticData });
		await same.start('init');
		expect(same.items.length).toBe(3);
	});

	it('reports until when the quota is used up, in the message and to n8n', async () => {
		const [anna] = desk().people;
		const poller = createPoller(desk(), { people: anna.unionId, triggerOn: ALL });
		await poller.start();
		await desk().control('limits', { monthlyQuota: 0 });
		await poller.tick();
		const [error] = poller.errors;
		expect(error.message).toBe(
			"Your organization has used up this month's DingTalk API calls. It works again on 1 April 2026 at 00:00 GMT+08:00",
		);
		expect(error).toMatchObject({
			failure: { cause: 'quota-exhausted', resetsAtEpochMs: Date.parse('2026-04-01T00:00:00+08:00') },
		});
		poller.errors.length = 0;
		await desk().control('limits', { monthlyQuota: null });
		const id = company.create(anna, timed(time.at + DAY));
		expect(summarize(await pollNext(poller))).toEqual([`created ${id}`]);
	});

	it('cannot be activated without people or with a person who is not found', async () => {
		await expect(createPoller(desk(), { people: '' }).start()).rejects.toMatchObject({
			message: expect.stringContaining("'People to Watch' is empty"),
			failure: { cause: 'configuration-invalid' },
		});
		await expect(createPoller(desk(), { people: 'No Such Person' }).start()).rejects.toThrow(
			'no one in your organization',
		);
	});

	it('continues with the remaining people in the next poll if the time is up', async () => {
		const people = desk().people.slice(0, 4);
		const parameters = { people: people.map(({ unionId }) => unionId).join(), triggerOn: ALL };
		const poller = createPoller(desk(), parameters, { saving: 'durable', budgetMs: 1 });
		await poller.start();
		for (let polls = 0; polls < 6; polls++) await poller.tick();
		const ids = people.map((person) => company.create(person, timed(time.at + DAY)));
		for (let polls = 0; polls < 4; polls++) await poller.tick();
		expect(poller.items.map(({ id }) => id).sort()).toEqual([...ids].sort());
	});

	it('outputs a real event in a test run, marked as a sample, without changing the stored state', async () => {
		const [anna] = desk().people;
		const poller = createPoller(desk(), { people: anna.unionId });
		await poller.start();
		const id = company.create(anna, { summary: 'Real', ...timed(time.at + DAY) });
		const json = { people: anna.unionId };
		const { items, staticData } = await desk().engine.pollOnce(
			{
				nodes: [
					{
						id: 'trigger-1',
						name: 'Trigger',
						type: POLLING_TRIGGER,
						typeVersion: 1,
						position: [0, 0],
						parameters: json,
					},
				],
				connections: {},
			},
			[desk().credential],
			poller.stored,
		);
		expect(items).toEqual([
			expect.objectContaining({ id, summary: 'Real', change: expect.objectContaining({ sample: true }) as unknown }),
		]);
		expect(staticData).toEqual(poller.stored);
	});
});

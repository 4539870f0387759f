/** Tests on n8n's engine that a test run of the polling trigger shows what a real change looks like. */
import type { IDataObject } from 'n8n-workflow';

import { DAY, MINUTE } from '../../../lib/dingtalk/utils/time';
import { Company, createPoller, guests, pollingWorkflow, SimulatedTime, timed } from '../support/polling';
import { useDesk } from '../support/setup';

const desk = useDesk();

let time: SimulatedTime;
let company: Company;

beforeEach(() => {
	time = new SimulatedTime(desk(), '2026-03-02T00:00:00Z');
	company = new Company(desk());
});
afterEach(() => time.end());

const testRun = async (triggerOn: string[], more: IDataObject = {}): Promise<IDataObject> => {
	const [anna] = desk().people;
	const parameters = { people: anna.unionId, triggerOn, ...more } as never;
	const { items } = await desk().engine.pollOnce(pollingWorkflow(parameters), [desk().credential]);
	return items?.[0] ?? {};
};

describe('A test run of the polling trigger', () => {
	it.each(['created', 'updated', 'cancelled', 'responded'])('has the fields of a real change: %s', async (kind) => {
		const [anna, ben] = desk().people;
		const poller = createPoller(desk(), { people: anna.unionId, triggerOn: [kind] });
		const create = (): string => company.create(anna, { ...timed(time.at + DAY), ...guests(ben) });
		const existing = kind === 'created' ? undefined : create();
		await poller.start();
		time.advance(15 * MINUTE);
		const id = existing ?? create();
		if (kind === 'updated') company.update(id, { summary: 'New' });
		if (kind === 'responded') company.respond(id, ben, 'accepted');
		if (kind === 'cancelled') company.cancel(id);
		await poller.tick();
		const [real] = poller.items;
		const change = real.change as IDataObject;
		const { sample, ...shown } = (await testRun([kind])).change as IDataObject;
		expect(sample).toBe(true);
		expect(shown.kind).toBe(kind);
		expect(shown.details).toBe(change.details);
		const { status } = (await testRun([kind], { output: 'raw' })) as { status?: string };
		expect(status).toBe(kind === 'cancelled' ? 'cancelled' : 'confirmed');
		expect(Object.keys(change)).toEqual(expect.arrayContaining(Object.keys(shown)));
	});

	it('shows a created or updated event if one of them is selected', async () => {
		company.create(desk().people[0], timed(time.at + DAY));
		expect(await testRun(['cancelled', 'created', 'updated'])).toMatchObject({ change: { kind: 'created' } });
		expect(await testRun(['cancelled', 'updated'])).toMatchObject({ change: { kind: 'updated' } });
		expect(await testRun(['cancelled', 'starting'])).toMatchObject({
			change: { kind: 'starting', startsInMinutes: 30 },
		});
	});

	it('shows a made-up event with the fields of its kind if the calendar is empty', async () => {
		expect(await testRun(['responded'])).toMatchObject({
			summary: 'SAMPLE - not a real event',
			change: { kind: 'responded', answers: [{ answer: 'accepted' }] },
		});
		expect(await testRun(['cancelled'])).toMatchObject({ id: 'sampleEventId', change: { kind: 'cancelled' } });
	});
});

/** Tests on the n8n engine that a meeting is not taken for a whole day because a response lacks the time of day of its start. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { errorOf } from './harness';
import { startProxy, type ChangingProxy } from './support/changedResponses';
import { hour, plant } from './support/events';
import { createPoller, SimulatedTime } from './support/polling';
import { useDesk } from './support/setup';
import { credentialOf } from './support/state';
import { MINUTE } from '../../lib/dingtalk/utils/time';

const desk = useDesk({ waits: 'skipped' });

const LOST = { date: '2026-03-03', dateTime: '', timeZone: '' };

/** The same response, but each start has lost its time of day. */
function loseStart(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(loseStart);
	if (typeof value !== 'object' || value === null) return value;
	const fields = Object.entries(value).map(([name, part]): [string, unknown] => [name, loseStart(part)]);
	return { ...Object.fromEntries(fields), ...('start' in value ? { isAllDay: false, start: LOST } : {}) };
}

let proxy: ChangingProxy;
beforeEach(async () => {
	proxy = await startProxy(desk().simulator.url, loseStart);
});
afterEach(async () => await proxy.close());

const credential = () => credentialOf(desk(), { baseUrl: proxy.url, clientId: 'sim-internal' });

async function run(operation: string, parameters: (eventId: string) => INodeParameters) {
	const [host] = desk().people;
	const eventId = plant(desk(), host, { summary: 'Standup', ...hour(3, 10) });
	return await desk().runNode({
		parameters: { resource: 'event', operation, user: host.unionId, ...parameters(eventId) },
		credential: credential(),
	});
}

describe('A meeting whose start has lost its time of day', () => {
	it('has the day that is known, and its time zone', async () => {
		const { items } = await run('get', (eventId) => ({ eventId }));
		expect(items).toMatchObject([{ start: '2026-03-03', end: '2026-03-03T11:00:00+08:00', timeZone: 'Asia/Shanghai' }]);
	});

	it('stands in the agenda without an hour, and not as an event of the whole day', async () => {
		const { items } = await run('getAgenda', () => ({ period: 'day', date: '2026-03-03' }));
		expect(items).toMatchObject([{ text: expect.stringContaining('Time unknown') }]);
		expect(JSON.stringify(items)).not.toMatch(/All day|00:00–/);
		expect(JSON.stringify(items)).toContain('"allDay":false');
	});

	it('is not written to a file as a whole day', async () => {
		const { run: done } = await run('exportIcs', (eventId) => ({ events: eventId }));
		expect(errorOf(done)?.message).toMatch(/start/);
	});

	it('keeps the reminder of a meeting where its default is asked for', async () => {
		await run('update', (eventId) => ({ eventId, updateFields: { reminders: { setting: { mode: 'default' } } } }));
		const bodies = (await desk().recorder.calls()).map(({ body }) => body as IDataObject | undefined);
		expect(bodies).toContainEqual(expect.objectContaining({ reminders: [{ method: 'dingtalk', minutes: 15 }] }));
	});

	it('is not reported as starting at midnight', async () => {
		const time = new SimulatedTime(desk(), '2026-03-02T15:00:00Z');
		const [host] = desk().people;
		const poller = createPoller(
			desk(),
			{ people: host.unionId, triggerOn: ['starting'] },
			{ credentials: [credential()] },
		);
		plant(desk(), host, { summary: 'Standup', ...hour(3, 10) });
		await poller.start();
		for (let poll = 0; poll < 8; poll++) {
			time.advance(15 * MINUTE);
			await poller.tick();
		}
		time.end();
		expect(poller.errors).toEqual([]);
		expect(poller.items).toEqual([]);
	});
});

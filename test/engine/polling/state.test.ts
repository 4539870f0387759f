/** Tests on n8n's engine what the polling trigger stores: nothing private, in bounds, safe over crashes, pauses and old versions. */
import type { IDataObject } from 'n8n-workflow';
import { hashText } from '../../../lib/dingtalk/utils/hash';
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

const desk = useDesk();

let time: SimulatedTime;
let company: Company;

beforeEach(() => {
	time = new SimulatedTime(desk(), '2026-03-02T00:00:00Z');
	company = new Company(desk());
});
afterEach(() => time.end());

const ALL = ['created', 'updated', 'cancelled', 'responded'];

async function accessToken(): Promise<string> {
	const body = JSON.stringify({ appKey: 'sim-internal', appSecret: 'sim-secret' });
	const headers = { 'content-type': 'application/json' };
	const response = await fetch(`${desk().simulator.url}/v1.0/oauth2/accessToken`, { method: 'POST', body, headers });
	return ((await response.json()) as { accessToken: string }).accessToken;
}

async function pollNext(poller: Poller): Promise<ReportedChange[]> {
	const before = poller.items.length;
	time.advance(15 * MINUTE);
	await poller.tick();
	expect(poller.errors).toEqual([]);
	return readReported(poller.items.slice(before));
}

const summarize = (changes: ReportedChange[]): string[] => changes.map(({ kind, id }) => `${kind} ${id}`);

describe('The stored state of polling', () => {
	it.each([false, true])('holds titles, places and people only with Remember Values (%s)', async (rememberValues) => {
		const [anna, bo] = desk().people;
		const plan = { summary: 'Dismissal', description: 'Reasons', location: { displayName: 'Cellar' }, ...guests(bo) };
		const id = company.create(anna, { ...timed(time.at + DAY), ...plan });
		const poller = createPoller(desk(), { people: anna.mobile, triggerOn: [...ALL, 'starting'], rememberValues });
		await poller.start();
		company.update(id, { summary: 'Dismissal of Bo' });
		const [updated] = await pollNext(poller);
		const [before] = rememberValues ? [{ before: 'Dismissal' }] : [{}];
		expect(updated.change.differences).toEqual({ summary: { ...before, after: 'Dismissal of Bo' } });
		const text = JSON.stringify(poller.stored);
		const found = [/Dismissal/, /Reasons/, /Cellar/, bo.name, bo.unionId].map((one) => new RegExp(one).test(text));
		expect(found).toEqual(found.map(() => rememberValues));
		if (!rememberValues) for (const one of [anna.unionId, anna.mobile, id]) expect(text).not.toContain(one);
	});

	it('does not grow when DingTalk repeats itself, and stays within its bounds for 400 events', async () => {
		const [anna, bo] = desk().people;
		for (let n = 0; n < 400; n++) company.create(anna, { ...timed(time.at + n * 6 * HOUR), ...guests(bo) });
		const poller = createPoller(desk(), { people: anna.unionId, triggerOn: ALL });
		await poller.start();
		expect(JSON.stringify(poller.stored).length).toBeLessThan(9_000);
	});
});

describe('Polling', () => {
	it('starts from now when the workflow is activated after a pause, and says so', async () => {
		const [anna] = desk().people;
		const poller = createPoller(desk(), { people: anna.unionId, triggerOn: [...ALL, 'starting', 'ended'] });
		const known = company.create(anna, timed(time.at + 20 * DAY));
		await poller.start();
		time.advance(DAY);
		const meanwhile = company.create(anna, timed(time.at + 13 * DAY));
		company.update(known, { summary: 'Changed in the pause' });
		time.advance(13 * DAY - 10 * MINUTE);
		await poller.start('activate');
		expect(poller.items).toEqual([]);
		expect(poller.logged).toContainEqual(
			expect.stringContaining('polling starts from now; not reported: 3 changes since the last poll'),
		);
		company.update(meanwhile, { summary: 'Changed after the pause' });
		expect(summarize(await pollNext(poller))).toEqual([`updated ${meanwhile}`]);
	});

	it('goes on where it was when n8n starts again or the workflow is saved', async () => {
		const [anna] = desk().people;
		const poller = createPoller(desk(), { people: anna.unionId, triggerOn: ALL });
		await poller.start();
		for (const mode of ['init', 'update', 'leadershipChange'] as const) {
			time.advance(HOUR);
			const id = company.create(anna, timed(time.at + DAY));
			const before = poller.items.length;
			await poller.start(mode);
			expect(summarize(readReported(poller.items.slice(before)))).toEqual([`created ${id}`]);
		}
	});

	it('makes one poll at a time', async () => {
		const [anna] = desk().people;
		const poller = createPoller(desk(), { people: anna.unionId, triggerOn: ALL });
		await poller.start();
		time.advance(HOUR);
		const ids = [1, 2, 3].map(() => company.create(anna, timed(time.at + DAY)));
		await Promise.all([poller.tick(), poller.tick(), poller.tick()]);
		expect(poller.items.map(({ id }) => id)).toEqual(ids);
	});

	it('continues with the state that 1.0.0-rc.1 stored', async () => {
		const [anna, bo] = desk().people;
		const [asked, gone, kept] = [1, 2, 3].map((hours) =>
			company.create(anna, { summary: 'Secret', ...timed(time.at + DAY + hours * HOUR), ...guests(bo) }),
		);
		const poller = createPoller(desk(), { people: anna.unionId, triggerOn: ALL });
		await poller.start();
		const { owner, people } = poller.stored['node:Trigger'] as { owner: string; people: IDataObject };
		const [{ calendar }] = Object.values(people) as Array<{ calendar: IDataObject }>;
		const { events } = (await (
			await fetch(`${desk().simulator.url}/v1.0/calendar/users/${anna.unionId}/calendars/primary/events`, {
				headers: { 'x-acs-dingtalk-access-token': await accessToken() },
			})
		).json()) as { events: IDataObject[] };
		const ignored = ['updateTime', 'responseStatus'];
		const notes = events.map((event) => {
			const content = JSON.stringify(event, (key, value: unknown) => (ignored.includes(key) ? undefined : value));
			const attendees = event.attendees as Array<{ id: string; responseStatus: string }>;
			const responses = attendees.map(
				({ id, responseStatus }) => hashText(id, 3) + (responseStatus === 'accepted' ? 'a' : 'n'),
			);
			const at = Date.parse(String(event.updateTime)).toString(36);
			return [hashText(String(event.id), 9), at, hashText(content, 6), responses.join('')].join(' ');
		});
		const { syncToken, since, mark } = calendar;
		const staticData: IDataObject = {
			'node:Trigger': {
				owner,
				people: { [anna.unionId]: { calendar: { syncToken, since, mark, notes, refused: 1 } } },
				ids: { [anna.unionId]: anna.unionId },
				idsAt: time.at,
				turn: 0,
				seen: 'abc',
				zone: 'Asia/Shanghai',
				states: JSON.stringify([[hashText(asked, 12), { at: 1, state: { summary: 'Secret' } }]]),
			},
		};
		const upgraded = createPoller(desk(), { people: anna.unionId, triggerOn: ALL }, { staticData });
		time.advance(MINUTE);
		company.respond(asked, bo, 'declined');
		company.cancel(gone);
		await upgraded.start('init');
		expect(summarize(readReported(upgraded.items)).sort()).toEqual([`cancelled ${gone}`, `responded ${asked}`].sort());
		const text = JSON.stringify(upgraded.stored);
		for (const one of ['Secret', anna.unionId, 'notes', 'refused']) expect(text).not.toContain(one);
		company.update(kept, { summary: 'New' });
		const [updated] = await pollNext(upgraded);
		expect(updated).toMatchObject({ kind: 'updated', id: kept });
	});
});

/** Tests on the n8n engine that items about the same thing keep their order, in whichever form their IDs and keys come. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { errorOf } from './harness';
import { plant, remembered, requestsOf } from './support/events';
import { interfere } from './support/interference';
import { useDesk } from './support/setup';
import { stateOf } from './support/state';

const desk = useDesk();

async function run(parameters: INodeParameters, items: IDataObject[]): Promise<void> {
	const { run: ended } = await desk().runNode({ parameters, items });
	expect(errorOf(ended)).toBeUndefined();
}

describe('Items about the same thing', () => {
	it('keep their order if an event ID comes with spaces', async () => {
		const [host] = desk().people;
		const eventId = plant(desk(), host);
		await run(
			{
				resource: 'event',
				operation: 'update',
				user: host.unionId,
				eventId: '={{ $json.eventId }}',
				updateFields: { summary: '={{ $json.title }}', start: '={{ $json.start ?? null }}' },
			},
			// The first needs a call more, for the end of the event.
			[
				{ eventId, title: 'First', start: '2026-03-03T09:30' },
				{ eventId: ` ${eventId}\t`, title: 'Second' },
			],
		);
		expect((await requestsOf(desk())).map(({ method }) => method)).toEqual(['GET', 'PUT', 'PUT']);
		expect(await remembered(desk())).toMatchObject([{ summary: 'Second' }]);
	});

	it.each([
		['a number', 4711],
		['a number as text', '4711'],
		['text with spaces', ' 4711 '],
	])('keep their order if the key of Create or Update is %s', async (_, other) => {
		const [host] = desk().people;
		await run(
			{
				resource: 'event',
				operation: 'upsert',
				user: host.unionId,
				externalKey: '={{ $json.key }}',
				summary: '={{ $json.title }}',
				start: '2026-03-03T10:00',
				end: '2026-03-03T11:00',
			},
			[
				{ key: 4711, title: 'First' },
				{ key: other, title: 'Second' },
				{ key: '4711', title: 'Third' },
			],
		);
		expect(await remembered(desk())).toMatchObject([{ summary: 'Third' }]);
		const writes = (await requestsOf(desk())).filter(({ method }) => method !== 'GET');
		expect(writes.map(({ body }) => (body as IDataObject).summary)).toEqual(['First', 'Second', 'Third']);
	});

	it('add up if they change one subscription calendar, which is read before it is written', async () => {
		const [host, anna, ben] = desk().people;
		const created = await desk().runWorkflow('subscriptionCalendar.create', [
			{ person: host.unionId, name: 'Holidays', people: anna.unionId },
		]);
		const calendarId = String(created.items[0].calendarId);
		const [group] = desk().simulator.world.company.groups;
		await desk().recorder.clear();
		await run(
			{
				resource: 'subscriptionCalendar',
				operation: 'update',
				user: host.unionId,
				calendarId: '={{ $json.calendarId }}',
				updateFields: {
					scopePeople: '={{ $json.people ?? null }}',
					scopeGroups: '={{ $json.groups ?? null }}',
				},
			},
			[
				{ calendarId, people: [anna.unionId, ben.unionId] },
				{ calendarId: `${calendarId} `, groups: group.openConversationId },
			],
		);
		expect((await requestsOf(desk())).map(({ method }) => method)).toEqual(['GET', 'PUT', 'GET', 'PUT']);
		expect((await stateOf(desk())).subscribedCalendars).toMatchObject([
			{ subscribeScope: { unionIds: [anna.unionId, ben.unionId], openConversationIds: [group.openConversationId] } },
		]);
	});

	it('keep their order if they share one calendar, however the other person is written', async () => {
		const [host, anna] = desk().people;
		await run(
			{
				resource: 'accessControl',
				operation: 'create',
				user: '={{ $json.owner }}',
				grantee: '={{ $json.other }}',
				privilege: '={{ $json.level }}',
			},
			// The first takes two lookups more.
			[
				{ owner: host.unionId, other: anna.mobile, level: 'writer' },
				{ owner: ` ${host.unionId}`, other: anna.unionId, level: 'reader' },
			],
		);
		expect((await stateOf(desk())).acls).toMatchObject([{ privilege: 'reader' }]);
	});

	it('keep their order if they share one calendar, however its owner is written', async () => {
		const [host, anna] = desk().people;
		await run(
			{
				resource: 'accessControl',
				operation: 'create',
				user: '={{ $json.owner }}',
				grantee: anna.unionId,
				privilege: '={{ $json.level }}',
			},
			// The first takes two lookups more.
			[
				{ owner: host.mobile, level: 'writer' },
				{ owner: host.unionId, level: 'reader' },
			],
		);
		expect((await stateOf(desk())).acls).toMatchObject([{ privilege: 'reader' }]);
	});

	const booking = (more: INodeParameters = {}): INodeParameters => ({
		...{ resource: 'event', operation: 'book', user: desk().people[0].unionId, roomChoice: 'none' },
		...{ summary: '={{ $json.title }}', start: '={{ $json.start }}', end: '={{ $json.end }}' },
		...more,
	});
	const OVERLAPPING = [
		{ title: 'First', start: '2026-03-03T10:00', end: '2026-03-03T11:30' },
		{ title: 'Second', start: '2026-03-03T11:15', end: '2026-03-03T13:00' },
		{ title: 'Third', start: '2026-03-03T12:59', end: '2026-03-03T14:00' },
	];

	it('see that people are busy with a meeting that an item before them has booked', async () => {
		const { items } = await desk().runNode({
			parameters: booking(),
			items: OVERLAPPING,
			onError: 'continueRegularOutput',
		});
		expect(items.map(({ booked, error }) => booked ?? String(error))).toEqual([
			true,
			expect.stringContaining('not everyone is free'),
			true,
		]);
		expect((await remembered(desk())).map(({ summary }) => summary)).toEqual(['First', 'Third']);
	});

	it('are booked at the same time if they do not overlap, or nobody has to be free', async () => {
		const items = [10, 11].map((from) => ({
			title: 'A',
			start: `2026-03-03T${from}:00`,
			end: `2026-03-03T${from + 1}:00`,
		}));
		await desk().runNode({ parameters: booking(), items });
		const paths = (await requestsOf(desk())).map(({ path }) => path.split('/').at(-1));
		expect(paths).toEqual(['querySchedule', 'querySchedule', 'events', 'events']);
		const unchecked = booking({ options: { onlyIfFree: 'nobody' } });
		const { items: booked } = await desk().runNode({ parameters: unchecked, items: OVERLAPPING });
		expect(booked.map(({ booked: isBooked }) => isBooked)).toEqual([true, true, true]);
	});

	it('are not booked again when the one before them is booked later', async () => {
		interfere(desk(), (number) => (number === 1 ? { do: 'status', status: 403, code: 'Forbidden' } : undefined));
		const items = OVERLAPPING.map((row, at) => ({
			...row,
			start: `2026-03-03T10:${at}0`,
			end: `2026-03-03T10:${at}9`,
		}));
		const run = { parameters: booking(), items, onError: 'continueRegularOutput' as const, executionId: '7' };
		const first = await desk().runNode(run);
		expect(first.items.map(({ booked }) => booked)).toEqual([undefined, true, true]);
		const again = await desk().runNode(run);
		expect(again.items.map(({ booked }) => booked)).toEqual([true, true, true]);
		expect((await remembered(desk())).map(({ summary }) => summary).sort()).toEqual(['First', 'Second', 'Third']);
	});
});

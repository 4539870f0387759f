/** Tests the Attendee operations 'Add', 'Remove' and 'Get Many' on the n8n engine. */
import { errorOf, outputOf } from './harness';
import {
	guestsOf,
	callsOf,
	clientToken,
	eventPath,
	hire,
	lookingUp,
	person,
	plant,
	reading,
	rememberedEvent,
	requestsOf,
	writing,
} from './support/events';
import { useDesk } from './support/setup';

const desk = useDesk();

const required = (...ids: string[]) => ids.map((id) => ({ id, isOptional: false }));
const idsOf = (people: Array<{ unionId: string }>): string[] => people.map(({ unionId }) => unionId);

describe('adding attendees', () => {
	it('sends the required and optional people of each item and keeps the input order', async () => {
		const [host, anna, ben, carl, dora] = desk().people;
		const [first, second] = [plant(desk(), host), plant(desk(), anna)];
		const { run, items, pairs } = await desk().runWorkflow('attendee.add', [
			{ person: host.unionId, eventId: first, people: `${anna.unionId}, ${ben.unionId}`, maybe: carl.unionId },
			{ person: anna.unionId, eventId: second, people: '', maybe: dora.unionId },
		]);
		expect(errorOf(run)).toBeUndefined();
		const requests = await requestsOf(desk());
		expect(requests).toHaveLength(2);
		expect(requests).toEqual(
			expect.arrayContaining([
				writing('POST', `${eventPath(host, first)}/attendees`, {
					attendeesToAdd: [...required(anna.unionId, ben.unionId), { id: carl.unionId, isOptional: true }],
				}),
				writing('POST', `${eventPath(anna, second)}/attendees`, {
					attendeesToAdd: [{ id: dora.unionId, isOptional: true }],
				}),
			]),
		);
		expect(items).toEqual([
			{ id: first, added: 3, attendees: idsOf([anna, ben, carl]) },
			{ id: second, added: 1, attendees: [dora.unionId] },
		]);
		expect(pairs).toEqual([{ item: 0 }, { item: 1 }]);
		expect((await rememberedEvent(desk(), first)).attendees).toEqual([
			{ unionId: host.unionId, isOptional: false, responseStatus: 'accepted' },
			{ unionId: anna.unionId, isOptional: false, responseStatus: 'needsAction' },
			{ unionId: ben.unionId, isOptional: false, responseStatus: 'needsAction' },
			{ unionId: carl.unionId, isOptional: true, responseStatus: 'needsAction' },
		]);
		expect(guestsOf(await rememberedEvent(desk(), second))).toEqual([dora.unionId]);
	});

	it('counts 5,001 entries of one person as one person', async () => {
		const [host, anna] = desk().people;
		const eventId = plant(desk(), host);
		const attendees = Array.from({ length: 5001 }, (_, number) => (number % 2 ? anna.unionId : ` ${anna.unionId} `));
		const { items, run } = await desk().runNode({
			parameters: { resource: 'attendee', operation: 'add', user: host.unionId, eventId, attendees: attendees.join() },
		});
		expect(errorOf(run)).toBeUndefined();
		expect(items).toMatchObject([{ added: 1, attendees: [anna.unionId] }]);
	});

	it('accepts any identifier, looks each person up once and invites no one twice', async () => {
		const [host, anna, ben, carl] = desk().people;
		const eventId = plant(desk(), host);
		const { items } = await desk().runWorkflow('attendee.add', [
			{
				person: host.mobile,
				eventId,
				people: [
					anna.mobile,
					`+86 ${anna.mobile}`,
					anna.unionId,
					`${anna.name} <${anna.userId}>`,
					{ name: ben.name, unionId: '', mobile: ben.mobile },
				],
				maybe: `["${ben.unionId}", "${carl.userId}", "${carl.userId}"]`,
			},
		]);
		const requests = await requestsOf(desk());
		const lookUps = requests.filter(({ path }) => path.startsWith('/topapi/'));
		expect(lookUps).toHaveLength(7);
		expect(lookUps).toEqual(
			expect.arrayContaining([
				...[host, anna, ben].map(({ mobile }) => lookingUp('getbymobile', { mobile })),
				...[host, anna, ben, carl].map(({ userId }) => lookingUp('get', { userid: userId })),
			]),
		);
		expect(requests.filter(({ path }) => !path.startsWith('/topapi/'))).toEqual([
			writing('POST', `${eventPath(host, eventId)}/attendees`, {
				attendeesToAdd: [...required(anna.unionId, ben.unionId), { id: carl.unionId, isOptional: true }],
			}),
		]);
		expect(items).toEqual([{ id: eventId, added: 3, attendees: idsOf([anna, ben, carl]) }]);
		expect(await desk().recorder.meteredCalls()).toHaveLength(1);
	});

	it('adds 1,200 people in batches of 500, each with its own idempotency key', async () => {
		const [host] = desk().people;
		const crowd = hire(desk(), 1200);
		const eventId = plant(desk(), host);
		const { items } = await desk().runWorkflow('attendee.add', [
			{ person: host.unionId, eventId, people: idsOf(crowd) },
		]);
		const parts = [crowd.slice(0, 500), crowd.slice(500, 1000), crowd.slice(1000)];
		expect(await requestsOf(desk())).toEqual(
			parts.map((part) =>
				writing('POST', `${eventPath(host, eventId)}/attendees`, { attendeesToAdd: required(...idsOf(part)) }),
			),
		);
		expect(new Set((await callsOf(desk())).map(clientToken)).size).toBe(3);
		expect(items).toEqual([{ id: eventId, added: 1200, attendees: idsOf(crowd) }]);
		expect(guestsOf(await rememberedEvent(desk(), eventId))).toEqual(idsOf(crowd));
	});

	it('lists who was added when a later batch is rejected', async () => {
		const [host] = desk().people;
		const crowd = hire(desk(), 1200);
		const eventId = plant(desk(), host);
		const fault = {
			match: { path: '/attendees', nth: 2 },
			do: 'status',
			status: 400,
			code: 'invalidParameter',
			message: 'someone left the company',
		};
		await desk().control('faults', fault);
		const { run } = await desk().runWorkflow('attendee.add', [{ person: host.unionId, eventId, people: idsOf(crowd) }]);
		expect(errorOf(run)?.message).toBe(
			'Only part of this was done: DingTalk could not add the attendees: someone left the company. Done: add 500 people. Not done: add 700 people. [Item 0]',
		);
		expect(await callsOf(desk())).toHaveLength(2);
		expect(guestsOf(await rememberedEvent(desk(), eventId))).toEqual(idsOf(crowd.slice(0, 500)));
	});

	it('lists who was and was not added with Continue On Fail and continues with the next item', async () => {
		const [host, anna] = desk().people;
		const crowd = hire(desk(), 1200);
		const [full, other] = [plant(desk(), host), plant(desk(), host)];
		await desk().control('faults', {
			match: { path: `${eventPath(host, full)}/attendees`, nth: 2 },
			do: 'status',
			status: 400,
			code: 'invalidParameter',
		});
		const { run, items, pairs } = await desk().runWorkflow('attendee.add.carryOn', [
			{ person: host.unionId, eventId: full, people: idsOf(crowd) },
			{ person: host.unionId, eventId: other, people: anna.unionId },
		]);
		expect(errorOf(run)).toBeUndefined();
		expect(items).toEqual([
			{
				error: expect.stringMatching(
					/^Only part of this was done: .* Done: add 500 people\. Not done: add 700 people\. \[Item 0\]$/,
				),
				message: expect.stringContaining('Not done: add Crowd00500AbCdEfGhIjKiEiE, Crowd00501AbCdEfGhIjKiEiE, '),
				details: expect.objectContaining({
					kind: 'input',
					code: 'invalidParameter',
					status: 400,
					done: idsOf(crowd.slice(0, 500)),
					notDone: idsOf(crowd.slice(500)),
				}),
			},
			{ id: other, added: 1, attendees: [anna.unionId] },
		]);
		expect(pairs).toEqual([{ item: 0 }, { item: 1 }]);
	});

	it('can suppress notifications and read every entry as a user ID', async () => {
		const [host, anna] = desk().people;
		anna.userId = '13800138000';
		const eventId = plant(desk(), host);
		const { run } = await desk().runWorkflow('attendee.add.quietly', [
			{ person: host.unionId, eventId, people: anna.userId },
		]);
		expect(errorOf(run)).toBeUndefined();
		expect(await requestsOf(desk())).toEqual([
			lookingUp('get', { userid: anna.userId }),
			writing('POST', `${eventPath(host, eventId)}/attendees`, {
				attendeesToAdd: required(anna.unionId),
				pushNotification: false,
				chatNotification: false,
			}),
		]);
	});

	it('processes items for the same event in input order', async () => {
		const [host, ...others] = desk().people;
		const eventId = plant(desk(), host);
		const guests = others.slice(0, 12);
		await desk().control('faults', { match: { path: '/attendees', nth: 1 }, do: 'delay', delayMs: 60 });
		const { items } = await desk().runWorkflow(
			'attendee.add',
			guests.map(({ unionId }) => ({ person: host.unionId, eventId, people: unionId })),
		);
		expect(guestsOf(await rememberedEvent(desk(), eventId))).toEqual(idsOf(guests));
		expect(items.map(({ attendees }) => attendees)).toEqual(guests.map(({ unionId }) => [unionId]));
	});

	it('stops before the next item of the same event when one is rejected', async () => {
		const [host, ...others] = desk().people;
		const eventId = plant(desk(), host);
		await desk().control('faults', {
			match: { path: '/attendees', nth: 1 },
			do: 'status',
			status: 400,
			code: 'invalidParameter',
		});
		const { run } = await desk().runWorkflow(
			'attendee.add',
			others.slice(0, 4).map(({ unionId }) => ({ person: host.unionId, eventId, people: unionId })),
		);
		expect(errorOf(run)?.message).toMatch(/\[Item 0\]$/);
		expect(await callsOf(desk())).toHaveLength(1);
		expect(guestsOf(await rememberedEvent(desk(), eventId))).toEqual([]);
	});

	it('accepts the output of the Attendee operation Get Many', async () => {
		const [host, anna, ben] = desk().people;
		const eventId = plant(desk(), host, { attendees: required(anna.unionId, ben.unionId) });
		const nextEventId = plant(desk(), host);
		const { run } = await desk().runWorkflow('attendee.add.copy', [{ person: host.unionId, eventId, nextEventId }]);
		expect(errorOf(run)).toBeUndefined();
		expect(outputOf(run, 'Who Came')).toHaveLength(3);
		expect((await requestsOf(desk()))[1]).toEqual(
			writing('POST', `${eventPath(host, nextEventId)}/attendees`, {
				attendeesToAdd: required(...idsOf([host, anna, ben])),
			}),
		);
		expect(guestsOf(await rememberedEvent(desk(), nextEventId))).toEqual(idsOf([anna, ben]));
	});

	it('accepts the attendee text of an event', async () => {
		const [host, anna, ben] = desk().people;
		const eventId = plant(desk(), host, { attendees: required(anna.unionId, ben.unionId) });
		const nextEventId = plant(desk(), host);
		const { run, items } = await desk().runWorkflow('attendee.add.fromText', [
			{ person: host.unionId, eventId, nextEventId },
		]);
		expect(errorOf(run)).toBeUndefined();
		expect(outputOf(run, 'Last Meeting')[0].attendees).toBe([host, anna, ben].map(person).join(', '));
		expect(items).toEqual([{ id: nextEventId, added: 3, attendees: idsOf([host, anna, ben]) }]);
		expect(guestsOf(await rememberedEvent(desk(), nextEventId))).toEqual(idsOf([anna, ben]));
	});

	it('works with event IDs that need URL encoding', async () => {
		const [host, anna] = desk().people;
		await desk().control('switches', { eventIds: 'awkward' });
		const eventId = plant(desk(), host);
		expect(eventId).toMatch(/\/.*\+.*=/);
		const { items } = await desk().runWorkflow('attendee.add', [
			{ person: host.unionId, eventId, people: anna.unionId },
		]);
		expect(items).toEqual([{ id: eventId, added: 1, attendees: [anna.unionId] }]);
		expect(guestsOf(await rememberedEvent(desk(), eventId))).toEqual([anna.unionId]);
	});
});

describe('removing attendees', () => {
	it('removes the people of each item and no one else', async () => {
		const [host, anna, ben, carl] = desk().people;
		const eventId = plant(desk(), host, { attendees: required(anna.unionId, ben.unionId, carl.unionId) });
		const { items, pairs } = await desk().runWorkflow('attendee.remove', [
			{ person: host.unionId, eventId, people: [{ id: anna.unionId, displayName: anna.name }, anna.unionId] },
			{ person: host.unionId, eventId, people: ben.mobile },
		]);
		const requests = await requestsOf(desk());
		expect(requests.filter(({ path }) => !path.startsWith('/topapi/'))).toEqual(
			[anna, ben].map(({ unionId }) =>
				writing('POST', `${eventPath(host, eventId)}/attendees/batchRemove`, { attendeesToRemove: [{ id: unionId }] }),
			),
		);
		expect(items).toEqual([
			{ id: eventId, removed: 1, attendees: [anna.unionId] },
			{ id: eventId, removed: 1, attendees: [ben.unionId] },
		]);
		expect(pairs).toEqual([{ item: 0 }, { item: 1 }]);
		expect(guestsOf(await rememberedEvent(desk(), eventId))).toEqual([carl.unionId]);
	});

	it('removes 1,200 people in batches of 500', async () => {
		const [host, anna] = desk().people;
		const crowd = hire(desk(), 1200);
		const eventId = plant(desk(), host);
		await desk().runWorkflow('attendee.add', [
			{ person: host.unionId, eventId, people: [anna.unionId, ...idsOf(crowd)] },
		]);
		await desk().recorder.clear();
		const { items } = await desk().runWorkflow('attendee.remove', [
			{ person: host.unionId, eventId, people: idsOf(crowd) },
		]);
		const parts = [crowd.slice(0, 500), crowd.slice(500, 1000), crowd.slice(1000)];
		expect(await requestsOf(desk())).toEqual(
			parts.map((part) =>
				writing('POST', `${eventPath(host, eventId)}/attendees/batchRemove`, {
					attendeesToRemove: part.map(({ unionId }) => ({ id: unionId })),
				}),
			),
		);
		expect(items).toEqual([{ id: eventId, removed: 1200, attendees: idsOf(crowd) }]);
		expect(guestsOf(await rememberedEvent(desk(), eventId))).toEqual([anna.unionId]);
	});
});

describe('listing attendees', () => {
	it.each(['null', 'absent', 'empty'])('reads all pages when the last page token is %s', async (lastPageToken) => {
		const [host, anna] = desk().people;
		const crowd = hire(desk(), 1200);
		const [big, small] = [
			plant(desk(), host),
			plant(desk(), host, { attendees: [{ id: anna.unionId, isOptional: true }] }),
		];
		await desk().runWorkflow('attendee.add', [{ person: host.unionId, eventId: big, people: idsOf(crowd) }]);
		await desk().recorder.clear();
		await desk().control('switches', { lastPageToken });
		const { items, pairs } = await desk().runWorkflow('attendee.getAll', [
			{ person: host.unionId, eventId: big },
			{ person: anna.unionId, eventId: small },
		]);
		expect(items.slice(0, 1201).map(({ id }) => id)).toEqual(idsOf([host, ...crowd]));
		expect(items.slice(1201)).toEqual([
			{ id: host.unionId, displayName: host.name, responseStatus: 'accepted', self: false, isOptional: false },
			{ id: anna.unionId, displayName: anna.name, responseStatus: 'needsAction', self: true, isOptional: true },
		]);
		expect(pairs).toEqual([...Array<unknown>(1201).fill({ item: 0 }), { item: 1 }, { item: 1 }]);
		const requests = await requestsOf(desk());
		expect(requests).toHaveLength(4);
		expect(requests).toEqual(
			expect.arrayContaining([
				reading(`${eventPath(host, big)}/attendees`, { maxResults: '500' }),
				reading(`${eventPath(host, big)}/attendees`, { maxResults: '500', nextToken: '500' }),
				reading(`${eventPath(host, big)}/attendees`, { maxResults: '500', nextToken: '1000' }),
				reading(`${eventPath(anna, small)}/attendees`, { maxResults: '500' }),
			]),
		);
	});

	it('returns attendees with a matching response up to the limit and requests no more pages than needed', async () => {
		const [host, anna, ben, carl] = desk().people;
		const crowd = hire(desk(), 700);
		const eventId = plant(desk(), host, { attendees: required(anna.unionId, ben.unionId, carl.unionId) });
		await desk().runWorkflow('attendee.add', [{ person: host.unionId, eventId, people: idsOf(crowd) }]);
		const answers = [
			[anna, 'declined'],
			[ben, 'tentative'],
			[crowd[600], 'accepted'],
		] as const;
		await desk().runWorkflow(
			'response.set',
			answers.map(([who, answer]) => ({ person: who.unionId, eventId, answer })),
		);
		const listed = async (limit: number | string) => {
			await desk().recorder.clear();
			const { items } = await desk().runWorkflow('attendee.getAll.filters', [{ person: host.unionId, eventId, limit }]);
			return { ids: items.map(({ id }) => id), calls: (await callsOf(desk())).length };
		};
		expect(await listed(2)).toEqual({ ids: idsOf([host, ben]), calls: 1 });
		expect(await listed('3')).toEqual({ ids: idsOf([host, ben, crowd[600]]), calls: 2 });
		expect(await listed(100)).toEqual({ ids: idsOf([host, ben, crowd[600]]), calls: 2 });
	});
});

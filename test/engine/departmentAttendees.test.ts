/** Tests departments as attendees: all their members, once each, without the organizer. */
import type { INodeParameters } from 'n8n-workflow';

import { department } from '../simulator/seed/seedDepartments';
import type { Person } from '../simulator/company';
import { Faults } from '../simulator/gateway/faults';
import { errorOf } from './harness';
import { eventPath, guestsOf, hire, plant, rememberedEvent, requestsOf, type Request } from './support/events';
import { useDesk } from './support/setup';

const desk = useDesk();

const locator = (value: unknown, mode = 'id') => ({ __rl: true, mode, value: value as string });

const creating = (additionalFields: INodeParameters, organizer: Person): INodeParameters => ({
	resource: 'event',
	operation: 'create',
	user: locator(organizer.unionId, 'unionId'),
	summary: 'Meeting',
	start: '2026-03-03T10:00',
	end: '2026-03-03T11:00',
	additionalFields,
});

const boss = (): Person => desk().people[0];

async function invited(
	departments: unknown,
	more: INodeParameters = {},
	organizer = boss(),
): Promise<Array<{ id: string; isOptional: boolean }>> {
	const { run } = await desk().runNode({
		parameters: creating({ departments: departments as INodeParameters, ...more }, organizer),
	});
	expect(errorOf(run)).toBeUndefined();
	const created = (await requestsOf(desk())).find(({ path }) => path.endsWith('/events'));
	return (created?.body as { attendees?: Array<{ id: string; isOptional: boolean }> }).attendees ?? [];
}

const peopleOf = (...ids: number[]): string[] =>
	desk()
		.people.filter(({ departmentIds }) => departmentIds.some((id) => ids.includes(id)))
		.map(({ unionId }) => unionId)
		.sort();

const sorted = (people: Array<{ id: string }>): string[] => people.map(({ id }) => id).sort();

const { research, frontEnd, backEnd, humanResources, sales } = department;

async function problem(departments: unknown): Promise<string> {
	const { run } = await desk().runNode({
		parameters: creating({ departments: locator(departments) }, boss()),
	});
	expect((await requestsOf(desk())).filter(({ path }) => path.startsWith('/v1.0/calendar/'))).toEqual([]);
	return errorOf(run)?.message ?? '';
}

describe('a department', () => {
	it.each([
		['a number from the list', () => locator(humanResources, 'list')],
		['its ID as text', () => locator(String(humanResources))],
		['its ID in full width', () => locator('５１００１０００２')],
		['its name', () => locator('人力资源部')],
		['its name, without a locator, as an agent writes it', () => ' 人力资源部 '],
	])('stands for all its members, given by %s', async (_, given) => {
		const people = await invited(given());
		expect(sorted(people)).toEqual(peopleOf(humanResources));
		expect(people.every(({ isOptional }) => !isOptional)).toBe(true);
	});

	it('is searched as typed first', async () => {
		const { departments } = desk().simulator.world.company;
		Object.assign(departments.find(({ departmentId }) => departmentId === sales) ?? {}, { name: '研发部(北京)' });
		Object.assign(departments.find(({ departmentId }) => departmentId === humanResources) ?? {}, {
			name: '研发部（北京）',
		});
		expect(sorted(await invited(locator('研发部（北京）')))).toEqual(peopleOf(humanResources));
	});

	it('includes the departments below it, and a member of two of them is invited once', async () => {
		const people = await invited(locator(research, 'list'));
		const expected = peopleOf(research, frontEnd, backEnd);
		expect(sorted(people)).toEqual(expected);
		expect(
			desk().people.some(({ departmentIds }) => departmentIds.includes(research) && departmentIds.includes(frontEnd)),
		).toBe(true);
	});

	it.each([
		['commas', `${humanResources}, 前端组`],
		['Chinese commas', '人力资源部，前端组'],
		['JSON', `[${humanResources}, "前端组"]`],
		['an array from an expression', `={{ ["人力资源部", ${frontEnd}] }}`],
	])('may be one of several: %s', async (_, given) => {
		expect(sorted(await invited(locator(given)))).toEqual(peopleOf(humanResources, frontEnd));
	});

	it('leaves the organizer out', async () => {
		const organizer = desk().people.find(({ departmentIds }) => departmentIds.includes(humanResources)) as Person;
		const people = await invited(locator(humanResources), {}, organizer);
		expect(sorted(people)).toEqual(peopleOf(humanResources).filter((id) => id !== organizer.unionId));
	});

	it('comes with the people who are named, each of them once and required', async () => {
		const [anna, ben] = desk().people.filter(({ departmentIds }) => departmentIds.includes(humanResources));
		const [guest] = desk().people.filter(({ departmentIds }) => departmentIds.includes(sales));
		const people = await invited(locator(humanResources), {
			attendees: anna.mobile,
			optionalAttendees: [ben.unionId, guest.unionId].join(),
		});
		expect(sorted(people)).toEqual([...peopleOf(humanResources), guest.unionId].sort());
		expect(people.filter(({ isOptional }) => isOptional)).toEqual([{ id: guest.unionId, isOptional: true }]);
	});

	it("leaves out people outside the app's contact range", async () => {
		const [hidden] = desk().people.filter(({ departmentIds }) => departmentIds.includes(humanResources));
		await desk().control('people', { userId: hidden.userId, outsideScope: true });
		expect(sorted(await invited(locator(humanResources)))).toEqual(
			peopleOf(humanResources).filter((id) => id !== hidden.unionId),
		);
	});

	it('is read once for all items of a run, page by page', async () => {
		hire(desk(), 150).forEach((person) => (person.departmentIds = [humanResources]));
		const { run, items } = await desk().runNode({
			parameters: creating({ departments: locator('={{ $json.which }}') }, boss()),
			items: Array.from({ length: 5 }, () => ({ which: humanResources })),
		});
		expect(errorOf(run)).toBeUndefined();
		expect(items).toHaveLength(5);
		expect((await desk().recorder.summary()).counts).toMatchObject({
			'POST /topapi/v2/user/list': 2,
			'POST /topapi/v2/department/listsub': 1,
		});
	});

	it('of more than 500 people is sent in parts', async () => {
		const crowd = hire(desk(), 1200);
		crowd.forEach((person) => (person.departmentIds = [humanResources]));
		const { items } = await desk().runNode({ parameters: creating({ departments: locator(humanResources) }, boss()) });
		const size = ({ body }: Request): number =>
			Object.values(body as Record<string, unknown[]>).find(Array.isArray)?.length ?? 0;
		const writes = (await requestsOf(desk())).filter(({ path }) => path.startsWith('/v1.0/calendar/'));
		expect(writes.map(size)).toEqual([500, 500, 208]);
		expect(guestsOf(await rememberedEvent(desk(), String(items[0].id))).sort()).toEqual(peopleOf(humanResources));
	});

	it('can be added to an event that is there, and put in place of its guests', async () => {
		const eventId = plant(desk(), boss());
		const on = { user: locator(boss().unionId, 'unionId'), eventId: locator(eventId) };
		const added = await desk().runNode({
			parameters: { resource: 'attendee', operation: 'add', ...on, departments: locator('人力资源部') },
		});
		expect(added.items).toEqual([{ id: eventId, added: 8, attendees: expect.any(Array) }]);
		expect(guestsOf(await rememberedEvent(desk(), eventId)).sort()).toEqual(peopleOf(humanResources));
		await desk().runNode({
			parameters: {
				resource: 'event',
				operation: 'update',
				...on,
				updateFields: { attendeeChange: { change: { mode: 'replace', departments: locator('前端组') } } },
			},
		});
		expect(guestsOf(await rememberedEvent(desk(), eventId)).sort()).toEqual(peopleOf(frontEnd));
	});
});

describe('a department without anyone to invite', () => {
	const empty = (): number => {
		desk().simulator.world.company.departments.push({ departmentId: 510_010_009, name: '空部门', parentId: 1 });
		return 510_010_009;
	};

	it('removes no attendee by mistake', async () => {
		const [host, anna] = desk().people;
		const eventId = plant(desk(), host, { attendees: [{ id: anna.unionId, isOptional: false }] });
		const { run } = await desk().runNode({
			parameters: {
				resource: 'event',
				operation: 'update',
				user: locator(host.unionId, 'unionId'),
				eventId: locator(eventId),
				updateFields: { attendeeChange: { change: { mode: 'replace', departments: locator(empty()) } } },
			},
		});
		expect(errorOf(run)?.message).toBe("'Departments' have no members except the organizer [Item 0]");
		expect((await requestsOf(desk())).filter(({ path }) => path.startsWith(eventPath(host, eventId)))).toEqual([]);
		expect(guestsOf(await rememberedEvent(desk(), eventId))).toEqual([anna.unionId]);
	});

	it('does no harm to a new event', async () => {
		expect(await invited(locator(empty()))).toEqual([]);
	});
});

describe('a department whose list does not end', () => {
	const pages = async (nextCursor: number): Promise<void> =>
		await desk().control('faults', {
			match: { path: '/topapi/v2/user/list' },
			...{ do: 'status', status: 200 },
			body: JSON.stringify({ errcode: 0, result: { list: [], has_more: true, next_cursor: nextCursor } }),
		});

	it('is reported when its page repeats', async () => {
		await pages(100);
		expect(await problem('人力资源部')).toContain('DingTalk keeps returning the same page of the list');
		expect((await requestsOf(desk())).filter(({ path }) => path === '/topapi/v2/user/list')).toHaveLength(2);
	});

	it('is read no further after Stop', async () => {
		const stop = new AbortController();
		let read = 0;
		desk().simulator.world.use(Faults).findFault = (_, path) => {
			if (path !== '/topapi/v2/user/list') return undefined;
			if (++read === 3) stop.abort();
			const result = { list: [], has_more: true, next_cursor: read };
			return { match: {}, do: 'status', status: 200, body: JSON.stringify({ errcode: 0, result }) };
		};
		const { run } = await desk().runNode({
			parameters: creating({ departments: locator('人力资源部') }, boss()),
			signal: stop.signal,
		});
		expect(run.status).toBe('canceled');
		expect(read).toBe(3);
	});
});

describe('a department that cannot be found', () => {
	it.each(['火星分部', '510019999', '12345678901234567890'])('is named with its field: %s', async (which) => {
		expect(await problem(which)).toBe(
			`'Departments' cannot be used: no department has the ID or name '${which}' [Item 0]`,
		);
	});

	it('because several have its name is refused with their IDs', async () => {
		desk().simulator.world.company.departments.push({ departmentId: 510_010_031, name: '前端组', parentId: sales });
		expect(await problem('前端组')).toBe(
			`'Departments' cannot be used: several departments have the name '前端组'; use one of the IDs ${frontEnd}, 510010031 [Item 0]`,
		);
	});

	it('for lack of a permission says which', async () => {
		const app = desk().simulator.world.company.apps.find(({ clientId }) => clientId === 'sim-internal');
		await desk().control('apps', {
			clientId: 'sim-internal',
			scopes: app?.scopes.filter((one) => one !== 'qyapi_addresslist_search'),
		});
		const { run } = await desk().runNode({ parameters: creating({ departments: locator('前端组') }, boss()) });
		expect(errorOf(run)?.message).toBe('Your DingTalk app is not allowed to search for departments by name [Item 0]');
		expect(errorOf(run)?.description).toContain('qyapi_addresslist_search');
	});
});

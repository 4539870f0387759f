/** Tests what the fields stand for as the editor offers them: filled-in times, names in locators, people to leave out, rooms by name. */
import type { INodeParameters } from 'n8n-workflow';

import { department } from '../simulator/seed/seedDepartments';
import type { Person } from '../simulator/company';
import { errorOf } from './harness';
import { guestsOf, hour, plant, rememberedEvent, requestsOf } from './support/events';
import { useDesk } from './support/setup';
import { roomsOf } from './support/state';

const desk = useDesk();

const locator = (value: unknown, mode: string) => ({ __rl: true, mode, value: value as string });
const boss = (): Person => desk().people[0];
const peopleOf = (id: number): string[] =>
	desk()
		.people.filter(({ departmentIds }) => departmentIds.includes(id))
		.map(({ unionId }) => unionId)
		.sort();

const creating = (more: INodeParameters = {}): INodeParameters => ({
	resource: 'event',
	operation: 'create',
	user: locator(boss().unionId, 'unionId'),
	summary: 'Meeting',
	...more,
});

const TIMES = { start: '2026-03-03T10:00', end: '2026-03-03T11:00' };

async function created(parameters: INodeParameters): Promise<Record<string, unknown>> {
	const { run } = await desk().runNode({ parameters });
	expect(errorOf(run)).toBeUndefined();
	return (await requestsOf(desk())).find(({ path }) => path.endsWith('/events'))?.body as Record<string, unknown>;
}

describe('the times that Create fills in', () => {
	/** In the zone of the workflow. */
	const tomorrow = (): string => new Date(Date.now() + (24 + 8) * 3_600_000).toISOString().slice(0, 10);

	it('are an hour of the next morning', async () => {
		const before = tomorrow();
		const { start, end } = await created(creating());
		const onDay = (day: string) => ({
			start: { dateTime: `${day}T09:00:00+08:00`, timeZone: 'Asia/Shanghai' },
			end: { dateTime: `${day}T10:00:00+08:00`, timeZone: 'Asia/Shanghai' },
		});
		// Midnight may pass in between.
		expect([before, tomorrow()].map(onDay)).toContainEqual({ start, end });
	});

	it('stand for that day once the event is all-day, in any time zone of the node', async () => {
		const before = tomorrow();
		for (const zone of ['Asia/Shanghai', 'America/Los_Angeles', 'Pacific/Auckland']) {
			const additionalFields = { timeZone: locator(zone, 'name') };
			const { start, end } = await created(creating({ allDay: true, additionalFields }));
			const onDay = (day: string) => ({
				zone,
				start: { date: day },
				end: { date: new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10) },
			});
			expect([before, tomorrow()].map(onDay)).toContainEqual({ zone, start, end });
			await desk().simulator.reset();
		}
	});
});

describe('a locator mode', () => {
	it.each(['name', 'id', 'list'])('of the time zone is read as %s, the old name included', async (mode) => {
		const { start } = await created(
			creating({ ...TIMES, additionalFields: { timeZone: locator('Asia/Tokyo', mode) } }),
		);
		expect(start).toEqual({ dateTime: '2026-03-03T10:00:00+09:00', timeZone: 'Asia/Tokyo' });
	});

	it.each(['nameOrId', 'id'])(
		'of departments takes several names and IDs as %s, the old name included',
		async (mode) => {
			const departments = locator(`人力资源部, ${department.frontEnd}`, mode);
			const { attendees } = await created(creating({ ...TIMES, additionalFields: { departments } }));
			const expected = [...new Set([...peopleOf(department.humanResources), ...peopleOf(department.frontEnd)])]
				.filter((id) => id !== boss().unionId)
				.sort();
			expect((attendees as Array<{ id: string }>).map(({ id }) => id).sort()).toEqual(expected);
		},
	);
});

describe('people to leave out', () => {
	const everyone = () => ({ departments: locator(department.research, 'list') });
	const team = (): string[] =>
		[...new Set([department.research, department.frontEnd, department.backEnd].flatMap(peopleOf))]
			.filter((id) => id !== boss().unionId)
			.sort();
	const without = (...ids: string[]): string[] => team().filter((id) => !ids.includes(id));

	const invitedTo = (body: Record<string, unknown>, field = 'attendees'): string[] =>
		((body[field] ?? []) as Array<{ id: string }>).map(({ id }) => id).sort();

	it('are not invited by Create, given by name, number and department', async () => {
		const [first, second] = desk().people.filter(({ unionId }) => team().includes(unionId));
		const people = await created(
			creating({ ...TIMES, additionalFields: { ...everyone(), leaveOutPeople: `${first.name}, ${second.mobile}` } }),
		);
		expect(invitedTo(people)).toEqual(without(first.unionId, second.unionId));
		await desk().simulator.reset();
		const leaveOutDepartments = locator(department.frontEnd, 'list');
		const rest = await created(creating({ ...TIMES, additionalFields: { ...everyone(), leaveOutDepartments } }));
		expect(invitedTo(rest)).toEqual(without(...peopleOf(department.frontEnd)));
	});

	it('are not invited even if they are named as attendees, required or optional', async () => {
		const [first, second, third] = desk().people.filter(({ unionId }) => team().includes(unionId));
		const body = await created(
			creating({
				...TIMES,
				additionalFields: {
					attendees: `${first.unionId}, ${third.unionId}`,
					optionalAttendees: second.unionId,
					leaveOutPeople: `${first.unionId}, ${second.unionId}`,
				},
			}),
		);
		expect(invitedTo(body)).toEqual([third.unionId]);
	});

	it('are neither checked nor invited by Book a Meeting', async () => {
		const [first] = desk().people.filter(({ unionId }) => team().includes(unionId));
		const body = await created({
			...creating({ ...TIMES, additionalFields: { ...everyone(), leaveOutPeople: first.unionId } }),
			operation: 'book',
			roomChoice: 'none',
		});
		expect(invitedTo(body)).toEqual(without(first.unionId));
		const checked = (await requestsOf(desk())).filter(({ path }) => path.endsWith('/querySchedule'));
		expect(checked).not.toHaveLength(0);
		expect(JSON.stringify(checked)).not.toContain(first.unionId);
	});

	it('are not added to an event', async () => {
		const eventId = plant(desk(), boss(), { attendees: [] });
		const [first] = desk().people.filter(({ unionId }) => team().includes(unionId));
		const { run } = await desk().runNode({
			parameters: {
				resource: 'attendee',
				operation: 'add',
				user: locator(boss().unionId, 'unionId'),
				eventId: locator(eventId, 'id'),
				...everyone(),
				leaveOutPeople: first.unionId,
			},
		});
		expect(errorOf(run)).toBeUndefined();
		expect(guestsOf(await rememberedEvent(desk(), eventId)).sort()).toEqual(without(first.unionId));
	});

	it('are removed by Sync, as people who are not on the list', async () => {
		const [first] = desk().people.filter(({ unionId }) => team().includes(unionId));
		const eventId = plant(desk(), boss(), { attendees: [{ id: first.unionId }] });
		const { items } = await desk().runNode({
			parameters: {
				resource: 'attendee',
				operation: 'sync',
				user: locator(boss().unionId, 'unionId'),
				eventId: locator(eventId, 'id'),
				...everyone(),
				leaveOutPeople: first.name,
			},
		});
		expect(items[0]).toMatchObject({ removed: [first.unionId] });
		expect(guestsOf(await rememberedEvent(desk(), eventId)).sort()).toEqual(without(first.unionId));
	});

	it('must leave at least one person for Add', async () => {
		const eventId = plant(desk(), boss(), { attendees: [] });
		const { run } = await desk().runNode({
			parameters: {
				resource: 'attendee',
				operation: 'add',
				user: locator(boss().unionId, 'unionId'),
				eventId: locator(eventId, 'id'),
				...everyone(),
				leaveOutDepartments: locator(department.research, 'list'),
			},
		});
		expect(errorOf(run)?.message).toBe(
			"'Attendees' names no one except the organizer and people to leave out [Item 0]",
		);
	});

	it('are not part of a common free time', async () => {
		const [first] = desk().people.filter(({ unionId }) => team().includes(unionId));
		const { items } = await desk().runNode({
			parameters: {
				resource: 'freeBusy',
				operation: 'findSlots',
				user: locator(boss().unionId, 'unionId'),
				timeMin: '2026-03-03T09:00',
				timeMax: '2026-03-06T18:00',
				options: { ...everyone(), leaveOutPeople: first.unionId },
			},
		});
		expect(items[0].found).toBe(true);
		expect(String(items[0].attendees).split(', ')).toHaveLength(without(first.unionId).length);
		expect(String(items[0].attendees)).not.toContain(first.unionId);
	});

	it('include the organizer, whose own meetings then do not count in a common free time', async () => {
		const [host, anna] = desk().people;
		plant(desk(), host, { ...hour(3, 9), attendees: [] });
		const options = { leaveOutPeople: host.unionId };
		const search = {
			resource: 'freeBusy',
			operation: 'findSlots',
			user: locator(host.unionId, 'unionId'),
			attendees: anna.unionId,
			timeMin: '2026-03-03T09:00',
			timeMax: '2026-03-03T18:00',
		};
		const startOf = async (more: INodeParameters) =>
			(await desk().runNode({ parameters: { ...search, ...more } })).items[0].start;
		expect(await startOf({})).toBe('2026-03-03T10:00:00+08:00');
		expect(await startOf({ options })).toBe('2026-03-03T09:00:00+08:00');
		const { run } = await desk().runNode({ parameters: { ...search, attendees: '', options } });
		expect(errorOf(run)?.message).toBe("'Attendees' is empty [Item 0]");
	});

	it('can be guests, whose addresses differ only in capitals', async () => {
		const eventId = plant(desk(), boss(), { attendees: [] });
		const change = {
			mode: 'add',
			attendees: 'guest@example.com, Other@Example.com, other@example.com',
			leaveOutPeople: 'Guest@Example.com',
		};
		const { run } = await desk().runNode({
			parameters: {
				resource: 'event',
				operation: 'update',
				user: locator(boss().unionId, 'unionId'),
				eventId: locator(eventId, 'id'),
				updateFields: { attendeeChange: { change } },
			},
		});
		expect(errorOf(run)).toBeUndefined();
		const sent = JSON.stringify((await requestsOf(desk())).filter(({ method }) => method !== 'GET'));
		expect(sent.toLowerCase().match(/[a-z]+@example\.com/g)).toEqual(['other@example.com']);
	});

	it.each([
		['leaveOutPeople', 'Leave Out People', () => desk().people[1].unionId],
		['leaveOutDepartments', 'Leave Out Departments', () => locator(department.research, 'list')],
	])('need attendees in Create or Update, which leaves them alone otherwise (%s)', async (name, label, value) => {
		const upserting = (additionalFields: INodeParameters): INodeParameters => ({
			...creating({ ...TIMES, additionalFields }),
			operation: 'upsert',
			externalKey: 'REVIEW-1',
		});
		const { run } = await desk().runNode({ parameters: upserting({ [name]: value() }) });
		expect(errorOf(run)?.message).toBe(`'${label}' needs 'Attendees' or 'Departments' [Item 0]`);
		expect(await requestsOf(desk())).toEqual([]);
		const { items } = await desk().runNode({ parameters: upserting({ [name]: value(), ...everyone() }) });
		expect(items).toMatchObject([{ action: 'created' }]);
	});

	it('are named by the field that holds them if they are not found', async () => {
		const additionalFields = { ...everyone(), leaveOutPeople: 'Nobody Known', leaveOutDepartments: '' };
		const { run } = await desk().runNode({ parameters: creating({ ...TIMES, additionalFields }) });
		expect(errorOf(run)?.message).toContain("'Leave Out People' cannot be used");
		const asDepartment = { ...everyone(), leaveOutDepartments: locator('Nowhere', 'nameOrId') };
		const second = await desk().runNode({ parameters: creating({ ...TIMES, additionalFields: asDepartment }) });
		expect(errorOf(second.run)?.message).toContain("'Leave Out Departments' cannot be used");
	});
});

describe('rooms given by name', () => {
	const free = (rooms: unknown): INodeParameters => ({
		resource: 'meetingRoom',
		operation: 'getFreeBusy',
		user: locator(boss().unionId, 'unionId'),
		rooms: rooms as INodeParameters,
		timeMin: '2026-03-03T09:00',
		timeMax: '2026-03-03T18:00',
	});

	const listCalls = async (): Promise<number> =>
		(await requestsOf(desk())).filter(({ path }) => path === '/v1.0/rooms/meetingRoomLists').length;

	it('are found in one list of rooms for all items, beside IDs', async () => {
		const [one, two] = roomsOf(desk());
		const { items } = await desk().runNode({
			parameters: free(locator(`${one.roomName.toUpperCase()}, ${two.roomId}`, 'nameOrId')),
			items: [{ json: {} }, { json: {} }],
		});
		expect(items.map(({ id }) => id)).toEqual([one.roomId, two.roomId, one.roomId, two.roomId]);
		expect(await listCalls()).toBe(1);
	});

	it.each(['id', 'list'])('are not looked up in the mode %s, which costs no call', async (mode) => {
		const [one] = roomsOf(desk());
		const { items } = await desk().runNode({ parameters: free(locator(one.roomId, mode)) });
		expect(items.map(({ id }) => id)).toEqual([one.roomId]);
		expect(await listCalls()).toBe(0);
	});

	it('are refused with rooms of a similar name, or with the rooms that share the name', async () => {
		const [one, two] = roomsOf(desk());
		const unknown = await desk().runNode({ parameters: free(locator(one.roomName.slice(0, 2), 'nameOrId')) });
		expect(errorOf(unknown.run)?.message).toContain(`no room has the name or ID '${one.roomName.slice(0, 2)}'`);
		expect(errorOf(unknown.run)?.description).toContain(`${one.roomName} <${one.roomId}>`);
		two.roomName = one.roomName;
		const shared = await desk().runNode({ parameters: free(locator(one.roomName, 'nameOrId')) });
		expect(errorOf(shared.run)?.message).toContain(`several rooms have the name '${one.roomName}'`);
		for (const { roomId } of [one, two]) expect(errorOf(shared.run)?.message).toContain(roomId);
	});

	it('are all needed if Rooms Needed says so, in workflows of this and of earlier versions', async () => {
		const [one, two] = roomsOf(desk());
		const search = async (more: INodeParameters) =>
			await desk().runNode({
				parameters: {
					...free(locator(`${one.roomId}, ${two.roomId}`, 'id')),
					resource: 'freeBusy',
					operation: 'findSlots',
					results: 1,
					...more,
				},
			});
		const roomCount = async (more: INodeParameters): Promise<number> =>
			String((await search(more)).items[0].room).split(', ').length;
		expect(await roomCount({ roomChoice: 'list' })).toBe(1);
		expect(await roomCount({ roomChoice: 'list', roomsNeeded: 'all' })).toBe(2);
		expect(await roomCount({ roomChoice: 'all' })).toBe(2);
	});
});

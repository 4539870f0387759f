/** Tests the Attendee operation 'Sync' on the n8n engine. */
import type { IDataObject } from 'n8n-workflow';

import type { Person } from '../simulator/company';
import { errorOf } from './harness';
import { callsOf, eventPath, plant, reading, rememberedEvent, requestsOf, writing } from './support/events';
import { useDesk } from './support/setup';
import { amount } from '../long/amount';

const desk = useDesk();

interface Guest {
	unionId: string;
	isOptional: boolean;
}

const asAttendees = (guests: Guest[]) => guests.map(({ unionId, isOptional }) => ({ id: unionId, isOptional }));
const required = (...people: Person[]): Guest[] => people.map(({ unionId }) => ({ unionId, isOptional: false }));
const optional = (...people: Person[]): Guest[] => people.map(({ unionId }) => ({ unionId, isOptional: true }));
const byId = (a: Guest, b: Guest): number => a.unionId.localeCompare(b.unionId);

const writes = async () => (await callsOf(desk())).filter(({ method }) => method !== 'GET');

async function guestsOn(eventId: string, host: Person): Promise<Guest[]> {
	const { attendees } = await rememberedEvent(desk(), eventId);
	return (attendees as unknown as Guest[])
		.filter(({ unionId }) => unionId !== host.unionId)
		.map(({ unionId, isOptional }) => ({ unionId, isOptional }))
		.sort(byId);
}

async function sync(host: Person, eventId: string, wanted: Guest[], more: IDataObject = {}) {
	const listed = (isOptional: boolean): string =>
		wanted
			.filter((guest) => guest.isOptional === isOptional)
			.map(({ unionId }) => unionId)
			.join(', ');
	return await desk().runWorkflow('attendee.sync', [
		{ person: host.unionId, eventId, people: listed(false), maybe: listed(true), ...more },
	]);
}

describe('syncing attendees', () => {
	it('fails before it changes anything if DingTalk does not say clearly who is optional', async () => {
		const [host, anna] = desk().people;
		const eventId = plant(desk(), host, { attendees: asAttendees(required(anna)) });
		const body = { attendees: [{ id: anna.unionId, isOptional: 'maybe' }] };
		await desk().control('faults', { match: { method: 'GET' }, do: 'status', status: 200, body });
		const { run } = await sync(host, eventId, required(anna));
		expect(errorOf(run)?.message).toContain("the field 'attendees.isOptional' has another type");
		expect(await writes()).toEqual([]);
	});

	it('invites anyone missing and removes anyone not listed with one call each after reading the list', async () => {
		const [host, anna, ben, carl, dora] = desk().people;
		const eventId = plant(desk(), host, { attendees: asAttendees([...required(anna, ben), ...optional(carl)]) });
		// Anna stays, Ben is removed, Carl becomes required, Dora is new; the organizer is listed and stays in any case.
		const { run, items } = await sync(host, eventId, required(host, anna, carl, dora));
		expect(errorOf(run)).toBeUndefined();
		expect(await requestsOf(desk())).toEqual([
			reading(`${eventPath(host, eventId)}/attendees`, { maxResults: '500' }),
			writing('POST', `${eventPath(host, eventId)}/attendees/batchRemove`, {
				attendeesToRemove: [{ id: ben.unionId }, { id: carl.unionId }],
			}),
			writing('POST', `${eventPath(host, eventId)}/attendees`, {
				attendeesToAdd: asAttendees(required(carl, dora)),
				pushNotification: false,
			}),
		]);
		expect(items).toEqual([
			{
				id: eventId,
				unchanged: 1,
				added: [carl.unionId, dora.unionId],
				removed: [ben.unionId, carl.unionId],
			},
		]);
		expect(await guestsOn(eventId, host)).toEqual(required(anna, carl, dora).sort(byId));
	});

	it('writes nothing when the list already matches', async () => {
		const [host, anna, ben] = desk().people;
		const eventId = plant(desk(), host, { attendees: asAttendees([...required(anna), ...optional(ben)]) });
		const { items } = await sync(host, eventId, [...required(anna), ...optional(ben)]);
		expect(await writes()).toEqual([]);
		expect(items).toEqual([{ id: eventId, unchanged: 2, added: [], removed: [] }]);
	});

	it('reports the changes without making them in a preview', async () => {
		const [host, anna, ben] = desk().people;
		const eventId = plant(desk(), host, { attendees: asAttendees(required(anna)) });
		const { items } = await sync(host, eventId, required(ben), { preview: true });
		expect(await writes()).toEqual([]);
		expect(items).toEqual([
			{
				preview: true,
				meteredCalls: 3,
				meteredReads: 1,
				requests: [
					{
						method: 'POST',
						path: `${eventPath(host, eventId)}/attendees/batchRemove`,
						query: {},
						body: { attendeesToRemove: [{ id: anna.unionId }] },
						metered: true,
					},
					{
						method: 'POST',
						path: `${eventPath(host, eventId)}/attendees`,
						query: {},
						body: { attendeesToAdd: asAttendees(required(ben)), pushNotification: false },
						metered: true,
					},
				],
			},
		]);
		expect(await guestsOn(eventId, host)).toEqual(required(anna));
	});

	it('rejects an empty list before any call, as it would remove everyone', async () => {
		const [host, anna] = desk().people;
		const eventId = plant(desk(), host, { attendees: asAttendees(required(anna)) });
		const { run } = await sync(host, eventId, []);
		expect(errorOf(run)?.message).toBe("'Attendees' is empty [Item 0]");
		expect(await callsOf(desk())).toEqual([]);
	});

	it('ends with the given list whatever it was before, and changes nothing the second time', async () => {
		const [host, ...others] = desk().people.slice(0, 9);
		let state = 7;
		// A fixed seed makes failures reproducible.
		const random = (below: number): number => {
			state = (state * 48_271) % 2_147_483_647;
			return state % below;
		};
		const someGuests = (): Guest[] =>
			others.filter(() => random(2) === 0).map(({ unionId }) => ({ unionId, isOptional: random(2) === 0 }));
		for (let round = 0; round < amount({ short: 5, long: 25 }); round++) {
			const eventId = plant(desk(), host, { attendees: asAttendees(someGuests()) });
			const wanted = [...someGuests(), ...required(others[0])].filter(
				({ unionId }, index, all) => all.findIndex((one) => one.unionId === unionId) === index,
			);
			expect(errorOf((await sync(host, eventId, wanted)).run)).toBeUndefined();
			expect(await guestsOn(eventId, host)).toEqual([...wanted].sort(byId));
			await desk().recorder.clear();
			await sync(host, eventId, wanted);
			expect(await writes()).toEqual([]);
		}
	});
});

/**
 * Tests on the n8n engine of a write whose response was lost, which another write has undone before n8n repeats it: DingTalk
 * recognizes the repeated request, and does not carry it out again.
 */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { CalendarStore } from '../simulator/calendar/calendarStore';
import { errorOf } from './harness';
import { callsOf, clientToken, guestsOf, plant, rememberedEvent } from './support/events';
import { interfere } from './support/interference';
import { useDesk } from './support/setup';

const desk = useDesk({ waits: 'skipped' });

const ANSWERS = ['firstAnswer', 'conflict'] as const;

const FORBIDDEN = { do: 'status', status: 403, code: 'Forbidden' } as const;

const organizer = () => desk().people[0];
const guest = () => desk().people[1];
const room = () => desk().simulator.world.company.rooms[0].roomId;

const plantMeeting = (): string => plant(desk(), organizer(), { attendees: [{ id: guest().unionId }] });

const update = (eventId: string, more: INodeParameters = {}): INodeParameters => ({
	...{ resource: 'event', operation: 'update', user: organizer().unionId, eventId },
	updateFields: { summary: '={{ $json.value }}' },
	...more,
});

const titleOf = async (eventId: string): Promise<unknown> => (await rememberedEvent(desk(), eventId)).summary;

/** The first write is carried out, but neither its response nor the requests that repeat it arrive. */
const loseWrite = (): void => {
	let sent = 0;
	interfere(desk(), (_, method) => {
		if (method === 'GET' || ++sent > 3) return undefined;
		return sent === 1 ? 'dropAfterCommit' : 'dropBeforeCommit';
	});
};

/** Runs the node, which fails as nothing comes back; then another workflow, whose writes arrive; then n8n's Retry button. */
async function repeatAfter(parameters: INodeParameters, undo: INodeParameters, values = ['A', 'B']) {
	loseWrite();
	const [item, other] = values.map((value) => ({ value }));
	const { run } = await desk().runNode({ parameters, items: [item] });
	expect(errorOf(run)).toBeDefined();
	expect(errorOf((await desk().runNode({ parameters: undo, items: [other] })).run)).toBeUndefined();
	const again = await desk().runNode({ parameters, items: [item], retryOf: run });
	expect(errorOf(again.run)).toBeUndefined();
	return again.items;
}

describe.each(ANSWERS)(
	'A write whose response was lost, where DingTalk answers duplicates with %s',
	(finishedDuplicate) => {
		beforeEach(async () => await desk().control('switches', { finishedDuplicate }));

		it('is made again when n8n retries it after another item has changed the same event', async () => {
			const eventId = plantMeeting();
			loseWrite();
			const { items } = await desk().runNode({
				parameters: update(eventId, { runOptions: { concurrency: 1 } }),
				items: [{ value: 'First' }, { value: 'Last' }],
				...{ retryOnFail: true, maxTries: 3, waitBetweenTries: 1, onError: 'continueRegularOutput' },
			});
			expect(items.map(({ summary }) => summary)).toEqual(['First', 'Last']);
			expect(await titleOf(eventId)).toBe('Last');
		});

		it('is made again before the later item is refused, so that the event has what the node says', async () => {
			const eventId = plantMeeting();
			loseWrite();
			const run = { parameters: update(eventId), onError: 'continueRegularOutput' as const, executionId: 'refused' };
			await desk().runNode({ ...run, items: [{ value: 'First' }, { value: 'Last' }] });
			expect(await titleOf(eventId)).toBe('Last');
			let sent = 0;
			// The first change is asked for with its old token and with a new one.
			interfere(desk(), (_, method) => (method === 'PUT' && ++sent > 2 ? FORBIDDEN : undefined));
			const { items } = await desk().runNode({ ...run, items: [{ value: 'First' }, { value: 'Last' }] });
			expect(items).toMatchObject([{ summary: 'First' }, { error: expect.any(String) }]);
			expect(await titleOf(eventId)).toBe('First');
		});

		it('is not sent once more than that if Stop comes in between', async () => {
			const eventId = plantMeeting();
			const run = { parameters: update(eventId), executionId: 'stopped' };
			loseWrite();
			await desk().runNode({ ...run, items: [{ value: 'A' }] });
			await desk().runNode({ parameters: update(eventId), items: [{ value: 'B' }] });
			await desk().recorder.clear();
			const stop = new AbortController();
			interfere(desk(), () => void stop.abort());
			await desk().runNode({ ...run, items: [{ value: 'A' }], signal: stop.signal });
			const { items } = await desk().runNode({ ...run, items: [{ value: 'A' }] });
			expect(items).toMatchObject([{ summary: 'A' }]);
			expect(await callsOf(desk())).toHaveLength(2);
			expect(await titleOf(eventId)).toBe('A');
		});

		it('is called unknown if it arrives only now and DingTalk refuses to make it again', async () => {
			const eventId = plantMeeting();
			let sent = 0;
			interfere(desk(), (_, method) => (method === 'PUT' && ++sent <= 3 ? 'dropBeforeCommit' : undefined));
			const items = [{ value: 'First' }, { value: 'Last' }];
			const run = {
				parameters: update(eventId),
				items,
				onError: 'continueRegularOutput' as const,
				executionId: 'late',
			};
			await desk().runNode(run);
			interfere(desk(), (_, method, path) =>
				path.endsWith(eventId) && method === 'PUT' && sent++ > 4 ? FORBIDDEN : undefined,
			);
			const [{ details }] = (await desk().runNode(run)).items;
			expect(details).toMatchObject({ mayBeDone: true });
			expect(await titleOf(eventId)).toBe('First');
		});

		it('is made again when an update follows another one', async () => {
			const eventId = plantMeeting();
			const items = await repeatAfter(update(eventId), update(eventId));
			expect(items).toMatchObject([{ summary: 'A' }]);
			expect(await titleOf(eventId)).toBe('A');
		});

		it('is made again when a response follows another one', async () => {
			const eventId = plantMeeting();
			const respond: INodeParameters = {
				...{ resource: 'response', operation: 'set', user: guest().unionId, eventId },
				responseStatus: '={{ $json.value }}',
			};
			await repeatAfter(respond, respond, ['accepted', 'declined']);
			const { attendees } = await rememberedEvent(desk(), eventId);
			expect(attendees.find(({ unionId }) => unionId === guest().unionId)).toMatchObject({
				responseStatus: 'accepted',
			});
		});

		const people = (eventId: string, operation: 'add' | 'remove'): INodeParameters => ({
			...{ resource: 'attendee', operation, user: organizer().unionId, eventId, attendees: guest().unionId },
		});

		it('is made again when the person who was added was removed since', async () => {
			const eventId = plant(desk(), organizer());
			await repeatAfter(people(eventId, 'add'), people(eventId, 'remove'));
			expect(guestsOf(await rememberedEvent(desk(), eventId))).toEqual([guest().unionId]);
		});

		it('is made again when the person who was removed was added since', async () => {
			const eventId = plantMeeting();
			await repeatAfter(people(eventId, 'remove'), people(eventId, 'add'));
			expect(guestsOf(await rememberedEvent(desk(), eventId))).toEqual([]);
		});

		const rooms = (eventId: string, operation: 'book' | 'cancel'): INodeParameters => ({
			...{ resource: 'meetingRoom', operation, user: organizer().unionId, eventId, rooms: room() },
		});
		const roomsOf = async (eventId: string) =>
			((await rememberedEvent(desk(), eventId)).rooms as IDataObject[]).map(({ roomId }) => roomId);

		it('is made again when the room that was booked was released since', async () => {
			const eventId = plantMeeting();
			const items = await repeatAfter(rooms(eventId, 'book'), rooms(eventId, 'cancel'));
			expect(items).toMatchObject([{ booked: 1 }]);
			expect(await roomsOf(eventId)).toEqual([room()]);
		});

		it('is made again when the room that was released was booked since', async () => {
			const eventId = plantMeeting();
			await desk().runNode({ parameters: rooms(eventId, 'book') });
			await repeatAfter(rooms(eventId, 'cancel'), rooms(eventId, 'book'));
			expect(await roomsOf(eventId)).toEqual([]);
		});

		it('is made again when the event was transferred back since', async () => {
			const eventId = plantMeeting();
			const transfer = (from: string, to: string): INodeParameters => ({
				...{ resource: 'event', operation: 'transfer', user: from, eventId, newOrganizer: to },
			});
			const [one, other] = [organizer().unionId, guest().unionId];
			await repeatAfter(transfer(one, other), transfer(other, one));
			expect((await rememberedEvent(desk(), eventId)).organizer).toBe(other);
		});

		it('is sent with the same token where nothing has changed what it set', async () => {
			const eventId = plantMeeting();
			loseWrite();
			const parameters = update(eventId);
			const { run } = await desk().runNode({ parameters, items: [{ value: 'A' }] });
			// The same value, and another event.
			await desk().runNode({ parameters, items: [{ value: 'A' }] });
			await desk().runNode({ parameters: update(plantMeeting()), items: [{ value: 'B' }] });
			const { items } = await desk().runNode({ parameters, items: [{ value: 'A' }], retryOf: run });
			expect(items).toMatchObject([{ summary: 'A' }]);
			const sent = (await callsOf(desk())).filter(({ method, path }) => method === 'PUT' && path.endsWith(eventId));
			// One is the execution in between.
			expect(sent).toHaveLength(5);
			expect(new Set(sent.map(clientToken)).size).toBe(2);
		});
	},
);

it('A change that a person has replaced since is made again where DingTalk says only that it was made', async () => {
	await desk().control('switches', { finishedDuplicate: 'conflict' });
	const eventId = plantMeeting();
	loseWrite();
	const { run } = await desk().runNode({ parameters: update(eventId), items: [{ value: 'A' }] });
	const store = desk().simulator.world.use(CalendarStore);
	const event = store.byId(eventId);
	if (event) store.update(event, { details: { summary: 'By hand' } } as never, organizer().unionId);
	const again = await desk().runNode({ parameters: update(eventId), items: [{ value: 'A' }], retryOf: run });
	expect(errorOf(again.run)).toBeUndefined();
	expect(again.items).toMatchObject([{ summary: 'A' }]);
	expect(await titleOf(eventId)).toBe('A');
});

it('A change is made again if n8n was stopped after a change before it was retried, and runs the execution again', async () => {
	const eventId = plantMeeting();
	const items = ['A', 'B'].map((value) => ({ value }));
	const parameters = update(eventId);
	const run = { parameters, items, executionId: '4711', onError: 'continueRegularOutput' as const };
	const stop = new AbortController();
	const isWrite = (method: string): boolean => method === 'PUT';
	let writes = 0;
	interfere(desk(), (_, method) => {
		if (!isWrite(method)) return undefined;
		switch (++writes) {
			case 1:
				return { do: 'status', status: 400, code: 'invalidParameter' };
			case 4:
				stop.abort();
				return 'dropBeforeCommit';
			default:
				return undefined;
		}
	});
	await desk().runNode({ ...run, retryOnFail: true, maxTries: 2, signal: stop.signal });
	expect(writes).toBe(4);
	expect(await titleOf(eventId)).toBe('A');
	for (let time = 0; time < 2; time++) {
		const again = await desk().runNode(run);
		expect(again.items).toMatchObject([{ summary: 'A' }, { summary: 'B' }]);
		expect(await titleOf(eventId)).toBe('B');
	}
	expect(writes).toBe(5);
});

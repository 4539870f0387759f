/** Tests on the n8n engine that an operation of several changes says which of them are done when it fails halfway. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { errorOf } from './harness';
import { guestsOf, hire, plant, remembered, rememberedEvent } from './support/events';
import { useDesk } from './support/setup';

const desk = useDesk({ waits: 'skipped' });

const refuse = async (method: string, path: string, nth = 1): Promise<void> =>
	await desk().control('faults', {
		match: { method, path, nth },
		do: 'status',
		status: 400,
		code: 'invalidParameter',
		message: 'refused',
	});

const lose = async (method: string, path: string): Promise<void> =>
	await desk().control('faults', { match: { method, path }, do: 'dropAfterCommit' });

/** An event of the first person with the second on it. */
function scene() {
	const [host, anna, ben] = desk().people;
	const eventId = plant(desk(), host, { attendees: [{ id: anna.unionId }] });
	const target = {
		user: { __rl: true, mode: 'auto', value: host.unionId },
		eventId: { __rl: true, mode: 'id', value: eventId },
	};
	return { host, anna, ben, eventId, target };
}

const guests = async (eventId: string) => guestsOf(await rememberedEvent(desk(), eventId));

async function failureOf(
	parameters: INodeParameters,
): Promise<{ message: string; description: string; details: IDataObject }> {
	const { items } = await desk().runNode({ parameters, onError: 'continueRegularOutput' });
	const { error, message, details } = items[0];
	return { message: String(error), description: String(message), details: details as IDataObject };
}

describe('Add', () => {
	it('counts each person once, however often n8n retries the node', async () => {
		const { target } = scene();
		const crowd = hire(desk(), 600);
		const allButFirst = Array.from({ length: 20 }, (_, index) => index + 2);
		await desk().control(
			'faults',
			allButFirst.map((nth) => ({ match: { method: 'POST', path: '*/attendees', nth }, do: 'status', status: 500 })),
		);
		const { run } = await desk().runNode({
			parameters: {
				resource: 'attendee',
				operation: 'add',
				...target,
				attendees: crowd.map(({ unionId }) => unionId).join(),
			},
			retryOnFail: true,
			maxTries: 3,
			waitBetweenTries: 0,
		});
		expect(errorOf(run)?.message).toMatch(/ Done: add 500 people\. (Not done|Unknown): add 100 people\. \[Item 0\]$/);
	});
});

describe('Sync', () => {
	it('says who was taken off when the others cannot be added', async () => {
		const { anna, ben, eventId, target } = scene();
		await refuse('POST', '*/attendees');
		const { message, details } = await failureOf({
			resource: 'attendee',
			operation: 'sync',
			...target,
			attendees: ben.mobile,
		});
		expect(message).toBe(
			`Only part of this was done: DingTalk could not add the attendees: refused. Done: remove ${anna.name} <${anna.unionId}>. Not done: add ${ben.name} <${ben.unionId}>. [Item 0]`,
		);
		expect(details).toMatchObject({
			kind: 'input',
			partial: true,
			done: [anna.unionId],
			notDone: [ben.unionId],
			steps: [
				{ step: 'remove', outcome: 'done', people: [{ id: anna.unionId, name: anna.name }] },
				{ step: 'add', outcome: 'notDone', people: [{ id: ben.unionId, name: ben.name }] },
			],
		});
		expect(await guests(eventId)).toEqual([]);
	});

	it('calls unknown what got no response', async () => {
		const { ben, eventId, target } = scene();
		await lose('POST', '*/attendees');
		const { message, details } = await failureOf({
			resource: 'attendee',
			operation: 'sync',
			...target,
			attendees: ben.unionId,
		});
		expect(message).toContain(`Unknown: add ${ben.unionId}.`);
		expect(details).toMatchObject({ unknown: [ben.unionId], notDone: [] });
		expect(await guests(eventId)).toEqual([ben.unionId]);
	});

	it('calls unknown what got no response and was refused when it was sent again', async () => {
		const { anna, ben, eventId, target } = scene();
		await desk().control('faults', { match: { path: '*/batchRemove', nth: 1 }, do: 'dropAfterCommit' });
		await refuse('POST', '*/batchRemove', 2);
		const parameters = { resource: 'attendee', operation: 'sync', ...target, attendees: ben.unionId };
		const { description, details } = await failureOf(parameters);
		expect(description).toMatch(/^The request to remove the attendees may have been carried out\. Check in DingTalk\./);
		expect(details).toMatchObject({ mayBeDone: true });
		expect(await guests(eventId)).not.toContain(anna.unionId);
	});
});

describe('Update', () => {
	const update = (more: INodeParameters, attendees: string): INodeParameters => ({
		resource: 'event',
		operation: 'update',
		...more,
		updateFields: { summary: 'New', attendeeChange: { change: { mode: 'remove', attendees } } },
	});

	it('says who was taken off when the event cannot be changed', async () => {
		const { anna, eventId, target } = scene();
		await refuse('PUT', '*/events/*');
		const { message, details, description } = await failureOf(update(target, anna.mobile));
		expect(message).toBe(
			`Only part of this was done: DingTalk could not change the event: refused. Done: remove ${anna.name} <${anna.unionId}>. Not done: change the event. [Item 0]`,
		);
		expect(description).toContain('Run this again to do the rest: what is done stays as it is.');
		expect(details).toMatchObject({ partial: true, done: [anna.unionId], notDone: ['change the event'] });
		expect(await guests(eventId)).toEqual([]);
	});

	it('removes no attendee again in a retry', async () => {
		const { anna, eventId, target } = scene();
		await refuse('PUT', '*/events/*');
		const { run, items } = await desk().runNode({
			parameters: update(target, anna.unionId),
			retryOnFail: true,
			maxTries: 2,
			waitBetweenTries: 1,
		});
		expect(errorOf(run)).toBeUndefined();
		expect(items).toMatchObject([{ id: eventId, summary: 'New' }]);
		expect((await desk().recorder.calls()).filter(({ path }) => path.endsWith('batchRemove'))).toHaveLength(1);
	});
});

describe('Create or Update', () => {
	it('says that the event was changed when its attendees could not be', async () => {
		const { host, anna, ben } = scene();
		const upsert = (summary: string, attendees: string): INodeParameters => ({
			resource: 'event',
			operation: 'upsert',
			user: { __rl: true, mode: 'auto', value: host.unionId },
			externalKey: 'ORDER-1',
			summary,
			start: '2026-03-03T14:00:00',
			end: '2026-03-03T15:00:00',
			additionalFields: { attendees },
		});
		const { items } = await desk().runNode({ parameters: upsert('Old', anna.unionId) });
		await refuse('POST', '*/attendees');
		const { message } = await failureOf(upsert('New', ben.unionId));
		expect(message).toContain(
			`Done: change the event (ID ${String(items[0].id)}); remove ${anna.name} <${anna.unionId}>.`,
		);
		expect(message).toContain(`Not done: add ${ben.unionId}.`);
	});
});

describe('Create', () => {
	it('gives no advice that would create a second event', async () => {
		const crowd = hire(desk(), 501).map(({ unionId }) => unionId);
		await refuse('POST', '*/attendees');
		const { description } = await failureOf({
			resource: 'event',
			operation: 'create',
			user: { __rl: true, mode: 'auto', value: desk().people[0].unionId },
			summary: 'Town hall',
			start: '2026-03-03T14:00:00',
			end: '2026-03-03T15:00:00',
			additionalFields: { attendees: crowd.join(',') },
		});
		expect(await remembered(desk())).toHaveLength(1);
		expect(description).toContain("invite the others with the Attendee operation 'Add'");
		expect(description).not.toMatch(/again/);
	});
});

describe('Booking rooms', () => {
	it('says that they were requested when the answer cannot be read', async () => {
		const { target } = scene();
		const { roomId } = desk().simulator.world.company.rooms[0];
		await refuse('GET', '*/events/*');
		const { message } = await failureOf({ resource: 'meetingRoom', operation: 'book', ...target, rooms: roomId });
		expect(message).toContain(`Done: request ${roomId}. Not done: read whether they accept.`);
	});
});

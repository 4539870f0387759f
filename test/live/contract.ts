/**
 * What the node promises of a DingTalk, whichever it is. `npm test` holds the simulator to it; `npm run test:live` holds
 * the real one to it. Everything made here is deleted again, also when a step fails.
 */
import { DateTime } from 'luxon';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { errorOf, outputOf, TESTED_NODE, type CredentialReference, type Engine } from '../engine/harness';

export interface Party {
	engine: Engine;
	credential: CredentialReference;
	/** Any ID or mobile of a person whose calendar may be written to. */
	organizer: string;
	/** Another person, who is invited. Steps that need one are left out without. */
	attendee?: string;
}

const ZONE = 'Asia/Shanghai';

export function calendarContract(party: () => Party): void {
	const made: string[] = [];

	const run = async (parameters: INodeParameters): Promise<IDataObject[]> => {
		const { engine, credential, organizer } = party();
		const outcome = await engine.runNode({
			credential,
			timezone: ZONE,
			parameters: { user: organizer, ...parameters },
		});
		const error = errorOf(outcome);
		if (error) throw new Error([error.message, error.description].join(' '));
		return outputOf(outcome, TESTED_NODE);
	};
	const create = async (parameters: INodeParameters): Promise<IDataObject & { id: string }> => {
		const [event] = await run({ resource: 'event', operation: 'create', summary: 'n8n live contract', ...parameters });
		const id = event.id as string;
		made.push(id);
		return { ...event, id };
	};
	const tomorrow = DateTime.now().setZone(ZONE).plus({ days: 1 }).startOf('day');
	const at = (hour: number): string => tomorrow.set({ hour }).toFormat("yyyy-MM-dd'T'HH:mm:ss");

	afterEach(async () => {
		while (made.length > 0) {
			await run({ resource: 'event', operation: 'delete', eventId: made.pop() as string });
		}
	});

	it('returns an event as it was created, updates it and lists it', async () => {
		const event = await create({ start: at(10), end: at(11), additionalFields: { location: 'Room 1' } });
		expect(event).toMatchObject({
			summary: 'n8n live contract',
			start: `${at(10)}+08:00`,
			end: `${at(11)}+08:00`,
			timeZone: ZONE,
		});

		await run({
			resource: 'event',
			operation: 'update',
			eventId: event.id,
			updateFields: { summary: 'n8n live contract, changed' },
		});
		const [changed] = await run({ resource: 'event', operation: 'get', eventId: event.id });
		expect(changed).toMatchObject({
			id: event.id,
			summary: 'n8n live contract, changed',
			location: 'Room 1',
			start: `${at(10)}+08:00`,
		});

		const listed = await run({
			resource: 'event',
			operation: 'getAll',
			timeMin: at(0),
			timeMax: tomorrow.plus({ days: 1 }).toISO(),
			returnAll: true,
		});
		expect(listed.map(({ id }) => id)).toContain(event.id);
	});

	it('treats the last day of an all-day event as inclusive', async () => {
		const [first, last] = [tomorrow, tomorrow.plus({ days: 1 })].map((day) => day.toISODate() as string);
		const event = await create({ start: first, end: last, allDay: true });
		const [read] = await run({ resource: 'event', operation: 'get', eventId: event.id });
		expect(read).toMatchObject({ start: first, end: last, timeZone: null });
	});

	it('repeats an event the given number of times', async () => {
		const event = await create({
			start: at(14),
			end: at(15),
			additionalFields: { recurrence: { rule: { frequency: 'daily', interval: 1, ends: 'after', occurrences: 3 } } },
		});
		const occurrences = await run({
			resource: 'event',
			operation: 'getInstances',
			eventId: event.id,
			timeMin: '',
			timeMax: '',
		});
		expect(occurrences).toHaveLength(3);
	});

	it('adds an attendee, records the response and removes the attendee', async () => {
		const { attendee } = party();
		if (!attendee) return;
		const event = await create({ start: at(16), end: at(17) });
		const added = await run({ resource: 'attendee', operation: 'add', eventId: event.id, attendees: attendee });
		expect(added).toEqual([expect.objectContaining({ id: event.id, added: 1 })]);

		await run({
			resource: 'response',
			operation: 'set',
			user: attendee,
			eventId: event.id,
			responseStatus: 'accepted',
		});
		const [summary] = await run({ resource: 'response', operation: 'getSummary', eventId: event.id });
		expect(String(summary.acceptedBy)).toContain((added[0].attendees as string[])[0]);

		await run({ resource: 'attendee', operation: 'remove', eventId: event.id, attendees: attendee });
		const left = await run({ resource: 'attendee', operation: 'getAll', eventId: event.id, returnAll: true });
		expect(left.map(({ id }) => id)).not.toContain((added[0].attendees as string[])[0]);
	});

	it('reports clearly that a deleted event no longer exists', async () => {
		const event = await create({ start: at(18), end: at(19) });
		await run({ resource: 'event', operation: 'delete', eventId: made.pop() as string });
		await expect(run({ resource: 'event', operation: 'get', eventId: event.id })).rejects.toThrow(
			/no longer exists|no such event/,
		);
	});
}

/** Tests event IDs from the previous DingTalk calendar. */
import type { INodeParameters } from 'n8n-workflow';

import { errorOf } from './harness';
import { callsOf, eventPath, hour, plant, reading, rememberedEvent, requestsOf, writing } from './support/events';
import { useDesk } from './support/setup';
import { meteredBy, reserve, roomsOf, sending, userPath } from './support/state';

const desk = useDesk();

const oldIdOf = async (eventId: string): Promise<string> => String((await rememberedEvent(desk(), eventId)).legacyId);

const converting = (oldId: string) =>
	sending('POST', `${userPath(desk().people[0])}/legacyEventIds/convert`, { legacyEventIds: [oldId] });

describe('an event ID from the previous DingTalk calendar', () => {
	it('is converted first with one extra call', async () => {
		const [host] = desk().people;
		const eventId = plant(desk(), host);
		const oldId = await oldIdOf(eventId);
		const { items } = await desk().runWorkflow('event.get.oldId', [{ person: host.unionId, eventId: oldId }]);
		expect(await requestsOf(desk())).toEqual([converting(oldId), reading(eventPath(host, eventId))]);
		expect(await meteredBy(desk())).toBe(2);
		expect(items).toMatchObject([{ id: eventId, summary: 'Planted' }]);
	});

	it('updates the event under its new ID', async () => {
		const [host] = desk().people;
		const eventId = plant(desk(), host);
		const oldId = await oldIdOf(eventId);
		const { items, run } = await desk().runWorkflow('event.update.oldId', [
			{ person: host.unionId, eventId: oldId, title: 'Renamed' },
		]);
		expect(errorOf(run)).toBeUndefined();
		expect(await requestsOf(desk())).toEqual([
			converting(oldId),
			writing('PUT', eventPath(host, eventId), { id: eventId, summary: 'Renamed' }),
		]);
		expect(items).toMatchObject([{ id: eventId, summary: 'Renamed' }]);
	});

	const byOldId = (value: string): INodeParameters => ({ __rl: true, mode: 'oldId', value });

	it.each<[string, string, () => INodeParameters]>([
		['event', 'delete', () => ({})],
		['event', 'cancel', () => ({})],
		['event', 'transfer', () => ({ newOrganizer: desk().people[1].unionId })],
		[
			'event',
			'update',
			() => ({ updateFields: { attendeeChange: { change: { mode: 'add', attendees: desk().people[2].unionId } } } }),
		],
		['attendee', 'add', () => ({ attendees: desk().people[2].unionId })],
		['attendee', 'remove', () => ({ attendees: desk().people[1].unionId })],
		['response', 'set', () => ({ responseStatus: 'accepted' })],
		['response', 'getSummary', () => ({})],
		['checkIn', 'checkIn', () => ({})],
		['checkIn', 'checkOut', () => ({})],
		['checkIn', 'getCheckInLink', () => ({})],
		['checkIn', 'getCheckOutLink', () => ({})],
		['meetingRoom', 'book', () => ({ rooms: roomsOf(desk())[1].roomId })],
		['meetingRoom', 'cancel', () => ({ rooms: roomsOf(desk())[0].roomId })],
		['meetingRoom', 'respond', () => ({ roomId: roomsOf(desk())[0].roomId, responseStatus: 'accepted' })],
	])('is returned as the new ID for the following nodes (%s: %s)', async (resource, operation, parameters) => {
		const [host, anna] = desk().people;
		const eventId = plant(desk(), host, { ...hour(3, 10), attendees: [{ id: anna.unionId }] });
		reserve(desk(), eventId, [roomsOf(desk())[0].roomId]);
		const { run, items } = await desk().runNode({
			parameters: {
				resource,
				operation,
				user: host.unionId,
				eventId: byOldId(await oldIdOf(eventId)),
				...parameters(),
			},
		});
		expect(errorOf(run)).toBeUndefined();
		expect(items).toMatchObject([{ id: eventId }]);
	});

	it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
		'is not taken for what every object has: %s',
		async (eventId) => {
			const [host] = desk().people;
			const { run } = await desk().runWorkflow('event.get.oldId', [{ person: host.unionId, eventId }]);
			expect(errorOf(run)?.message).toBe(`'Event' is not a legacy event ID that DingTalk knows: ${eventId} [Item 0]`);
			expect(await callsOf(desk())).toHaveLength(1);
		},
	);

	it('is reported as unknown, not as deleted, when DingTalk does not know it', async () => {
		const [host] = desk().people;
		const { run } = await desk().runWorkflow('event.get.oldId', [{ person: host.unionId, eventId: 'C0FFEE' }]);
		expect(errorOf(run)?.message).toBe("'Event' is not a legacy event ID that DingTalk knows: C0FFEE [Item 0]");
		expect(await callsOf(desk())).toHaveLength(1);
	});
});

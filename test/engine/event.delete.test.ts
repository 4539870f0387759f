/** Tests the Event operations 'Delete', 'Cancel' and 'Transfer' on the n8n engine. */
import { errorOf } from './harness';
import {
	callsOf,
	clientToken,
	eventPath,
	guestsOf,
	hour,
	lookingUp,
	plant,
	remembered,
	rememberedEvent,
	requestsOf,
	writing,
} from './support/events';
import { useDesk } from './support/setup';

const desk = useDesk({ waits: 'skipped' });

const SERIES = { pattern: { type: 'daily', interval: 1 }, range: { type: 'numbered', numberOfOccurrences: 3 } };

/** An event of the host that anna and ben are invited to. */
function invited(event = {}) {
	const [host, anna, ben] = desk().people;
	const eventId = plant(desk(), host, { ...event, attendees: [{ id: anna.unionId }, { id: ben.unionId }] });
	return { host, anna, ben, eventId };
}

const summariesOf = async (unionId: string) =>
	(await desk().runWorkflow('event.getAll', [{ person: unionId, from: '2026-03-02' }])).items.map(
		({ summary }) => summary,
	);

describe('deleting an event', () => {
	it.each(['empty', 'requestId'])(
		'cancels it for everyone when the organizer deletes it (response body: %s)',
		async (deleteBody) => {
			await desk().control('switches', { deleteBody });
			const { host, anna, eventId } = invited();
			const { items, pairs, run } = await desk().runWorkflow('event.delete', [{ person: host.unionId, eventId }]);
			expect(errorOf(run)).toBeUndefined();
			expect(items).toEqual([{ deleted: true, id: eventId }]);
			expect(pairs).toEqual([{ item: 0 }]);
			expect(await requestsOf(desk())).toEqual([writing('DELETE', eventPath(host, eventId), null)]);
			expect(await desk().recorder.meteredCalls()).toHaveLength(1);
			expect(await rememberedEvent(desk(), eventId)).toMatchObject({ status: 'cancelled', hiddenFrom: [] });
			expect(await summariesOf(anna.unionId)).toEqual([]);
		},
	);

	it('removes it only from their own calendar when an attendee deletes it', async () => {
		const { host, anna, ben, eventId } = invited();
		const { items } = await desk().runWorkflow('event.delete', [{ person: anna.mobile, eventId }]);
		expect(items).toEqual([{ deleted: true, id: eventId }]);
		expect(await requestsOf(desk())).toEqual([
			lookingUp('getbymobile', { mobile: anna.mobile }),
			lookingUp('get', { userid: anna.userId }),
			writing('DELETE', eventPath(anna, eventId), null),
		]);
		expect(await rememberedEvent(desk(), eventId)).toMatchObject({ status: 'confirmed', hiddenFrom: [anna.unionId] });
		expect(await summariesOf(anna.unionId)).toEqual([]);
		expect(await summariesOf(host.unionId)).toEqual(['Planted']);
		expect(await summariesOf(ben.unionId)).toEqual(['Planted']);
	});

	it('can suppress the notification', async () => {
		const { host, eventId } = invited();
		await desk().runWorkflow('event.delete.quietly', [{ person: host.unionId, eventId }]);
		expect(await requestsOf(desk())).toEqual([
			writing('DELETE', eventPath(host, eventId), null, { pushNotification: 'false' }),
		]);
	});

	it('requests the notification when the option is explicitly enabled', async () => {
		const { host, eventId } = invited();
		await desk().runNode({
			parameters: {
				resource: 'event',
				operation: 'delete',
				user: host.unionId,
				eventId,
				options: { sendPushNotification: true },
			},
		});
		expect(await requestsOf(desk())).toEqual([
			writing('DELETE', eventPath(host, eventId), null, { pushNotification: 'true' }),
		]);
	});

	it('removes a single occurrence from a series', async () => {
		const { host, eventId } = invited({ recurrence: SERIES });
		const { items: dates } = await desk().runWorkflow('event.getInstances', [
			{ person: host.unionId, eventId, from: '2026-03-01', to: '2026-04-01', limit: 9 },
		]);
		await desk().recorder.clear();
		const second = String(dates[1].id);
		const { items } = await desk().runWorkflow('event.delete', [{ person: host.unionId, eventId: second }]);
		expect(items).toEqual([{ deleted: true, id: second }]);
		expect(await requestsOf(desk())).toEqual([writing('DELETE', eventPath(host, second), null)]);
		expect(await rememberedEvent(desk(), eventId)).toMatchObject({
			status: 'confirmed',
			exceptions: [{ id: second, status: 'cancelled' }],
		});
		expect(await summariesOf(host.unionId)).toEqual(['Planted', 'Planted']);
	});

	it('keeps the input order and reports which event was not found', async () => {
		const { host, eventId } = invited();
		const other = plant(desk(), host, hour(4, 10));
		const { items, pairs } = await desk().runNode({
			parameters: { resource: 'event', operation: 'delete', user: host.unionId, eventId: '={{ $json.eventId }}' },
			items: [eventId, 'nowhere', other].map((id) => ({ eventId: id })),
			onError: 'continueRegularOutput',
		});
		expect(items).toMatchObject([
			{ deleted: true, id: eventId },
			{
				error:
					'There is no such event in this calendar; it may have been deleted, or it belongs to someone else [Item 1]',
				details: { kind: 'missing', status: 404, code: 'itemNotFound' },
			},
			{ deleted: true, id: other },
		]);
		expect(pairs).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
	});

	it('reports that the event no longer exists the second time, if DingTalk does', async () => {
		const { host, eventId } = invited();
		const item = { person: host.unionId, eventId };
		await desk().runWorkflow('event.delete', [item]);
		const { run } = await desk().runWorkflow('event.delete', [item]);
		expect(errorOf(run)?.message).toContain('There is no such event in this calendar');
		await desk().control('switches', { deleteTwice: 'ok' });
		expect((await desk().runWorkflow('event.delete', [item])).items).toEqual([{ deleted: true, id: eventId }]);
	});

	it('retries a lost response with the same idempotency key, so it does not count as a second deletion', async () => {
		const { host, eventId } = invited();
		await desk().control('faults', { match: { method: 'DELETE', nth: 1 }, do: 'dropAfterCommit' });
		const { items } = await desk().runWorkflow('event.delete', [{ person: host.unionId, eventId }]);
		expect(items).toEqual([{ deleted: true, id: eventId }]);
		const calls = await callsOf(desk());
		expect(calls.map(({ replayed }) => replayed)).toEqual([false, true]);
		expect(new Set(calls.map(clientToken)).size).toBe(1);
	});
});

describe('a deletion whose response was lost', () => {
	const itemNotFound = { do: 'status', status: 404, code: 'itemNotFound' };

	it.each(['event.delete', 'event.delete.quietly'])(
		'is done if DingTalk then says that the event is gone (%s)',
		async (workflow) => {
			const { host, eventId } = invited();
			await desk().control('faults', { match: { method: 'DELETE', nth: 1 }, do: 'dropAfterCommit' });
			await desk().control('faults', { match: { method: 'DELETE', nth: 2 }, ...itemNotFound });
			const { items, run } = await desk().runWorkflow(workflow, [{ person: host.unionId, eventId }]);
			expect(errorOf(run)).toBeUndefined();
			expect(items).toEqual([{ deleted: true, id: eventId }]);
			expect(await rememberedEvent(desk(), eventId)).toMatchObject({ status: 'cancelled' });
		},
	);

	it.each([
		[400, 'invalidParameter'],
		[403, 'permissionDenied'],
		[404, 'itemNotFound'],
	])('does not make a later deletion that DingTalk refuses (%s %s) count as done', async (status, code) => {
		const { host, eventId } = invited();
		const item = { person: host.unionId, eventId };
		await desk().control('faults', { match: { method: 'DELETE', times: 3 }, do: 'dropBeforeCommit' });
		const first = await desk().runWorkflow('event.delete', [item]);
		expect(errorOf(first.run)?.description).toContain('may have been carried out');
		await desk().control('faults', { match: { method: 'DELETE' }, do: 'status', status, code });
		const { items, run } = await desk().runWorkflow('event.delete', [item]);
		expect(items).toEqual([]);
		expect(errorOf(run)).toBeDefined();
		expect(await rememberedEvent(desk(), eventId)).toMatchObject({ status: 'confirmed' });
	});

	it.each([
		['a stranger', 'the server failed', 1, { do: 'status', status: 503 }],
		['the organizer', 'a gateway gave up', 1, { do: 'status', status: 504, body: 'upstream timed out' }],
	])('is not done for %s when %s before it was missing', async (who, _, nth, fault) => {
		const { host, eventId } = invited();
		await desk().control('faults', { match: { method: 'DELETE', nth }, ...fault });
		if (who === 'the organizer')
			await desk().control('faults', { match: { method: 'DELETE', nth: 2 }, ...itemNotFound });
		const person = who === 'a stranger' ? desk().people[3].unionId : host.unionId;
		const { items, run } = await desk().runWorkflow('event.delete', [{ person, eventId }]);
		expect(items).toEqual([]);
		expect(errorOf(run)?.description).toContain('The request to delete the event may have been carried out.');
		expect(await rememberedEvent(desk(), eventId)).toMatchObject({ status: 'confirmed' });
	});

	it('is not done if DingTalk then says that the person does not belong to the organization', async () => {
		const { host, eventId } = invited();
		await desk().control('faults', { match: { method: 'DELETE', nth: 1 }, do: 'dropBeforeCommit' });
		const refusal = { do: 'status', status: 400, code: 'user.not.employee' };
		await desk().control('faults', { match: { method: 'DELETE', nth: 2 }, ...refusal });
		const { items, run } = await desk().runWorkflow('event.delete', [{ person: host.unionId, eventId }]);
		expect(items).toEqual([]);
		expect(errorOf(run)?.description).toContain('The request to delete the event may have been carried out.');
		expect(await rememberedEvent(desk(), eventId)).toMatchObject({ status: 'confirmed' });
	});

	it("is not done when n8n's Retry button finds the event missing days later", async () => {
		const { host, eventId } = invited();
		const parameters = {
			resource: 'event',
			operation: 'delete',
			user: { __rl: true, mode: 'auto', value: host.unionId },
			eventId: { __rl: true, mode: 'id', value: eventId },
		};
		await desk().control('faults', { match: { method: 'DELETE', times: 3 }, do: 'dropBeforeCommit' });
		const { run } = await desk().runNode({ parameters });
		await desk().control('faults', { match: { method: 'DELETE' }, ...itemNotFound });
		const again = await desk().runNode({ parameters, retryOf: run });
		expect(again.items).toEqual([]);
		expect(errorOf(again.run)?.description).toContain('The request to delete the event may have been carried out.');
	});

	it('is done for a share that is no longer listed', async () => {
		const [host, anna] = desk().people;
		const share = { resource: 'accessControl', user: host.unionId };
		const [{ aclId }] = (await desk().runNode({ parameters: { ...share, operation: 'create', grantee: anna.unionId } }))
			.items;
		await desk().control('faults', { match: { method: 'DELETE', nth: 1 }, do: 'dropAfterCommit' });
		const { items, run } = await desk().runNode({
			parameters: { ...share, operation: 'delete', aclId: String(aclId) },
		});
		expect(errorOf(run)).toBeUndefined();
		expect(items).toEqual([{ deleted: true, aclId }]);
	});
});

describe('cancelling an event', () => {
	it('cancels it for everyone', async () => {
		const { host, anna, eventId } = invited();
		const { items } = await desk().runWorkflow('event.cancel', [{ organizer: host.unionId, eventId }]);
		expect(items).toEqual([{ cancelled: true, id: eventId }]);
		expect(await requestsOf(desk())).toEqual([writing('POST', `${eventPath(host, eventId)}/cancel`, null)]);
		expect(await rememberedEvent(desk(), eventId)).toMatchObject({ status: 'cancelled' });
		expect(await summariesOf(anna.unionId)).toEqual([]);
	});

	it('passes the scope on unchanged', async () => {
		const { host, eventId } = invited();
		await desk().runWorkflow('event.cancel', [{ organizer: host.unionId, eventId, scope: 'all & more' }]);
		expect(await requestsOf(desk())).toEqual([
			writing('POST', `${eventPath(host, eventId)}/cancel`, null, { scope: 'all & more' }),
		]);
	});

	it('is rejected for an attendee and changes nothing', async () => {
		const { anna, eventId } = invited();
		const { run } = await desk().runWorkflow('event.cancel', [{ organizer: anna.unionId, eventId }]);
		expect(errorOf(run)?.message).toBe(
			'DingTalk could not cancel the event: only the organizer can change the event [Item 0]',
		);
		expect(await rememberedEvent(desk(), eventId)).toMatchObject({ status: 'confirmed' });
	});
});

describe('transferring an event', () => {
	it('makes another person the organizer', async () => {
		const { host, anna, ben, eventId } = invited();
		const { items } = await desk().runWorkflow('event.transfer', [
			{ organizer: host.unionId, eventId, newOrganizer: `${anna.name} <${anna.unionId}>` },
		]);
		expect(items).toEqual([{ transferred: true, id: eventId, newOrganizerId: anna.unionId }]);
		expect(await requestsOf(desk())).toEqual([
			writing('POST', `${eventPath(host, eventId)}/transfer`, { newOrganizerId: anna.unionId }),
		]);
		const event = await rememberedEvent(desk(), eventId);
		expect(event.organizer).toBe(anna.unionId);
		expect(guestsOf(event)).toEqual([host.unionId, ben.unionId]);
	});

	it.each([
		[true, false, ['ben']],
		[false, true, ['host', 'ben']],
	])('sends the options Remove Previous Organizer (%s) and Notify by Chat (%s)', async (leave, notify, left) => {
		const { host, ben, anna, eventId } = invited();
		await desk().runWorkflow('event.transfer', [
			{ organizer: host.userId, eventId, newOrganizer: anna.mobile, leave, notify },
		]);
		const requests = await requestsOf(desk());
		expect(requests).toHaveLength(4);
		expect(requests.at(-1)).toEqual(
			writing('POST', `${eventPath(host, eventId)}/transfer`, {
				newOrganizerId: anna.unionId,
				isExitCalendar: leave,
				needNotifyViaO2O: notify,
			}),
		);
		expect(await desk().recorder.meteredCalls()).toHaveLength(1);
		const names = new Map([
			[host.unionId, 'host'],
			[ben.unionId, 'ben'],
		]);
		expect(guestsOf(await rememberedEvent(desk(), eventId)).map((unionId) => names.get(unionId))).toEqual(left);
	});

	it('is carried out once when the response is lost, although the previous organizer could not repeat it', async () => {
		const { host, anna, eventId } = invited();
		await desk().control('faults', { match: { method: 'POST', path: '*/transfer', nth: 1 }, do: 'dropAfterCommit' });
		const { items } = await desk().runWorkflow('event.transfer', [
			{ organizer: host.unionId, eventId, newOrganizer: anna.unionId },
		]);
		expect(items).toEqual([{ transferred: true, id: eventId, newOrganizerId: anna.unionId }]);
		expect((await callsOf(desk())).map(({ replayed }) => replayed)).toEqual([false, true]);
		expect(await remembered(desk())).toMatchObject([{ organizer: anna.unionId }]);
	});
});

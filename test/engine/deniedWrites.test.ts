/** Tests on the n8n engine that a write is not taken for done because DingTalk answers with HTTP 200. */
import type { IDataObject } from 'n8n-workflow';

import { CalendarStore } from '../simulator/calendar/calendarStore';
import { errorOf } from './harness';
import { CASES } from './support/cases';
import { callsOf, plant } from './support/events';
import { useDesk } from './support/setup';

const desk = useDesk({ waits: 'skipped' });

const WRITES = [
	'accessControl.create',
	'accessControl.delete',
	'attendee.add',
	'attendee.remove',
	'attendee.sync',
	'calendar.createCaldavAccount',
	'calendar.subscribe',
	'calendar.unsubscribe',
	'checkIn.checkIn',
	'checkIn.checkOut',
	'event.cancel',
	'event.create',
	'event.delete',
	'event.transfer',
	'event.update',
	'event.upsert',
	'meetingRoom.book',
	'meetingRoom.cancel',
	'meetingRoom.respond',
	'response.set',
	'subscriptionCalendar.create',
	'subscriptionCalendar.delete',
	'subscriptionCalendar.update',
];

/** Answers each write with this body, and carries none out. */
async function run(id: string, body: IDataObject): Promise<{ message: string; description: string; writes: number }> {
	const [resource, operation] = id.split('.');
	const parameters = CASES[id](desk());
	for (const method of ['POST', 'PUT', 'DELETE'])
		await desk().control('faults', {
			match: { method, path: '/v1.0/calendar/users/' },
			do: 'status',
			status: 200,
			body,
		});
	const { run: done } = await desk().runNode({
		parameters: { resource, operation, user: desk().people[0].unionId, ...parameters },
	});
	const error = errorOf(done);
	const writes = (await callsOf(desk())).filter(({ method }) => method !== 'GET').length;
	return { message: error?.message ?? '', description: String(error?.description), writes };
}

const rows = WRITES.map((id) => ({ id }));

describe('A write that DingTalk answers with HTTP 200 is an error with the request ID', () => {
	it.each(rows)('if the result is false ($id)', async ({ id }) => {
		const { message, description, writes } = await run(id, { result: false, requestId: 'R-7' });
		expect(message).toMatch(/DingTalk could not .*, and its response does not say why/i);
		expect(description).toMatch(/Check in DingTalk whether it was done all the same/);
		expect(description).toMatch(/request ID R-7/);
		expect(writes).toBe(1);
	});

	it.each(rows)('if there is a code ($id)', async ({ id }) => {
		const { message, description } = await run(id, { code: 'frozen', message: 'Calendar is frozen', requestid: 'R-8' });
		expect(message).toMatch(/calendar is frozen/i);
		expect(description).toMatch(/code frozen, "Calendar is frozen", request ID R-8/);
	});
});

const WITH_RESULT = [
	'calendar.unsubscribe',
	'event.cancel',
	'event.transfer',
	'meetingRoom.cancel',
	'meetingRoom.respond',
	'subscriptionCalendar.delete',
	'subscriptionCalendar.update',
];
const WITH_TIME = ['checkIn.checkIn', 'checkIn.checkOut'];
const WITHOUT_BODY = [
	'accessControl.delete',
	'attendee.add',
	'attendee.remove',
	'calendar.subscribe',
	'event.delete',
	'response.set',
];

describe('A write whose response lacks what DingTalk documents', () => {
	it.each([...WITH_RESULT, ...WITH_TIME, 'event.update'])('is neither called done nor sent again (%s)', async (id) => {
		const { message, description, writes } = await run(id, { requestId: 'R-9' });
		expect(message).toMatch(/^DingTalk answered without saying whether it could /);
		expect(description).toMatch(/^The request to .+ may have been carried out\. Check in DingTalk\./);
		expect(description).toMatch(/request ID R-9/);
		expect(writes).toBe(1);
	});

	it('is an error whether DingTalk left out only the result or the whole body, although it was done', async () => {
		for (const writeResult of ['emptyObject', 'empty']) {
			await desk().control('switches', { writeResult });
			const parameters = { resource: 'event', operation: 'cancel', user: desk().people[0].unionId };
			const eventId = plant(desk(), desk().people[0], { summary: 'Fair' });
			const { run: done } = await desk().runNode({ parameters: { ...parameters, eventId } });
			expect(errorOf(done)?.description).toMatch(/^The request to .+ may have been carried out\. Check in DingTalk\./);
			expect(desk().simulator.world.use(CalendarStore).byId(eventId)?.cancelled).toBe(true);
		}
	});
});

describe('A write is done', () => {
	it('if its result is true, in any form', async () => {
		for (const body of [{ result: true }, { result: 'true' }, { success: true, result: { success: true } }])
			expect((await run('calendar.unsubscribe', body)).message).toBe('');
	});

	it.each(WITHOUT_BODY.flatMap((id) => [{}, { requestId: 'R-9' }].map((body) => ({ id, body }))))(
		'if no body is documented and there is none, or only a request ID ($id, $body)',
		async ({ id, body }) => expect((await run(id, body)).message).toBe(''),
	);
});

/** Repeats writes with the same client token through DingTalk's official client. */
import { itemNotFound, refusalOf } from './refusal';
import { daily, DAY, meeting } from './samples';
import { useStage } from './stage';
import type { CalendarUser } from './user';

const stage = useStage();

/** A repeatable write: what has to be there before it, and the call with a client token. */
interface Write {
	prepare: () => Promise<{ user: CalendarUser; id: string }>;
	call: (user: CalendarUser, id: string, clientToken: string) => Promise<unknown>;
}

const anEvent = async (): Promise<{ user: CalendarUser; id: string }> => {
	const user = await stage.user(0);
	return {
		user,
		id: await user.createId(meeting({ recurrence: daily(), attendees: [{ id: stage.person(1).unionId }] })),
	};
};

const oneself = async (): Promise<{ user: CalendarUser; id: string }> => ({ user: await stage.self(0), id: '' });

/** The first five by the documentation, the others by what the official client declares. */
const WRITES: Record<string, Write> = {
	createEvent: { prepare: anEvent, call: (user, _id, token) => user.create(meeting(), token) },
	patchEvent: {
		prepare: anEvent,
		call: (user, id, token) => user.patch(id, { onlineMeetingInfo: { type: 'dingtalk' } }, token),
	},
	deleteEvent: { prepare: anEvent, call: (user, id, token) => user.delete(id, {}, token) },
	addAttendee: {
		prepare: anEvent,
		call: (user, id, token) => user.addAttendees(id, [{ id: stage.person(2).unionId }], token),
	},
	removeAttendee: {
		prepare: anEvent,
		call: (user, id, token) => user.removeAttendees(id, [{ id: stage.person(1).unionId }], token),
	},
	respondEvent: { prepare: anEvent, call: (user, id, token) => user.respond(id, 'declined', token) },
	cancelEvent: { prepare: anEvent, call: (user, id, token) => user.cancel(id, token) },
	transferEvent: {
		prepare: anEvent,
		call: (user, id, token) => user.transfer(id, { newOrganizerId: stage.person(1).unionId }, token),
	},
	createEventByMe: { prepare: oneself, call: (user, _id, token) => user.createByMe(meeting(), token) },
};

/** Until the faults are cleared: no machine is too slow for what has to happen in between. */
const heldUp = (): Promise<void> => stage.control('faults', { match: { times: 1 }, do: 'delay', delayMs: 50_000 });

describe.each(Object.entries(WRITES))('The call %s with a client token', (_name, { prepare, call }) => {
	it('runs once and returns the same response twice', async () => {
		const { user, id } = await prepare();
		const first = await call(user, id, 'token-1');
		const { events } = await stage.state();
		expect(await call(user, id, 'token-1')).toEqual(first);
		expect((await stage.state()).events).toEqual(events);
		expect((await stage.calls()).filter(({ replayed }) => replayed)).toHaveLength(1);
	});

	it('returns idempotencyProcessing while the first call is still running', async () => {
		const { user, id } = await prepare();
		await heldUp();
		const first = call(user, id, 'token-1');
		const isUnderWay = async (): Promise<boolean> => (await stage.calls()).some(({ fault }) => fault === 'delay');
		while (!(await isUnderWay()));
		expect(await refusalOf(call(user, id, 'token-1'))).toEqual({
			status: 400,
			code: 'idempotencyProcessing',
			message: 'Idempotency processing',
		});
		await stage.clearFaults();
		const answer = await first;
		expect(await call(user, id, 'token-1')).toEqual(answer);
	});
});

describe('A client token', () => {
	it('is remembered for 24 hours', async () => {
		const host = await stage.user();
		const first = await host.create(meeting(), 'token-1');
		await stage.advance(DAY - 60_000);
		const sameDay = stage.calendarOf(host.unionId, await stage.appToken());
		expect(await sameDay.create(meeting(), 'token-1')).toEqual(first);
		await stage.advance(60_000);
		expect((await sameDay.create(meeting(), 'token-1')).id).not.toBe(first.id);
	});

	it('is scoped to one app', async () => {
		const host = await stage.user(0);
		const ids = [
			await host.createId(meeting()),
			await host.createId(meeting()),
			(await host.create(meeting(), 'token-1')).id,
			(await host.create(meeting(), 'token-2')).id,
			(await (await stage.user(0, 'sim-thirdparty')).create(meeting(), 'token-1')).id,
		];
		expect(new Set(ids).size).toBe(5);
	});

	it('can be used again after a refused call', async () => {
		const host = await stage.user();
		await refusalOf(host.create(meeting({ summary: '' }), 'token-1'));
		expect((await host.create(meeting(), 'token-1')).id).toBeTruthy();
	});

	it('returns the response of a call whose answer was lost, without running it again', async () => {
		const host = await stage.user();
		const id = await host.createId(meeting());
		await stage.control('faults', { match: { method: 'DELETE', times: 1 }, do: 'dropAfterCommit' });
		await expect(host.delete(id, {}, 'token-1')).rejects.toThrow();
		expect(await host.delete(id, {}, 'token-1')).toBe('');
		expect(await refusalOf(host.delete(id, {}, 'token-2'))).toEqual(itemNotFound);
	});
});

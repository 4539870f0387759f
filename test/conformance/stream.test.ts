/** Receives the simulator's Stream pushes with DingTalk's own Stream SDK. */
import { PushRecords } from '../simulator/push/record';
import { seeded } from './randomRules';
import { meeting } from './samples';
import { useStage } from './stage';
import { useStreams } from './streamClient';
import { until } from './until';

const stage = useStage();
const streams = useStreams(stage);

const createMeeting = async (guests: number[] = []): Promise<string> =>
	await (
		await stage.user(0)
	).createId(meeting({ attendees: guests.map((index) => ({ id: stage.person(index).unionId })) }));

const pushes = (about: object): Promise<void> => stage.control('push', about);

const counted = <T>(entries: T[]): Map<T, number> => {
	const counts = new Map<T, number>();
	for (const entry of entries) counts.set(entry, (counts.get(entry) ?? 0) + 1);
	return counts;
};

describe("DingTalk's Stream SDK", () => {
	test('receives a new event in the documented frame', async () => {
		const stream = await streams.connect();
		const id = await createMeeting([1]);
		await stream.heard(1);
		const [frame] = stream.frames;
		const text = expect.stringMatching(/./) as string;
		const time = expect.stringMatching(/^\d{13}$/) as string;
		expect(frame).toEqual({
			specVersion: '1.0',
			type: 'EVENT',
			headers: {
				topic: '*',
				messageId: text,
				contentType: 'application/json',
				time,
				eventType: 'calendar_event_change',
				eventId: text,
				eventCorpId: stage.corpId,
				eventBornTime: time,
				eventUnifiedAppId: text,
			},
			data: expect.any(String) as string,
		});
		const { events } = await stage.state();
		expect(JSON.parse(frame.data)).toEqual({
			calendarEventId: id,
			calendarEventUpdateTime: expect.any(Number) as number,
			calendarId: text,
			unionIdList: [stage.person(0).unionId, stage.person(1).unionId],
			changeType: 'created',
			operator: { type: 'user' },
			legacyCalendarEventId: events.find((event) => event.id === id)?.legacyId,
		});
	});

	test('receives each kind of change, in order', async () => {
		const stream = await streams.connect();
		const [host, guest] = [await stage.user(0), await stage.user(1)];
		const id = await createMeeting([1]);
		await host.patch(id, { summary: 'Moved' });
		await guest.respond(id, 'accepted');
		await guest.delete(id);
		await host.delete(id);
		await stream.heard(5);
		expect(stream.changes.map(({ changeType }) => changeType)).toEqual([
			'created',
			'updated',
			'updated',
			'deleteView',
			'cancelled',
		]);
		expect(stream.changes[3].unionIdList).toEqual([guest.unionId]);
		expect(new Set(stream.eventIds).size).toBe(5);
	});

	test('does not receive an accepted event again, however long it stays connected', async () => {
		const stream = await streams.connect();
		await createMeeting();
		await stream.heard(1);
		await stage.settled();
		await stage.advance(600_000);
		await pushes({ changeType: 'last' });
		await until('the last push has come', () => stream.changes.at(-1)?.changeType === 'last');
		expect(stream.frames).toHaveLength(2);
	});

	test('receives an event again after answering LATER, with the same event ID', async () => {
		let asked = 0;
		const stream = await streams.connect('sim-internal', () => (++asked < 3 ? 'LATER' : 'SUCCESS'));
		await createMeeting();
		for (let count = 1; count <= 3; count++) {
			await stream.heard(count);
			await stage.settled();
			await stage.advance(1_000);
		}
		expect(stream.frames).toHaveLength(3);
		expect(new Set(stream.eventIds).size).toBe(1);
		expect(new Set(stream.frames.map(({ headers }) => headers.messageId)).size).toBe(3);
	});

	test('answers pings as documented', async () => {
		await stage.control('limits', { streamPingMs: 30_000 });
		await streams.connect();
		await stage.advance(30_000);
		await stage.control('connections', { do: 'ping' });
		await until('both pings are answered', async () => (await stage.connections())[0].pongs >= 2);
	});

	test('is asked to disconnect, is closed ten seconds later and receives events over a new connection', async () => {
		const stream = await streams.connect();
		const [{ connectionId }] = await stage.connections();
		await stage.control('connections', { do: 'disconnect' });
		await createMeeting();
		await stage.advance(10_000);
		await stream.heard(1);
		const after = await stage.connections();
		expect(after).toHaveLength(1);
		expect(after[0].connectionId).not.toBe(connectionId);
	});

	test('keeps a connection that it was asked to close until the deadline, without new events', async () => {
		const stream = await streams.connect();
		await stage.control('limits', { streamCloseMs: 3_600_000 });
		await stage.control('connections', { do: 'disconnect' });
		await createMeeting();
		await stage.advance(1_800_000);
		expect((await stage.connections()).map(({ leaving }) => leaving)).toEqual([true]);
		await stage.advance(1_800_000);
		await stream.heard(1);
	});

	test('reconnects after a dropped connection without losing events', async () => {
		const stream = await streams.connect();
		await stage.control('connections', { do: 'drop' });
		await stage.connected(0);
		const ids = [await createMeeting(), await createMeeting()];
		await stream.heard(2);
		expect(stream.changes.map(({ calendarEventId }) => calendarEventId)).toEqual(ids);
	});

	test('receives each change even though connections keep breaking', async () => {
		const chance = seeded(5);
		const [one, other] = [await streams.connect(), await streams.connect()];
		const total = 600;
		for (let sent = 0; sent < total; sent += 20) {
			await pushes({ count: 20, clientId: 'sim-internal' });
			const open = await stage.connections();
			const broken = open[Math.floor(chance() * open.length)];
			if (broken !== undefined && sent % 200 === 0) {
				await stage.control('connections', {
					do: chance() < 0.5 ? 'drop' : 'disconnect',
					connectionId: broken.connectionId,
				});
			}
		}
		await stage.advance(10_000);
		const heard = (): Set<string | undefined> => new Set([...one.eventIds, ...other.eventIds]);
		await until('all have come', () => heard().size === total);
		await stage.settled();
		expect((await stage.pushes()).every(({ state }) => state === 'accepted')).toBe(true);
	});

	test('also works for a third-party enterprise app', async () => {
		const stream = await streams.connect('sim-thirdparty');
		await createMeeting();
		await stream.heard(1);
	});
});

describe('Several Stream connections', () => {
	test('of one app share its messages, each delivered to one of them', async () => {
		const [one, other] = [await streams.connect(), await streams.connect()];
		await pushes({ count: 200 });
		await until('all have come', () => one.frames.length + other.frames.length >= 200);
		await stage.settled();
		expect(new Set([...one.eventIds, ...other.eventIds]).size).toBe(200);
		expect(one.frames.length + other.frames.length).toBe(200);
		expect(Math.min(one.frames.length, other.frames.length)).toBeGreaterThan(60);
	});

	test('share messages in the same way with the same random seed', async () => {
		const [one, other] = [await streams.connect(), await streams.connect()];
		const shares: string[][] = [];
		for (let round = 0; round < 2; round++) {
			const before = one.frames.length;
			const all = one.frames.length + other.frames.length + 30;
			await stage.control('random', { seed: 7 });
			await pushes({ count: 30, fields: {} });
			await until('all have come', () => one.frames.length + other.frames.length >= all);
			await stage.settled();
			const order = stage.world
				.use(PushRecords)
				.all.slice(-30)
				.map(({ message }) => message.eventId);
			shares.push(one.eventIds.slice(before).map((id) => String(order.indexOf(id ?? ''))));
		}
		expect(shares[0]).toEqual(shares[1]);
	});

	test('of different apps each receive all events', async () => {
		const [one, other] = [await streams.connect('sim-internal'), await streams.connect('sim-readonly')];
		await createMeeting();
		await one.heard(1);
		await other.heard(1);
	});
});

describe('A synthetic push', () => {
	test('can be repeated and duplicated as often as requested', async () => {
		const stream = await streams.connect();
		await pushes({ count: 20, copies: 3, order: 'shuffled' });
		await stream.heard(60);
		expect([...counted(stream.eventIds).values()]).toEqual(Array.from({ length: 20 }, () => 3));
	});

	test('can arrive in reverse order', async () => {
		const stream = await streams.connect();
		await pushes({ count: 10, order: 'reversed' });
		await stream.heard(10);
		const times = stream.changes.map((change) => Number(change.calendarEventUpdateTime));
		expect(times).toEqual([...times].sort((a, b) => b - a));
		expect(new Set(times).size).toBe(10);
	});

	test('can arrive late', async () => {
		const stream = await streams.connect();
		await pushes({ changeType: 'late', delayMs: 3_600_000 });
		await pushes({ changeType: 'early' });
		await stream.heard(1);
		await stage.advance(3_600_000);
		await stream.heard(2);
		expect(stream.changes.map(({ changeType }) => changeType)).toEqual(['early', 'late']);
	});

	test('can be about a real event, with the requested casing and unknown fields', async () => {
		const stream = await streams.connect();
		const id = await createMeeting([1]);
		await pushes({ eventId: id, changeType: 'updated', casing: 'pascal', extra: { novelty: { deep: 1 } } });
		await stream.heard(2);
		const people = [stage.person(0).unionId, stage.person(1).unionId];
		expect(stream.changes[1]).toMatchObject({
			CalendarEventId: id,
			ChangeType: 'updated',
			UnionIdList: people,
			novelty: { deep: 1 },
		});
	});

	test('can have another event type', async () => {
		const stream = await streams.connect();
		await pushes({ eventType: 'meetingroom_book', fields: { eventSubType: 'bookSuccess' } });
		await stream.heard(1);
		expect(stream.frames[0].headers.eventType).toBe('meetingroom_book');
		expect(stream.changes[0]).toEqual({ eventSubType: 'bookSuccess' });
	});
});

test('Pushes are counted in the log and stop at the monthly quota', async () => {
	const stream = await streams.connect();
	await stage.control('limits', { monthlyPushQuota: 3 });
	await pushes({ count: 5 });
	await stream.heard(3);
	await stage.control('clock', { now: '2026-04-01T09:00:00+08:00' });
	await pushes({ changeType: 'nextMonth' });
	await stream.heard(4);
	expect(stream.changes[3].changeType).toBe('nextMonth');
	expect(await stage.pushCount()).toBe(4);
});

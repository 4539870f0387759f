/**
 * Tests that no push crashes a trigger, starts a workflow twice, or comes out with a wrong event, kind or time, when fields of
 * the push and of the event that is read then are missing, null, empty or doubled.
 */
import type { IDataObject } from 'n8n-workflow';

import { until } from '../conformance/until';
import { amount } from '../long/amount';
import { seal } from '../simulator/push/envelope';
import { CALENDAR_CHANGE, httpData, newMessage, type Message } from '../simulator/push/message';
import { PushRecords } from '../simulator/push/record';
import type { Connection } from '../simulator/push/stream/connection';
import { eventFrame, newMessageId } from '../simulator/push/stream/frames';
import { Random } from '../simulator/random';
import type { Server } from './harness';
import {
	changeFields,
	retypeFields,
	startChangingProxy,
	startRetypingProxy,
	type ChangingProxy,
} from './support/changedResponses';
import { CRASH } from './support/crash';
import { hour, plant } from './support/events';
import { wrongTimes } from './support/rightTimes';
import { useDesk } from './support/setup';
import { credentialOf } from './support/state';
import { activate, connections, itemsOf, streamWorkflow } from './support/triggers';
import {
	callbackCredential,
	CLIENT_ID,
	KEYS,
	openServer,
	requestOf,
	sendRequest,
	triggeredWorkflow,
	triggerOutput,
} from './support/webhook';

const desk = useDesk();

const KINDS = ['created', 'updated', 'cancelled', 'left', 'roomBooked', 'roomCancelled'];
const CHANGE_TYPES: Record<string, string> = {
	created: 'created',
	update: 'updated',
	cancel: 'cancelled',
	deleteView: 'left',
};
const ROOM_NEWS: Record<string, string> = { bookSuccess: 'roomBooked', bookCancel: 'roomCancelled' };
const ROOM_BOOKING = 'meetingroom_book';
const PROBABILITIES = [0.02, 0.08, 0.25] as const;
const EACH = 12;

/** What arrives, and what has to come of it: nothing where it no longer says what happened to which event. */
interface Arrival {
	body: IDataObject;
	expected?: { id: string; kind: string; at?: number; start?: unknown };
}

const isFilled = (value: unknown): boolean => value !== undefined && value !== null && value !== '';

/** The fields of a body by their names in camel case. */
const named = (body: IDataObject): IDataObject =>
	Object.fromEntries(Object.entries(body).map(([name, value]) => [name[0].toLowerCase() + name.slice(1), value]));

function expectedOf(body: IDataObject, type: unknown): Arrival['expected'] {
	const fields = named(body);
	if (type === ROOM_BOOKING) {
		const kind = ROOM_NEWS[String(fields.eventSubType)];
		const extension = (fields.extension ?? {}) as IDataObject;
		const id = isFilled(extension.calendarEventId) ? String(extension.calendarEventId).replace('primary;', '') : '';
		return kind === undefined || id === '' ? undefined : { id, kind, start: fields.startTime };
	}
	const kind = CHANGE_TYPES[String(fields.changeType)];
	if (!isFilled(fields.calendarEventId) || kind === undefined) return undefined;
	return { id: fields.calendarEventId as string, kind, at: (fields.calendarEventUpdateTime as number) || undefined };
}

/** One push about each of some events, which are in the calendar before. */
function messagesFor(random: Random): Message[] {
	const { world } = desk().simulator;
	const [anna, ben] = desk().people;
	return Array.from({ length: EACH }, (_, index): Message => {
		const allDay = { isAllDay: true, start: { date: '2026-03-03' }, end: { date: '2026-03-05' } };
		const times = random.chance(0.3) ? allDay : hour(3, 8 + (index % 10));
		const eventId = plant(desk(), anna, { ...times, attendees: [{ id: ben.unionId }] });
		const bornAt = Date.now() + index;
		if (index % 4 === 3) {
			const booking = {
				eventSubType: random.pick(Object.keys(ROOM_NEWS)),
				bookId: `book-${index}`,
				preStatus: 'INIT',
				userId: 'user-1',
				userName: 'Anna',
				roomId: 'room-1',
				roomName: 'Berlin',
				bookTime: '2026-03-02 09:00:00',
				startTime: '2026-03-03 10:00:00',
				endTime: '2026-03-03 11:00:00',
				title: 'Weekly',
				isApproval: false,
				extension: { calendarEventId: `primary;${eventId}` },
			};
			return newMessage(ROOM_BOOKING, booking, bornAt, world);
		}
		const change = {
			calendarEventId: eventId,
			calendarEventUpdateTime: bornAt - 1000,
			calendarId: 'c2FtcGxl',
			unionIdList: [anna.unionId, ben.unionId],
			changeType: random.pick(Object.keys(CHANGE_TYPES)),
			operator: { type: 'user' },
			legacyCalendarEventId: `legacy-${index}`,
		};
		return newMessage(CALENDAR_CHANGE, change, bornAt, world);
	});
}

/** What is wrong with the output of a trigger for these arrivals. */
function problemsIn(items: IDataObject[], arrivals: Arrival[], bodies: unknown[]): string[] {
	const problems = [...(CRASH.exec(JSON.stringify(items)) ?? [])].map(String);
	for (const { body, expected } of arrivals) {
		const name = JSON.stringify(body);
		if (expected === undefined) continue;
		const about = items.filter(({ id }) => id === expected.id);
		if (about.length !== 1) problems.push(`${about.length} executions for ${name}`);
		for (const { change } of about as Array<{ change: IDataObject }>) {
			if (change.kind !== expected.kind) problems.push(`${String(change.kind)} for ${name}`);
			const at = Date.parse(String(change.at));
			if (Number.isNaN(at) || (expected.at && Math.floor(expected.at / 1000) * 1000 !== at))
				problems.push(`at ${String(change.at)} for ${name}`);
			const { start } = (change.booking ?? {}) as IDataObject;
			if ((start ?? '') !== (expected.start ?? '')) problems.push(`booked for ${String(start)} by ${name}`);
		}
	}
	const ids = arrivals.map(({ expected }) => expected?.id);
	problems.push(
		...items.filter(({ id }) => !ids.includes(id as string)).map((item) => `unasked: ${JSON.stringify(item)}`),
	);
	return [...problems, ...wrongTimes(items, desk(), bodies)];
}

/** A Stream trigger that reaches DingTalk through the proxy. */
async function openStream(
	{ url }: ChangingProxy,
	workflowId: string,
): Promise<{ server: Server; connection: Connection }> {
	const credential = credentialOf(desk(), { baseUrl: url, clientId: CLIENT_ID });
	const server = desk().engine.server();
	await activate(desk(), server, streamWorkflow({ triggerOn: KINDS }, workflowId), credential);
	await until('the connection is open', () => connections(desk()).length === 1);
	const [connection] = connections(desk());
	return { server, connection };
}

const seeds = Array.from({ length: amount({ short: 4, long: 60 }) }, (_, seed) => seed);

describe('A push trigger when fields of pushes and events are missing, null, empty or doubled', () => {
	let proxy: ChangingProxy;
	afterEach(async () => await proxy.close());

	it.each(seeds)('reports each change once over Stream (seed %i)', async (seed) => {
		const random = new Random();
		random.seed(2_000_000 + seed);
		const probability = random.pick(PROBABILITIES);
		const { world } = desk().simulator;
		const messages = messagesFor(random);
		proxy = await startChangingProxy(desk().simulator.url, random, probability);
		const { server, connection } = await openStream(proxy, `stream-${seed}`);
		const arrivals = messages.map((message): Arrival => {
			const frame = eventFrame(message, CLIENT_ID, newMessageId(), world);
			const body = changeFields(JSON.parse(frame.data), random, probability) as IDataObject;
			const headers = changeFields(frame.headers, random, probability) as Record<string, string>;
			const send = (): void =>
				connection.sendRaw(
					JSON.stringify({
						...frame,
						headers: { ...headers, topic: '*', messageId: newMessageId() },
						data: JSON.stringify(body),
					}),
				);
			send();
			send();
			const type = isFilled(headers.eventType) ? headers.eventType : CALENDAR_CHANGE;
			return { body, expected: expectedOf(body, type) };
		});
		// Whatever came before has been accepted or refused when this one is.
		const last = plant(desk(), desk().people[2]);
		const records = world.use(PushRecords).all;
		const found = (): IDataObject[] => itemsOf(server.database.executions);
		await until('all are reported', () => {
			const ids = new Set(found().map(({ id }) => id));
			const missing = arrivals.filter(({ expected }) => expected && !ids.has(expected.id));
			return ids.has(last) && missing.length === 0 && records.every(({ state }) => state === 'accepted');
		});
		await server.stop();
		const items = found().filter(({ id }) => id !== last);
		const problems = problemsIn(items, arrivals, proxy.bodies);
		expect(problems.length > 0 ? [...problems, ...proxy.changed] : []).toEqual([]);
	});

	it.each(seeds)('reports each change once over HTTP (seed %i)', async (seed) => {
		const random = new Random();
		random.seed(3_000_000 + seed);
		const probability = random.pick(PROBABILITIES);
		const { world } = desk().simulator;
		const messages = messagesFor(random);
		proxy = await startChangingProxy(desk().simulator.url, random, probability);
		const credential = credentialOf(desk(), { baseUrl: proxy.url, clientId: CLIENT_ID });
		const server = await openServer(desk(), triggeredWorkflow({ triggerOn: KINDS }), {
			credentials: [callbackCredential(desk()), credential],
		});
		const arrivals: Arrival[] = [];
		const statuses: number[] = [];
		for (const message of messages) {
			const casing = random.pick(['camel', 'pascal'] as const);
			const body = changeFields(httpData({ ...message, casing }, world), random, probability) as IDataObject;
			const text = JSON.stringify(body);
			for (let copy = 0; copy < 2; copy++) {
				const request = requestOf(seal(text, { ...KEYS, ownerKey: CLIENT_ID }, String(Date.now())));
				statuses.push((await sendRequest(server.url, request)).status);
			}
			const type = named(body).eventType;
			arrivals.push({ body, expected: expectedOf(body, isFilled(type) ? type : CALENDAR_CHANGE) });
		}
		await server.idle();
		const items = server.runs.flatMap(triggerOutput);
		await server.close();
		const problems = [
			...server.thrown.map(({ message }) => message),
			...problemsIn(items, arrivals, proxy.bodies),
			...statuses.filter((status) => status !== 200).map((status) => `HTTP ${status}`),
		];
		expect(problems.length > 0 ? [...problems, ...proxy.changed] : []).toEqual([]);
	});
});

describe('A push trigger when fields of pushes and events have other types', () => {
	let proxy: ChangingProxy;
	afterEach(async () => await proxy.close());

	it.each(seeds)('goes on and reports the next change over Stream (seed %i)', async (seed) => {
		const random = new Random();
		random.seed(4_000_000 + seed);
		const probability = random.pick(PROBABILITIES);
		const { world } = desk().simulator;
		const messages = messagesFor(random);
		proxy = await startRetypingProxy(desk().simulator.url, random, probability);
		const { server, connection } = await openStream(proxy, `retyped-${seed}`);
		for (const message of messages) {
			const frame = eventFrame(message, CLIENT_ID, newMessageId(), world);
			const headers = retypeFields(frame.headers, random, probability) as object;
			const data: unknown = retypeFields(JSON.parse(frame.data), random, probability);
			connection.sendRaw(
				JSON.stringify({
					...frame,
					headers: { ...headers, topic: '*', messageId: newMessageId() },
					data: random.chance(probability) ? data : JSON.stringify(data),
				}),
			);
		}
		const last = plant(desk(), desk().people[2]);
		const found = (): IDataObject[] => itemsOf(server.database.executions);
		await until('the last is reported', () => found().some(({ id }) => id === last));
		await server.stop();
		expect(CRASH.exec(JSON.stringify(found()))).toBeNull();
	});

	it.each(seeds)('accepts each and fails at none over HTTP (seed %i)', async (seed) => {
		const random = new Random();
		random.seed(5_000_000 + seed);
		const probability = random.pick(PROBABILITIES);
		const { world } = desk().simulator;
		proxy = await startRetypingProxy(desk().simulator.url, random, probability);
		const credential = credentialOf(desk(), { baseUrl: proxy.url, clientId: CLIENT_ID });
		const server = await openServer(desk(), triggeredWorkflow({ triggerOn: KINDS }), {
			credentials: [callbackCredential(desk()), credential],
		});
		const statuses: number[] = [];
		for (const message of messagesFor(random)) {
			const data = httpData({ ...message, casing: 'camel' }, world);
			const { CorpId } = data;
			// Of another organization, it would be refused.
			const body = { ...data, ...(retypeFields(data, random, probability) as object), CorpId };
			const request = requestOf(seal(JSON.stringify(body), { ...KEYS, ownerKey: CLIENT_ID }, String(Date.now())));
			statuses.push((await sendRequest(server.url, request)).status);
		}
		await server.idle();
		const output = JSON.stringify([
			...server.runs.flatMap(triggerOutput),
			...server.thrown.map(({ message }) => message),
		]);
		await server.close();
		expect(statuses.filter((status) => status !== 200)).toEqual([]);
		expect(CRASH.exec(output)).toBeNull();
		expect(server.thrown).toEqual([]);
	});
});

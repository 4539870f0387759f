/** Runs operations on behalf of a person who has signed in. */
import type { INodeParameters } from 'n8n-workflow';

import { errorOf } from './harness';
import {
	calendarPath,
	callsOf,
	eventPath,
	guestsOf,
	hire,
	hour,
	person,
	plant,
	reading,
	remembered,
	requestsOf,
	writing,
	type Request,
} from './support/events';
import { useDesk, type Result } from './support/setup';
import { meteredBy, reserve, roomsOf, sending, signedIn, userPath } from './support/state';

const desk = useDesk();

const MINE = '/v1.0/calendar/me';
const whoAmI = reading('/v1.0/contact/users/me');

/** Runs the node as the first person of the company, who has signed in. */
const asMe = async (resource: string, operation: string, parameters: INodeParameters = {}): Promise<Result> =>
	await desk().runNode({
		credential: signedIn(desk(), desk().people[0]),
		parameters: { resource, operation, user: 'me', ...parameters },
	});

const CREATE = { summary: 'Mine', start: '2026-03-03T10:00', end: '2026-03-03T11:00' };

describe("'me', where DingTalk has a call for the signed-in user", () => {
	it('creates an event without being looked up', async () => {
		const [host, anna] = desk().people;
		const { items } = await asMe('event', 'create', { ...CREATE, additionalFields: { attendees: anna.unionId } });
		const times = hour(3, 10);
		expect(await requestsOf(desk())).toEqual([
			writing('POST', `${MINE}/calendars/primary/events`, {
				summary: 'Mine',
				isAllDay: false,
				...times,
				attendees: [{ id: anna.unionId, isOptional: false }],
			}),
		]);
		expect(await meteredBy(desk())).toBe(1);
		expect(items).toMatchObject([{ summary: 'Mine', organizer: person(host) }]);
		expect(await remembered(desk())).toMatchObject([{ summary: 'Mine', organizer: host.unionId }]);
	});

	it('invites a crowd under the own name, for that call knows no me', async () => {
		const [host] = desk().people;
		const crowd = hire(desk(), 501).map(({ unionId }) => unionId);
		const { items, run } = await asMe('event', 'create', { ...CREATE, additionalFields: { attendees: crowd.join() } });
		expect(errorOf(run)).toBeUndefined();
		expect((await requestsOf(desk())).map(({ method, path }) => [method, path])).toEqual([
			['POST', `${MINE}/calendars/primary/events`],
			['GET', '/v1.0/contact/users/me'],
			['POST', `${eventPath(host, String(items[0].id))}/attendees`],
		]);
		expect(guestsOf((await remembered(desk()))[0])).toEqual(crowd);
	});

	it('lists the own calendar without being looked up', async () => {
		const [host] = desk().people;
		const eventId = plant(desk(), host);
		const { items } = await asMe('event', 'getAll', { timeMin: '2026-03-03', timeMax: '2026-03-04', limit: 5 });
		expect(await requestsOf(desk())).toEqual([
			reading(`${MINE}/calendars/primary/eventsview`, {
				timeMin: '2026-03-03T00:00:00+08:00',
				timeMax: '2026-03-04T00:00:00+08:00',
				maxResults: '5',
			}),
		]);
		expect(items.map(({ id }) => id)).toEqual([eventId]);
	});

	it('asks when people are busy without being looked up, unless it is about me', async () => {
		const [host, anna] = desk().people;
		plant(desk(), host);
		const window = { timeMin: '2026-03-03T08:00', timeMax: '2026-03-03T20:00' };
		const asked = (userIds: string[]): Request =>
			sending('POST', `${MINE}/schedules/query`, {
				userIds,
				startTime: '2026-03-03T08:00:00+08:00',
				endTime: '2026-03-03T20:00:00+08:00',
			});
		await asMe('freeBusy', 'get', { people: anna.unionId, ...window });
		expect(await requestsOf(desk())).toEqual([asked([anna.unionId])]);
		await desk().recorder.clear();
		const { items } = await asMe('freeBusy', 'get', { people: `me, ${anna.unionId}`, ...window });
		expect(await requestsOf(desk())).toEqual([whoAmI, asked([host.unionId, anna.unionId])]);
		expect(items).toMatchObject([
			{ id: host.unionId, person: 'me', busy: [{ start: '2026-03-03T10:00:00+08:00' }] },
			{ id: anna.unionId, busy: [] },
		]);
	});
});

describe("'me', where DingTalk has no such call", () => {
	it.each<[string, string, INodeParameters, (eventId: string) => Request]>([
		['event', 'get', {}, (eventId) => reading(eventPath(desk().people[0], eventId))],
		[
			'event',
			'cancel',
			{},
			(eventId) => expect.objectContaining({ path: `${eventPath(desk().people[0], eventId)}/cancel` }) as Request,
		],
		[
			'event',
			'getAll',
			{ view: 'stored', limit: 5 },
			() => reading(`${calendarPath(desk().people[0])}/events`, { maxResults: '5' }),
		],
		['calendar', 'getAll', {}, () => reading(`${userPath(desk().people[0])}/calendars`)],
		['checkIn', 'checkIn', {}, (eventId) => sending('POST', `${eventPath(desk().people[0], eventId)}/signin`, null)],
		['accessControl', 'getAll', {}, () => reading(`${calendarPath(desk().people[0])}/acls`)],
	])('is looked up once for all items: %s %s', async (resource, operation, parameters, expected) => {
		const eventId = plant(desk(), desk().people[0]);
		const { run } = await desk().runNode({
			credential: signedIn(desk(), desk().people[0]),
			parameters: { resource, operation, user: 'me', eventId, timeMin: '', timeMax: '', ...parameters },
			items: [{}, {}],
			onError: 'continueRegularOutput',
		});
		expect(errorOf(run)).toBeUndefined();
		expect(await requestsOf(desk())).toEqual([whoAmI, expected(eventId), expected(eventId)]);
	});

	it('cannot be used by an app without a signed-in user', async () => {
		const { run } = await desk().runNode({ parameters: { resource: 'calendar', operation: 'getAll', user: 'me' } });
		expect(errorOf(run)?.message).toBe(
			"'Person' cannot be used: 'me' works only with a credential of the type 'On Behalf of a User' [Item 0]",
		);
		expect(await callsOf(desk())).toEqual([]);
	});

	it('cannot book rooms with a personal app, and the error says why', async () => {
		const [host] = desk().people;
		const eventId = plant(desk(), host);
		const [{ roomId }] = roomsOf(desk());
		reserve(desk(), eventId, [roomId]);
		const { run } = await asMe('meetingRoom', 'book', { eventId, rooms: roomId });
		expect(errorOf(run)?.message).toBe('Your DingTalk app is not allowed to book the room [Item 0]');
	});
});

/** Tests the Check-In operations on the n8n engine. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { CheckIns } from '../simulator/checkIn/checkInStore';
import { errorOf } from './harness';
import { callsOf, eventPath, hire, plant, reading, requestsOf } from './support/events';
import { useDesk } from './support/setup';
import { meteredBy, sending, stateOf } from './support/state';

const desk = useDesk();

const START = Date.parse('2026-03-03T02:00:00Z');

/** Checking in and checking out, with the names of the node and of DingTalk. */
const WAYS = [
	{
		operation: 'checkIn',
		list: 'getCheckIns',
		linkOf: 'getCheckInLink',
		path: 'signin',
		links: 'signInLinks',
		side: 'in',
		done: 'sign_in',
		shownAs: 'checkedInAt',
	},
	{
		operation: 'checkOut',
		list: 'getCheckOuts',
		linkOf: 'getCheckOutLink',
		path: 'signOut',
		links: 'signOutLinks',
		side: 'out',
		done: 'sign_out',
		shownAs: 'checkedOutAt',
	},
] as const;

/** Creates an event of the first person with the next two as attendees, and sets the simulator's clock to its time. */
function meeting(): string {
	const [host, anna, ben] = desk().people;
	desk().simulator.world.clock.set(START);
	return plant(desk(), host, { attendees: [anna, ben].map(({ unionId }) => ({ id: unionId })) });
}

const came = (eventId: string, unionId: string, side: 'in' | 'out'): number =>
	desk().simulator.world.use(CheckIns).record(eventId, unionId, side);

describe.each(WAYS)('Checking $side', ({ operation, path, side, shownAs }) => {
	it('records the attendance and returns the local time', async () => {
		const [, anna] = desk().people;
		const eventId = meeting();
		const { items, pairs } = await desk().runWorkflow(`checkIn.${operation}`, [{ person: anna.unionId, eventId }]);
		expect(await requestsOf(desk())).toEqual([sending('POST', `${eventPath(anna, eventId)}/${path}`, null)]);
		expect(await meteredBy(desk())).toBe(1);
		expect(items).toEqual([{ id: eventId, [shownAs]: expect.stringMatching(/^2026-03-03T10:00:\d\d\+08:00$/) }]);
		expect(pairs).toEqual([{ item: 0 }]);
		const [entry] = (await stateOf(desk())).checkIns;
		expect(entry).toMatchObject({ eventId, unionId: anna.unionId });
		expect(Math.floor((entry[side] ?? 0) / 1000)).toBe(Date.parse(String(items[0][shownAs])) / 1000);
	});

	it('explains that a person is not invited', async () => {
		const stranger = desk().people[9];
		const eventId = meeting();
		const { run } = await desk().runWorkflow(`checkIn.${operation}`, [{ person: stranger.unionId, eventId }]);
		expect(errorOf(run)?.message).toBe('This person is not invited to the event [Item 0]');
		expect(errorOf(run)?.description).toContain("Invite the person with 'Add' of Attendee first");
		expect((await stateOf(desk())).checkIns).toEqual([]);
	});

	it('explains that the event has too many attendees', async () => {
		const eventId = meeting();
		await desk().control('limits', { checkInPeople: 2 });
		const { run } = await desk().runWorkflow(`checkIn.${operation}`, [{ person: desk().people[0].unionId, eventId }]);
		expect(errorOf(run)?.message).toBe(
			'DingTalk does not support check-in for an event with this many people [Item 0]',
		);
	});
});

describe.each(WAYS)('Listing who checked $side', ({ list, path, side, done, shownAs }) => {
	const run = async (parameters: INodeParameters, timezone = 'Asia/Shanghai'): Promise<IDataObject[]> => {
		const result = await desk().runNode({
			parameters: { resource: 'checkIn', operation: list, user: desk().people[0].unionId, ...parameters },
			timezone,
		});
		expect(errorOf(result.run)).toBeUndefined();
		return result.items;
	};

	it('lists the people who have, with local times', async () => {
		const [host, anna] = desk().people;
		const eventId = meeting();
		came(eventId, anna.unionId, side);
		const { items, pairs } = await desk().runWorkflow(`checkIn.${list}`, [
			{ person: host.unionId, eventId, who: 'done' },
		]);
		expect(await requestsOf(desk())).toEqual([
			reading(`${eventPath(host, eventId)}/${path}`, { type: done, maxResults: '500' }),
		]);
		expect(await meteredBy(desk())).toBe(1);
		expect(items).toEqual([
			{ id: anna.unionId, name: anna.name, [shownAs]: expect.stringMatching(/^2026-03-03T10:00:\d\d\+08:00$/) },
		]);
		expect(pairs).toEqual([{ item: 0 }]);
		expect(await run({ eventId }, 'America/New_York')).toMatchObject([
			{ [shownAs]: expect.stringMatching(/^2026-03-02T21:00:\d\d-05:00$/) },
		]);
	});

	it('lists the people who have not yet, without a time', async () => {
		const [host, anna, ben] = desk().people;
		const eventId = meeting();
		came(eventId, anna.unionId, side);
		const { items } = await desk().runWorkflow(`checkIn.${list}`, [{ person: host.unionId, eventId, who: 'missing' }]);
		expect(await requestsOf(desk())).toEqual([
			reading(`${eventPath(host, eventId)}/${path}`, { type: `not_yet_${done}`, maxResults: '500' }),
		]);
		expect(items).toEqual([host, ben].map(({ unionId, name }) => ({ id: unionId, name, [shownAs]: null })));
	});

	it('reads no more pages than the limit needs', async () => {
		const [host] = desk().people;
		const crowd = hire(desk(), 1001);
		const guests = (from: number, to: number) => crowd.slice(from, to).map(({ unionId }) => ({ id: unionId }));
		const eventId = plant(desk(), host, { attendees: guests(0, 500) });
		for (const from of [500, 1000]) {
			await desk().runNode({
				parameters: {
					resource: 'attendee',
					operation: 'add',
					user: host.unionId,
					eventId,
					attendees: guests(from, from + 500),
				},
			});
		}
		await desk().recorder.clear();
		const participants = [host, ...crowd].map(({ unionId }) => unionId);
		const page = (nextToken?: string) =>
			reading(`${eventPath(host, eventId)}/${path}`, {
				type: `not_yet_${done}`,
				maxResults: '500',
				...(nextToken === undefined ? {} : { nextToken }),
			});
		const all = await run({ eventId, who: 'missing', returnAll: true });
		expect(all.map(({ id }) => id)).toEqual(participants);
		expect(await requestsOf(desk())).toEqual([page(), page('500'), page('1000')]);
		expect(await meteredBy(desk())).toBe(Math.ceil(1002 / 500));

		await desk().recorder.clear();
		const some = await run({ eventId, who: 'missing', limit: 500 });
		expect(some.map(({ id }) => id)).toEqual(participants.slice(0, 500));
		expect(await requestsOf(desk())).toEqual([page()]);
	});
});

describe.each(WAYS)('The link to check $side', ({ linkOf, links }) => {
	it('returns a link to the organizer', async () => {
		const [host] = desk().people;
		const eventId = meeting();
		const { items } = await desk().runWorkflow(`checkIn.${linkOf}`, [{ person: host.unionId, eventId }]);
		expect(await requestsOf(desk())).toEqual([reading(`${eventPath(host, eventId)}/${links}`)]);
		expect(await meteredBy(desk())).toBe(1);
		expect(items).toEqual([{ id: eventId, link: expect.stringMatching(/^http:\/\/qr\.dingtalk\.com\//) }]);
	});

	it('returns the link to no one else and explains why', async () => {
		const eventId = meeting();
		const { run } = await desk().runWorkflow(`checkIn.${linkOf}`, [{ person: desk().people[1].unionId, eventId }]);
		expect(errorOf(run)?.message).toMatch(/^This person is not allowed to get the check-(in|out) link \[Item 0\]$/);
		expect(errorOf(run)?.description).toContain('usually the organizer');
	});
});

describe('getting a check-in link', () => {
	it('returns another link than for checking out', async () => {
		const item = { person: desk().people[0].unionId, eventId: meeting() };
		const checkIn = await desk().runWorkflow('checkIn.getCheckInLink', [item]);
		const checkOut = await desk().runWorkflow('checkIn.getCheckOutLink', [item]);
		expect(checkIn.items[0].link).not.toBe(checkOut.items[0].link);
	});
});

describe('using the Check-In resource with invalid input', () => {
	it.each<[string, INodeParameters]>([
		["'Attendee' is empty", { operation: 'checkIn', user: "={{ '' }}", eventId: 'e' }],
		["'Event' is empty", { operation: 'checkIn', eventId: '={{ null }}' }],
		["'Attendee' is empty", { operation: 'checkOut', user: '={{ null }}', eventId: 'e' }],
		["'Event' is empty", { operation: 'checkOut', eventId: "={{ ' ' }}" }],
		["'Event' is empty", { operation: 'getCheckIns', eventId: "={{ '' }}" }],
		["'Status' has no option 'all'", { operation: 'getCheckIns', eventId: 'e', who: "={{ 'all' }}" }],
		[
			"'Limit' must be a whole number from 1 to 9007199254740991, not -1",
			{ operation: 'getCheckOuts', eventId: 'e', limit: '={{ -1 }}' },
		],
		["'Person' is empty", { operation: 'getCheckOuts', user: "={{ '' }}", eventId: 'e' }],
		["'Organizer' is empty", { operation: 'getCheckInLink', user: "={{ '' }}", eventId: 'e' }],
		["'Event' is empty", { operation: 'getCheckOutLink', eventId: "={{ '' }}" }],
	])('fails before any call: %s', async (message, parameters) => {
		const { run } = await desk().runNode({
			parameters: { resource: 'checkIn', user: desk().people[0].unionId, ...parameters },
		});
		expect(errorOf(run)?.message).toBe(`${message} [Item 0]`);
		expect(await callsOf(desk())).toEqual([]);
	});
});

it('checks in with the call from before check-out existed', async () => {
	const [, anna] = desk().people;
	const eventId = meeting();
	const { items, run } = await desk().runNode({
		parameters: {
			resource: 'checkIn',
			operation: 'checkIn',
			user: anna.unionId,
			eventId,
			options: { useOldCall: true },
		},
	});
	expect(errorOf(run)).toBeUndefined();
	expect(await requestsOf(desk())).toEqual([sending('POST', `${eventPath(anna, eventId)}/checkIn`, null)]);
	expect(items).toEqual([{ id: eventId, checkedInAt: expect.stringMatching(/^2026-03-03T10:00:/) }]);
});

/** Drives the calls that add and remove attendees with DingTalk's official client against the simulator. */
import { invalidParameter, itemNotFound, refusalOf } from './refusal';
import { at, daily, meeting } from './samples';
import { useStage } from './stage';
import { CalendarStore } from '../simulator/calendar/calendarStore';

const stage = useStage();

const BLANK = '%20';

const idsOf = (attendees: Array<{ id?: string }> = []): Array<string | undefined> => attendees.map(({ id }) => id);

describe('addAttendee', () => {
	it('invites people and returns an empty body', async () => {
		const [host, guest] = [await stage.user(0), await stage.user(1)];
		const id = await host.createId(meeting());
		expect(await host.addAttendees(id, [{ id: guest.unionId, isOptional: true }])).toBe('');
		const { attendees } = await guest.attendees(id);
		expect(attendees).toContainEqual(
			expect.objectContaining({ id: guest.unionId, responseStatus: 'needsAction', self: true, isOptional: true }),
		);
		expect((await guest.list()).events).toMatchObject([{ id }]);
	});

	it('leaves an existing attendee and their response unchanged', async () => {
		const [host, guest] = [await stage.user(0), await stage.user(1)];
		const id = await host.createId(meeting({ attendees: [{ id: guest.unionId }] }));
		await guest.respond(id, 'accepted');
		expect(await host.addAttendees(id, [{ id: guest.unionId }])).toBe('');
		const { attendees = [] } = await host.attendees(id);
		expect(attendees.filter((attendee) => attendee.id === guest.unionId)).toMatchObject([
			{ responseStatus: 'accepted' },
		]);
	});

	it('accepts 500 people per call and 5000 in total, and no more', async () => {
		stage.hire(5001);
		const host = await stage.user();
		const id = await host.createId(meeting());
		expect(await refusalOf(host.addAttendees(id, stage.crowd(501)))).toEqual(invalidParameter());
		for (let batch = 0; batch < 10; batch++) await host.addAttendees(id, stage.crowd(500, batch * 500));
		expect(await refusalOf(host.addAttendees(id, stage.crowd(1, 5000)))).toEqual(invalidParameter());
		expect(await host.addAttendees(id, stage.crowd(1, 4999))).toBe('');
	});

	it('returns invalidParameter without attendees', async () => {
		const host = await stage.user();
		const id = await host.createId(meeting());
		for (const nobody of [undefined, [], [{}], [{ id: 'manager4220' }]]) {
			expect(await refusalOf(host.addAttendees(id, nobody))).toEqual(invalidParameter());
		}
		expect(await refusalOf(host.on(BLANK).addAttendees(id, []))).toEqual(
			invalidParameter('CalendarId cannot be blank'),
		);
	});

	it('returns itemNotFound for an event that is not on the calendar', async () => {
		const [host, stranger] = [await stage.user(0), await stage.user(1)];
		const id = await host.createId(meeting());
		const people = [{ id: stage.person(2).unionId }];
		expect(await refusalOf(host.addAttendees('nothing', people))).toEqual(itemNotFound);
		expect(await refusalOf(stranger.addAttendees(id, people))).toEqual(itemNotFound);
		await stage.set({ writesToCancelled: 'refused' });
		await host.delete(id);
		expect(await refusalOf(host.addAttendees(id, people))).toEqual(itemNotFound);
	});
});

describe('removeAttendee', () => {
	it('removes people from the list and the event from their calendars, and returns an empty body', async () => {
		const [host, guest] = [await stage.user(0), await stage.user(1)];
		const id = await host.createId(meeting({ attendees: [{ id: guest.unionId }] }));
		expect(await host.removeAttendees(id, [{ id: guest.unionId }])).toBe('');
		expect(idsOf((await host.attendees(id)).attendees)).toEqual([host.unionId]);
		expect((await guest.list()).events).toEqual([]);
		expect(await refusalOf(guest.get(id))).toEqual(itemNotFound);
	});

	it('ignores a person who is not invited and keeps the organizer', async () => {
		const host = await stage.user();
		await stage.set({ removeOrganizer: 'ignored' });
		const id = await host.createId(meeting());
		expect(await host.removeAttendees(id, [{ id: stage.person(9).unionId }, { id: host.unionId }])).toBe('');
		expect(await host.removeAttendees(id)).toBe('');
		expect(idsOf((await host.attendees(id)).attendees)).toEqual([host.unionId]);
	});

	it('returns invalidParameter for 501 people, people without ID and a blank calendar ID', async () => {
		const host = await stage.user();
		const id = await host.createId(meeting());
		const people = Array.from({ length: 501 }, (_, i) => ({ id: String(i) }));
		expect(await refusalOf(host.removeAttendees(id, people))).toEqual(invalidParameter());
		expect(await host.removeAttendees(id, people.slice(1))).toBe('');
		expect(await refusalOf(host.removeAttendees(id, [{}]))).toEqual(invalidParameter());
		expect(await refusalOf(host.on(BLANK).removeAttendees(id))).toEqual(invalidParameter('CalendarId cannot be blank'));
	});

	it('returns itemNotFound for an event that is not on the calendar', async () => {
		const [host, stranger] = [await stage.user(0), await stage.user(1)];
		const id = await host.createId(meeting());
		expect(await refusalOf(host.removeAttendees('nothing', []))).toEqual(itemNotFound);
		expect(await refusalOf(stranger.removeAttendees(id, []))).toEqual(itemNotFound);
	});
});

describe('respondEvent', () => {
	it.each(['accepted', 'declined', 'tentative', 'needsAction'])(
		'sets the response of the user in the path to "%s" and returns an empty body',
		async (status) => {
			const [host, guest] = [await stage.user(0), await stage.user(1)];
			const id = await host.createId(meeting({ attendees: [{ id: guest.unionId }] }));
			expect(await guest.respond(id, status)).toBe('');
			const { attendees } = await host.attendees(id);
			expect(attendees).toContainEqual(expect.objectContaining({ id: guest.unionId, responseStatus: status }));
			expect((await guest.list()).events).toHaveLength(1);
		},
	);

	it('sets the response to one occurrence of a series', async () => {
		const [host, guest] = [await stage.user(0), await stage.user(1)];
		await host.create(meeting({ recurrence: daily(), attendees: [{ id: guest.unionId }] }));
		const window = { timeMin: '2026-03-03T00:00:00+08:00', timeMax: '2026-03-05T00:00:00+08:00' };
		const { events = [] } = await guest.view(window);
		await guest.respond(events[0].id ?? '', 'declined');
		const answers = (await guest.view(window)).events?.map(
			({ attendees = [] }) => attendees.find(({ self }) => self)?.responseStatus,
		);
		expect(answers).toEqual(['declined', 'needsAction']);
	});

	it.each([undefined, '', 'yes', 'Accepted'])('returns invalidParameter for the response "%s"', async (status) => {
		const host = await stage.user();
		const id = await host.createId(meeting());
		expect(await refusalOf(host.respond(id, status))).toEqual(invalidParameter());
		expect(await refusalOf(host.on(BLANK).respond(id, 'accepted'))).toEqual(
			invalidParameter('CalendarId cannot be blank'),
		);
	});

	it('returns itemNotFound to a user who is not invited', async () => {
		const [host, stranger] = [await stage.user(0), await stage.user(1)];
		const id = await host.createId(meeting());
		expect(await refusalOf(stranger.respond(id, 'accepted'))).toEqual(itemNotFound);
		expect(await refusalOf(host.respond('nothing', 'accepted'))).toEqual(itemNotFound);
	});

	it('is needed again after the event was moved', async () => {
		const [host, guest] = [await stage.user(0), await stage.user(1)];
		const id = await host.createId(meeting({ attendees: [{ id: guest.unionId }] }));
		await guest.respond(id, 'accepted');
		await host.patch(id, { summary: 'Same time' });
		const answer = async (): Promise<unknown> =>
			(await guest.attendees(id)).attendees?.find(({ self }) => self)?.responseStatus;
		expect(await answer()).toBe('accepted');
		await host.patch(id, { start: at('2026-03-02T10:30:00+08:00') });
		expect(await answer()).toBe('needsAction');
	});
});

describe('listAttendees', () => {
	it('returns pages of 100 by default and of up to 500 on request', async () => {
		stage.hire(750);
		const host = await stage.user();
		const id = await host.createId(meeting({ attendees: stage.crowd(500) }));
		await host.addAttendees(id, stage.crowd(250, 500));
		expect((await host.attendees(id)).attendees).toHaveLength(100);
		// The documentation's own sample begins like this.
		const first = await host.attendees(id, { maxResults: 500, nextToken: '0' });
		const second = await host.attendees(id, { maxResults: 500, nextToken: first.nextToken });
		expect(first.attendees).toHaveLength(500);
		expect(second.nextToken).toBeUndefined();
		const everybody = [...idsOf(first.attendees), ...idsOf(second.attendees)];
		expect(new Set(everybody).size).toBe(751);
	});

	it.each<[string, string, (eventId: string) => Promise<unknown>]>([
		[
			'invalidParameter.event.calendarId',
			'CalendarId cannot be blank',
			async (id) => (await stage.user()).on(BLANK).attendees(id),
		],
		['invalidParameter.event.eventId', 'eventId cannot be blank', async () => (await stage.user()).attendees(BLANK)],
		[
			'invalidParameter.maxResults',
			'maxResults size must within range [0,500]',
			async (id) => (await stage.user()).attendees(id, { maxResults: 501 }),
		],
		[
			'invalidParameter.subscribed.invalid',
			'Subscribed calendar not support this method',
			async (id) => (await stage.user()).on('subscribed').attendees(id),
		],
	])('returns %s: %s', async (code, message, ask) => {
		// Subscribing is another part of the calendar; here it is enough that the id is one of those.
		stage.world.use(CalendarStore).subscribedCalendarIds.add('subscribed');
		const id = await (await stage.user()).createId(meeting());
		expect(await refusalOf(ask(id))).toEqual({ status: 400, code, message });
	});

	it('returns invalidParameter, not 404, for an unknown event and an invalid page token', async () => {
		const host = await stage.user();
		const id = await host.createId(meeting());
		expect(await refusalOf(host.attendees('nothing'))).toEqual(invalidParameter());
		expect(await refusalOf(host.attendees(id, { nextToken: 'nonsense' }))).toEqual(invalidParameter());
	});

	it('treats maxResults 0, which its range allows, as the default page size', async () => {
		const host = await stage.user();
		const id = await host.createId(meeting());
		expect((await host.attendees(id, { maxResults: 0 })).attendees).toHaveLength(1);
	});
});

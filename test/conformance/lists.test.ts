/** Reads event lists page by page, and their changes by sync token, with DingTalk's official client. */
import { at, DAY, daily, HOUR, meeting, meetingOn } from './samples';
import { useStage } from './stage';
import type { CalendarUser, Fields } from './user';

const stage = useStage();

interface Listed {
	id?: string;
	summary?: string;
	status?: string;
	start?: { dateTime?: string };
}

const summaries = (events: Listed[] = []): Array<string | undefined> => events.map(({ summary }) => summary);

/** Every page of a list, and the sync token of the last one. */
async function everything(user: CalendarUser, query: Fields): Promise<{ pages: Listed[][]; syncToken?: string }> {
	const pages: Listed[][] = [];
	let nextToken: string | undefined;
	for (;;) {
		const page = await user.list({ ...query, nextToken });
		pages.push(page.events ?? []);
		({ nextToken } = page);
		if (nextToken === undefined) return { pages, syncToken: page.syncToken };
		expect(page.syncToken).toBeUndefined();
	}
}

/** What has changed since, by name and status. */
async function delta(
	user: CalendarUser,
	syncToken: string | undefined,
): Promise<{ changed: string[]; syncToken?: string }> {
	const { pages, ...rest } = await everything(user, { syncToken });
	return { changed: pages.flat().map(({ summary, status }) => `${summary ?? ''} ${status ?? ''}`), ...rest };
}

const syncTokenOf = async (user: CalendarUser): Promise<string | undefined> => (await everything(user, {})).syncToken;

describe('listEvents', () => {
	it('returns each event once, page by page, and a sync token on the last page only', async () => {
		const host = await stage.user();
		for (let i = 0; i < 7; i++) await host.create(meeting({ summary: `Event ${i}` }));
		const { pages, syncToken } = await everything(host, { maxResults: 3 });
		expect(pages.map(({ length }) => length)).toEqual([3, 3, 1]);
		expect(new Set(summaries(pages.flat())).size).toBe(7);
		expect(syncToken).toBeTruthy();
	});

	it('returns 100 events per page by default', async () => {
		const [host, guest] = [await stage.user(0), await stage.user(1)];
		const attendees = [{ id: guest.unionId }];
		await Promise.all(Array.from({ length: 60 }, () => host.create(meeting({ attendees }))));
		await Promise.all(Array.from({ length: 60 }, () => guest.create(meeting())));
		expect((await everything(guest, {})).pages.map(({ length }) => length)).toEqual([100, 20]);
	});

	it('filters by start time, with an inclusive lower and an exclusive upper bound', async () => {
		const host = await stage.user();
		for (const day of ['2026-03-03', '2026-03-04', '2026-03-05']) await host.create(meetingOn(day, { summary: day }));
		const inside = async (timeMin: string, timeMax: string): Promise<unknown> =>
			summaries((await host.list({ timeMin, timeMax })).events);
		expect(await inside('2026-03-03T10:00:00+08:00', '2026-03-05T10:00:00+08:00')).toEqual([
			'2026-03-03',
			'2026-03-04',
		]);
		// It has begun before the window, however long it lasts.
		expect(await inside('2026-03-03T10:00:01+08:00', '2026-03-03T11:00:00+08:00')).toEqual([]);
	});

	it('returns no sync token with timeMax, but one with only timeMin', async () => {
		const host = await stage.user();
		await host.create(meeting());
		expect((await host.list({ timeMax: '2026-12-31T00:00:00Z' })).syncToken).toBeUndefined();
		expect((await host.list({ timeMin: '2026-01-01T00:00:00Z' })).syncToken).toBeTruthy();
	});

	it('returns deleted events only on request', async () => {
		const host = await stage.user();
		await host.delete(await host.createId(meeting()));
		expect((await host.list({ showDeleted: false })).events).toEqual([]);
		expect((await host.list({ showDeleted: true })).events).toMatchObject([{ status: 'cancelled' }]);
	});

	it('returns only the occurrences of a series that have begun', async () => {
		const host = await stage.user();
		const id = await host.createId(meeting({ recurrence: daily() }));
		expect((await host.list()).events).toEqual([]);
		await stage.advance(2 * DAY + 2 * HOUR);
		const user = stage.calendarOf(host.unionId, await stage.appToken());
		const { events = [] } = await user.list();
		expect(events.map(({ start }) => start?.dateTime)).toEqual([
			'2026-03-02T10:00:00+08:00',
			'2026-03-03T10:00:00+08:00',
			'2026-03-04T10:00:00+08:00',
		]);
		for (const event of events) {
			expect(event.seriesMasterId).toBe(id);
			expect(event.id).not.toBe(id);
		}
	});

	it('can be limited to one series', async () => {
		const host = await stage.user();
		const [past, future] = ['2026-02-27', '2026-03-05'].map((day) => (fields: Fields) => meetingOn(day, fields));
		const seriesMasterId = await host.createId(past({ summary: 'series', recurrence: daily() }));
		await host.create(past({ summary: 'other series', recurrence: daily() }));
		await host.create(past({ summary: 'single' }));
		await host.create(future({ summary: 'single' }));
		const { events } = await host.list({ seriesMasterId });
		expect(summaries(events)).toEqual(['series', 'series', 'series']);
	});

	it('embeds no more attendees than maxAttendees', async () => {
		const host = await stage.user();
		await host.create(meeting({ attendees: [1, 2, 3].map((i) => ({ id: stage.person(i).unionId })) }));
		expect((await host.list({ maxAttendees: 1 })).events?.[0].attendees).toHaveLength(1);
		expect((await host.list()).events?.[0].attendees).toHaveLength(4);
	});
});

describe('A sync token', () => {
	it('returns what was created, changed and deleted since, and nothing else', async () => {
		const host = await stage.user();
		await host.create(meeting({ summary: 'untouched' }));
		const changed = await host.createId(meeting({ summary: 'to change' }));
		const deleted = await host.createId(meeting({ summary: 'to delete' }));
		const syncToken = await syncTokenOf(host);
		await host.patch(changed, { summary: 'changed' });
		await host.delete(deleted);
		await host.create(meeting({ summary: 'new' }));
		const first = await delta(host, syncToken);
		expect(first.changed.sort()).toEqual(['changed confirmed', 'new confirmed', 'to delete cancelled']);
		expect((await delta(host, first.syncToken)).changed).toEqual([]);
	});

	it('can be used again and returns the same changes and later ones', async () => {
		const host = await stage.user();
		const syncToken = await syncTokenOf(host);
		await host.create(meeting({ summary: 'one' }));
		expect((await delta(host, syncToken)).changed).toEqual(['one confirmed']);
		await host.create(meeting({ summary: 'two' }));
		expect((await delta(host, syncToken)).changed.sort()).toEqual(['one confirmed', 'two confirmed']);
	});

	it('returns invitations, responses and removals to an attendee', async () => {
		const [host, guest] = [await stage.user(0), await stage.user(1)];
		const id = await host.createId(meeting({ summary: 'party' }));
		const before = await syncTokenOf(guest);
		await host.addAttendees(id, [{ id: guest.unionId }]);
		const invited = await delta(guest, before);
		expect(invited.changed).toEqual(['party confirmed']);
		await guest.respond(id, 'accepted');
		const answered = await delta(guest, invited.syncToken);
		expect(answered.changed).toEqual(['party confirmed']);
		await host.removeAttendees(id, [{ id: guest.unionId }]);
		expect((await delta(guest, answered.syncToken)).changed).toEqual(['party cancelled']);
	});

	it('returns the occurrences of a series once they begin', async () => {
		const host = await stage.user();
		await host.create(meeting({ summary: 'daily', recurrence: daily() }));
		const syncToken = await syncTokenOf(host);
		await stage.advance(DAY + 2 * HOUR);
		const user = stage.calendarOf(host.unionId, await stage.appToken());
		expect((await delta(user, syncToken)).changed).toEqual(['daily confirmed', 'daily confirmed']);
	});

	it('returns its changes in pages', async () => {
		const host = await stage.user();
		const syncToken = await syncTokenOf(host);
		for (let i = 0; i < 5; i++) await host.create(meeting({ summary: `Event ${i}` }));
		const { pages, ...last } = await everything(host, { syncToken, maxResults: 2 });
		expect(pages.map(({ length }) => length)).toEqual([2, 2, 1]);
		expect((await delta(host, last.syncToken)).changed).toEqual([]);
	});
});

describe('listEventsView', () => {
	const days = async (user: CalendarUser, timeMin: string, timeMax: string): Promise<unknown> =>
		(await user.view({ timeMin, timeMax })).events?.map(({ start }) => start?.dateTime?.slice(0, 10));

	it('expands a series over the window, both past and future', async () => {
		const host = await stage.user();
		const id = await host.createId(meetingOn('2026-02-27', { recurrence: daily() }));
		const { events = [] } = await host.view({
			timeMin: '2026-02-01T00:00:00+08:00',
			timeMax: '2026-03-06T00:00:00+08:00',
		});
		expect(events.map(({ start }) => start?.dateTime?.slice(5, 10))).toEqual([
			'02-27',
			'02-28',
			'03-01',
			'03-02',
			'03-03',
			'03-04',
			'03-05',
		]);
		for (const event of events) expect(event.seriesMasterId).toBe(id);
		expect(new Set(events.map((event) => event.id)).size).toBe(7);
		// Looking does not store anything.
		expect((await host.list()).events).toHaveLength(3);
	});

	it('includes an event that ends at timeMin and excludes one that starts at timeMax, as documented', async () => {
		const host = await stage.user();
		await host.create(meetingOn('2026-03-03'));
		const tuesday = ['2026-03-03'];
		expect(await days(host, '2026-03-03T11:00:00+08:00', '2026-03-04T00:00:00+08:00')).toEqual(tuesday);
		expect(await days(host, '2026-03-03T11:00:01+08:00', '2026-03-04T00:00:00+08:00')).toEqual([]);
		expect(await days(host, '2026-03-03T00:00:00+08:00', '2026-03-03T10:00:00+08:00')).toEqual([]);
		expect(await days(host, '2026-03-03T00:00:00+08:00', '2026-03-03T10:00:01+08:00')).toEqual(tuesday);
	});

	it('treats occurrences of a series at the edges of the window in the same way', async () => {
		const host = await stage.user();
		await host.create(meetingOn('2026-03-03', { recurrence: daily() }));
		expect(await days(host, '2026-03-10T11:00:00+08:00', '2026-03-12T10:00:00+08:00')).toEqual([
			'2026-03-10',
			'2026-03-11',
		]);
		expect(await days(host, '2026-03-10T11:00:01+08:00', '2026-03-12T10:00:01+08:00')).toEqual([
			'2026-03-11',
			'2026-03-12',
		]);
	});

	it('returns an event that began long before the window and has not ended', async () => {
		const host = await stage.user();
		await host.create(meeting({ end: at('2026-03-09T10:00:00+08:00') }));
		expect(await days(host, '2026-03-08T00:00:00+08:00', '2026-03-08T01:00:00+08:00')).toEqual(['2026-03-02']);
	});

	it('returns each occurrence once, page by page', async () => {
		const host = await stage.user();
		await host.create(meeting({ recurrence: daily() }));
		await host.create(meeting({ recurrence: daily() }));
		const seen: Array<string | undefined> = [];
		const sizes: number[] = [];
		let nextToken: string | undefined;
		do {
			const page = await host.view({
				timeMin: '2026-03-02T00:00:00+08:00',
				timeMax: '2026-03-12T00:00:00+08:00',
				maxResults: 7,
				nextToken,
			});
			sizes.push(page.events?.length ?? 0);
			seen.push(...(page.events ?? []).map(({ id }) => id));
			({ nextToken } = page);
		} while (nextToken !== undefined);
		expect(sizes).toEqual([7, 7, 6]);
		expect(new Set(seen).size).toBe(20);
	});

	it('returns neither reminders nor sync tokens, but links to open events', async () => {
		const host = await stage.user();
		await host.create(meeting());
		const { events = [] } = await host.view();
		expect(events[0].extendedProperties?.privateProperties?.dingtalkDetailUrl).toMatch(/^dingtalk:/);
	});
});

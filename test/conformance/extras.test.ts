/** Drives the calls that DingTalk's client has and its pages do not document. */
import { invalidParameter, itemNotFound, refusalOf } from './refusal';
import { daily, meeting } from './samples';
import { useStage } from './stage';

const stage = useStage();

const WEEK = { timeMin: '2026-03-02T00:00:00+08:00', timeMax: '2026-03-09T00:00:00+08:00' };

describe('cancelEvent', () => {
	it('cancels an event for all attendees', async () => {
		const [host, guest] = [await stage.user(0), await stage.user(1)];
		const id = await host.createId(meeting({ attendees: [{ id: guest.unionId }] }));
		expect(await host.cancel(id)).toEqual({ result: true });
		expect((await guest.view(WEEK)).events).toEqual([]);
		expect((await guest.list({ showDeleted: true })).events).toMatchObject([{ id, status: 'cancelled' }]);
	});

	it('cancels a single occurrence of a series', async () => {
		const host = await stage.user();
		await host.create(meeting({ recurrence: daily() }));
		const { events = [] } = await host.view(WEEK);
		await host.cancel(events[3].id ?? '');
		expect((await host.view(WEEK)).events).toHaveLength(6);
	});

	it('is refused for an unknown event', async () => {
		expect(await refusalOf((await stage.user()).cancel('nothing'))).toEqual(itemNotFound);
	});
});

describe('transferEvent', () => {
	it('makes another user the organizer and the former one an attendee', async () => {
		const [host, heir] = [await stage.user(0), await stage.user(1)];
		const id = await host.createId(meeting());
		const to = { newOrganizerId: heir.unionId, isExitCalendar: false, needNotifyViaO2O: true };
		expect(await host.transfer(id, to)).toEqual({ result: true });
		expect((await heir.get(id)).organizer).toMatchObject({ id: heir.unionId, self: true });
		expect((await heir.patch(id, { summary: 'Mine now' })).summary).toBe('Mine now');
		expect(await refusalOf(host.patch(id, { summary: 'Still mine' }))).toMatchObject({ status: 400 });
		expect((await host.get(id)).summary).toBe('Mine now');
	});

	it('removes the former organizer from the event on request', async () => {
		const [host, heir] = [await stage.user(0), await stage.user(1)];
		const id = await host.createId(meeting());
		await host.transfer(id, { newOrganizerId: heir.unionId, isExitCalendar: true });
		expect((await host.list()).events).toEqual([]);
		expect((await heir.attendees(id)).attendees).toMatchObject([{ id: heir.unionId }]);
	});

	it('is refused without a new organizer, with one given by userId and for an unknown event', async () => {
		const host = await stage.user();
		const id = await host.createId(meeting());
		expect(await refusalOf(host.transfer(id, {}))).toEqual(invalidParameter());
		expect(await refusalOf(host.transfer(id, { newOrganizerId: 'manager4220' }))).toEqual(invalidParameter());
		expect(await refusalOf(host.transfer('nothing', { newOrganizerId: host.unionId }))).toEqual(itemNotFound);
	});
});

describe('convertLegacyEventId', () => {
	it('returns the current IDs of events for their legacy IDs', async () => {
		const host = await stage.user();
		const id = await host.createId(meeting());
		const [{ legacyId }] = (await stage.state()).events;
		expect(await host.convertLegacyIds([legacyId, 'unknown'])).toEqual({ legacyEventIdMap: { [legacyId]: id } });
	});

	it('is refused without IDs', async () => {
		const host = await stage.user();
		for (const ids of [undefined, []]) expect(await refusalOf(host.convertLegacyIds(ids))).toEqual(invalidParameter());
	});
});

describe('listCategories', () => {
	it('returns IDs that an event accepts', async () => {
		const host = await stage.user();
		const { categories = [] } = await host.categories();
		const [{ openCategoryId: categoryId, displayName }] = categories;
		const id = await host.createId(meeting({ categories: [{ categoryId }] }));
		expect((await host.get(id)).categories).toEqual([{ displayName }]);
	});
});

describe('The calls for the signed-in user (createEventByMe, listEventsViewByMe)', () => {
	it('create and list events of the user that the token belongs to', async () => {
		const me = await stage.self(3, 'sim-personal');
		const { id, organizer } = await me.createByMe(meeting({ recurrence: daily() }));
		expect(organizer).toMatchObject({ id: me.unionId, self: true });
		const page = await me.viewByMe({ ...WEEK, maxResults: 4 });
		expect(page.events).toHaveLength(4);
		expect((await me.viewByMe({ ...WEEK, nextToken: page.nextToken })).events).toHaveLength(3);
		for (const event of page.events ?? []) expect(event.seriesMasterId).toBe(id);
		expect((await (await stage.user(3)).view(WEEK)).events).toHaveLength(7);
	});

	it('do not require an end time', async () => {
		const created = await (await stage.self()).createByMe(meeting({ end: undefined }));
		expect(created.end?.dateTime).toBeTruthy();
	});

	it('refuse what the calls with a user ID refuse', async () => {
		const me = await stage.self();
		expect(await refusalOf(me.createByMe(meeting({ summary: '' })))).toEqual(
			invalidParameter('Event summary cannot be blank'),
		);
		expect(await refusalOf(me.createByMe(meeting({ start: {} })))).toEqual(
			invalidParameter('Event start time not set.'),
		);
		expect(await refusalOf(me.on('%20').createByMe(meeting()))).toEqual(invalidParameter('CalendarId cannot be blank'));
		expect(await refusalOf(me.viewByMe({ maxResults: 101 }))).toEqual(invalidParameter());
		expect(await refusalOf(me.on('%20').viewByMe())).toEqual(invalidParameter('CalendarId cannot be blank'));
	});

	it('refuse the token of an app', async () => {
		const app = await stage.user();
		expect(await refusalOf(app.createByMe(meeting()))).toMatchObject({ status: 403 });
		expect(await refusalOf(app.viewByMe())).toMatchObject({ status: 403 });
	});
});

describe('Each type of app', () => {
	it.each(['sim-internal', 'sim-thirdparty'])('can use calendars: %s with its own token', async (clientId) => {
		const host = await stage.user(3, clientId);
		const id = await host.createId(meeting({ attendees: [{ id: stage.person(4).unionId }] }));
		expect(await (await stage.user(4, clientId)).respond(id, 'tentative')).toBe('');
		expect(await host.delete(id)).toBe('');
	});

	it.each(['sim-internal', 'sim-thirdparty', 'sim-personal'])(
		'can use calendars: %s with a user token',
		async (clientId) => {
			const me = await stage.self(3, clientId);
			const id = await me.createId(meeting());
			expect(await me.patch(id, { summary: 'Other' })).toMatchObject({ id });
			expect(await me.delete(id)).toBe('');
		},
	);
});

describe('A user token', () => {
	it('gives access to the calendar of that user only', async () => {
		const me = await stage.self(3);
		expect(await me.createId(meeting())).toBeTruthy();
		const other = stage.calendarOf(stage.person(4).unionId, me.token);
		expect(await refusalOf(other.list())).toMatchObject({ status: 403, code: 'permissionDenied' });
	});
});

import { invalidParameter, itemNotFound, refusalOf } from './refusal';
import { daily, meeting } from './samples';
import { useStage } from './stage';

const stage = useStage();

const WEEK = { timeMin: '2026-03-02T00:00:00+08:00', timeMax: '2026-03-09T00:00:00+08:00' };

describe('cancelEvent', () => {
	it('calls an event off for everybody', async () => {
		const [host, guest] = [await stage.user(0), await stage.user(1)];
		const id = await host.createId(meeting({ attendees: [{ id: guest.unionId }] }));
		expect(await host.cancel(id)).toEqual({ result: true });
		expect((await guest.view(WEEK)).events).toEqual([]);
		expect((await guest.list({ showDeleted: true })).events).toMatchObject([{ id, status: 'cancelled' }]);
	});

	it('calls a single date of a series off', async () => {
		const host = await stage.user();
		await host.create(meeting({ recurrence: daily() }));
		const { events = [] } = await host.view(WEEK);
		await host.cancel(events[3].id ?? '');
		expect((await host.view(WEEK)).events).toHaveLength(6);
	});

	it('is refused for an event that is not there', async () => {
		expect(await refusalOf((await stage.user()).cancel('nothing'))).toEqual(itemNotFound);
	});
});

describe('transferEvent', () => {
	it('makes somebody else the organizer, and the former one a guest', async () => {
		const [host, heir] = [await stage.user(0), await stage.user(1)];
		const id = await host.createId(meeting());
		const to = { newOrganizerId: heir.unionId, isExitCalendar: false, needNotifyViaO2O: true };
		expect(await host.transfer(id, to)).toEqual({ result: true });
		expect((await heir.get(id)).organizer).toMatchObject({ id: heir.unionId, self: true });
		expect((await heir.patch(id, { summary: 'Mine now' })).summary).toBe('Mine now');
		expect(await refusalOf(host.patch(id, { summary: 'Still mine' }))).toMatchObject({ status: 400 });
		expect((await host.get(id)).summary).toBe('Mine now');
	});

	it('takes the former organizer off the event when asked', async () => {
		const [host, heir] = [await stage.user(0), await stage.user(1)];
		const id = await host.createId(meeting());
		await host.transfer(id, { newOrganizerId: heir.unionId, isExitCalendar: true });
		expect((await host.list()).events).toEqual([]);
		expect((await heir.attendees(id)).attendees).toMatchObject([{ id: heir.unionId }]);
	});

	it('is refused without a new organizer, for one named by userId and for an event that is not there', async () => {
		const host = await stage.user();
		const id = await host.createId(meeting());
		expect(await refusalOf(host.transfer(id, {}))).toEqual(invalidParameter());
		expect(await refusalOf(host.transfer(id, { newOrganizerId: 'manager4220' }))).toEqual(invalidParameter());
		expect(await refusalOf(host.transfer('nothing', { newOrganizerId: host.unionId }))).toEqual(itemNotFound);
	});
});

describe('convertLegacyEventId', () => {
	it('gives the ids of today for those of the old system', async () => {
		const host = await stage.user();
		const id = await host.createId(meeting());
		const [{ legacyId }] = (await stage.state()).events;
		expect(await host.convertLegacyIds([legacyId, 'unknown'])).toEqual({ legacyEventIdMap: { [legacyId]: id } });
	});

	it('is refused without ids', async () => {
		const host = await stage.user();
		for (const ids of [undefined, []]) expect(await refusalOf(host.convertLegacyIds(ids))).toEqual(invalidParameter());
	});
});

describe('listCategories', () => {
	it('gives ids that an event can carry', async () => {
		const host = await stage.user();
		const { categories = [] } = await host.categories();
		const [{ openCategoryId: categoryId, displayName }] = categories;
		const id = await host.createId(meeting({ categories: [{ categoryId }] }));
		expect((await host.get(id)).categories).toEqual([{ displayName }]);
	});
});

describe('the calls for oneself', () => {
	it('create and show events of the person of the token (createEventByMe, listEventsViewByMe)', async () => {
		const me = await stage.self(3, 'sim-personal');
		const { id, organizer } = await me.createByMe(meeting({ recurrence: daily() }));
		expect(organizer).toMatchObject({ id: me.unionId, self: true });
		const page = await me.viewByMe({ ...WEEK, maxResults: 4 });
		expect(page.events).toHaveLength(4);
		expect((await me.viewByMe({ ...WEEK, nextToken: page.nextToken })).events).toHaveLength(3);
		for (const event of page.events ?? []) expect(event.seriesMasterId).toBe(id);
		expect((await (await stage.user(3)).view(WEEK)).events).toHaveLength(7);
	});

	it('do not need an end', async () => {
		const created = await (await stage.self()).createByMe(meeting({ end: undefined }));
		expect(created.end?.dateTime).toBeTruthy();
	});

	it('have the refusals of the other calls', async () => {
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

	it('do not take the token of an app', async () => {
		const app = await stage.user();
		expect(await refusalOf(app.createByMe(meeting()))).toMatchObject({ status: 403 });
		expect(await refusalOf(app.viewByMe())).toMatchObject({ status: 403 });
	});
});

describe('every type of app', () => {
	it.each(['sim-internal', 'sim-thirdparty'])('may work on calendars: %s with its own token', async (clientId) => {
		const host = await stage.user(3, clientId);
		const id = await host.createId(meeting({ attendees: [{ id: stage.person(4).unionId }] }));
		expect(await (await stage.user(4, clientId)).respond(id, 'tentative')).toBe('');
		expect(await host.delete(id)).toBe('');
	});

	it.each(['sim-internal', 'sim-thirdparty', 'sim-personal'])(
		'may work on calendars: %s with the token of a person',
		async (clientId) => {
			const me = await stage.self(3, clientId);
			const id = await me.createId(meeting());
			expect(await me.patch(id, { summary: 'Other' })).toMatchObject({ id });
			expect(await me.delete(id)).toBe('');
		},
	);
});

describe('the token of a person', () => {
	it("serves that person's calendar and nobody else's", async () => {
		const me = await stage.self(3);
		expect(await me.createId(meeting())).toBeTruthy();
		const other = stage.calendarOf(stage.person(4).unionId, me.token);
		expect(await refusalOf(other.list())).toMatchObject({ status: 403, code: 'permissionDenied' });
	});
});

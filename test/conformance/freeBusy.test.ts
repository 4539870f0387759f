/** Drives the free/busy calls with DingTalk's official client against the simulator. */
import { Member } from './member';
import { refusalOf } from './refusal';
import { at, daily, meeting, meetingOn } from './samples';
import { useStage } from './stage';

const stage = useStage();
const member = async (index: number): Promise<Member> => Member.of(await stage.user(index));

const WEEK = { startTime: '2026-03-02T00:00:00+08:00', endTime: '2026-03-09T00:00:00+08:00' };
const paramIllegal = { status: 400, code: 'paramIllegal', message: 'PARAM ILLEGAL' };

describe('getSchedule', () => {
	it('returns busy times in Shanghai time, whatever the time zone of the event', async () => {
		const [asker, host] = [await member(0), await member(1)];
		await host.create(
			meeting({
				start: at('2026-03-02T10:00:00+01:00', 'Europe/Berlin'),
				end: at('2026-03-02T11:00:00+01:00', 'Europe/Berlin'),
			}),
		);
		const { scheduleInformation } = await asker.schedule({ userIds: [host.unionId, asker.unionId], ...WEEK });
		expect(scheduleInformation).toEqual([
			{
				userId: host.unionId,
				scheduleItems: [
					{ status: 'BUSY', start: at('2026-03-02T17:00:00+08:00'), end: at('2026-03-02T18:00:00+08:00') },
				],
			},
			{ userId: asker.unionId, scheduleItems: [] },
		]);
	});

	it('returns all-day events as UTC dates with an exclusive last day', async () => {
		const host = await member(0);
		await host.create({ summary: 'Fair', isAllDay: true, start: { date: '2026-03-04' }, end: { date: '2026-03-06' } });
		const { scheduleInformation } = await host.schedule({ userIds: [host.unionId], ...WEEK });
		expect(scheduleInformation?.[0].scheduleItems).toEqual([
			{ status: 'BUSY', start: { date: '2026-03-04', timeZone: 'UTC' }, end: { date: '2026-03-06', timeZone: 'UTC' } },
		]);
	});

	it('returns each occurrence of a series', async () => {
		const host = await member(0);
		await host.create(meeting({ recurrence: daily() }));
		const { scheduleInformation } = await host.schedule({ userIds: [host.unionId], ...WEEK });
		expect(scheduleInformation?.[0].scheduleItems).toHaveLength(7);
	});

	it('leaves out events that end at the start of the window or start at its end', async () => {
		const host = await member(0);
		await host.create(meeting());
		const schedule = async (startTime: string, endTime: string) =>
			(await host.schedule({ userIds: [host.unionId], startTime, endTime })).scheduleInformation?.[0].scheduleItems;
		expect(await schedule('2026-03-02T11:00:00+08:00', '2026-03-02T12:00:00+08:00')).toEqual([]);
		expect(await schedule('2026-03-02T09:00:00+08:00', '2026-03-02T10:00:00+08:00')).toEqual([]);
		expect(await schedule('2026-03-02T10:59:00+08:00', '2026-03-02T12:00:00+08:00')).toHaveLength(1);
	});

	it('reports tentative responses as tentative, and declined or cancelled events as free', async () => {
		const [host, guest] = [await member(0), await member(1)];
		const invite = (day: string) => host.createId(meetingOn(day, { attendees: [{ id: guest.unionId }] }));
		const ids = [
			await invite('2026-03-02'),
			await invite('2026-03-03'),
			await invite('2026-03-04'),
			await invite('2026-03-05'),
		];
		await guest.respond(ids[0], 'accepted');
		await guest.respond(ids[1], 'tentative');
		await guest.respond(ids[2], 'declined');
		await host.delete(ids[3]);
		const { scheduleInformation } = await host.schedule({ userIds: [guest.unionId], ...WEEK });
		expect(scheduleInformation?.[0].scheduleItems?.map(({ status }) => status)).toEqual(['BUSY', 'TENTATIVE']);
	});

	it('returns an error for an inaccessible user and the schedules of the others', async () => {
		const [asker, host] = [await member(0), await member(1)];
		await host.create(meeting());
		await stage.control('people', { userId: stage.person(1).userId, privateFreeBusy: true });
		const ask = async () =>
			(await asker.schedule({ userIds: [host.unionId, asker.unionId], ...WEEK })).scheduleInformation;
		expect(await ask()).toEqual([
			{ userId: host.unionId, error: '无权限' },
			{ userId: asker.unionId, scheduleItems: [] },
		]);
		await host.share({
			privilege: 'free_busy_reader',
			sendMsg: false,
			scope: { scopeType: 'user', userId: asker.unionId },
		});
		expect((await ask())?.[0]).toMatchObject({ userId: host.unionId, scheduleItems: [{ status: 'BUSY' }] });
	});

	it('accepts at most 20 users per call', async () => {
		const asker = await member(0);
		const people = (count: number): string[] => Array.from({ length: count }, (_, i) => stage.person(i).unionId);
		expect((await asker.schedule({ userIds: people(20), ...WEEK })).scheduleInformation).toHaveLength(20);
		expect(await refusalOf(asker.schedule({ userIds: people(21), ...WEEK }))).toEqual(paramIllegal);
	});

	it.each<[string, object]>([
		['missing users', { userIds: undefined }],
		['an empty list of users', { userIds: [] }],
		['a missing start', { startTime: undefined }],
		['a missing end', { endTime: undefined }],
		['a time without an offset', { startTime: '2026-03-02T00:00:00' }],
		['an end before the start', { endTime: '2026-03-01T00:00:00+08:00' }],
	])('refuses %s with the only error code it has', async (_name, fields) => {
		const asker = await member(0);
		expect(await refusalOf(asker.schedule({ userIds: [asker.unionId], ...WEEK, ...fields }))).toEqual(paramIllegal);
	});

	it('requires its own permission', async () => {
		const asker = await member(0);
		await stage.control('apps', { clientId: 'sim-internal', scopes: ['Calendar.Event.Read'] });
		expect(await refusalOf(asker.schedule({ userIds: [asker.unionId], ...WEEK }))).toMatchObject({
			status: 403,
			requiredScopes: ['Calendar.EventSchedule.Read'],
		});
	});
});

describe('getScheduleByMe', () => {
	it('returns schedules as seen by the user of the token', async () => {
		const me = Member.of(await stage.self(0));
		const host = await member(1);
		await host.create(meeting());
		const { scheduleInformation } = await me.scheduleByMe({ userIds: [host.unionId], ...WEEK });
		expect(scheduleInformation).toMatchObject([{ userId: host.unionId, scheduleItems: [{ status: 'BUSY' }] }]);
	});

	it('refuses invalid requests and the token of an app', async () => {
		const me = Member.of(await stage.self(0));
		expect(await refusalOf(me.scheduleByMe({ userIds: [], ...WEEK }))).toEqual(paramIllegal);
		const app = await member(0);
		expect(await refusalOf(app.scheduleByMe({ userIds: [app.unionId], ...WEEK }))).toMatchObject({ status: 403 });
	});
});

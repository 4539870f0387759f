import { Member } from './member';
import { refusalOf } from './refusal';
import { at, daily, meeting, meetingOn } from './samples';
import { useStage } from './stage';

const stage = useStage();
const member = async (index: number): Promise<Member> => Member.of(await stage.user(index));

const WEEK = { startTime: '2026-03-02T00:00:00+08:00', endTime: '2026-03-09T00:00:00+08:00' };
const paramIllegal = { status: 400, code: 'paramIllegal', message: 'PARAM ILLEGAL' };

describe('getSchedule', () => {
	it('says when people are busy, in Shanghai time whatever zone the event has', async () => {
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

	it('gives whole days as dates in UTC, with the last day exclusive', async () => {
		const host = await member(0);
		await host.create({ summary: 'Fair', isAllDay: true, start: { date: '2026-03-04' }, end: { date: '2026-03-06' } });
		const { scheduleInformation } = await host.schedule({ userIds: [host.unionId], ...WEEK });
		expect(scheduleInformation?.[0].scheduleItems).toEqual([
			{ status: 'BUSY', start: { date: '2026-03-04', timeZone: 'UTC' }, end: { date: '2026-03-06', timeZone: 'UTC' } },
		]);
	});

	it('names every date of a series', async () => {
		const host = await member(0);
		await host.create(meeting({ recurrence: daily() }));
		const { scheduleInformation } = await host.schedule({ userIds: [host.unionId], ...WEEK });
		expect(scheduleInformation?.[0].scheduleItems).toHaveLength(7);
	});

	it('has nothing of what ends when the time asked for begins, or begins when it ends', async () => {
		const host = await member(0);
		await host.create(meeting());
		const schedule = async (startTime: string, endTime: string) =>
			(await host.schedule({ userIds: [host.unionId], startTime, endTime })).scheduleInformation?.[0].scheduleItems;
		expect(await schedule('2026-03-02T11:00:00+08:00', '2026-03-02T12:00:00+08:00')).toEqual([]);
		expect(await schedule('2026-03-02T09:00:00+08:00', '2026-03-02T10:00:00+08:00')).toEqual([]);
		expect(await schedule('2026-03-02T10:59:00+08:00', '2026-03-02T12:00:00+08:00')).toHaveLength(1);
	});

	it('follows the answers of guests: tentative is tentative, and what was declined or called off is free', async () => {
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

	it('tells of one person only that it may not tell, and of the others what it knows', async () => {
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

	it('takes twenty people and no more', async () => {
		const asker = await member(0);
		const people = (count: number): string[] => Array.from({ length: count }, (_, i) => stage.person(i).unionId);
		expect((await asker.schedule({ userIds: people(20), ...WEEK })).scheduleInformation).toHaveLength(20);
		expect(await refusalOf(asker.schedule({ userIds: people(21), ...WEEK }))).toEqual(paramIllegal);
	});

	it.each<[string, object]>([
		['no people', { userIds: undefined }],
		['an empty list of people', { userIds: [] }],
		['no beginning', { startTime: undefined }],
		['no end', { endTime: undefined }],
		['a time without zone', { startTime: '2026-03-02T00:00:00' }],
		['an end before the beginning', { endTime: '2026-03-01T00:00:00+08:00' }],
	])('refuses %s with the one code it has', async (_name, fields) => {
		const asker = await member(0);
		expect(await refusalOf(asker.schedule({ userIds: [asker.unionId], ...WEEK, ...fields }))).toEqual(paramIllegal);
	});

	it('has a permission of its own', async () => {
		const asker = await member(0);
		await stage.control('apps', { clientId: 'sim-internal', scopes: ['Calendar.Event.Read'] });
		expect(await refusalOf(asker.schedule({ userIds: [asker.unionId], ...WEEK }))).toMatchObject({
			status: 403,
			requiredScopes: ['Calendar.EventSchedule.Read'],
		});
	});
});

describe('getScheduleByMe', () => {
	it('asks as the person behind the token', async () => {
		const me = Member.of(await stage.self(0));
		const host = await member(1);
		await host.create(meeting());
		const { scheduleInformation } = await me.scheduleByMe({ userIds: [host.unionId], ...WEEK });
		expect(scheduleInformation).toMatchObject([{ userId: host.unionId, scheduleItems: [{ status: 'BUSY' }] }]);
	});

	it('refuses what is wrong with the request, and the token of an app', async () => {
		const me = Member.of(await stage.self(0));
		expect(await refusalOf(me.scheduleByMe({ userIds: [], ...WEEK }))).toEqual(paramIllegal);
		const app = await member(0);
		expect(await refusalOf(app.scheduleByMe({ userIds: [app.unionId], ...WEEK }))).toMatchObject({ status: 403 });
	});
});

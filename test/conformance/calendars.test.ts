/** Drives the calls on calendars with DingTalk's official client against the simulator. */
import { Member } from './member';
import { invalidParameter, refusalOf } from './refusal';
import { meeting } from './samples';
import { useStage } from './stage';

const stage = useStage();
const member = async (index: number): Promise<Member> => Member.of(await stage.user(index));

const BLANK = '%20';
const outOfRange = { status: 400, code: 'permissionDenied', message: '用户不在订阅范围' };

/** A calendar for the people with these numbers. */
async function offer(author: Member, ...readers: number[]): Promise<string> {
	const unionIds = readers.map((index) => stage.person(index).unionId);
	return await author.createSubscribedCalendar({ name: 'Holidays', subscribeScope: { unionIds } });
}

const grant = (to: Member, privilege = 'reader'): Record<string, unknown> => ({
	privilege,
	sendMsg: false,
	scope: { scopeType: 'user', userId: to.unionId },
});

describe('listCalendars', () => {
	it('lists the primary calendar, shared calendars and subscribed calendars', async () => {
		const [reader, author] = [await member(0), await member(1)];
		expect(await reader.calendars()).toMatchObject([
			{ id: 'primary', type: 'primary', privilege: 'owner', timeZone: 'Asia/Shanghai' },
		]);
		await author.share(grant(reader, 'title_reader'));
		const calendarId = await offer(author, 0);
		await reader.subscribe(calendarId);
		expect(await reader.calendars()).toMatchObject([
			{ type: 'primary', privilege: 'owner' },
			{ type: 'shared', privilege: 'title_reader', summary: stage.person(1).name },
			{ id: calendarId, type: 'subscribed', privilege: 'reader', summary: 'Holidays' },
		]);
		expect((await author.calendars()).at(-1)).toMatchObject({ id: calendarId, privilege: 'owner' });
	});

	it('changes an eTag only when the calendar or one of its events changes', async () => {
		const [reader, author] = [await member(0), await member(1)];
		await author.share(grant(reader));
		const calendarId = await offer(author, 0);
		await reader.subscribe(calendarId);
		const tags = async () => (await reader.calendars()).map(({ eTag }) => eTag);
		const before = await tags();
		expect(await tags()).toEqual(before);
		const changed = async () => (await tags()).map((tag, i) => tag !== before[i]);

		const id = await author.createId(meeting());
		expect(await changed()).toEqual([false, true, false]);
		const created = await tags();
		await author.patch(id, { summary: 'Other' });
		expect((await tags())[1]).not.toBe(created[1]);
		await author.updateSubscribedCalendar(calendarId, { name: 'Days off' });
		expect(await changed()).toEqual([false, true, true]);
		await reader.create(meeting());
		expect(await changed()).toEqual([true, true, true]);
	});

	it('returns PARAM ILLEGAL for an unknown user', async () => {
		const { client, token } = await member(0);
		expect(await refusalOf(new Member(client, 'nobody', token).calendars())).toEqual({
			status: 400,
			code: 'paramIllegal',
			message: 'PARAM ILLEGAL',
		});
	});
});

describe('subscribeCalendar', () => {
	it('returns an empty body and changes nothing the second time', async () => {
		const [reader, author] = [await member(0), await member(1)];
		const calendarId = await offer(author, 0);
		expect(await reader.subscribe(calendarId)).toBe('');
		expect(await reader.subscribe(calendarId)).toBe('');
		expect(await reader.calendars()).toHaveLength(2);
	});

	it("is refused to a user outside the calendar's audience", async () => {
		const calendarId = await offer(await member(1), 0);
		expect(await refusalOf((await member(2)).subscribe(calendarId))).toEqual(outOfRange);
	});

	it('is refused beyond the maximum number of calendars', async () => {
		const [reader, author] = [await member(0), await member(1)];
		const [first, second] = [await offer(author, 0), await offer(author, 0)];
		await stage.control('limits', { subscriptionsPerPerson: 1 });
		await reader.subscribe(first);
		expect(await refusalOf(reader.subscribe(second))).toEqual({
			status: 400,
			code: 'exceedSubscribeLimit',
			message: 'exceed subscribe limit',
		});
		expect(await reader.subscribe(first)).toBe('');
	});
});

describe('unsubscribeCalendar', () => {
	it('removes the calendar from the list', async () => {
		const [reader, author] = [await member(0), await member(1)];
		const calendarId = await offer(author, 0);
		await reader.subscribe(calendarId);
		expect(await reader.unsubscribe(calendarId)).toEqual({ result: true });
		expect(await reader.calendars()).toHaveLength(1);
	});

	it("is refused to a user outside the calendar's audience", async () => {
		const calendarId = await offer(await member(1), 0);
		expect(await refusalOf((await member(2)).unsubscribe(calendarId))).toEqual(outOfRange);
	});
});

describe.each(['subscribe', 'unsubscribe'] as const)('%sCalendar', (call) => {
	it('requires a calendar ID', async () => {
		expect(await refusalOf((await member(0))[call](BLANK))).toEqual(invalidParameter('calendarId cannot be blank'));
	});

	it('is refused for calendars that are not subscription calendars', async () => {
		const [reader, author] = [await member(0), await member(1)];
		await author.share(grant(reader));
		const [own, shared] = await reader.calendars();
		for (const { id = '' } of [own, shared]) {
			expect(await refusalOf(reader[call](id))).toEqual(invalidParameter('calendar type invalid'));
		}
	});

	it('is refused for an unknown calendar', async () => {
		expect(await refusalOf((await member(0))[call]('nothing'))).toEqual(invalidParameter());
	});
});

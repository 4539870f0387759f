/** Drives the calls of check-in and check-out with DingTalk's official client against the simulator. */
import { Member } from './member';
import { invalidParameter, refusalOf, type Refusal } from './refusal';
import { daily, meeting } from './samples';
import { useStage } from './stage';
import type { Fields } from './user';

const stage = useStage();
const member = async (index: number): Promise<Member> => Member.of(await stage.user(index));

const BLANK = '%20';

/** What coming and going have in common, each in the words of its calls. */
const SIDES = [
	{
		side: 'in',
		enter: async (who: Member, id: string) => (await who.signIn(id)).checkInTime,
		list: (who: Member, id: string, query: Fields) => who.signIns(id, query),
		link: async (who: Member, id: string) => (await who.signInLink(id)).signInLink,
		done: 'sign_in',
		notYet: 'not_yet_sign_in',
		time: 'checkInTime',
		denied: 'Request user has no permission to launch check in',
	},
	{
		side: 'out',
		enter: async (who: Member, id: string) => (await who.signOut(id)).checkOutTime,
		list: (who: Member, id: string, query: Fields) => who.signOuts(id, query),
		link: async (who: Member, id: string) => (await who.signOutLink(id)).signOutLink,
		done: 'sign_out',
		notYet: 'not_yet_sign_out',
		time: 'checkOutTime',
		denied: 'Request user has no permission to launch sign out',
	},
];

const PAGE = { maxResults: 500 };

/** An event of the first person with the second and the third. */
async function training(
	fields: Fields = {},
): Promise<{ id: string; host: Member; guest: Member; other: Member; stranger: Member }> {
	const [host, guest, other, stranger] = [await member(0), await member(1), await member(2), await member(3)];
	const id = await host.createId(meeting({ attendees: [{ id: guest.unionId }, { id: other.unionId }], ...fields }));
	return { id, host, guest, other, stranger };
}

describe.each(SIDES)('Signing $side', ({ enter, list, link, done, notYet, time, denied }) => {
	it('returns the time in milliseconds, and the first time again on a second call', async () => {
		const { id, guest } = await training();
		const at = await enter(guest, id);
		expect(Math.abs((at ?? 0) - Date.parse('2026-03-02T09:00:00+08:00'))).toBeLessThan(60_000);
		await stage.advance(3_600_000);
		expect(await enter(guest, id)).toBe(at);
	});

	it('lists who has and who has not signed', async () => {
		const { id, host, guest, other } = await training();
		const at = await enter(guest, id);
		expect((await list(host, id, { ...PAGE, type: done })).users).toEqual([
			{ userId: guest.unionId, displayName: stage.person(1).name, [time]: at },
		]);
		expect((await list(host, id, { ...PAGE, type: notYet })).users).toEqual([
			{ userId: host.unionId, displayName: stage.person(0).name },
			{ userId: other.unionId, displayName: stage.person(2).name },
		]);
	});

	it('returns its list page by page', async () => {
		const { id, host } = await training();
		const first = await list(host, id, { type: notYet, maxResults: 2 });
		expect(first.users).toHaveLength(2);
		const last = await list(host, id, { type: notYet, maxResults: 2, nextToken: first.nextToken });
		expect(last.users).toHaveLength(1);
		expect(last.nextToken ?? '').toBe('');
	});

	it('is allowed only to attendees of the event', async () => {
		const { id, guest, stranger } = await training();
		const notInEvent = { status: 400, code: 'notInEvent', message: '用户不在日程内' };
		expect(await refusalOf(enter(stranger, id))).toEqual(notInEvent);
		expect(await refusalOf(list(stranger, id, { ...PAGE, type: done }))).toEqual(invalidParameter());
		await guest.delete(id);
		expect(await refusalOf(enter(guest, id))).toEqual(notInEvent);
	});

	it('is refused when the event has too many attendees', async () => {
		const { id, guest } = await training();
		await stage.control('limits', { checkInPeople: 2 });
		const refusal = { status: 400, code: 'exceedMaxReceiverSize', message: '日程人数超过上限' };
		expect(await refusalOf(enter(guest, id))).toEqual(refusal);
	});

	it('offers a link to the organizer only', async () => {
		const { id, host, guest } = await training();
		expect(await link(host, id)).toMatch(/^http:\/\/qr\.dingtalk\.com\/page\/dingcheckin\?isNew=1&code=\w+$/);
		expect(await refusalOf(link(guest, id))).toEqual({ status: 400, code: 'permissionDenied', message: denied });
	});

	it('requires the write permission for its link', async () => {
		const { id } = await training();
		const reader = Member.of(await stage.user(0, 'sim-readonly'));
		expect(await refusalOf(link(reader, id))).toMatchObject({ status: 403, requiredScopes: ['Calendar.Event.Write'] });
		expect((await list(reader, id, { ...PAGE, type: notYet })).users).toHaveLength(3);
	});

	it.each<[string, Fields]>([
		['no type', PAGE],
		['a type of another list', { ...PAGE, type: 'check_in' }],
		['no page size', { type: done }],
		['page size 0', { type: done, maxResults: 0 }],
		['page size 501', { type: done, maxResults: 501 }],
		['an unknown page token', { ...PAGE, type: done, nextToken: 'nothing' }],
	])('refuses a list request with %s', async (_name, query) => {
		const { id, host } = await training();
		expect(await refusalOf(list(host, id, query))).toEqual(invalidParameter());
	});

	it('returns the documented errors for a blank calendar and event', async () => {
		const { id, host } = await training();
		const calendarId = await host.createSubscribedCalendar({
			name: 'Holidays',
			subscribeScope: { unionIds: [host.unionId] },
		});
		const all = async (who: Member, eventId: string): Promise<Refusal[]> => [
			await refusalOf(enter(who, eventId)),
			await refusalOf(list(who, eventId, { ...PAGE, type: done })),
			await refusalOf(link(who, eventId)),
		];
		const thrice = (message?: string): object[] => Array.from({ length: 3 }, () => invalidParameter(message));
		expect(await all(host.on(BLANK), id)).toEqual(thrice('CalendarId cannot be blank'));
		expect(await all(host, BLANK)).toEqual(thrice('eventId cannot be blank'));
		expect(await all(host.on(calendarId), id)).toEqual(thrice('Subscribed calendar not support this method'));
		expect(await all(host, 'nothing')).toEqual(thrice());
		await host.delete(id);
		expect(await all(host, id)).toEqual(thrice());
	});

	it('keeps the occurrences of a series apart', async () => {
		const { host, guest } = await training({ recurrence: daily() });
		const { events = [] } = await host.view({
			timeMin: '2026-03-02T00:00:00+08:00',
			timeMax: '2026-03-04T00:00:00+08:00',
		});
		const [first, second] = events.map(({ id = '' }) => id);
		await enter(guest, first);
		expect((await list(host, first, { ...PAGE, type: done })).users).toHaveLength(1);
		expect((await list(host, second, { ...PAGE, type: done })).users).toEqual([]);
	});
});

describe('checkIn, the older name of signing in,', () => {
	it('checks the user in', async () => {
		const { id, host, guest } = await training();
		const { checkInTime } = await guest.checkIn(id);
		expect(await guest.signIn(id)).toEqual({ checkInTime });
		expect((await host.signIns(id, { ...PAGE, type: 'sign_in' })).users).toHaveLength(1);
	});

	it('is refused for the same reasons', async () => {
		const { id, guest, stranger } = await training();
		expect(await refusalOf(stranger.checkIn(id))).toMatchObject({ status: 400, code: 'notInEvent' });
		expect(await refusalOf(guest.checkIn('nothing'))).toEqual(invalidParameter());
		await stage.control('limits', { checkInPeople: 2 });
		expect(await refusalOf(guest.checkIn(id))).toMatchObject({ status: 400, code: 'exceedMaxReceiverSize' });
	});
});

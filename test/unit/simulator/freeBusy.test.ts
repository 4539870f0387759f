import type { Fields } from '../../simulator/fields';
import type { Switches } from '../../simulator/switches';
import { at, daily, Desk, GUEST, HOST, OTHER } from './calendarDesk';

const WEEK = { startTime: '2026-03-02T00:00:00+08:00', endTime: '2026-03-09T00:00:00+08:00' };

interface Information {
	userId: string;
	error?: string;
	scheduleItems?: Array<{ status: string; start: Fields; end: Fields }>;
}

const ask = (desk: Desk, userIds: string[], viewer = HOST, window: Fields = WEEK): Information[] =>
	desk.ask('POST', `/v1.0/calendar/users/${viewer}/querySchedule`, { userIds, ...window })
		.scheduleInformation as Information[];

const statuses = (desk: Desk, unionId: string): string[] =>
	(ask(desk, [unionId])[0].scheduleItems ?? []).map(({ status }) => status);

it.each<[Switches['unansweredFreeBusy'], string[]]>([
	['tentative', ['TENTATIVE']],
	['busy', ['BUSY']],
	['free', []],
])('An invitation without a response counts as %s, depending on the switch', (unansweredFreeBusy, expected) => {
	const desk = new Desk({ unansweredFreeBusy });
	desk.create({ attendees: [{ id: GUEST }] });
	expect(statuses(desk, GUEST)).toEqual(expected);
	expect(statuses(desk, HOST)).toEqual(['BUSY']);
});

it('Free/busy respects cancelled, moved and declined occurrences of a series', () => {
	const desk = new Desk();
	desk.create({ attendees: [{ id: GUEST }], recurrence: daily({ type: 'numbered', numberOfOccurrences: 4 }) });
	const [first, second, third] = desk.view(WEEK.startTime, WEEK.endTime).map(({ id }) => id);
	desk.ask('DELETE', `/v1.0/calendar/users/${HOST}/calendars/primary/events/${first}`);
	desk.patch(second, { start: at('2026-03-03T20:00:00+08:00'), end: at('2026-03-03T21:00:00+08:00') });
	const response = { responseStatus: 'declined' };
	desk.ask('POST', `/v1.0/calendar/users/${GUEST}/calendars/primary/events/${third}/respond`, response);
	const starts = (unionId: string) => ask(desk, [unionId])[0].scheduleItems?.map(({ start }) => start.dateTime);
	expect(starts(HOST)).toEqual(['2026-03-03T20:00:00+08:00', '2026-03-04T10:00:00+08:00', '2026-03-05T10:00:00+08:00']);
	expect(starts(GUEST)).toEqual(['2026-03-03T20:00:00+08:00', '2026-03-05T10:00:00+08:00']);
});

it('Free/busy omits events that a user removed from their calendar', () => {
	const desk = new Desk();
	const { id } = desk.create({ attendees: [{ id: GUEST }] });
	desk.ask('DELETE', `/v1.0/calendar/users/${GUEST}/calendars/primary/events/${id}`);
	expect(statuses(desk, GUEST)).toEqual([]);
});

it("Free/busy is refused for unknown users, users outside the app's range and private users", () => {
	const desk = new Desk();
	const refused = (unionId: string, viewer = HOST) => ask(desk, [unionId], viewer)[0];
	expect(refused('user-guest')).toEqual({ userId: 'user-guest', error: '无权限' });
	const guest = desk.world.company.byUnionId(GUEST);
	Object.assign(guest ?? {}, { privateFreeBusy: true });
	expect(refused(GUEST)).toEqual({ userId: GUEST, error: '无权限' });
	expect(refused(GUEST, GUEST)).toEqual({ userId: GUEST, scheduleItems: [] });
	Object.assign(guest ?? {}, { privateFreeBusy: false, outsideScope: true });
	expect(refused(GUEST, GUEST)).toEqual({ userId: GUEST, error: '无权限' });
	expect(refused(OTHER)).toEqual({ userId: OTHER, scheduleItems: [] });
});

it('Free/busy refuses times without milliseconds when the switch requires them', () => {
	const desk = new Desk({ timestampsNeedMilliseconds: true });
	const body = { userIds: [HOST], ...WEEK };
	expect(desk.refusal('POST', `/v1.0/calendar/users/${HOST}/querySchedule`, body)).toMatchObject({
		code: 'InvalidParameter.ParsedISO8601TimestampError',
	});
});

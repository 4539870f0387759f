/** Tests the simulator's free/busy answers. */
import type { Fields } from '../../simulator/fields';
import type { Switches } from '../../simulator/switches';
import { at, daily, CalendarTestbed, GUEST, HOST, OTHER } from './calendarTestbed';

const WEEK = { startTime: '2026-03-02T00:00:00+08:00', endTime: '2026-03-09T00:00:00+08:00' };

interface Information {
	userId: string;
	error?: string;
	scheduleItems?: Array<{ status: string; start: Fields; end: Fields }>;
}

const ask = (testbed: CalendarTestbed, userIds: string[], viewer = HOST, window: Fields = WEEK): Information[] =>
	testbed.ask('POST', `/v1.0/calendar/users/${viewer}/querySchedule`, { userIds, ...window })
		.scheduleInformation as Information[];

const statuses = (testbed: CalendarTestbed, unionId: string): string[] =>
	(ask(testbed, [unionId])[0].scheduleItems ?? []).map(({ status }) => status);

it.each<[Switches['unansweredFreeBusy'], string[]]>([
	['tentative', ['TENTATIVE']],
	['busy', ['BUSY']],
	['free', []],
])('An invitation without a response counts as %s, depending on the switch', (unansweredFreeBusy, expected) => {
	const testbed = new CalendarTestbed({ unansweredFreeBusy });
	testbed.create({ attendees: [{ id: GUEST }] });
	expect(statuses(testbed, GUEST)).toEqual(expected);
	expect(statuses(testbed, HOST)).toEqual(['BUSY']);
});

it('Free/busy respects cancelled, moved and declined occurrences of a series', () => {
	const testbed = new CalendarTestbed();
	testbed.create({ attendees: [{ id: GUEST }], recurrence: daily({ type: 'numbered', numberOfOccurrences: 4 }) });
	const [first, second, third] = testbed.view(WEEK.startTime, WEEK.endTime).map(({ id }) => id);
	testbed.ask('DELETE', `/v1.0/calendar/users/${HOST}/calendars/primary/events/${first}`);
	testbed.patch(second, { start: at('2026-03-03T20:00:00+08:00'), end: at('2026-03-03T21:00:00+08:00') });
	const response = { responseStatus: 'declined' };
	testbed.ask('POST', `/v1.0/calendar/users/${GUEST}/calendars/primary/events/${third}/respond`, response);
	const starts = (unionId: string) => ask(testbed, [unionId])[0].scheduleItems?.map(({ start }) => start.dateTime);
	expect(starts(HOST)).toEqual(['2026-03-03T20:00:00+08:00', '2026-03-04T10:00:00+08:00', '2026-03-05T10:00:00+08:00']);
	expect(starts(GUEST)).toEqual(['2026-03-03T20:00:00+08:00', '2026-03-05T10:00:00+08:00']);
});

it('Free/busy omits events that a user removed from their calendar', () => {
	const testbed = new CalendarTestbed();
	const { id } = testbed.create({ attendees: [{ id: GUEST }] });
	testbed.ask('DELETE', `/v1.0/calendar/users/${GUEST}/calendars/primary/events/${id}`);
	expect(statuses(testbed, GUEST)).toEqual([]);
});

it("Free/busy is refused for unknown users, users outside the app's range and private users", () => {
	const testbed = new CalendarTestbed();
	const refused = (unionId: string, viewer = HOST) => ask(testbed, [unionId], viewer)[0];
	expect(refused('user-guest')).toEqual({ userId: 'user-guest', error: '无权限' });
	const guest = testbed.world.company.byUnionId(GUEST);
	Object.assign(guest ?? {}, { privateFreeBusy: true });
	expect(refused(GUEST)).toEqual({ userId: GUEST, error: '无权限' });
	expect(refused(GUEST, GUEST)).toEqual({ userId: GUEST, scheduleItems: [] });
	Object.assign(guest ?? {}, { privateFreeBusy: false, outsideScope: true });
	expect(refused(GUEST, GUEST)).toEqual({ userId: GUEST, error: '无权限' });
	expect(refused(OTHER)).toEqual({ userId: OTHER, scheduleItems: [] });
});

it('Free/busy refuses times without milliseconds when the switch requires them', () => {
	const testbed = new CalendarTestbed({ timestampsNeedMilliseconds: true });
	const body = { userIds: [HOST], ...WEEK };
	expect(testbed.refusal('POST', `/v1.0/calendar/users/${HOST}/querySchedule`, body)).toMatchObject({
		code: 'InvalidParameter.ParsedISO8601TimestampError',
	});
});

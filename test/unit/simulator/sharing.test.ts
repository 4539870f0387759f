/** Tests shared calendars in the simulator. */
import { Limits } from '../../simulator/limits';
import { sharedCalendarId } from '../../simulator/sharing/aclStore';
import { at, daily, CalendarTestbed, GUEST, HOST, OTHER, PRIMARY, type Answered } from './calendarTestbed';

const DAY = 'timeMin=2026-03-02T00:00:00Z&timeMax=2026-03-03T00:00:00Z';
/** The host's calendar, as the guest may name it. */
const SHARED = `/v1.0/calendar/users/${GUEST}/calendars/${sharedCalendarId(HOST)}`;

const share = (testbed: CalendarTestbed, privilege: string, userId = GUEST): Answered =>
	testbed.ask('POST', `${PRIMARY(HOST)}/acls`, { privilege, sendMsg: true, scope: { scopeType: 'user', userId } });

it('Sharing a calendar again changes the share or is refused, depending on the switch', () => {
	const testbed = new CalendarTestbed();
	const { aclId } = share(testbed, 'reader');
	expect(share(testbed, 'writer')).toMatchObject({ aclId, privilege: 'writer' });
	testbed.world.switches.grantTwice = 'refuse';
	expect(() => share(testbed, 'reader')).toThrow('already shared');
	expect(testbed.ask('GET', `${PRIMARY(HOST)}/acls`).acls).toMatchObject([{ aclId, privilege: 'writer' }]);
});

it('A calendar cannot be shared with its owner', () => {
	expect(() => share(new CalendarTestbed(), 'reader', HOST)).toThrow('its owner');
});

it('At the limit, a share can be changed but none can be added', () => {
	const testbed = new CalendarTestbed();
	testbed.world.use(Limits).change({ sharesPerPerson: 1 });
	share(testbed, 'reader');
	expect(share(testbed, 'writer')).toMatchObject({ privilege: 'writer' });
	expect(() => share(testbed, 'reader', OTHER)).toThrow('shareExceedLimit');
});

it.each([
	['free_busy_reader', ['end', 'id', 'isAllDay', 'recurrence', 'seriesMasterId', 'start', 'status']],
	['title_reader', ['end', 'id', 'isAllDay', 'recurrence', 'seriesMasterId', 'start', 'status', 'summary']],
])('A %s sees no more of a series than the share allows, in each list', (privilege, names) => {
	const testbed = new CalendarTestbed();
	const { id } = testbed.create({ description: 'Secret', recurrence: daily() });
	share(testbed, privilege);
	const { originStart, ...seen } = testbed.ask('GET', `${SHARED}/eventsview?${DAY}`).events[0];
	expect(originStart).toEqual({ dateTime: '2026-03-02T02:00:00Z' });
	expect(Object.keys(seen).sort()).toEqual(names);
	expect(Object.keys(testbed.ask('GET', `${SHARED}/events/${id}`)).sort()).toEqual(names);
	expect(JSON.stringify(testbed.ask('GET', `${SHARED}/events/${id}/instances?${DAY}`))).not.toContain('Secret');
	expect(testbed.refusal('GET', `${SHARED}/events/${id}/attendees`)).toMatchObject({ status: 400 });
});

it('In a shared calendar, "self" refers to the reader, not to the owner', () => {
	const testbed = new CalendarTestbed();
	const { id } = testbed.create({ attendees: [{ id: GUEST }] });
	share(testbed, 'reader');
	const { attendees, organizer } = testbed.ask('GET', `${SHARED}/events/${id}`);
	expect(attendees.filter(({ self }) => self)).toMatchObject([{ id: GUEST }]);
	expect(organizer).toMatchObject({ id: HOST, self: false });
});

it('A writer can act on behalf of the owner of a shared calendar', () => {
	const testbed = new CalendarTestbed();
	share(testbed, 'writer');
	const body = { summary: 'For you', start: at('2026-03-02T12:00:00Z'), end: at('2026-03-02T13:00:00Z') };
	const { id } = testbed.ask('POST', `${SHARED}/events`, body);
	expect(testbed.get(id)).toMatchObject({ summary: 'For you', organizer: { id: HOST } });
	testbed.ask('POST', `${SHARED}/events/${id}/attendees`, { attendeesToAdd: [{ id: OTHER }] });
	expect(testbed.get(id).attendees).toHaveLength(2);
	expect(testbed.refusal('GET', `${PRIMARY(GUEST)}/events/${id}`)).toMatchObject({ status: 404 });
});

it('A calendar is closed to users it was not shared with', () => {
	const testbed = new CalendarTestbed();
	share(testbed, 'reader');
	const path = `/v1.0/calendar/users/${OTHER}/calendars/${sharedCalendarId(HOST)}/events`;
	expect(testbed.refusal('GET', path)).toMatchObject({ status: 404, code: 'itemNotFound' });
});

it("Privileges are spelled as in DingTalk's sample, depending on the switch", () => {
	const testbed = new CalendarTestbed({ privilegeSpelling: 'sample' });
	expect(testbed.ask('GET', `/v1.0/calendar/users/${HOST}/calendars`)).toMatchObject({
		response: { calendars: [{ privilege: 'VIEW_DETAIL' }] },
	});
});

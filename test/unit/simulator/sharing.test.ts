import { Limits } from '../../simulator/limits';
import { sharedCalendarId } from '../../simulator/sharing/aclStore';
import { at, daily, Desk, GUEST, HOST, OTHER, PRIMARY, type Answered } from './calendarDesk';

const DAY = 'timeMin=2026-03-02T00:00:00Z&timeMax=2026-03-03T00:00:00Z';
/** The host's calendar, as the guest may name it. */
const SHARED = `/v1.0/calendar/users/${GUEST}/calendars/${sharedCalendarId(HOST)}`;

const share = (desk: Desk, privilege: string, userId = GUEST): Answered =>
	desk.ask('POST', `${PRIMARY(HOST)}/acls`, { privilege, sendMsg: true, scope: { scopeType: 'user', userId } });

it('Sharing a calendar again changes the share or is refused, depending on the switch', () => {
	const desk = new Desk();
	const { aclId } = share(desk, 'reader');
	expect(share(desk, 'writer')).toMatchObject({ aclId, privilege: 'writer' });
	desk.world.switches.grantTwice = 'refuse';
	expect(() => share(desk, 'reader')).toThrow('already shared');
	expect(desk.ask('GET', `${PRIMARY(HOST)}/acls`).acls).toMatchObject([{ aclId, privilege: 'writer' }]);
});

it('A calendar cannot be shared with its owner', () => {
	expect(() => share(new Desk(), 'reader', HOST)).toThrow('its owner');
});

it('At the limit, a share can be changed but none can be added', () => {
	const desk = new Desk();
	desk.world.use(Limits).change({ sharesPerPerson: 1 });
	share(desk, 'reader');
	expect(share(desk, 'writer')).toMatchObject({ privilege: 'writer' });
	expect(() => share(desk, 'reader', OTHER)).toThrow('shareExceedLimit');
});

it.each([
	['free_busy_reader', ['end', 'id', 'isAllDay', 'recurrence', 'seriesMasterId', 'start', 'status']],
	['title_reader', ['end', 'id', 'isAllDay', 'recurrence', 'seriesMasterId', 'start', 'status', 'summary']],
])('A %s sees no more of a series than the share allows, in each list', (privilege, names) => {
	const desk = new Desk();
	const { id } = desk.create({ description: 'Secret', recurrence: daily() });
	share(desk, privilege);
	const { originStart, ...seen } = desk.ask('GET', `${SHARED}/eventsview?${DAY}`).events[0];
	expect(originStart).toEqual({ dateTime: '2026-03-02T02:00:00Z' });
	expect(Object.keys(seen).sort()).toEqual(names);
	expect(Object.keys(desk.ask('GET', `${SHARED}/events/${id}`)).sort()).toEqual(names);
	expect(JSON.stringify(desk.ask('GET', `${SHARED}/events/${id}/instances?${DAY}`))).not.toContain('Secret');
	expect(desk.refusal('GET', `${SHARED}/events/${id}/attendees`)).toMatchObject({ status: 400 });
});

it('In a shared calendar, "self" refers to the reader, not to the owner', () => {
	const desk = new Desk();
	const { id } = desk.create({ attendees: [{ id: GUEST }] });
	share(desk, 'reader');
	const { attendees, organizer } = desk.ask('GET', `${SHARED}/events/${id}`);
	expect(attendees.filter(({ self }) => self)).toMatchObject([{ id: GUEST }]);
	expect(organizer).toMatchObject({ id: HOST, self: false });
});

it('A writer can act on behalf of the owner of a shared calendar', () => {
	const desk = new Desk();
	share(desk, 'writer');
	const body = { summary: 'For you', start: at('2026-03-02T12:00:00Z'), end: at('2026-03-02T13:00:00Z') };
	const { id } = desk.ask('POST', `${SHARED}/events`, body);
	expect(desk.get(id)).toMatchObject({ summary: 'For you', organizer: { id: HOST } });
	desk.ask('POST', `${SHARED}/events/${id}/attendees`, { attendeesToAdd: [{ id: OTHER }] });
	expect(desk.get(id).attendees).toHaveLength(2);
	expect(desk.refusal('GET', `${PRIMARY(GUEST)}/events/${id}`)).toMatchObject({ status: 404 });
});

it('A calendar is closed to users it was not shared with', () => {
	const desk = new Desk();
	share(desk, 'reader');
	const path = `/v1.0/calendar/users/${OTHER}/calendars/${sharedCalendarId(HOST)}/events`;
	expect(desk.refusal('GET', path)).toMatchObject({ status: 404, code: 'itemNotFound' });
});

it("Privileges are spelled as in DingTalk's sample, depending on the switch", () => {
	const desk = new Desk({ privilegeSpelling: 'sample' });
	expect(desk.ask('GET', `/v1.0/calendar/users/${HOST}/calendars`)).toMatchObject({
		response: { calendars: [{ privilege: 'VIEW_DETAIL' }] },
	});
});

/** Tests how the simulator keeps events, attendees and series. */
import type { Change } from '../../simulator/calendar/model';
import { CalendarStore } from '../../simulator/calendar/calendarStore';
import { at, daily, CalendarTestbed, event, eventPath, GUEST, HOST, OTHER, PRIMARY } from './calendarTestbed';

const statusOf = (
	found: { attendees: Array<{ id: string; responseStatus: string }> },
	id: string,
): string | undefined => found.attendees.find((attendee) => attendee.id === id)?.responseStatus;

describe('An event', () => {
	it('is returned with its organizer as an attendee, and without a status right after its creation', () => {
		const testbed = new CalendarTestbed();
		const created = testbed.create({ attendees: [{ id: GUEST, isOptional: true }, { id: HOST }, { id: GUEST }] });
		expect(created).toMatchObject({
			summary: 'Meeting',
			isAllDay: false,
			start: at('2026-03-02T10:00:00+08:00'),
			reminders: [{ method: 'dingtalk', minutes: '15' }],
			organizer: { id: HOST, displayName: 'host', self: true, responseStatus: 'accepted' },
			attendees: [
				{ id: HOST, self: true, responseStatus: 'accepted', isOptional: false },
				{ id: GUEST, self: false, responseStatus: 'needsAction', isOptional: true },
			],
		});
		expect(created).not.toHaveProperty('status');
		expect(created).not.toHaveProperty('seriesMasterId');
		expect(testbed.get(created.id, GUEST)).toMatchObject({ status: 'confirmed', organizer: { self: false } });
	});

	it('can leave its organizer off the attendee list, depending on the switch', () => {
		const testbed = new CalendarTestbed({ organizerAmongAttendees: false });
		expect(testbed.create({ attendees: [{ id: GUEST }] }).attendees.map(({ id }) => id)).toEqual([GUEST]);
	});

	it('changes only in the fields that an update contains', () => {
		const testbed = new CalendarTestbed();
		const { id } = testbed.create({ description: 'text', location: { displayName: 'Room' }, reminders: [] });
		testbed.patch(id, { summary: 'New' });
		expect(testbed.get(id)).toMatchObject({
			summary: 'New',
			description: 'text',
			location: { displayName: 'Room' },
			reminders: [],
			start: at('2026-03-02T10:00:00+08:00'),
		});
		testbed.patch(id, { description: '', end: at('2026-03-02T12:00:00+08:00') });
		expect(testbed.get(id)).toMatchObject({ description: '', end: at('2026-03-02T12:00:00+08:00') });
	});

	it('can become an all-day event with an exclusive end', () => {
		const testbed = new CalendarTestbed();
		const { id } = testbed.create();
		testbed.patch(id, { isAllDay: true, start: { date: '2026-03-02' }, end: { date: '2026-03-03' } });
		expect(testbed.get(id)).toMatchObject({
			isAllDay: true,
			start: { date: '2026-03-02' },
			end: { date: '2026-03-03' },
		});
		expect(testbed.view('2026-03-03T00:00:01+08:00', '2026-03-04T00:00:00+08:00')).toEqual([]);
		expect(testbed.view('2026-03-02T09:00:00+08:00', '2026-03-02T10:00:00+08:00')).toHaveLength(1);
	});

	it('gets a new video meeting only when an update requests one', () => {
		const testbed = new CalendarTestbed();
		const first = testbed.create({ onlineMeetingInfo: { type: 'dingtalk' } });
		expect(first.onlineMeetingInfo).toMatchObject({ type: 'dingtalk', extraInfo: expect.anything() });
		testbed.patch(first.id, { summary: 'x' });
		expect(testbed.get(first.id).onlineMeetingInfo).toEqual(first.onlineMeetingInfo);
		const changed = testbed.patch(first.id, { onlineMeetingInfo: { type: 'dingtalk' } });
		expect(changed.onlineMeetingInfo).not.toHaveProperty('extraInfo');
		expect(changed.onlineMeetingInfo).not.toMatchObject({ conferenceId: Object(first.onlineMeetingInfo).conferenceId });
	});

	it('has IDs that must be percent-encoded, depending on the switch', () => {
		const testbed = new CalendarTestbed({ eventIds: 'awkward' });
		const { id } = testbed.create({ recurrence: daily() });
		expect(id).toMatch(/\/.*\+.*=/);
		const [instance] = testbed.view('2026-03-05T00:00:00+08:00', '2026-03-06T00:00:00+08:00');
		expect(instance.id).toMatch(/[/+=]/);
		expect(testbed.get(instance.id).start).toEqual(at('2026-03-05T10:00:00+08:00'));
	});

	it('is deleted for all attendees by its organizer', () => {
		const testbed = new CalendarTestbed();
		const { id } = testbed.create({ attendees: [{ id: GUEST }] });
		expect(testbed.ask('DELETE', `${eventPath(id)}?pushNotification=true`)).toBeUndefined();
		expect(testbed.list({}, GUEST).events).toEqual([]);
		expect(testbed.list({ showDeleted: 'true' }, GUEST).events).toMatchObject([{ id, status: 'cancelled' }]);
		expect(testbed.refusal('GET', eventPath(id, GUEST))).toMatchObject({ status: 404, code: 'instanceNotExist' });
		expect(testbed.refusal('DELETE', eventPath(id))).toMatchObject({ status: 404, code: 'itemNotFound' });
		testbed.world.switches.getDeleted = 'cancelledEvent';
		expect(testbed.get(id).status).toBe('cancelled');
		testbed.world.switches.deleteTwice = 'ok';
		testbed.world.switches.deleteBody = 'requestId';
		expect(testbed.ask('DELETE', eventPath(id))).toHaveProperty('requestId');
	});

	it('disappears only from the calendar of an attendee who deletes it', () => {
		const testbed = new CalendarTestbed();
		const { id } = testbed.create({ attendees: [{ id: GUEST }, { id: OTHER }] });
		testbed.ask('DELETE', eventPath(id, GUEST));
		expect(testbed.refusal('GET', eventPath(id, GUEST))).toMatchObject({ status: 404 });
		expect(testbed.get(id, OTHER).status).toBe('confirmed');
		expect(testbed.get(id).attendees).toHaveLength(3);
		expect(testbed.list({}, GUEST).events).toEqual([]);
	});

	it('can be cancelled and transferred through the calls that only the SDK documents', () => {
		const testbed = new CalendarTestbed();
		const { id } = testbed.create({ attendees: [{ id: GUEST }] });
		const body = { newOrganizerId: GUEST, isExitCalendar: true };
		expect(testbed.ask('POST', `${eventPath(id)}/transfer`, body)).toEqual({ result: true });
		expect(testbed.get(id, GUEST)).toMatchObject({ organizer: { id: GUEST, responseStatus: 'accepted' } });
		expect(testbed.refusal('GET', eventPath(id))).toMatchObject({ code: 'itemNotFound' });
		expect(testbed.ask('POST', `${eventPath(id, GUEST)}/cancel`)).toEqual({ result: true });
		expect(testbed.list({}, GUEST).events).toEqual([]);
	});

	it('can be found by its legacy ID', () => {
		const testbed = new CalendarTestbed();
		const { id } = testbed.create();
		const [stored] = testbed.world.use(CalendarStore).snapshot() as Array<{ legacyId: string }>;
		const path = `/v1.0/calendar/users/${HOST}/legacyEventIds/convert`;
		expect(testbed.ask('POST', path, { legacyEventIds: [stored.legacyId, 'unknown'] })).toEqual({
			legacyEventIdMap: { [stored.legacyId]: id },
		});
	});

	it('can be created by the signed-in user without an end', () => {
		const testbed = new CalendarTestbed();
		const me = '/v1.0/calendar/me/calendars/primary';
		const created = testbed.ask('POST', `${me}/events`, event({ end: undefined }), HOST);
		expect(created.end).toEqual(at('2026-03-02T11:00:00+08:00'));
		const [seen] = testbed.ask('GET', `${me}/eventsview`, undefined, HOST).events;
		expect(seen.id).toBe(created.id);
		expect(seen.extendedProperties).not.toHaveProperty('privateProperties');
	});

	it('reports its changes to listeners', () => {
		const testbed = new CalendarTestbed();
		const seen: Change[] = [];
		testbed.world.use(CalendarStore).onChange((change) => seen.push(change));
		const { id } = testbed.create({ attendees: [{ id: GUEST }] });
		testbed.patch(id, { summary: 'x' });
		testbed.ask('DELETE', eventPath(id, GUEST));
		testbed.ask('DELETE', eventPath(id));
		expect(seen.map(({ type, unionIds }) => [type, unionIds])).toEqual([
			['created', [HOST, GUEST]],
			['updated', [HOST, GUEST]],
			['deleteView', [GUEST]],
			['cancelled', [HOST, GUEST]],
		]);
	});
});

describe('The attendees of an event', () => {
	it('can be added or removed again without any effect', () => {
		const testbed = new CalendarTestbed();
		testbed.world.switches.removeOrganizer = 'ignored';
		const { id } = testbed.create();
		const add = (...ids: string[]) =>
			testbed.ask('POST', `${eventPath(id)}/attendees`, { attendeesToAdd: ids.map((one) => ({ id: one })) });
		const remove = (...ids: string[]) =>
			testbed.ask('POST', `${eventPath(id)}/attendees/batchRemove`, {
				attendeesToRemove: ids.map((one) => ({ id: one })),
			});
		expect(add(GUEST)).toBeUndefined();
		testbed.ask('POST', `${eventPath(id, GUEST)}/respond`, { responseStatus: 'tentative' });
		add(GUEST, OTHER);
		expect(statusOf(testbed.get(id), GUEST)).toBe('tentative');
		remove(OTHER, 'union-nobody', HOST);
		remove(OTHER);
		expect(testbed.get(id).attendees.map((attendee) => attendee.id)).toEqual([HOST, GUEST]);
		expect(testbed.refusal('GET', eventPath(id, OTHER))).toMatchObject({ code: 'itemNotFound' });
	});

	it('are replaced or merged by an update, depending on the switch', () => {
		const testbed = new CalendarTestbed();
		const { id } = testbed.create({ attendees: [{ id: GUEST }] });
		expect(testbed.patch(id, { attendees: [{ id: OTHER }] }).attendees.map((one) => one.id)).toEqual([HOST, OTHER]);
		testbed.world.switches.attendeesInUpdate = 'merge';
		const merged = testbed.patch(id, { attendees: [{ id: GUEST, isOptional: true }] });
		expect(merged.attendees.map((one) => one.id)).toEqual([HOST, OTHER, GUEST]);
	});

	it('are limited to 5,000', () => {
		const testbed = new CalendarTestbed({}, 5001);
		const ids = Array.from({ length: 5001 }, (_, i) => ({ id: `union-p${i}` }));
		const { id } = testbed.create();
		for (let from = 0; from < 5000; from += 500) {
			testbed.ask('POST', `${eventPath(id)}/attendees`, { attendeesToAdd: ids.slice(from, from + 500) });
		}
		const oneMore = { attendeesToAdd: ids.slice(5000) };
		expect(testbed.refusal('POST', `${eventPath(id)}/attendees`, oneMore)).toMatchObject({ code: 'invalidParameter' });
	});

	it('can respond only when invited, and again after the event was moved', () => {
		const testbed = new CalendarTestbed();
		const { id } = testbed.create({ attendees: [{ id: GUEST }] });
		const answer = (user: string, responseStatus: string): string => {
			testbed.ask('POST', `${eventPath(id, user)}/respond`, { responseStatus });
			return statusOf(testbed.get(id), user) ?? '';
		};
		expect(answer(GUEST, 'declined')).toBe('declined');
		expect(testbed.refusal('POST', `${eventPath(id, OTHER)}/respond`, { responseStatus: 'accepted' })).toMatchObject({
			status: 404,
		});
		expect(testbed.refusal('POST', `${eventPath(id, GUEST)}/respond`, { responseStatus: 'maybe' })).toMatchObject({
			status: 400,
		});
		testbed.patch(id, { end: at('2026-03-02T12:00:00+08:00') });
		expect(statusOf(testbed.get(id), GUEST)).toBe('needsAction');
		expect(statusOf(testbed.get(id), HOST)).toBe('accepted');
	});

	it('are listed page by page', () => {
		const testbed = new CalendarTestbed({}, 5);
		const { id } = testbed.create({ attendees: Array.from({ length: 5 }, (_, i) => ({ id: `union-p${i}` })) });
		const first = testbed.ask('GET', `${eventPath(id)}/attendees?maxResults=4&nextToken=0`);
		const second = testbed.ask('GET', `${eventPath(id)}/attendees?maxResults=4&nextToken=${first.nextToken}`);
		expect([first.attendees.length, second.attendees.length, second.nextToken]).toEqual([4, 2, null]);
		expect(testbed.ask('GET', `${eventPath(id)}?maxAttendees=2`).attendees).toHaveLength(2);
	});
});

describe('A series', () => {
	const WEEK = ['2026-03-02T00:00:00+08:00', '2026-03-09T00:00:00+08:00'] as const;

	it('gives each occurrence its own ID', () => {
		const testbed = new CalendarTestbed();
		const { id } = testbed.create({ recurrence: daily() });
		const week = testbed.view(...WEEK);
		expect(week).toHaveLength(7);
		expect(new Set(week.map((one) => one.id)).size).toBe(7);
		expect(week[2]).toMatchObject({ seriesMasterId: id, originStart: { dateTime: '2026-03-04T02:00:00Z' } });
		expect(week[2]).not.toHaveProperty('reminders');
		expect(testbed.get(id)).toMatchObject({ id, seriesMasterId: id, recurrence: daily() });
		expect(testbed.get(week[2].id)).toMatchObject({ start: at('2026-03-04T10:00:00+08:00') });
	});

	it('has occurrences that can be changed, answered and cancelled individually', () => {
		const testbed = new CalendarTestbed();
		const { id } = testbed.create({ recurrence: daily(), attendees: [{ id: GUEST }] });
		const [, second, third, fourth] = testbed.view(...WEEK);
		testbed.patch(second.id, {
			summary: 'Moved',
			start: at('2026-03-03T15:00:00+08:00'),
			end: at('2026-03-03T16:00:00+08:00'),
		});
		testbed.ask('POST', `${eventPath(third.id, GUEST)}/respond`, { responseStatus: 'declined' });
		testbed.ask('DELETE', eventPath(fourth.id));
		testbed.patch(id, { description: 'For all' });
		const week = testbed.view(...WEEK, GUEST);
		expect(week).toHaveLength(6);
		expect(week[1]).toMatchObject({
			id: second.id,
			summary: 'Moved',
			description: 'For all',
			start: at('2026-03-03T15:00:00+08:00'),
			originStart: { dateTime: '2026-03-03T02:00:00Z' },
		});
		expect(week.map((one) => statusOf(one, GUEST))).toEqual([
			'needsAction',
			'needsAction',
			'declined',
			'needsAction',
			'needsAction',
			'needsAction',
		]);
		expect(testbed.refusal('GET', eventPath(fourth.id))).toMatchObject({ code: 'instanceNotExist' });
		testbed.ask('DELETE', eventPath(week[0].id, GUEST));
		expect(testbed.view(...WEEK, GUEST)).toHaveLength(5);
		expect(testbed.view(...WEEK)).toHaveLength(6);
	});

	it('can have different attendees on single occurrences', () => {
		const testbed = new CalendarTestbed();
		const { id } = testbed.create({ recurrence: daily(), attendees: [{ id: GUEST }] });
		const [first] = testbed.view(...WEEK);
		testbed.ask('POST', `${eventPath(first.id)}/attendees`, { attendeesToAdd: [{ id: OTHER }] });
		testbed.ask('POST', `${eventPath(first.id)}/attendees/batchRemove`, { attendeesToRemove: [{ id: GUEST }] });
		expect(testbed.view(...WEEK, OTHER).map((one) => one.id)).toEqual([first.id]);
		expect(testbed.view(...WEEK, GUEST)).toHaveLength(6);
		expect(testbed.get(id).attendees.map((one) => one.id)).toEqual([HOST, GUEST]);
	});

	it('has only the occurrences that its rule generates', () => {
		const testbed = new CalendarTestbed();
		const { id } = testbed.create({ recurrence: daily() });
		const [first] = testbed.view(...WEEK);
		testbed.patch(id, {
			recurrence: daily({ type: 'noEnd' }, 2),
			start: at('2026-03-03T10:00:00+08:00'),
			end: at('2026-03-03T11:00:00+08:00'),
		});
		expect(testbed.refusal('GET', eventPath(first.id))).toMatchObject({ status: 404, code: 'instanceNotExist' });
		const strict = new CalendarTestbed({ virtualInstance: 'instanceNotExist' });
		strict.create({ recurrence: daily() });
		const [, later] = strict.view(...WEEK);
		expect(strict.refusal('GET', eventPath(later.id))).toMatchObject({ status: 404, code: 'instanceNotExist' });
	});

	it('can become a single event, and a single event a series', () => {
		const testbed = new CalendarTestbed();
		const { id } = testbed.create({ recurrence: daily() });
		testbed.patch(id, { recurrence: null });
		expect(testbed.view(...WEEK).map((one) => one.id)).toEqual([id]);
		expect(testbed.get(id)).not.toHaveProperty('recurrence');
		testbed.patch(id, { recurrence: daily({ type: 'numbered', numberOfOccurrences: 2 }) });
		expect(testbed.view(...WEEK)).toHaveLength(2);
		testbed.patch(id, { recurrence: {} });
		expect(testbed.view(...WEEK)).toHaveLength(1);
	});

	it('lists its occurrences through the calls that only the SDK documents', () => {
		const testbed = new CalendarTestbed();
		const plain = testbed.create();
		const { id } = testbed.create({ recurrence: daily() });
		const range = 'timeMin=2026-03-01T00:00:00Z&timeMax=2026-03-12T00:00:00Z';
		expect(testbed.ask('GET', `${eventPath(plain.id)}/instances?${range}`).events).toEqual([]);
		const future = testbed.ask('GET', `${eventPath(id)}/instances?${range}`).events;
		expect(future).toHaveLength(10);
		expect(future[0]).not.toHaveProperty('originStart');
		testbed.clock.set(Date.parse('2026-03-04T12:00:00+08:00'));
		const generated = `${PRIMARY(HOST)}/instances?seriesMasterId=${id}`;
		expect(testbed.ask('GET', generated).events.map((one) => one.id)).toEqual(future.slice(0, 3).map((one) => one.id));
		testbed.patch(future[8].id, { summary: 'x' });
		expect(testbed.ask('GET', `${generated}&startRecurrenceId=${future[2].id}`).events.map((one) => one.id)).toEqual([
			future[2].id,
			future[8].id,
		]);
		expect(testbed.refusal('GET', `${PRIMARY(HOST)}/instances`)).toMatchObject({ code: 'invalidParameter' });
	});
});

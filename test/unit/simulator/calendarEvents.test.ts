import type { Change } from '../../simulator/calendar/model';
import { CalendarStore } from '../../simulator/calendar/store';
import { at, daily, Desk, event, eventPath, GUEST, HOST, OTHER, PRIMARY } from './calendarDesk';

const statusOf = (
	found: { attendees: Array<{ id: string; responseStatus: string }> },
	id: string,
): string | undefined => found.attendees.find((attendee) => attendee.id === id)?.responseStatus;

describe('An event', () => {
	it('is returned with its organizer as an attendee, and without a status right after its creation', () => {
		const desk = new Desk();
		const created = desk.create({ attendees: [{ id: GUEST, isOptional: true }, { id: HOST }, { id: GUEST }] });
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
		expect(desk.get(created.id, GUEST)).toMatchObject({ status: 'confirmed', organizer: { self: false } });
	});

	it('can leave its organizer off the attendee list, depending on the switch', () => {
		const desk = new Desk({ organizerAmongAttendees: false });
		expect(desk.create({ attendees: [{ id: GUEST }] }).attendees.map(({ id }) => id)).toEqual([GUEST]);
	});

	it('changes only in the fields that an update contains', () => {
		const desk = new Desk();
		const { id } = desk.create({ description: 'text', location: { displayName: 'Room' }, reminders: [] });
		desk.patch(id, { summary: 'New' });
		expect(desk.get(id)).toMatchObject({
			summary: 'New',
			description: 'text',
			location: { displayName: 'Room' },
			reminders: [],
			start: at('2026-03-02T10:00:00+08:00'),
		});
		desk.patch(id, { description: '', end: at('2026-03-02T12:00:00+08:00') });
		expect(desk.get(id)).toMatchObject({ description: '', end: at('2026-03-02T12:00:00+08:00') });
	});

	it('can become an all-day event with an exclusive end', () => {
		const desk = new Desk();
		const { id } = desk.create();
		desk.patch(id, { isAllDay: true, start: { date: '2026-03-02' }, end: { date: '2026-03-03' } });
		expect(desk.get(id)).toMatchObject({ isAllDay: true, start: { date: '2026-03-02' }, end: { date: '2026-03-03' } });
		expect(desk.view('2026-03-03T00:00:01+08:00', '2026-03-04T00:00:00+08:00')).toEqual([]);
		expect(desk.view('2026-03-02T09:00:00+08:00', '2026-03-02T10:00:00+08:00')).toHaveLength(1);
	});

	it('gets a new video meeting only when an update requests one', () => {
		const desk = new Desk();
		const first = desk.create({ onlineMeetingInfo: { type: 'dingtalk' } });
		expect(first.onlineMeetingInfo).toMatchObject({ type: 'dingtalk', extraInfo: expect.anything() });
		desk.patch(first.id, { summary: 'x' });
		expect(desk.get(first.id).onlineMeetingInfo).toEqual(first.onlineMeetingInfo);
		const changed = desk.patch(first.id, { onlineMeetingInfo: { type: 'dingtalk' } });
		expect(changed.onlineMeetingInfo).not.toHaveProperty('extraInfo');
		expect(changed.onlineMeetingInfo).not.toMatchObject({ conferenceId: Object(first.onlineMeetingInfo).conferenceId });
	});

	it('has IDs that must be percent-encoded, depending on the switch', () => {
		const desk = new Desk({ eventIds: 'awkward' });
		const { id } = desk.create({ recurrence: daily() });
		expect(id).toMatch(/\/.*\+.*=/);
		const [instance] = desk.view('2026-03-05T00:00:00+08:00', '2026-03-06T00:00:00+08:00');
		expect(instance.id).toMatch(/[/+=]/);
		expect(desk.get(instance.id).start).toEqual(at('2026-03-05T10:00:00+08:00'));
	});

	it('is deleted for all attendees by its organizer', () => {
		const desk = new Desk();
		const { id } = desk.create({ attendees: [{ id: GUEST }] });
		expect(desk.ask('DELETE', `${eventPath(id)}?pushNotification=true`)).toBeUndefined();
		expect(desk.list({}, GUEST).events).toEqual([]);
		expect(desk.list({ showDeleted: 'true' }, GUEST).events).toMatchObject([{ id, status: 'cancelled' }]);
		expect(desk.refusal('GET', eventPath(id, GUEST))).toMatchObject({ status: 404, code: 'instanceNotExist' });
		expect(desk.refusal('DELETE', eventPath(id))).toMatchObject({ status: 404, code: 'itemNotFound' });
		desk.world.switches.getDeleted = 'cancelledEvent';
		expect(desk.get(id).status).toBe('cancelled');
		desk.world.switches.deleteTwice = 'ok';
		desk.world.switches.deleteBody = 'requestId';
		expect(desk.ask('DELETE', eventPath(id))).toHaveProperty('requestId');
	});

	it('disappears only from the calendar of an attendee who deletes it', () => {
		const desk = new Desk();
		const { id } = desk.create({ attendees: [{ id: GUEST }, { id: OTHER }] });
		desk.ask('DELETE', eventPath(id, GUEST));
		expect(desk.refusal('GET', eventPath(id, GUEST))).toMatchObject({ status: 404 });
		expect(desk.get(id, OTHER).status).toBe('confirmed');
		expect(desk.get(id).attendees).toHaveLength(3);
		expect(desk.list({}, GUEST).events).toEqual([]);
	});

	it('can be cancelled and transferred through the calls that only the SDK documents', () => {
		const desk = new Desk();
		const { id } = desk.create({ attendees: [{ id: GUEST }] });
		const body = { newOrganizerId: GUEST, isExitCalendar: true };
		expect(desk.ask('POST', `${eventPath(id)}/transfer`, body)).toEqual({ result: true });
		expect(desk.get(id, GUEST)).toMatchObject({ organizer: { id: GUEST, responseStatus: 'accepted' } });
		expect(desk.refusal('GET', eventPath(id))).toMatchObject({ code: 'itemNotFound' });
		expect(desk.ask('POST', `${eventPath(id, GUEST)}/cancel`)).toEqual({ result: true });
		expect(desk.list({}, GUEST).events).toEqual([]);
	});

	it('can be found by its legacy ID', () => {
		const desk = new Desk();
		const { id } = desk.create();
		const [stored] = desk.world.use(CalendarStore).snapshot() as Array<{ legacyId: string }>;
		const path = `/v1.0/calendar/users/${HOST}/legacyEventIds/convert`;
		expect(desk.ask('POST', path, { legacyEventIds: [stored.legacyId, 'unknown'] })).toEqual({
			legacyEventIdMap: { [stored.legacyId]: id },
		});
	});

	it('can be created by the signed-in user without an end', () => {
		const desk = new Desk();
		const me = '/v1.0/calendar/me/calendars/primary';
		const created = desk.ask('POST', `${me}/events`, event({ end: undefined }), HOST);
		expect(created.end).toEqual(at('2026-03-02T11:00:00+08:00'));
		const [seen] = desk.ask('GET', `${me}/eventsview`, undefined, HOST).events;
		expect(seen.id).toBe(created.id);
		expect(seen.extendedProperties).not.toHaveProperty('privateProperties');
	});

	it('reports its changes to listeners', () => {
		const desk = new Desk();
		const seen: Change[] = [];
		desk.world.use(CalendarStore).onChange((change) => seen.push(change));
		const { id } = desk.create({ attendees: [{ id: GUEST }] });
		desk.patch(id, { summary: 'x' });
		desk.ask('DELETE', eventPath(id, GUEST));
		desk.ask('DELETE', eventPath(id));
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
		const desk = new Desk();
		desk.world.switches.removeOrganizer = 'ignored';
		const { id } = desk.create();
		const add = (...ids: string[]) =>
			desk.ask('POST', `${eventPath(id)}/attendees`, { attendeesToAdd: ids.map((one) => ({ id: one })) });
		const remove = (...ids: string[]) =>
			desk.ask('POST', `${eventPath(id)}/attendees/batchRemove`, {
				attendeesToRemove: ids.map((one) => ({ id: one })),
			});
		expect(add(GUEST)).toBeUndefined();
		desk.ask('POST', `${eventPath(id, GUEST)}/respond`, { responseStatus: 'tentative' });
		add(GUEST, OTHER);
		expect(statusOf(desk.get(id), GUEST)).toBe('tentative');
		remove(OTHER, 'union-nobody', HOST);
		remove(OTHER);
		expect(desk.get(id).attendees.map((attendee) => attendee.id)).toEqual([HOST, GUEST]);
		expect(desk.refusal('GET', eventPath(id, OTHER))).toMatchObject({ code: 'itemNotFound' });
	});

	it('are replaced or merged by an update, depending on the switch', () => {
		const desk = new Desk();
		const { id } = desk.create({ attendees: [{ id: GUEST }] });
		expect(desk.patch(id, { attendees: [{ id: OTHER }] }).attendees.map((one) => one.id)).toEqual([HOST, OTHER]);
		desk.world.switches.attendeesInUpdate = 'merge';
		const merged = desk.patch(id, { attendees: [{ id: GUEST, isOptional: true }] });
		expect(merged.attendees.map((one) => one.id)).toEqual([HOST, OTHER, GUEST]);
	});

	it('are limited to 5,000', () => {
		const desk = new Desk({}, 5001);
		const ids = Array.from({ length: 5001 }, (_, i) => ({ id: `union-p${i}` }));
		const { id } = desk.create();
		for (let from = 0; from < 5000; from += 500) {
			desk.ask('POST', `${eventPath(id)}/attendees`, { attendeesToAdd: ids.slice(from, from + 500) });
		}
		const oneMore = { attendeesToAdd: ids.slice(5000) };
		expect(desk.refusal('POST', `${eventPath(id)}/attendees`, oneMore)).toMatchObject({ code: 'invalidParameter' });
	});

	it('can respond only when invited, and again after the event was moved', () => {
		const desk = new Desk();
		const { id } = desk.create({ attendees: [{ id: GUEST }] });
		const answer = (user: string, responseStatus: string): string => {
			desk.ask('POST', `${eventPath(id, user)}/respond`, { responseStatus });
			return statusOf(desk.get(id), user) ?? '';
		};
		expect(answer(GUEST, 'declined')).toBe('declined');
		expect(desk.refusal('POST', `${eventPath(id, OTHER)}/respond`, { responseStatus: 'accepted' })).toMatchObject({
			status: 404,
		});
		expect(desk.refusal('POST', `${eventPath(id, GUEST)}/respond`, { responseStatus: 'maybe' })).toMatchObject({
			status: 400,
		});
		desk.patch(id, { end: at('2026-03-02T12:00:00+08:00') });
		expect(statusOf(desk.get(id), GUEST)).toBe('needsAction');
		expect(statusOf(desk.get(id), HOST)).toBe('accepted');
	});

	it('are listed page by page', () => {
		const desk = new Desk({}, 5);
		const { id } = desk.create({ attendees: Array.from({ length: 5 }, (_, i) => ({ id: `union-p${i}` })) });
		const first = desk.ask('GET', `${eventPath(id)}/attendees?maxResults=4&nextToken=0`);
		const second = desk.ask('GET', `${eventPath(id)}/attendees?maxResults=4&nextToken=${first.nextToken}`);
		expect([first.attendees.length, second.attendees.length, second.nextToken]).toEqual([4, 2, null]);
		expect(desk.ask('GET', `${eventPath(id)}?maxAttendees=2`).attendees).toHaveLength(2);
	});
});

describe('A series', () => {
	const WEEK = ['2026-03-02T00:00:00+08:00', '2026-03-09T00:00:00+08:00'] as const;

	it('gives each occurrence its own ID', () => {
		const desk = new Desk();
		const { id } = desk.create({ recurrence: daily() });
		const week = desk.view(...WEEK);
		expect(week).toHaveLength(7);
		expect(new Set(week.map((one) => one.id)).size).toBe(7);
		expect(week[2]).toMatchObject({ seriesMasterId: id, originStart: { dateTime: '2026-03-04T02:00:00Z' } });
		expect(week[2]).not.toHaveProperty('reminders');
		expect(desk.get(id)).toMatchObject({ id, seriesMasterId: id, recurrence: daily() });
		expect(desk.get(week[2].id)).toMatchObject({ start: at('2026-03-04T10:00:00+08:00') });
	});

	it('has occurrences that can be changed, answered and cancelled individually', () => {
		const desk = new Desk();
		const { id } = desk.create({ recurrence: daily(), attendees: [{ id: GUEST }] });
		const [, second, third, fourth] = desk.view(...WEEK);
		desk.patch(second.id, {
			summary: 'Moved',
			start: at('2026-03-03T15:00:00+08:00'),
			end: at('2026-03-03T16:00:00+08:00'),
		});
		desk.ask('POST', `${eventPath(third.id, GUEST)}/respond`, { responseStatus: 'declined' });
		desk.ask('DELETE', eventPath(fourth.id));
		desk.patch(id, { description: 'For all' });
		const week = desk.view(...WEEK, GUEST);
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
		expect(desk.refusal('GET', eventPath(fourth.id))).toMatchObject({ code: 'instanceNotExist' });
		desk.ask('DELETE', eventPath(week[0].id, GUEST));
		expect(desk.view(...WEEK, GUEST)).toHaveLength(5);
		expect(desk.view(...WEEK)).toHaveLength(6);
	});

	it('can have different attendees on single occurrences', () => {
		const desk = new Desk();
		const { id } = desk.create({ recurrence: daily(), attendees: [{ id: GUEST }] });
		const [first] = desk.view(...WEEK);
		desk.ask('POST', `${eventPath(first.id)}/attendees`, { attendeesToAdd: [{ id: OTHER }] });
		desk.ask('POST', `${eventPath(first.id)}/attendees/batchRemove`, { attendeesToRemove: [{ id: GUEST }] });
		expect(desk.view(...WEEK, OTHER).map((one) => one.id)).toEqual([first.id]);
		expect(desk.view(...WEEK, GUEST)).toHaveLength(6);
		expect(desk.get(id).attendees.map((one) => one.id)).toEqual([HOST, GUEST]);
	});

	it('has only the occurrences that its rule generates', () => {
		const desk = new Desk();
		const { id } = desk.create({ recurrence: daily() });
		const [first] = desk.view(...WEEK);
		desk.patch(id, {
			recurrence: daily({ type: 'noEnd' }, 2),
			start: at('2026-03-03T10:00:00+08:00'),
			end: at('2026-03-03T11:00:00+08:00'),
		});
		expect(desk.refusal('GET', eventPath(first.id))).toMatchObject({ status: 404, code: 'instanceNotExist' });
		const strict = new Desk({ virtualInstance: 'instanceNotExist' });
		strict.create({ recurrence: daily() });
		const [, later] = strict.view(...WEEK);
		expect(strict.refusal('GET', eventPath(later.id))).toMatchObject({ status: 404, code: 'instanceNotExist' });
	});

	it('can become a single event, and a single event a series', () => {
		const desk = new Desk();
		const { id } = desk.create({ recurrence: daily() });
		desk.patch(id, { recurrence: null });
		expect(desk.view(...WEEK).map((one) => one.id)).toEqual([id]);
		expect(desk.get(id)).not.toHaveProperty('recurrence');
		desk.patch(id, { recurrence: daily({ type: 'numbered', numberOfOccurrences: 2 }) });
		expect(desk.view(...WEEK)).toHaveLength(2);
		desk.patch(id, { recurrence: {} });
		expect(desk.view(...WEEK)).toHaveLength(1);
	});

	it('lists its occurrences through the calls that only the SDK documents', () => {
		const desk = new Desk();
		const plain = desk.create();
		const { id } = desk.create({ recurrence: daily() });
		const range = 'timeMin=2026-03-01T00:00:00Z&timeMax=2026-03-12T00:00:00Z';
		expect(desk.ask('GET', `${eventPath(plain.id)}/instances?${range}`).events).toEqual([]);
		const future = desk.ask('GET', `${eventPath(id)}/instances?${range}`).events;
		expect(future).toHaveLength(10);
		expect(future[0]).not.toHaveProperty('originStart');
		desk.clock.set(Date.parse('2026-03-04T12:00:00+08:00'));
		const generated = `${PRIMARY(HOST)}/instances?seriesMasterId=${id}`;
		expect(desk.ask('GET', generated).events.map((one) => one.id)).toEqual(future.slice(0, 3).map((one) => one.id));
		desk.patch(future[8].id, { summary: 'x' });
		expect(desk.ask('GET', `${generated}&startRecurrenceId=${future[2].id}`).events.map((one) => one.id)).toEqual([
			future[2].id,
			future[8].id,
		]);
		expect(desk.refusal('GET', `${PRIMARY(HOST)}/instances`)).toMatchObject({ code: 'invalidParameter' });
	});
});

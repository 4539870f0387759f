/** Tests the simulator's event lists and views. */
import { CalendarStore } from '../../simulator/calendar/calendarStore';
import { at, daily, CalendarTestbed, eventPath, GUEST, HOST, PRIMARY, query, type Answered } from './calendarTestbed';

const twoDigits = (value: number): string => String(value).padStart(2, '0');
const onDay = (day: number, hour = 10) => ({
	summary: `Day ${day}`,
	start: at(`2026-03-${twoDigits(day)}T${twoDigits(hour)}:00:00+08:00`),
	end: at(`2026-03-${twoDigits(day)}T${twoDigits(hour + 1)}:00:00+08:00`),
});
const titles = (events: Answered[]): Array<string | undefined> => events.map(({ summary }) => summary);

describe('The event list', () => {
	it('contains single events at any time, but only the occurrences of a series that have begun', () => {
		const testbed = new CalendarTestbed();
		testbed.create({ ...onDay(2), summary: 'Daily', recurrence: daily() });
		testbed.create(onDay(20));
		expect(titles(testbed.list().events)).toEqual(['Day 20']);
		testbed.clock.set(Date.parse('2026-03-04T10:00:00+08:00'));
		expect(titles(testbed.list().events)).toEqual(['Daily', 'Daily', 'Daily', 'Day 20']);
	});

	it('filters by the start of events', () => {
		const testbed = new CalendarTestbed();
		for (const day of [3, 4, 5]) testbed.create(onDay(day));
		const filters = { timeMin: '2026-03-03T10:30:00+08:00', timeMax: '2026-03-05T10:00:00+08:00' };
		expect(titles(testbed.list(filters).events)).toEqual(['Day 4']);
	});

	it('can be limited to one series', () => {
		const testbed = new CalendarTestbed();
		const { id } = testbed.create({ ...onDay(2, 7), summary: 'Daily', recurrence: daily() });
		const plain = testbed.create(onDay(2));
		expect(titles(testbed.list({ seriesMasterId: id }).events)).toEqual(['Daily']);
		expect(testbed.list({ seriesMasterId: plain.id }).events).toEqual([]);
	});

	it.each([
		['a window over a year', { timeMin: '2026-01-01T00:00:00Z', timeMax: '2027-01-01T00:00:01Z' }],
		['an end before the start', { timeMin: '2026-01-02T00:00:00Z', timeMax: '2026-01-01T00:00:00Z' }],
		['a bound without an offset', { timeMin: '2026-01-02T00:00:00' }],
		['101 results', { maxResults: '101' }],
		['0 results', { maxResults: '0' }],
		['101 attendees', { maxAttendees: '101' }],
		['an invalid flag', { showDeleted: 'yes' }],
		['an invalid page token', { nextToken: 'abc' }],
		['an invalid sync token', { syncToken: 'abc' }],
	])('refuses %s', (_name, filters) => {
		expect(new CalendarTestbed().refusal('GET', `${PRIMARY(HOST)}/events?${query(filters)}`)).toMatchObject({
			status: 400,
			code: 'invalidParameter',
		});
	});

	it('can shorten an oversized page, depending on the switch', () => {
		expect(new CalendarTestbed({ oversizedPage: 'clamp' }).list({ maxResults: '101' }).events).toEqual([]);
	});

	it.each([
		['null', { nextToken: null }],
		['absent', {}],
		['empty', { nextToken: '' }],
	] as const)('ends with a page token that is %s', (lastPageToken, expected) => {
		const { nextToken, ...rest } = new CalendarTestbed({ lastPageToken }).list();
		expect(rest.events).toEqual([]);
		expect(nextToken === undefined ? {} : { nextToken }).toEqual(expected);
	});

	it.each(['never', 'sometimes'] as const)('loses no events across pages (pages are %s empty)', (emptyPages) => {
		const testbed = new CalendarTestbed({ emptyPages });
		for (let day = 2; day < 30; day++) testbed.create(onDay(day));
		const seen: Array<string | undefined> = [];
		const sizes: number[] = [];
		let nextToken: string | null | undefined;
		do {
			const page = testbed.list({ maxResults: '10', ...(nextToken ? { nextToken } : {}) });
			if (seen.length === 0) testbed.create({ ...onDay(1), summary: 'late' });
			seen.push(...titles(page.events));
			sizes.push(page.events.length);
			({ nextToken } = page);
			expect(page.syncToken === undefined).toBe(nextToken !== null);
		} while (nextToken);
		expect(seen).toEqual(Array.from({ length: 28 }, (_, i) => `Day ${i + 2}`));
		expect(sizes.includes(0)).toBe(emptyPages === 'sometimes');
	});
});

describe('The expanded event view', () => {
	it('contains all events that overlap the window, past and future', () => {
		const testbed = new CalendarTestbed();
		testbed.create({ ...onDay(2), recurrence: daily() });
		const found = testbed.view('2031-03-05T11:00:00+08:00', '2031-03-07T10:00:00+08:00');
		expect(found.map(({ start }) => start.dateTime)).toEqual([
			'2031-03-05T10:00:00+08:00',
			'2031-03-06T10:00:00+08:00',
		]);
		expect(found[0].extendedProperties).toMatchObject({ privateProperties: { dingtalkDetailUrl: expect.any(String) } });
	});

	it('pages through an endless series', () => {
		const testbed = new CalendarTestbed();
		testbed.create({ ...onDay(2), recurrence: daily() });
		const path = `${PRIMARY(HOST)}/eventsview?${query({ timeMin: '2026-03-02T00:00:00Z', timeMax: '2026-12-31T00:00:00Z' })}`;
		const first = testbed.ask('GET', path);
		const second = testbed.ask('GET', `${path}&nextToken=${first.nextToken}`);
		expect([first.events.length, second.events[0].start.dateTime]).toEqual([100, '2026-06-10T10:00:00+08:00']);
		expect(first).not.toHaveProperty('syncToken');
		expect(testbed.refusal('GET', `${PRIMARY(GUEST)}/eventsview?nextToken=${first.nextToken}`)).toMatchObject({
			code: 'invalidParameter',
		});
		expect(testbed.refusal('GET', `${PRIMARY(HOST)}/events?nextToken=${first.nextToken}`)).toMatchObject({
			code: 'invalidParameter',
		});
	});
});

describe('A sync token', () => {
	const since = (testbed: CalendarTestbed, syncToken: string | undefined, user = HOST) =>
		testbed.list({ syncToken: syncToken ?? '' }, user).events.map(({ id, status }) => [id, status]);

	it('is not returned for a list that was cut off', () => {
		expect(new CalendarTestbed().list({ timeMax: '2026-04-01T00:00:00Z' })).not.toHaveProperty('syncToken');
	});

	it('returns what was created, changed, answered and cancelled, and nothing else', () => {
		const testbed = new CalendarTestbed();
		const [still, changed, answered, gone] = [3, 4, 5, 6].map((day) =>
			testbed.create({ ...onDay(day), attendees: [{ id: GUEST }] }),
		);
		const { syncToken } = testbed.list();
		expect(since(testbed, syncToken)).toEqual([]);
		testbed.patch(changed.id, { summary: 'x' });
		testbed.ask('POST', `${eventPath(answered.id, GUEST)}/respond`, { responseStatus: 'accepted' });
		testbed.ask('DELETE', eventPath(gone.id));
		const created = testbed.create(onDay(7));
		expect(since(testbed, syncToken)).toEqual([
			[changed.id, 'confirmed'],
			[answered.id, 'confirmed'],
			[gone.id, 'cancelled'],
			[created.id, 'confirmed'],
		]);
		expect(since(testbed, testbed.list({ syncToken: syncToken ?? '' }).syncToken)).toEqual([]);
		expect(since(testbed, syncToken).flat()).not.toContain(still.id);
		testbed.world.switches.deletedInDelta = 'onlyWithShowDeleted';
		expect(since(testbed, syncToken).flat()).not.toContain('cancelled');
	});

	it("returns events that were removed from only that user's calendar", () => {
		const testbed = new CalendarTestbed();
		const hidden = testbed.create({ ...onDay(3), attendees: [{ id: GUEST }] });
		const lost = testbed.create({ ...onDay(4), attendees: [{ id: GUEST }] });
		const host = testbed.list().syncToken;
		const guest = testbed.list({}, GUEST).syncToken;
		testbed.ask('DELETE', eventPath(hidden.id, GUEST));
		testbed.ask('POST', `${eventPath(lost.id)}/attendees/batchRemove`, { attendeesToRemove: [{ id: GUEST }] });
		expect(since(testbed, guest, GUEST)).toEqual([
			[hidden.id, 'cancelled'],
			[lost.id, 'cancelled'],
		]);
		expect(since(testbed, host)).toEqual([[lost.id, 'confirmed']]);
		expect(testbed.refusal('GET', `${PRIMARY(GUEST)}/events?syncToken=${host}`)).toMatchObject({
			code: 'invalidParameter',
		});
	});

	it('returns occurrences once they begin, and cancels those that a new rule no longer has', () => {
		const testbed = new CalendarTestbed();
		const { id } = testbed.create({ ...onDay(2), recurrence: daily() });
		testbed.clock.set(Date.parse('2026-03-03T12:00:00+08:00'));
		const first = testbed.list();
		testbed.clock.set(Date.parse('2026-03-04T12:00:00+08:00'));
		const second = testbed.list({ syncToken: first.syncToken ?? '' });
		expect(second.events.map(({ start }) => start.dateTime)).toEqual(['2026-03-04T10:00:00+08:00']);
		testbed.patch(id, { recurrence: daily({ type: 'noEnd' }, 2) });
		expect(since(testbed, second.syncToken)).toEqual([
			[first.events[0].id, 'confirmed'],
			[first.events[1].id, 'cancelled'],
			[second.events[0].id, 'confirmed'],
		]);
	});

	it('returns an occurrence that was postponed after it had begun', () => {
		const testbed = new CalendarTestbed();
		testbed.create({ ...onDay(2), recurrence: daily() });
		testbed.clock.set(Date.parse('2026-03-02T10:30:00+08:00'));
		const { events, syncToken } = testbed.list();
		testbed.patch(events[0].id, { start: at('2026-03-09T15:00:00+08:00'), end: at('2026-03-09T16:00:00+08:00') });
		expect(since(testbed, syncToken)).toEqual([[events[0].id, 'confirmed']]);
	});
});

describe('Rooms in the calendar store', () => {
	it('are booked for a series or for one of its occurrences', () => {
		const testbed = new CalendarTestbed();
		const store = testbed.world.use(CalendarStore);
		const { id } = testbed.create({ ...onDay(2), recurrence: daily() });
		const week = { fromMs: Date.parse('2026-03-02T00:00:00+08:00'), toMs: Date.parse('2026-03-09T00:00:00+08:00') };
		const [first] = store.occurrencesOf(HOST, week);
		const room = { roomId: 'room', displayName: 'Room', responseStatus: 'accepted' } as const;
		store.bookRooms(first, [room], HOST);
		expect(store.occurrencesIn('room', week).map((view) => view.id)).toEqual([first.id]);
		const series = store.find(HOST, id);
		if (series) store.bookRooms(series, [room], HOST);
		expect(store.occurrencesIn('room', week)).toHaveLength(7);
		store.releaseRooms(store.find(HOST, first.id) ?? first, ['room'], HOST);
		expect(store.occurrencesIn('room', week)).toHaveLength(6);
		expect(testbed.get(id)).toMatchObject({ meetingRooms: [room], location: { meetingRooms: ['Room'] } });
	});

	it('follow a moved event only when they are free', () => {
		const testbed = new CalendarTestbed();
		const store = testbed.world.use(CalendarStore);
		const room = { roomId: 'room', displayName: 'Room', responseStatus: 'accepted' } as const;
		const book = (id: string): void => {
			const view = store.find(HOST, id);
			if (view) store.bookRooms(view, [room], HOST);
		};
		book(testbed.create({ ...onDay(2), recurrence: daily() }).id);
		const { id } = testbed.create(onDay(3, 14));
		book(id);
		const { start, end } = onDay(9);
		expect(testbed.refusal('PUT', eventPath(id), { id, start, end })).toEqual({
			status: 400,
			code: 'invalidParameter',
			message: 'Meeting room invalid',
		});
		const later = onDay(9, 11);
		expect(testbed.patch(id, { start: later.start, end: later.end }).start).toEqual(later.start);
	});
});

/** Tests the Free/Busy operation 'Find Common Free Time' on the n8n engine. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Person } from '../simulator/company';
import { errorOf, hintsOf, outputOf, TESTED_NODE } from './harness';
import { callsOf, hour, plant, rememberedEvent } from './support/events';
import { useDesk } from './support/setup';
import { build, meteredBy, reserve, roomsOf, stateOf, userPath } from './support/state';

const desk = useDesk();

const ids = (people: Person[]): string => people.map(({ unionId }) => unionId).join(', ');
const named = (people: Person[]): string => people.map(({ name, unionId }) => `${name} <${unionId}>`).join(', ');
const starts = (items: IDataObject[]): unknown[] => items.map(({ start }) => start);

/** A Tuesday. */
const TUESDAY = { from: '2026-03-03T09:00', to: '2026-03-03T18:00' };

const at = (from: string, to: string): IDataObject => ({
	start: { dateTime: `${from}:00+08:00`, timeZone: 'Asia/Shanghai' },
	end: { dateTime: `${to}:00+08:00`, timeZone: 'Asia/Shanghai' },
});

const search = async (parameters: INodeParameters, timezone = 'Asia/Shanghai') => {
	const { run, items } = await desk().runNode({
		parameters: {
			resource: 'freeBusy',
			operation: 'findSlots',
			user: desk().people[0].unionId,
			timeMin: '2026-03-03T09:00',
			timeMax: '2026-03-03T18:00',
			...parameters,
			options: { oneItemPerResult: true, ...(parameters.options as INodeParameters | undefined) },
		},
		timezone,
	});
	expect(errorOf(run)).toBeUndefined();
	return { items, hints: hintsOf(run, TESTED_NODE).map(({ message }) => message) };
};

describe('finding common free time', () => {
	it('returns times when no one is busy, ready to pass to Create', async () => {
		const [host, anna, ben] = desk().people;
		plant(desk(), host, hour(3, 9));
		plant(desk(), anna, at('2026-03-03T10:00', '2026-03-03T11:30'));
		plant(desk(), ben, { ...hour(3, 14), attendees: [{ id: anna.unionId }] });
		const { items } = await desk().runWorkflow('freeBusy.findSlots', [
			{ person: host.mobile, people: [anna.mobile, ben.unionId], minutes: 60, ...TUESDAY },
		]);
		expect(starts(items)).toEqual([
			'2026-03-03T13:00:00+08:00',
			'2026-03-03T15:00:00+08:00',
			'2026-03-03T16:00:00+08:00',
		]);
		expect(items[0]).toEqual({
			found: true,
			start: '2026-03-03T13:00:00+08:00',
			end: '2026-03-03T14:00:00+08:00',
			timeZone: 'Asia/Shanghai',
			organizer: named([host]),
			attendees: named([anna, ben]),
			optionalAttendees: '',
			room: null,
			rooms: [],
			conflicts: [],
			explanation: 'All attendees are free.',
			alternatives: [],
		});
		const { start, end, attendees, timeZone } = items[0] as Record<string, string>;
		const { items: created, run } = await desk().runNode({
			parameters: {
				resource: 'event',
				operation: 'create',
				user: host.unionId,
				summary: 'Found',
				start,
				end,
				additionalFields: { attendees, timeZone: { __rl: true, mode: 'id', value: timeZone } },
			},
		});
		expect(errorOf(run)).toBeUndefined();
		expect(await rememberedEvent(desk(), String(created[0].id))).toMatchObject(
			at('2026-03-03T13:00', '2026-03-03T14:00'),
		);
	});

	it.each([
		[1, 0],
		[20, 5],
		[21, 6],
		[45, 11],
	])('costs one call per 20 people and one per 5 rooms (%i people, %i rooms)', async (people, rooms) => {
		const roomChoice: INodeParameters =
			rooms > 0
				? {
						roomChoice: 'list',
						rooms: build(desk(), rooms)
							.map(({ roomId }) => roomId)
							.join(),
					}
				: {};
		const [, ...guests] = desk().people.slice(0, people);
		await search({ attendees: ids(guests), ...roomChoice });
		expect(await meteredBy(desk())).toBe(Math.ceil(people / 20) + Math.ceil(rooms / 5));
		const asked = (await callsOf(desk())).filter(({ path }) => path.endsWith('/querySchedule'));
		expect(asked).toHaveLength(Math.ceil(people / 20));
	});

	it('lists matching rooms with one extra call, smallest first', async () => {
		const [host, anna] = desk().people;
		const [big, , , , , , board, classroom] = roomsOf(desk());
		const { items } = await search({
			attendees: anna.unionId,
			roomChoice: 'any',
			roomFilters: { equipment: ['projector'], minCapacity: 10 },
			results: 1,
		});
		expect(items[0].rooms).toEqual([
			{ id: big.roomId, name: big.roomName, seats: big.roomCapacity },
			{ id: board.roomId, name: board.roomName, seats: board.roomCapacity },
			{ id: classroom.roomId, name: classroom.roomName, seats: classroom.roomCapacity },
		]);
		expect(await meteredBy(desk())).toBe(3);
		expect((await desk().recorder.meteredCalls()).map(({ path }) => path)).toEqual([
			`${userPath(host)}/querySchedule`,
			'/v1.0/rooms/meetingRoomLists',
			`${userPath(host)}/meetingRooms/schedules/query`,
		]);
	});

	it('picks rooms that seat everyone when no minimum is given, and states when it checked only some of them', async () => {
		const guests = desk().people.slice(1, 12);
		const { items, hints } = await search({ attendees: ids(guests), roomChoice: 'any', roomFilters: { mostRooms: 2 } });
		expect((items[0].rooms as IDataObject[]).map(({ seats }) => seats)).toEqual([12, 20]);
		expect(hints.join()).toContain('4 rooms match; only the 2 smallest were checked');
	});

	it('skips times when no room, or too few rooms, are free', async () => {
		const [, anna, ben] = desk().people;
		const [first, second] = roomsOf(desk());
		const booked = plant(desk(), ben, at('2026-03-03T09:00', '2026-03-03T11:00'));
		reserve(desk(), booked, [first.roomId]);
		const rooms = [first.roomId, second.roomId].join();
		const one = await search({ attendees: anna.unionId, roomChoice: 'list', rooms, results: 1 });
		expect(one.items[0]).toMatchObject({
			start: '2026-03-03T09:00:00+08:00',
			rooms: [{ id: second.roomId, name: null, seats: null }],
		});
		const all = await search({ attendees: anna.unionId, roomChoice: 'all', rooms, results: 1 });
		expect(all.items[0]).toMatchObject({
			start: '2026-03-03T11:00:00+08:00',
			rooms: [{ id: first.roomId }, { id: second.roomId }],
		});
	});

	it('combines all options in an exported workflow', async () => {
		const [host, anna, ben, carl] = desk().people;
		plant(desk(), carl, { isAllDay: true, start: { date: '2026-03-03' }, end: { date: '2026-03-04' } });
		const { items } = await desk().runWorkflow('freeBusy.findSlots.everything', [
			{
				person: host.unionId,
				people: ids([anna, ben]),
				optional: carl.unionId,
				abroad: ben.unionId,
				minutes: 60,
				from: '2026-03-03',
				to: '2026-03-07',
				hours: '09:00-20:00',
				lunch: '12:00-13:00',
				off: '2026-03-05..2026-03-06',
				on: '',
			},
		]);
		// 17:30 in Shanghai and 10:30 in Berlin are equally far from the middle of the working day.
		expect(starts(items)).toEqual(['2026-03-04T17:30:00+08:00', '2026-03-03T17:30:00+08:00']);
		expect(items[0].conflicts).toEqual([]);
		expect(items[1]).toMatchObject({
			conflicts: [{ id: carl.unionId, person: carl.name, optional: true, reason: 'busy' }],
			explanation: expect.stringContaining('Other time zones: Tue 10:30 in Europe/Berlin.'),
			optionalAttendees: named([carl]),
		});
	});

	it('takes series, all-day events and events across midnight into account', async () => {
		const [host, anna] = desk().people;
		plant(desk(), host, {
			...hour(2, 9),
			recurrence: { pattern: { type: 'daily', interval: 1 }, range: { type: 'noEnd' } },
		});
		plant(desk(), anna, { isAllDay: true, start: { date: '2026-03-03' }, end: { date: '2026-03-04' } });
		plant(desk(), anna, at('2026-03-04T22:00', '2026-03-05T10:30'));
		const { items } = await search({
			attendees: anna.unionId,
			timeMax: '2026-03-05T12:00',
			results: 50,
			options: { step: '30', spread: 'overlapping' },
		});
		expect(starts(items)).toEqual([
			...[
				'10:00',
				'10:30',
				'11:00',
				'13:00',
				'13:30',
				'14:00',
				'14:30',
				'15:00',
				'15:30',
				'16:00',
				'16:30',
				'17:00',
			].map((clock) => `2026-03-04T${clock}:00+08:00`),
			...['10:30', '11:00'].map((clock) => `2026-03-05T${clock}:00+08:00`),
		]);
	});

	it('reads an all-day event in the time zone of its owner', async () => {
		const [, anna] = desk().people;
		plant(desk(), anna, { isAllDay: true, start: { date: '2026-03-03' }, end: { date: '2026-03-04' } });
		const { items } = await search({
			attendees: anna.unionId,
			timeMin: '2026-03-03T00:00',
			timeMax: '2026-03-05T00:00',
			results: 1,
			workingTime: {
				hours: '00:00-24:00',
				lunch: '',
				personZones: { place: [{ people: anna.unionId, theirZone: 'America/New_York' }] },
			},
		});
		// 3 March in New York starts at 13:00 in Shanghai and ends a day later.
		expect(items[0]).toMatchObject({ start: '2026-03-03T00:00:00+08:00' });
		const { items: after } = await search({
			attendees: anna.unionId,
			timeMin: '2026-03-03T13:00',
			timeMax: '2026-03-05T00:00',
			results: 1,
			workingTime: {
				hours: '00:00-24:00',
				lunch: '',
				personZones: { place: [{ people: anna.unionId, theirZone: 'America/New_York' }] },
			},
		});
		expect(after[0]).toMatchObject({ start: '2026-03-04T13:00:00+08:00' });
	});

	it('keeps to local time on a day with a clock change', async () => {
		const { items } = await search(
			{
				timeMin: '2026-03-06',
				timeMax: '2026-03-11',
				options: { step: '60', spread: 'days' },
				workingTime: { lunch: '' },
			},
			'America/New_York',
		);
		expect(starts(items)).toEqual([
			'2026-03-06T09:00:00-05:00',
			'2026-03-09T09:00:00-04:00',
			'2026-03-10T09:00:00-04:00',
		]);
	});
});

describe('finding common free time and booking it', () => {
	const find = async (rooms: string, optional = '') => {
		const [host, anna, ben] = desk().people;
		return await desk().runWorkflow('freeBusy.findSlots.book', [
			{ person: host.mobile, people: `${anna.mobile}, ${ben.name}`, optional, rooms, ...TUESDAY },
		]);
	};

	it('books one meeting, with the fields as they are dragged from its input', async () => {
		const [host, anna, ben, carl] = desk().people;
		const [room, other] = roomsOf(desk());
		const rooms = JSON.stringify([
			{ id: room.roomId, name: room.roomName },
			{ id: other.roomId, name: other.roomName },
		]);
		const { run, items } = await find(rooms, carl.mobile);
		expect(errorOf(run)).toBeUndefined();
		const found = outputOf(run, 'Find Common Free Time');
		expect(found).toMatchObject([
			{
				start: '2026-03-03T09:00:00+08:00',
				attendees: named([anna, ben]),
				optionalAttendees: named([carl]),
				room: `${room.roomName} <${room.roomId}>`,
			},
		]);
		expect(starts(found[0].alternatives as IDataObject[])).toEqual([
			'2026-03-03T10:00:00+08:00',
			'2026-03-03T11:00:00+08:00',
			'2026-03-03T13:00:00+08:00',
			'2026-03-03T14:00:00+08:00',
		]);
		expect(items).toMatchObject([{ booked: true, room: { roomId: room.roomId, name: room.roomName } }]);
		const { events } = await stateOf(desk());
		expect(events).toHaveLength(1);
		const event = await rememberedEvent(desk(), String(items[0].id));
		expect(event).toMatchObject({
			...at('2026-03-03T09:00', '2026-03-03T10:00'),
			attendees: [host, anna, ben, carl].map(({ unionId }) =>
				expect.objectContaining({ unionId, isOptional: unionId === carl.unionId }),
			),
		});
		expect(hintsOf(run, 'Find Common Free Time').map(({ message }) => message)).toContainEqual(
			"The best time is the item; 4 others are in 'alternatives'. To get each as an item, turn on 'One Item Per Result'.",
		);
	});

	it('gives each alternative all that it takes to book it instead', async () => {
		const [host, anna, ben] = desk().people;
		const [room] = roomsOf(desk());
		const { run } = await find(room.roomId);
		const [{ alternatives }] = outputOf(run, 'Find Common Free Time');
		expect((alternatives as IDataObject[])[0]).toEqual({
			start: '2026-03-03T10:00:00+08:00',
			end: '2026-03-03T11:00:00+08:00',
			timeZone: 'Asia/Shanghai',
			organizer: named([host]),
			attendees: named([anna, ben]),
			optionalAttendees: '',
			room: room.roomId,
			rooms: [{ id: room.roomId, name: null, seats: null }],
			conflicts: [],
			explanation: 'All attendees are free.',
		});
	});

	it('names a room that was picked from the list, and all rooms where all are needed', async () => {
		const [room, other] = roomsOf(desk());
		const picked = await search({
			roomChoice: 'list',
			rooms: { __rl: true, mode: 'list', value: room.roomId, cachedResultName: `${room.roomName} · 12 seats` },
		});
		expect(picked.items[0].room).toBe(`${room.roomName} <${room.roomId}>`);
		const all = await search({ roomChoice: 'all', rooms: `A <${room.roomId}>, ${other.roomId}` });
		expect(all.items[0].room).toBe(`A <${room.roomId}>, ${other.roomId}`);
	});

	it('writes names so that a list of them can be read again', async () => {
		const [, anna] = desk().people;
		anna.name = 'Schmidt, Anna; <HR>';
		const { items } = await search({ attendees: anna.unionId });
		expect(items[0].attendees).toBe(`Schmidt Anna HR <${anna.unionId}>`);
	});

	it('uses singular and plural in the steps of a booking', async () => {
		const [host] = desk().people;
		const stepsWith = async (parameters: INodeParameters) => {
			const { items, run } = await desk().runNode({
				parameters: {
					resource: 'event',
					operation: 'book',
					user: host.unionId,
					summary: 'Review',
					start: '2026-03-03T09:00',
					end: '2026-03-03T10:00',
					...parameters,
				},
			});
			expect(errorOf(run)).toBeUndefined();
			return (items[0].steps as IDataObject[]).map(({ step, subject, outcome }) => `${step}: ${subject}, ${outcome}`);
		};
		expect((await stepsWith({ roomChoice: 'none' }))[0]).toBe('check people: 1 person, free');
		const [room] = roomsOf(desk());
		const steps = await stepsWith({
			start: '2026-03-04T09:00',
			end: '2026-03-04T10:00',
			roomFilters: { name: room.roomName },
			additionalFields: { attendees: desk().people[1].unionId },
		});
		expect(steps[0]).toBe('check people: 2 people, free');
		expect(steps[1]).toMatch(/^list rooms: \d+ rooms, 1 matches$/);
	});
});

describe('finding common free time around days off', () => {
	const days = async (parameters: INodeParameters, timezone?: string) => {
		const { items, hints } = await search({ options: { spread: 'days' }, results: 20, ...parameters }, timezone);
		return { days: items.map(({ start }) => String(start).slice(0, 10)), hints, items };
	};

	it('skips Chinese holidays and uses make-up working days', async () => {
		const october = { timeMin: '2026-09-30', timeMax: '2026-10-13' };
		const found = await days(october);
		expect(found.days).toEqual(['2026-09-30', '2026-10-08', '2026-10-09', '2026-10-10', '2026-10-12']);
		expect(found.hints.join()).not.toContain('holidays');
		expect((await days(october, 'Asia/Singapore')).days).toEqual([
			'2026-09-30',
			'2026-10-01',
			'2026-10-02',
			'2026-10-05',
			'2026-10-06',
			'2026-10-07',
			'2026-10-08',
			'2026-10-09',
			'2026-10-12',
		]);
		expect((await days({ ...october, workingTime: { holidays: 'china' } }, 'Asia/Singapore')).days).toEqual(found.days);
		expect((await days({ ...october, workingTime: { holidays: 'none' } })).days).toContain('2026-10-01');
	});

	it('applies additional days off and working days', async () => {
		const { days: found } = await days({
			timeMin: '2026-03-02',
			timeMax: '2026-03-10',
			workingTime: {
				nonWorkingDates: '2026-03-03..2026-03-05',
				extraWorkingDates: '2026-03-07',
				workingDays: ['monday', 'tuesday', 'friday'],
			},
		});
		expect(found).toEqual(['2026-03-02', '2026-03-06', '2026-03-07', '2026-03-09']);
	});

	it.each([
		['2026-03-03T00:00:00.000Z', 'America/New_York'],
		['2026-03-03 00:00:00+00', 'America/New_York'],
		['2026-03-03T00:00:00.000-08:00', 'Asia/Shanghai'],
	])('takes midnight of another zone for its day, as sheets and databases write days: %s in %s', async (day, zone) => {
		const { days: found } = await days(
			{ timeMin: '2026-03-02', timeMax: '2026-03-06', workingTime: { nonWorkingDates: [day] } },
			zone,
		);
		expect(found).toEqual(['2026-03-02', '2026-03-04', '2026-03-05']);
	});

	it('applies the holidays that the law fixes before there is a notice', async () => {
		const { days: may } = await days({ timeMin: '2027-04-29', timeMax: '2027-05-08' });
		// 1 and 2 May are a weekend in 2027; 3 to 7 May will be working days unless a notice says otherwise.
		expect(may).toEqual(['2027-04-29', '2027-04-30', ...[3, 4, 5, 6, 7].map((day) => `2027-05-0${day}`)]);
		const { days: october } = await days({ timeMin: '2029-09-20', timeMax: '2029-10-05' });
		// The Mid-Autumn Festival, a Saturday, and 1 to 3 October.
		expect(october).toEqual([
			'2029-09-20',
			'2029-09-21',
			'2029-09-24',
			'2029-09-25',
			'2029-09-26',
			'2029-09-27',
			'2029-09-28',
			'2029-10-04',
		]);
	});

	it('says that make-up days are unknown where they might matter and the user entered none', async () => {
		const notice = /China's make-up working days of 2027 are not built in/;
		const hintCount = async (timeMin: string, timeMax: string, workingTime: IDataObject = {}, timezone?: string) => {
			const { hints, items } = await days({ timeMin, timeMax, workingTime: workingTime as INodeParameters }, timezone);
			expect(notice.test(String(items[0].explanation))).toBe(hints.some((hint) => notice.test(hint)));
			return hints.filter((hint) => notice.test(hint)).length;
		};
		expect(await hintCount('2026-12-28', '2027-01-05')).toBe(1);
		expect(await hintCount('2026-12-17', '2026-12-18')).toBe(0);
		expect(await hintCount('2027-07-05', '2027-07-10')).toBe(0);
		expect(await hintCount('2027-09-27', '2027-09-30')).toBe(1);
		expect(await hintCount('2027-09-27', '2027-09-30', { extraWorkingDates: '2027-10-09' })).toBe(0);
		expect(await hintCount('2027-09-27', '2027-09-30', { extraWorkingDates: '2026-10-10' })).toBe(1);
		expect(await hintCount('2027-09-27', '2027-09-30', { holidays: 'none' })).toBe(0);
		expect(await hintCount('2027-09-27', '2027-09-30', {}, 'Europe/Berlin')).toBe(0);
	});
});

describe('finding common free time with an unreadable calendar', () => {
	const closed = async (unreadable?: string, isOptional = false) => {
		const [, anna, ben] = desk().people;
		await desk().control('people', { userId: ben.userId, privateFreeBusy: true });
		const options: IDataObject = {
			...(unreadable ? { unreadable } : {}),
			...(isOptional ? { optionalAttendees: ben.unionId } : {}),
		};
		const { items } = await search({
			attendees: isOptional ? anna.unionId : ids([anna, ben]),
			results: 1,
			options: options as INodeParameters,
		});
		return { item: items[0], ben };
	};

	it('counts the person as free and names them by default', async () => {
		const { item, ben } = await closed();
		expect(item).toMatchObject({
			found: true,
			conflicts: [{ id: ben.unionId, person: ben.name, optional: false, reason: 'calendar cannot be read' }],
			explanation: `All attendees whose calendar can be read are free. The calendar of ${ben.name} cannot be read.`,
		});
		expect(item.attendees).toContain(ben.unionId);
	});

	it('can count the person as busy', async () => {
		const { item, ben } = await closed('busy');
		expect(item).toMatchObject({ found: false, start: null });
		expect(item.explanation).toContain(
			'At each, at least one required attendee is busy or has a calendar that cannot be read, which counts as busy.',
		);
		expect(item.explanation).toContain(`${ben.name} counts as busy at `);
		expect(item.explanation).toContain(`make ${ben.name} optional (Tue 3 Mar 2026 09:00)`);
		expect((await closed('busy', true)).item).toMatchObject({
			found: true,
			conflicts: [{ reason: 'calendar cannot be read', optional: true }],
		});
	});

	it('can leave the person out', async () => {
		const { item, ben } = await closed('leaveOut');
		expect(item.explanation).toBe(
			`All attendees are free. The calendar of ${ben.name} cannot be read, so this person is left out.`,
		);
		expect(item).toMatchObject({ found: true, attendees: named([desk().people[1]]), conflicts: [{ id: ben.unionId }] });
	});
});

describe('finding common free time without the schedule of someone', () => {
	it('names the person, and takes a room without one for booked', async () => {
		const [host, anna] = desk().people;
		const [room] = roomsOf(desk());
		const answer = async (path: string, scheduleInformation: IDataObject[]): Promise<void> => {
			await desk().control('faults', { match: { path }, do: 'status', status: 200, body: { scheduleInformation } });
		};
		await answer('*/querySchedule', [{ userId: host.unionId, scheduleItems: [] }]);
		const person = await search({ attendees: anna.unionId, results: 1 });
		expect(person.items[0]).toMatchObject({
			found: true,
			conflicts: [{ id: anna.unionId, reason: 'calendar cannot be read' }],
		});
		await answer('*/meetingRooms/schedules/query', []);
		const without = await search({ attendees: anna.unionId, roomChoice: 'list', rooms: room.roomId });
		expect(without.items[0]).toMatchObject({ found: false });
		expect(without.items[0].explanation).toContain('DingTalk does not show when 1 room is booked.');
	});
});

describe('finding no common free time', () => {
	it('explains who is busy and what would help', async () => {
		const [host, anna, ben] = desk().people;
		plant(desk(), anna, at('2026-03-03T09:30', '2026-03-03T18:00'));
		plant(desk(), ben, at('2026-03-03T10:00', '2026-03-03T12:00'));
		const { items } = await search({ attendees: ids([anna, ben]), options: { step: '30' } });
		expect(items).toHaveLength(1);
		expect(items[0]).toEqual({
			found: false,
			start: null,
			end: null,
			timeZone: 'Asia/Shanghai',
			organizer: named([host]),
			attendees: named([anna, ben]),
			optionalAttendees: '',
			room: null,
			rooms: [],
			conflicts: [],
			alternatives: [],
			explanation:
				`No common free time. Possible starts within working hours: 14. At least one required attendee is busy at each. ` +
				`${anna.name} is busy at 14 (the only one at 10); ${ben.name} is busy at 4. ` +
				`What would help: shorten the meeting to 30 minutes (Tue 3 Mar 2026 09:00); make ${anna.name} optional (Tue 3 Mar 2026 09:00).`,
			why: {
				starts: 14,
				blockers: [
					{ id: anna.unionId, person: anna.name, busyAt: 14, aloneAt: 10 },
					{ id: ben.unionId, person: ben.name, busyAt: 4, aloneAt: 0 },
				],
				openings: [
					{
						change: 'shorten the meeting to 30 minutes',
						start: '2026-03-03T09:00:00+08:00',
						end: '2026-03-03T09:30:00+08:00',
					},
					{
						change: `make ${anna.name} optional`,
						start: '2026-03-03T09:00:00+08:00',
						end: '2026-03-03T10:00:00+08:00',
					},
				],
			},
		});
	});

	it('distinguishes working hours that do not overlap from busy people', async () => {
		const [, anna] = desk().people;
		const { items } = await search({
			attendees: anna.unionId,
			workingTime: { personZones: { place: [{ people: anna.unionId, theirZone: 'America/New_York' }] } },
		});
		expect(items[0].explanation).toContain(
			"No time between 'From' and 'To' is within the working hours of all required attendees for 60 minutes without a break.",
		);
	});

	it('distinguishes booked or missing rooms from busy people', async () => {
		const [, anna, ben] = desk().people;
		const [room] = roomsOf(desk());
		reserve(desk(), plant(desk(), ben, at('2026-03-03T08:00', '2026-03-03T19:00')), [room.roomId]);
		const taken = await search({ attendees: anna.unionId, roomChoice: 'list', rooms: room.roomId });
		expect(taken.items[0].explanation).toContain('but the room is not free then.');
		expect(taken.items[0].explanation).toContain('do without a room (Tue 3 Mar 2026 09:00)');
		const none = await search({ attendees: anna.unionId, roomChoice: 'any', roomFilters: { name: 'ballroom' } });
		expect(none.items[0].explanation).toContain('No room meets the conditions.');
	});

	it('suggests to do without one room only if that alone helps', async () => {
		const [, anna, ben] = desk().people;
		const [first, second, third] = roomsOf(desk());
		const rooms = [first, second, third].map(({ roomId, roomName }) => `${roomName} <${roomId}>`).join();
		reserve(desk(), plant(desk(), ben, at('2026-03-03T08:00', '2026-03-03T19:00')), [first.roomId]);
		const one = await search({ attendees: anna.unionId, roomChoice: 'all', rooms });
		expect(one.items[0].explanation).toContain('these rooms are never all free then.');
		expect(one.items[0].explanation).toContain(`do without the room ${first.roomName} (Tue 3 Mar 2026 09:00)`);
		expect(one.items[0].explanation).not.toContain('do without these rooms');
		reserve(desk(), plant(desk(), ben, at('2026-03-03T08:00', '2026-03-03T19:00')), [second.roomId]);
		const both = await search({ attendees: anna.unionId, roomChoice: 'all', rooms });
		expect(both.items[0].explanation).toContain('do without these rooms (Tue 3 Mar 2026 09:00)');
		expect(both.items[0].explanation).not.toContain('do without the room');
	});

	it('blames no room where none was asked for', async () => {
		const { items } = await search({ timeMax: '2026-03-03T09:30', duration: 50 });
		expect(items[0].explanation).toBe(
			"No common free time. The time between 'From' and 'To' is shorter than the meeting of 50 minutes. What would help: shorten the meeting to 30 minutes (Tue 3 Mar 2026 09:00).",
		);
	});

	it('says that the start rule is in the way, not the working hours', async () => {
		const within = await search({
			duration: 50,
			options: { step: '60' },
			workingTime: { hours: '9:10-10:05', lunch: '' },
		});
		expect(within.items[0].explanation).toContain(
			"50 minutes would fit into the working hours of all required attendees, but meetings start only at the full hour ('Start Every').",
		);
		const window = await search({
			duration: 50,
			timeMin: '2026-03-03T09:05',
			timeMax: '2026-03-03T09:58',
			options: { step: '60' },
		});
		expect(window.items[0].explanation).toContain(
			"No meeting of 50 minutes fits between 'From' and 'To', as meetings start only at the full hour ('Start Every').",
		);
	});

	it('calls no one busy who only lacks the free time before or after', async () => {
		const [host] = desk().people;
		plant(desk(), host, at('2026-03-05T10:00', '2026-03-05T11:00'));
		const { items } = await search({
			timeMin: '2026-03-05T09:00',
			timeMax: '2026-03-05T10:00',
			options: { bufferAfter: 10 },
		});
		expect(items[0].explanation).toContain(
			'Possible starts within working hours: 1. At each, at least one required attendee is busy then or within the free time ' +
				`before or after. ${host.name} rules out 1 (the only one at 1).`,
		);
	});

	it('suggests to turn off what makes the organizer attend, not to make the organizer optional', async () => {
		const [host, anna] = desk().people;
		plant(desk(), host, at('2026-03-03T09:00', '2026-03-03T18:00'));
		const { items } = await search({ attendees: anna.unionId });
		expect(items[0].explanation).toContain(`meet without ${host.name}, by turning off 'Organizer Attends' (Tue 3 Mar`);
		expect(items[0].explanation).not.toContain('optional');
		expect((await search({ attendees: anna.unionId, options: { organizerAttends: false } })).items[0]).toMatchObject({
			found: true,
			start: (items[0].why as { openings: Array<{ start: string }> }).openings[0].start,
		});
	});

	it('suggests other starts where the rule for them is all that is in the way', async () => {
		const within = { duration: 50, workingTime: { hours: '9:10-10:05', lunch: '' } };
		const byHour = await search({ ...within, options: { step: '60' } });
		expect(byHour.items[0].explanation).toContain(`start every 15 minutes (Tue 3 Mar 2026 09:15)`);
		expect((await search({ ...within, options: { step: '15' } })).items[0]).toMatchObject({ found: true });
		const window = await search({
			duration: 50,
			timeMin: '2026-03-03T09:05',
			timeMax: '2026-03-03T09:58',
			options: { step: '60' },
		});
		expect(window.items[0].explanation).not.toContain('No single change');
		expect(window.items[0].explanation).toContain('start every 5 minutes (Tue 3 Mar 2026 09:05)');
	});

	it('offers shorter meetings below one step', async () => {
		const [host] = desk().people;
		plant(desk(), host, at('2026-03-03T09:20', '2026-03-03T18:00'));
		const { items } = await search({ options: { step: '30' }, duration: 30 });
		expect(items[0].explanation).toContain('shorten the meeting to 20 minutes (Tue 3 Mar 2026 09:00)');
	});

	it('suggests tentative times, lunch breaks and days off', async () => {
		const [host, anna] = desk().people;
		plant(desk(), anna, { ...at('2026-03-03T09:00', '2026-03-03T18:00'), attendees: [{ id: host.unionId }] });
		const changes = async (parameters: INodeParameters) =>
			((await search(parameters)).items[0].why as { openings: Array<{ change: string }> }).openings.map(
				({ change }) => change,
			);
		expect(await changes({ timeMax: '2026-03-03T17:00' })).toContain('count tentative times as free');
		expect(await changes({ timeMin: '2026-03-04T12:00', timeMax: '2026-03-04T13:00' })).toEqual(['meet during lunch']);
		expect(await changes({ timeMin: '2026-03-07T09:00', timeMax: '2026-03-07T10:00' })).toEqual(['meet on a day off']);
		expect(await changes({ timeMin: '2026-03-04T18:00', timeMax: '2026-03-04T20:00' })).toEqual([
			'meet up to 60 minutes outside working hours',
		]);
		plant(desk(), host, at('2026-03-05T10:00', '2026-03-05T11:00'));
		expect(
			await changes({ timeMin: '2026-03-05T09:00', timeMax: '2026-03-05T10:00', options: { bufferAfter: 10 } }),
		).toEqual(['shorten the meeting to 45 minutes', 'leave no free time before and after']);
	});
});

describe('finding common free time with invalid input', () => {
	it.each<[string, INodeParameters]>([
		["'Duration (Minutes)' must be a whole number from 1 to 1440, not 0", { duration: 0 }],
		["'To' is not later than 'From'", { timeMax: '2026-03-02' }],
		["'To' is more than a year after 'From'", { timeMax: '2027-03-05' }],
		["'Number of Results' must be a whole number from 1 to 1000, not 0", { results: 0 }],
		["'Room' has no option 'some'", { roomChoice: 'some' }],
		["'Rooms' is empty", { roomChoice: 'list', rooms: "={{ ' , ' }}" }],
		[
			"'Max Rooms to Check' must be a whole number from 1 to 10000, not 0",
			{ roomChoice: 'any', roomFilters: { mostRooms: 0 } },
		],
		["'Working Hours' is not a time range: morning", { workingTime: { hours: 'morning' } }],
		["'Working Hours' is not a time range: 09:00-25:00", { workingTime: { hours: '09:00-25:00' } }],
		["'Lunch Break' is not a time range: 12:00-12:00", { workingTime: { lunch: '12:00-12:00' } }],
		["'Working Days' has no option 'someday'", { workingTime: { workingDays: ['someday'] } }],
		["'Working Days' is empty", { workingTime: { workingDays: [] } }],
		["'Non-Working Dates' is not a valid date and time: Christmas", { workingTime: { nonWorkingDates: 'Christmas' } }],
		[
			"'Non-Working Dates' has a range that ends before it begins: 2026-03-05..2026-03-04",
			{ workingTime: { nonWorkingDates: '2026-03-05..2026-03-04' } },
		],
		[
			"'Non-Working Dates' has a range of more than a year: 2026-03-05..2036-03-04",
			{ workingTime: { nonWorkingDates: '2026-03-05..2036-03-04' } },
		],
		[
			"'Extra Working Dates' has a date that is also in 'Non-Working Dates': 2026-03-05",
			{ workingTime: { nonWorkingDates: '2026-03-05', extraWorkingDates: '2026-03-05' } },
		],
		[
			"'Time Zones of People' has an unknown time zone: Mars",
			{ workingTime: { personZones: { place: [{ people: '张伟', theirZone: 'Mars' }] } } },
		],
		["'Start Every' has no option '7'", { options: { step: '7' } }],
		["'Buffer Before (Minutes)' must be a whole number from 0 to 1440, not -1", { options: { bufferBefore: -1 } }],
		[
			"'Time Zone' is not a known time zone: Mars",
			{ options: { timeZone: { __rl: true, mode: 'id', value: 'Mars' } } },
		],
		[
			"'Optional Attendees' cannot be used: 'who?' is not a mobile number",
			{ options: { optionalAttendees: 'who?', identifyBy: 'mobile' } },
		],
	])('fails before any call: %s', async (message, parameters) => {
		const { run } = await desk().runNode({
			parameters: {
				resource: 'freeBusy',
				operation: 'findSlots',
				user: desk().people[0].unionId,
				timeMin: '2026-03-03T09:00',
				timeMax: '2026-03-03T18:00',
				...parameters,
			},
		});
		expect(errorOf(run)?.message).toBe(`${message} [Item 0]`);
		expect(await callsOf(desk())).toEqual([]);
	});

	it('requires at least one person', async () => {
		const { run } = await desk().runNode({
			parameters: {
				resource: 'freeBusy',
				operation: 'findSlots',
				user: desk().people[0].unionId,
				timeMin: '2026-03-03T09:00',
				timeMax: '2026-03-03T18:00',
				options: { organizerAttends: false },
			},
		});
		expect(errorOf(run)?.message).toBe("'Attendees' is empty [Item 0]");
		expect(await callsOf(desk())).toEqual([]);
	});
});

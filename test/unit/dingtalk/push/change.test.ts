import { parseChange, type Change } from '../../../../lib/dingtalk/push/parseChange';

const CAMEL = {
	EventType: 'calendar_event_change',
	EventTime: 1_663_143_335_567,
	CorpId: 'dingCorp',
	BizId: '16631',
	eventId: 'c7c7',
	calendarEventId: 'eWFO',
	calendarEventUpdateTime: 1_684_897_100_040,
	calendarId: 'cal',
	unionIdList: ['anna'],
	changeType: 'create',
	operator: { type: 'user' },
	legacyCalendarEventId: 'old',
};

const PASCAL = {
	CalendarEventUpdateTime: 1_668_735_924_619,
	CorpId: 'dingCorp',
	ChangeType: 'updated',
	EventType: 'calendar_event_change',
	CalendarId: 'NzE3',
	EventTime: 1_668_735_924_640,
	LegacyCalendarEventId: '1C1B',
	BizId: '16684640',
	CalendarEventId: 'RVNU',
	operator: { type: 'user' },
	UnionIdList: ['QQa', 'QQb'],
};

const changeOf = (...given: Parameters<typeof parseChange>): Change => {
	const reading = parseChange(...given);
	if (!reading.change) throw new Error(reading.reason);
	return reading.change;
};
const reasonOf = (raw: unknown): string => {
	const reading = parseChange(raw);
	if (reading.change) throw new Error('it was taken for a change');
	return reading.reason;
};

describe('A change', () => {
	it('is read in the casing of the documentation', () => {
		expect(changeOf(CAMEL)).toEqual({
			kind: 'created',
			eventId: 'eWFO',
			legacyEventId: 'old',
			calendarId: 'cal',
			unionIds: ['anna'],
			updatedAt: 1_684_897_100_040,
			key: 'c7c7',
			operator: 'user',
			raw: CAMEL,
		});
	});

	it('is read in the casing of real deliveries', () => {
		const change = changeOf(PASCAL);
		expect(change).toMatchObject({
			kind: 'updated',
			eventId: 'RVNU',
			unionIds: ['QQa', 'QQb'],
			updatedAt: 1_668_735_924_619,
		});
	});

	it('without an ID of its own has a key that each of its deliveries gives and no other change', () => {
		const { key } = changeOf(PASCAL);
		expect(changeOf({ ...PASCAL }).key).toBe(key);
		const others = [
			{ ChangeType: 'cancelled' },
			{ BizId: '1' },
			{ CalendarEventId: 'X' },
			{ CalendarEventUpdateTime: 1 },
		];
		for (const other of others) expect(changeOf({ ...PASCAL, ...other }).key).not.toBe(key);
	});

	it('takes the ID that came around it for its key', () => {
		expect(changeOf({ ...PASCAL, eventId: 'inside' }, { eventId: 'header' }).key).toBe('header');
	});

	it('takes the time of its birth where no other is told', () => {
		expect(changeOf({ calendarEventId: 'e', changeType: 'updated' }, { bornAt: '1683533823336' }).updatedAt).toBe(
			1_683_533_823_336,
		);
	});

	it.each([
		['create', 'created'],
		['created', 'created'],
		['updated', 'updated'],
		['cancelled', 'cancelled'],
		['deleteView', 'left'],
		['DELETEVIEW', 'left'],
	])('of the type %s is %s', (changeType, kind) => {
		expect(changeOf({ calendarEventId: 'e', changeType }).kind).toBe(kind);
	});

	it.each([
		[undefined, 'not an object'],
		[null, 'not an object'],
		['{}', 'not an object'],
		[[CAMEL], 'not an object'],
		[{}, 'names no event'],
		[{ ...CAMEL, calendarEventId: '' }, 'names no event'],
		[{ ...CAMEL, calendarEventId: { $ne: 1 } }, 'names no event'],
		[{ ...CAMEL, calendarEventId: 'x'.repeat(2000) }, 'names no event'],
		[{ ...CAMEL, changeType: 'constructor' }, 'unknown kind of change'],
		[{ ...CAMEL, changeType: 7 }, 'unknown kind of change'],
		[{ ...CAMEL, EventType: 'check_url' }, 'another type'],
	])('is not made of nonsense: case %#', (raw, reason) => {
		expect(reasonOf(raw)).toContain(reason);
	});

	it('leaves out people that are none', () => {
		expect(changeOf({ ...CAMEL, unionIdList: ['anna', '', null, {}, 'x'.repeat(2000)] }).unionIds).toEqual(['anna']);
		expect(changeOf({ ...CAMEL, unionIdList: 'anna' }).unionIds).toEqual(['anna']);
		expect(changeOf({ ...CAMEL, unionIdList: undefined }).unionIds).toEqual([]);
	});
});

/** Tests how pushed changes are parsed, in the forms of the documentation and of real deliveries. */
import { isOfOrganization, parseChange, type Change } from '../../../lib/dingtalk/push/parseChange';

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
	const parsed = parseChange(...given);
	if (!parsed.change) throw new Error(parsed.reason);
	return parsed.change;
};
const reasonOf = (raw: unknown): string => {
	const parsed = parseChange(raw);
	if (parsed.change) throw new Error('It was accepted as a change');
	return parsed.reason;
};

describe('A pushed change', () => {
	it('is read with keys capitalized as in the documentation', () => {
		expect(changeOf(CAMEL)).toEqual({
			kind: 'created',
			eventId: 'eWFO',
			legacyEventId: 'old',
			calendarId: 'cal',
			unionIds: ['anna'],
			updatedAt: 1_684_897_100_040,
			key: 'c7c7',
			operator: 'user',
			corpId: 'dingCorp',
			raw: CAMEL,
		});
	});

	it('is read with keys capitalized as in real deliveries', () => {
		const change = changeOf(PASCAL);
		expect(change).toMatchObject({
			kind: 'updated',
			eventId: 'RVNU',
			unionIds: ['QQa', 'QQb'],
			updatedAt: 1_668_735_924_619,
		});
	});

	it('without an event ID has a key that is the same in each delivery and differs from other changes', () => {
		const { key } = changeOf(PASCAL);
		expect(changeOf({ ...PASCAL }).key).toBe(key);
		const others = [
			{ ChangeType: 'cancelled' },
			{ BizId: '1' },
			{ CalendarEventId: 'X' },
			{ CalendarEventUpdateTime: 1 },
			{ UnionIdList: ['QQa'] },
			{ UnionIdList: ['QQc', 'QQd'] },
		];
		for (const other of others) expect(changeOf({ ...PASCAL, ...other }).key).not.toBe(key);
	});

	it('without an event ID has the same key in whatever order the people are', () => {
		expect(changeOf({ ...PASCAL, UnionIdList: ['QQb', 'QQa'] }).key).toBe(changeOf(PASCAL).key);
	});

	it('belongs to the organization that its headers name, or its body', () => {
		expect(changeOf(PASCAL, { corpId: 'dingOther' }).corpId).toBe('dingOther');
		expect(changeOf(PASCAL).corpId).toBe('dingCorp');
		expect(isOfOrganization(changeOf(PASCAL), 'dingCorp')).toBe(true);
		expect(isOfOrganization(changeOf(PASCAL), 'dingOther')).toBe(false);
		expect(isOfOrganization(changeOf({ ...PASCAL, CorpId: undefined }), 'dingCorp')).toBe(false);
		expect(isOfOrganization(changeOf(PASCAL), undefined)).toBe(true);
	});

	it('uses the event ID of the delivery headers as its key', () => {
		expect(changeOf({ ...PASCAL, eventId: 'inside' }, { eventId: 'header' }).key).toBe('header');
	});

	it('uses the creation time of the delivery headers if it has no other time', () => {
		expect(changeOf({ calendarEventId: 'e', changeType: 'updated' }, { createdAt: '1683533823336' }).updatedAt).toBe(
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
	])('of the type %s is reported as %s', (changeType, kind) => {
		expect(changeOf({ calendarEventId: 'e', changeType }).kind).toBe(kind);
	});

	it.each<[string, unknown, string]>([
		['undefined', undefined, 'not an object'],
		['null', null, 'not an object'],
		['a text', '{}', 'not an object'],
		['a list', [CAMEL], 'not an object'],
		['an empty object', {}, 'names no event'],
		['an object with an empty event ID', { ...CAMEL, calendarEventId: '' }, 'names no event'],
		['an object whose event ID is an object', { ...CAMEL, calendarEventId: { $ne: 1 } }, 'names no event'],
		['an object with an endless event ID', { ...CAMEL, calendarEventId: 'x'.repeat(2000) }, 'names no event'],
		['a change of an unknown kind', { ...CAMEL, changeType: 'constructor' }, 'unknown kind of change'],
		['a change whose kind is a number', { ...CAMEL, changeType: 7 }, 'unknown kind of change'],
		['an event of another type', { ...CAMEL, EventType: 'check_url' }, 'another type'],
	])('is not read from %s', (_, raw, reason) => {
		expect(reasonOf(raw)).toContain(reason);
	});

	it('ignores invalid IDs of people', () => {
		expect(changeOf({ ...CAMEL, unionIdList: ['anna', '', null, {}, 'x'.repeat(2000)] }).unionIds).toEqual(['anna']);
		expect(changeOf({ ...CAMEL, unionIdList: 'anna' }).unionIds).toEqual(['anna']);
		expect(changeOf({ ...CAMEL, unionIdList: undefined }).unionIds).toEqual([]);
	});
});

/** Tests what becomes of a response in which a field has another type than documented. */
import { readSuccess } from '../../../lib/dingtalk/client/parseResponse';
import { api, type ApiCall } from '../../../lib/dingtalk/endpoints';
import { DingTalkError } from '../../../lib/dingtalk/errors/DingTalkError';

const read = (call: ApiCall, body: unknown) => readSuccess({ status: 200, body, requestId: 'R-1' }, call);

function errorOf(call: ApiCall, body: unknown): DingTalkError {
	const outcome = read(call, body);
	if (!(outcome instanceof DingTalkError)) throw new Error(`It was read: ${JSON.stringify(outcome)}`);
	return outcome;
}

describe('A read whose response has a field of another type', () => {
	it.each<[ApiCall, unknown, string]>([
		[api.listEventsView, { events: 'none' }, 'events'],
		[api.listEventsView, { events: [7] }, 'events'],
		[api.listEventsView, { events: [{ id: { a: 1 } }] }, 'events.id'],
		[api.getEvent, { id: 'a', summary: ['x'] }, 'summary'],
		[api.getEvent, { id: 'a', start: '2026-03-03' }, 'start'],
		[api.getEvent, { id: 'a', start: { dateTime: { at: 1 } } }, 'start.dateTime'],
		[api.getEvent, { id: 'a', start: { dateTime: 'soon' } }, 'start.dateTime'],
		[api.getEvent, { id: 'a', start: { date: '2026-02-30' } }, 'start.date'],
		[api.getEvent, { id: 'a', recurrence: { range: 'all' } }, 'recurrence.range'],
		[api.getEvent, { id: 'a', reminders: {} }, 'reminders'],
		[api.getEvent, { id: 'a', reminders: [{ minutes: {} }] }, 'reminders.minutes'],
		[api.listEventsView, { events: [{ id: 'a', attendees: [{ id: {} }] }] }, 'events.attendees.id'],
		[api.listEventsView, { events: [{ id: 'a', start: { dateTime: 'soon' } }] }, 'events.start.dateTime'],
		[api.getEvent, { id: 'a', recurrence: { pattern: { index: {} } } }, 'recurrence.pattern.index'],
		[api.listCalendars, { response: 'x' }, 'response'],
		[
			api.getSchedule,
			{ scheduleInformation: [{ userId: 'a', scheduleItems: {} }] },
			'scheduleInformation.scheduleItems',
		],
		[api.listRooms, { result: { roomId: 'a' } }, 'result'],
		[api.getRoom, { result: [] }, 'result'],
		[api.departmentMembers, { errcode: 0, result: { list: ['a'] } }, 'result.list'],
		[api.searchPeople, { list: [{ userid: 'a' }] }, 'list'],
		[api.searchDepartments, { list: ['abc'] }, 'list'],
		[api.convertOldEventIds, { legacyEventIdMap: { a: {} } }, 'legacyEventIdMap'],
	])('fails at %o with %j, names the field and the request ID', (call, body, field) => {
		const error = errorOf(call, body);
		expect(error.message).toBe(
			`DingTalk's response could not be read: the field '${field}' has another type than DingTalk documents`,
		);
		expect(error.rawResponse).toBe('DingTalk answered: HTTP 200, request ID R-1');
	});

	it.each<[ApiCall, unknown, unknown]>([
		[api.getEvent, { id: 7, summary: 8 }, { id: '7', summary: '8' }],
		[api.getEvent, { id: 'a', isAllDay: 'true' }, { id: 'a', isAllDay: true }],
		[api.getEvent, { id: 'a', attendees: '', location: '', summary: '' }, { id: 'a', summary: '' }],
		[api.listCheckIns, { users: [{ checkInTime: '1700000000000' }] }, { users: [{ checkInTime: 1_700_000_000_000 }] }],
		[api.getEvent, { id: 'a', location: [], recurrence: [] }, { id: 'a' }],
		[api.getEvent, { id: 'a', location: 'Hall', scope: 'public' }, { id: 'a', scope: 'public' }],
		[api.listAcls, { acls: [{ aclId: 'a', scope: 'public', title: {} }] }, { acls: [{ aclId: 'a' }] }],
		[api.getEvent, { id: 'a', range: 'all', pattern: 7 }, { id: 'a', range: 'all', pattern: 7 }],
		[
			api.getEvent,
			{ id: 'a', start: { date: '2026/03/03', dateTime: '2026-03-03T10:00:00+08:00' } },
			{ id: 'a', start: { dateTime: '2026-03-03T10:00:00+08:00' } },
		],
		[
			api.listAttendees,
			{ attendees: [{ id: 'a', isOptional: 7 }, { id: 'b' }] },
			{ attendees: [{ id: 'a' }, { id: 'b' }] },
		],
		[
			api.listAttendees,
			{ attendees: [1, '1', 'True', 0, '0', 'FALSE'].map((isOptional) => ({ isOptional })) },
			{ attendees: [true, true, true, false, false, false].map((isOptional) => ({ isOptional })) },
		],
		[
			api.getRoom,
			{ result: { enableCycleReservation: 'false', approvalSwitch: 1, approvalType: '2' } },
			{ result: { enableCycleReservation: false, approvalSwitch: true, approvalType: 2 } },
		],
		[api.getRoom, { result: { enableCycleReservation: 'no', approvalSwitch: {}, approvalType: 'x' } }, { result: {} }],
		[
			api.listEventsView,
			{ events: [{ id: 'a', error: {}, response: 'x', name: [], users: 7, reminders: {} }, { id: 'b' }] },
			{ events: [{ id: 'a', error: {}, response: 'x', name: [], users: 7 }, { id: 'b' }] },
		],
		[
			api.listEventsView,
			{ events: [{ id: 'a', reminders: [{ minutes: 15 }, { minutes: {} }], categories: [{ displayName: {} }] }] },
			{ events: [{ id: 'a', categories: [{}] }] },
		],
		[
			api.listEventsView,
			{ events: [{ id: 'a', location: { displayName: 'Hall', meetingRooms: 7 }, attendees: [{ id: 'b', name: {} }] }] },
			{ events: [{ id: 'a', location: { displayName: 'Hall' }, attendees: [{ id: 'b', name: {} }] }] },
		],
		[api.getEvent, { id: 'a', error: {}, response: 'x' }, { id: 'a', error: {}, response: 'x' }],
		...([0, false, []] as const).map((error): [ApiCall, unknown, unknown] => [
			api.getSchedule,
			{ scheduleInformation: [{ userId: 'a', error }] },
			{ scheduleInformation: [{ userId: 'a' }] },
		]),
		[
			api.getSchedule,
			{
				scheduleInformation: [
					{ userId: 'a', error: {} },
					{ userId: 'b', error: { code: 7 } },
				],
			},
			{
				scheduleInformation: [
					{ userId: 'a', error: '{}' },
					{ userId: 'b', error: '{"code":7}' },
				],
			},
		],
		[api.getEvent, { id: 'a', new: { events: 7 } }, { id: 'a', new: { events: 7 } }],
		[api.getEvent, { id: 'a', reminders: [{ minutes: 15 }] }, { id: 'a', reminders: [{ minutes: 15 }] }],
	])('is read where that is safe: %o with %j', (call, body, expected) =>
		expect(read(call, body)).toEqual({ body: expected }),
	);
});

it.each<[unknown, string | undefined]>([
	[{ location: 'Hall' }, 'events.location'],
	[{ location: { displayName: {} } }, 'events.location.displayName'],
	[{ reminders: {} }, 'events.reminders'],
	[{ reminders: [{ minutes: {} }] }, 'events.reminders.minutes'],
	[{ attendees: [{ id: 'b', isOptional: 'maybe' }] }, 'events.attendees.isOptional'],
	[{ richTextDescription: '<b>A</b>' }, 'events.richTextDescription'],
	[{ richTextDescription: { text: {} } }, 'events.richTextDescription.text'],
	[{ uiConfigs: [{ uiName: 'comment', uiStatus: {} }] }, 'events.uiConfigs.uiStatus'],
	[{ categories: [{ displayName: {} }] }, 'events.categories.displayName'],
	[{ freeBusyStatus: {} }, 'events.freeBusyStatus'],
	[{ organizer: { id: 'b', displayName: {} }, attendees: [{ id: 'b', displayName: {} }], updateTime: [] }, undefined],
	[{ onlineMeetingInfo: { type: 'dingtalk', conferenceId: {}, url: [] } }, undefined],
	[{}, undefined],
])('Where what is read is written again, a field that would be lost is an error: %j', (more, field) => {
	const time = { date: '2026/03/03', dateTime: '2026-03-03T10:00:00+08:00' };
	const body = { events: [{ id: 'a', start: time, ...(more as object) }] };
	const outcome = readSuccess({ status: 200, body }, api.listInstances, { needsAllFields: true });
	const name = outcome instanceof DingTalkError ? /field '(.*?)'/.exec(outcome.message)?.[1] : undefined;
	expect(name).toBe(field);
});

it('A write is done: of its response, what cannot be read is left out', () => {
	expect(read(api.createEvent, { id: 'a', summary: {}, attendees: 'x' })).toEqual({ body: { id: 'a' } });
	expect(errorOf(api.createEvent, { id: {}, summary: 'x' }).isOutcomeUnknown).toBe(true);
});

it('What DingTalk sends only once is read as far as possible', () => {
	const good = { callBackTag: 'calendar_event_change', callBackData: '{}' };
	expect(read(api.listFailedPushes, { failedList: [{ callBackTag: {} }, good], hasMore: 'x' })).toEqual({
		body: { failedList: [{}, good] },
	});
});

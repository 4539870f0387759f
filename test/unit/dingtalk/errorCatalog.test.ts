/** Tests that the error catalog knows the errors that DingTalk documents. */
import { api, type ApiCall } from '../../../lib/dingtalk/endpoints';
import { readError } from '../../../lib/dingtalk/client/parseResponse';

/** Errors that DingTalk documents for calls other than those on events, with its texts. */
const DOCUMENTED: Array<[string, string, ApiCall, string]> = [
	['meetingRoomNotAvailable', 'room busy', api.bookRooms, 'One of the rooms is already booked at that time'],
	['invalidParameter', 'roomId invalid', api.bookRooms, 'DingTalk cannot find one of these meeting rooms'],
	['invalidParameter', 'roomId invalid', api.getRoomSchedule, 'DingTalk cannot find one of these meeting rooms'],
	['room.not.found', 'Room Not Found', api.getRoom, 'DingTalk cannot find one of these meeting rooms'],
	['user.not.employee', 'User Not Employee', api.listRooms, 'This person does not belong to your organization'],
	['notInEvent', '用户不在日程内', api.checkIn, 'This person is not invited to the event'],
	[
		'exceedMaxReceiverSize',
		'日程人数超过上限',
		api.checkOut,
		'DingTalk does not support check-in for an event with this many people',
	],
	[
		'exceedSubscribeLimit',
		'exceed subscribe limit',
		api.subscribe,
		'This person has reached the maximum number of subscribed calendars',
	],
	['shareExceedLimit', '', api.createAcl, 'This calendar is already shared with the maximum number of people'],
	[
		'invalidParameter',
		'shareExceedLimit',
		api.createAcl,
		'This calendar is already shared with the maximum number of people',
	],
	[
		'paramIllegal',
		'PARAM ILLEGAL',
		api.listCalendars,
		'DingTalk could not list the calendars because it does not accept one of the values',
	],
	['permissionDenied', '用户不在订阅范围', api.subscribe, 'This person is not allowed to subscribe to the calendar'],
	[
		'invalidParameter',
		'calendar not exist',
		api.subscribe,
		'DingTalk could not subscribe to the calendar: calendar not exist',
	],
];

describe('The error catalog', () => {
	it.each(DOCUMENTED)('explains the documented error %s with the text "%s"', (code, message, call, words) => {
		const error = readError({ status: 400, body: { code, message, requestid: 'R-1' } }, call);
		expect(error?.message).toBe(words);
		expect(error?.details).toMatchObject({ code, text: message, advice: expect.stringMatching(/^[A-Z].*\.$/) });
	});

	it('uses the general message for an error text in another language', () => {
		const error = readError({ status: 400, body: { code: 'invalidParameter', message: '会议室无效' } }, api.bookRooms);
		expect(error?.message).toBe('DingTalk could not book the room: 会议室无效');
	});
});

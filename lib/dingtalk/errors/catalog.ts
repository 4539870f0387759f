/** What each of DingTalk's refusals means in plain words, and what to do about it. */
import type { ApiCall } from '../endpoints';
import { DingTalkError, type ErrorDetails } from './DingTalkError';
import { formatChinaTime, isLimit, resetsAt } from '../client/exhaustedLimits';

/** A refusal, in whichever of DingTalk's forms it came. */
export interface Refusal {
	status: number;
	code: string;
	text: string;
	requestId?: string;
	scopes: string[];
}

type Explanation = Pick<ErrorDetails, 'kind' | 'message' | 'advice'>;

interface Rule {
	when: (refused: Refusal) => boolean;
	explain: (refused: Refusal, call: ApiCall) => Explanation;
}

const codeIs = (...codes: string[]) => {
	const wanted = codes.map((code) => code.toLowerCase());
	return ({ code }: Refusal): boolean => wanted.includes(code.toLowerCase());
};

const codeHas =
	(part: string) =>
	({ code }: Refusal): boolean =>
		code.toLowerCase().includes(part.toLowerCase());

const failedTo = (call: ApiCall): string => `DingTalk could not ${call.action}`;

/** DingTalk passes its inner message through; when that is only a placeholder, or the code once more, it says nothing. */
const refusalReason = ({ code, text }: Refusal): string =>
	text === 'forwardErrorMessage' || code.toLowerCase() === 'paramillegal' ? '' : text;

/** Some refusals have the code of all bad input, and only their text tells them apart. In another language the general sentence remains. */
const textIs =
	(words: string) =>
	({ text }: Refusal): boolean =>
		text.trim().toLowerCase() === words.toLowerCase();

/** The first rule that fits wins. Codes are compared, messages only where there is no code: those change with the language. */
const RULES: Rule[] = [
	{
		when: codeHas('.QpmLimitFor'),
		explain: () => ({
			kind: 'throttle',
			message: 'DingTalk is refusing calls for up to a minute because too many came',
			advice: 'Run fewer items at once, or set a lower number of calls per second, and try again in a minute.',
		}),
	},
	{
		when: (refused) =>
			codeHas('.QpsLimitFor')(refused) ||
			refused.status === 429 ||
			codeIs('90018', '90002', 'qps.exceed.limit', 'integrated.qps.exceed')(refused),
		explain: () => ({
			kind: 'throttle',
			message: 'DingTalk is refusing calls because too many came at once',
			advice:
				'DingTalk allows about 20 calls a second. Try again in a few seconds; other workflows may be using the same app.',
		}),
	},
	{
		when: codeIs('Forbidden.AccessDenied.ApiCountLimitForOrg', '90020'),
		explain: () => ({
			kind: 'quota',
			message: "Your organization has used up this month's DingTalk API calls",
			advice: `Calls work again on the first day of next month (${formatChinaTime(resetsAt('quota'))}), or as soon as your DingTalk administrator buys more calls in the developer console.`,
		}),
	},
	{
		when: codeIs('flowLimit'),
		explain: () => ({
			kind: 'dayLimit',
			message: 'This organizer has created the 100 events DingTalk allows a day',
			advice: `Go on tomorrow, from ${formatChinaTime(resetsAt('dayLimit'))}, or create the remaining events with another organizer.`,
		}),
	},
	{
		when: codeIs('Forbidden.AccessDenied.IpNotInWhiteList', '60020'),
		explain: () => ({
			kind: 'address',
			message: "DingTalk refuses calls from this server's network address",
			advice: "Add the public IP address of your n8n server to the app's allow-list in the DingTalk developer console.",
		}),
	},
	{
		when: codeIs('Forbidden.AccessDenied.AccessTokenPermissionDenied', '60011', 'forbidden.accessDenied'),
		explain: ({ scopes }, call) => ({
			kind: 'permission',
			message: `Your DingTalk app is not allowed to ${call.action}`,
			advice: `Tick the permission ${(scopes.length > 0 ? scopes : [call.scope]).join(', ')} for your app in the DingTalk developer console (Permissions), then run this again.`,
		}),
	},
	{
		when: codeIs('permissionDeny', '50002', '50004'),
		explain: () => ({
			kind: 'permission',
			message: 'This person is outside the range that your DingTalk app may act for',
			advice: "Widen the app's contact range in the DingTalk developer console, or choose somebody inside it.",
		}),
	},
	{
		when: codeIs('permissionDenied'),
		explain: (_, call) => ({
			kind: 'permission',
			message: `This person may not ${call.action}`,
			advice: 'Choose somebody who may, usually the organizer or owner, or have them share the right with this person.',
		}),
	},
	{
		when: codeIs('InvalidAuthentication', 'accesstoken.expired', 'invalidAccessToken', '40014', '40001', '42001'),
		explain: () => ({
			kind: 'token',
			message: 'DingTalk does not accept the access token, not even a new one',
			advice:
				"Test the credential. If its 'Region' and 'Client Secret' are right, the app may have been disabled in DingTalk.",
		}),
	},
	{
		when: (refused) => refused.status === 401,
		explain: () => ({
			kind: 'token',
			message: 'DingTalk does not accept the access token, not even a new one',
			advice:
				"Test the credential. If its 'Region' and 'Client Secret' are right, the app may have been disabled in DingTalk.",
		}),
	},
	{
		when: codeIs('idempotencyProcessing'),
		explain: () => ({
			kind: 'inProgress',
			message: 'DingTalk is still working on the same request',
			advice: 'Wait a moment and check the calendar before running this again.',
		}),
	},
	{
		when: codeIs('invalidRequest.duplicateClientToken'),
		explain: () => ({
			kind: 'done',
			message: 'DingTalk has already carried out this very request',
			advice: 'Nothing was changed a second time. Check the calendar for the result of the first request.',
		}),
	},
	{
		when: codeIs('33012', '60121', '40104', '40003'),
		explain: ({ code }) => ({
			kind: 'missing',
			message:
				code === '40104'
					? 'DingTalk does not accept this mobile number'
					: 'Nobody in your organization has this user ID or mobile number',
			advice:
				'Check it in the DingTalk admin console. A person must be an active member, and inside the range your app may see.',
		}),
	},
	{
		when: codeIs('instanceNotExist', 'itemNotFound'),
		explain: ({ code }, call) => ({
			kind: 'missing',
			message: call.path.includes('{eventId}')
				? code.toLowerCase() === 'instancenotexist'
					? 'This event or this occurrence no longer exists; it may have been deleted'
					: 'There is no such event in this calendar; it may have been deleted, or it belongs to somebody else'
				: 'DingTalk does not know this calendar or person',
			advice: call.path.includes('{eventId}')
				? "Check the event ID and whose calendar you are looking in; 'Get Many' lists the events that exist."
				: "Check the person and the calendar; the calendar ID is 'primary' for a person's own calendar.",
		}),
	},
	{
		when: codeIs('meetingRoomNotAvailable'),
		explain: () => ({
			kind: 'input',
			message: 'One of the rooms is already taken at that time',
			advice: "Choose another room or time; 'Get Free/Busy' of Meeting Room shows when rooms are free.",
		}),
	},
	{
		when: (refused) => codeIs('room.not.found')(refused) || textIs('roomId invalid')(refused),
		explain: () => ({
			kind: 'missing',
			message: 'DingTalk does not know one of these meeting rooms',
			advice: "Take the IDs from 'Get Many' of Meeting Room.",
		}),
	},
	{
		when: codeIs('user.not.employee'),
		explain: () => ({
			kind: 'missing',
			message: 'This person does not belong to your organization',
			advice: 'Rooms can be looked at only in the name of an active member of the organization.',
		}),
	},
	{
		when: codeIs('notInEvent'),
		explain: () => ({
			kind: 'input',
			message: 'This person is not invited to the event',
			advice: "Invite the person with 'Add' of Attendee first, or choose somebody who is invited.",
		}),
	},
	{
		when: codeIs('exceedMaxReceiverSize'),
		explain: () => ({
			kind: 'input',
			message: 'DingTalk offers no check-in for an event with this many people',
			advice: 'Split the event, or let people accept the invitation instead of checking in.',
		}),
	},
	{
		when: codeIs('exceedSubscribeLimit'),
		explain: () => ({
			kind: 'input',
			message: 'This person has subscribed to as many calendars as DingTalk allows',
			advice: "Take a calendar off with 'Unsubscribe' first; 'Get Many' of Calendar lists them.",
		}),
	},
	{
		when: (refused) => codeIs('shareExceedLimit')(refused) || textIs('shareExceedLimit')(refused),
		explain: () => ({
			kind: 'input',
			message: 'This calendar is shared with as many people as DingTalk allows',
			advice: "Take the right away from somebody with 'Delete' of Access Control first.",
		}),
	},
	{
		when: codeIs('InvalidParameter.ParsedISO8601TimestampError'),
		explain: () => ({
			kind: 'input',
			message: 'DingTalk does not accept the way the time is written',
			advice: 'Please report this with the request ID below; the node writes times as DingTalk documents them.',
		}),
	},
	{
		when: codeIs('error.notFound'),
		explain: () => ({
			kind: 'input',
			message: 'DingTalk does not know this API address',
			advice: "Check 'Region' and the base URLs in the credential.",
		}),
	},
	{
		when: codeIs('1111'),
		explain: () => ({
			kind: 'banned',
			message: "DingTalk has blocked this server's network address for about five minutes because too many calls came",
			advice: 'Wait five minutes before running this again, and run fewer items at once.',
		}),
	},
	{
		when: (refused) =>
			refused.status >= 500 ||
			codeIs('system.error', 'system.busy', 'systemBusy', 'unknownError', 'server.error', '-1')(refused),
		explain: () => ({
			kind: 'server',
			message: 'DingTalk has a fault of its own at the moment',
			advice: 'Try again in a few minutes. If it lasts, give DingTalk support the request ID.',
		}),
	},
	{
		when: () => true,
		explain: (refused, call) => ({
			kind: 'input',
			message: refusalReason(refused)
				? `${failedTo(call)}: ${refusalReason(refused)}`
				: `${failedTo(call)} because it does not accept one of the values`,
			advice: refusalReason(refused)
				? 'Correct the value that the message names and run this again.'
				: 'DingTalk did not say which. Check that the people are members of your organization, that the ids belong to this calendar, and that the dates make sense.',
		}),
	},
];

export function explainRefusal(refused: Refusal, call: ApiCall): DingTalkError {
	const rule = RULES.find(({ when }) => when(refused)) as Rule;
	const { status, code, text, requestId, scopes } = refused;
	const explanation = rule.explain(refused, call);
	const { kind: trouble } = explanation;
	const goOnAt = isLimit(trouble) ? (resetsAt(trouble).toISO() ?? undefined) : undefined;
	return new DingTalkError({ ...explanation, status, code, text, requestId, scopes, resumeAt: goOnAt });
}

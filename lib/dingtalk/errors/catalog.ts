/** The error catalog: what each of DingTalk's error codes means, and what to do about it. */
import type { ApiCall } from '../endpoints';
import { DingTalkError, type ErrorDetails } from './DingTalkError';
import { isObject, parseJson } from '../utils/json';
import { formatChinaTime, isLimit, resetsAt } from '../client/exhaustedLimits';
import { joinSentences, joinWords, t } from '../../locale/t';

/** An error response of DingTalk, whichever of its formats it came in. */
export interface Refusal {
	status: number;
	code: string;
	text: string;
	requestId?: string;
	scopes: string[];
	/** The response says that the call failed, in place of an error. */
	denied?: boolean;
}

type Explanation = Pick<ErrorDetails, 'kind' | 'message' | 'advice'>;

interface Rule {
	when: (refusal: Refusal) => boolean;
	explain: (refusal: Refusal, call: ApiCall) => Explanation;
}

const codeIs = (...codes: string[]) => {
	const wanted = codes.map((code) => code.toLowerCase());
	return ({ code }: Refusal): boolean => wanted.includes(code.toLowerCase());
};

const codeHas =
	(part: string) =>
	({ code }: Refusal): boolean =>
		code.toLowerCase().includes(part.toLowerCase());

/** A room that is refused by its own rules says so in a list of room names and texts, in one of them, or in a plain text. */
function readRoomReasons(text: string): string | undefined {
	const parsed = parseJson(text);
	if (parsed === undefined) return isBusyText(text) ? undefined : text;
	const sentences = (Array.isArray(parsed) ? parsed : [parsed])
		.filter(isObject)
		.map(({ roomName, text: reason }) => [roomName, reason].filter((part) => typeof part === 'string').join(': '));
	return sentences.join(' ').trim() || undefined;
}

/** Texts that only repeat that the room is taken. */
const isBusyText = (text: string): boolean =>
	['', 'forwardErrorMessage', 'meetingRoomNotAvailable'].includes(text) ||
	/not available|unavailable|busy|occupied/i.test(text);

const failedTo = (call: ApiCall): string => t`DingTalk could not ${call.action}`;

/** DingTalk passes inner messages through. A placeholder, or the code repeated, explains nothing. */
const refusalReason = ({ code, text }: Refusal): string =>
	text === 'forwardErrorMessage' || code.toLowerCase() === 'paramillegal' ? '' : text;

/** Some errors share the code of all invalid input and differ only in their text. In other languages the general message is used. */
const textIs =
	(words: string) =>
	({ text }: Refusal): boolean =>
		text.trim().toLowerCase() === words.toLowerCase();

/** The first matching rule wins. Rules compare codes, and texts only where there is no specific code: texts depend on the language. */
const RULES: Rule[] = [
	{
		when: codeHas('.QpmLimitFor'),
		explain: () => ({
			kind: 'throttle',
			message: t`DingTalk is rejecting calls for up to a minute because there were too many`,
			advice: t`Try again in a minute. If this happens often, lower 'Calls per Second' in the credential or 'Concurrency' in the node.`,
		}),
	},
	{
		when: (refusal) =>
			codeHas('.QpsLimitFor')(refusal) ||
			refusal.status === 429 ||
			codeIs('90018', '90002', 'qps.exceed.limit', 'integrated.qps.exceed')(refusal),
		explain: () => ({
			kind: 'throttle',
			message: t`DingTalk is rejecting calls because there were too many at once`,
			advice: t`Try again in a few seconds. DingTalk allows about 20 calls per second, and other workflows may be using the same app.`,
		}),
	},
	{
		when: codeIs('Forbidden.AccessDenied.ApiCountLimitForOrg', '90020'),
		explain: () => ({
			kind: 'quota',
			message: t`Your organization has used up this month's DingTalk API calls`,
			advice: t`Calls work again on the first day of next month (${formatChinaTime(resetsAt('quota'))}), or once your DingTalk administrator buys more calls in the developer console.`,
		}),
	},
	{
		when: codeIs('flowLimit'),
		explain: () => ({
			kind: 'dayLimit',
			message: t`This organizer has created the 100 events DingTalk allows a day`,
			advice: t`Continue tomorrow, from ${formatChinaTime(resetsAt('dayLimit'))}, or create the remaining events with another organizer.`,
		}),
	},
	{
		when: codeIs('Forbidden.AccessDenied.IpNotInWhiteList', '60020'),
		explain: () => ({
			kind: 'address',
			message: t`DingTalk rejects calls from this server's IP address`,
			advice: t`Add the public IP address of your n8n server to the app's IP allowlist in the DingTalk developer console.`,
		}),
	},
	{
		when: codeIs('Forbidden.AccessDenied.AccessTokenPermissionDenied', '60011', 'forbidden.accessDenied'),
		explain: ({ scopes }, call) => ({
			kind: 'permission',
			message: t`Your DingTalk app is not allowed to ${call.action}`,
			advice: t`Select the permission ${joinWords(scopes.length > 0 ? scopes : [call.scope])} for your app in the DingTalk developer console (Development configuration > Manage permissions) and publish the app, then run this again.`,
		}),
	},
	{
		when: codeIs('permissionDeny', '50002', '50004'),
		explain: () => ({
			kind: 'permission',
			message: t`This person is outside your DingTalk app's contact range`,
			advice: t`Extend the app's contact range in the DingTalk developer console, or choose a person within it.`,
		}),
	},
	{
		when: codeIs('permissionDenied'),
		explain: (_, call) => ({
			kind: 'permission',
			message: t`This person is not allowed to ${call.action}`,
			advice: t`Choose someone who is allowed to, usually the organizer or owner, or have them give this person access.`,
		}),
	},
	{
		when: (refusal) =>
			refusal.status === 401 ||
			codeIs('InvalidAuthentication', 'accesstoken.expired', 'invalidAccessToken', '40014', '40001', '42001')(refusal),
		explain: ({ code }, call) => ({
			kind: 'token',
			message: code
				? t`DingTalk does not accept the access token, not even a new one`
				: t`The call was refused as not signed in, even with a new access token`,
			advice: joinSentences(
				!code && t`DingTalk itself answers with a code, so check any proxy between n8n and DingTalk.`,
				t`Test the credential. If its 'Region' and 'Client Secret' are correct, the app may have been disabled in DingTalk.`,
				call.style === 'old' &&
					t`If only looking up people fails, DingTalk may not let this type of app do it: use union IDs.`,
			),
		}),
	},
	{
		when: codeIs('idempotencyProcessing'),
		explain: () => ({
			kind: 'inProgress',
			message: t`DingTalk is still processing the same request`,
			advice: t`Wait a moment and check the calendar before running this again.`,
		}),
	},
	{
		when: codeIs('invalidRequest.duplicateClientToken'),
		explain: () => ({
			kind: 'done',
			message: t`DingTalk has already processed this request`,
			advice: t`Nothing was changed a second time. Check the calendar for the result of the first request.`,
		}),
	},
	{
		when: codeIs('33012', '60121', '40104', '40003'),
		explain: ({ code }) => ({
			kind: 'missing',
			message:
				code === '40104'
					? t`DingTalk does not accept this mobile number`
					: t`No one in your organization has this user ID or mobile number`,
			advice: t`Check it in the DingTalk admin console. The person must be an active member within your app's contact range.`,
		}),
	},
	{
		when: codeIs('instanceNotExist', 'itemNotFound'),
		explain: ({ code }, call) => ({
			kind: 'missing',
			message: call.path.includes('{eventId}')
				? code.toLowerCase() === 'instancenotexist'
					? t`This event or occurrence no longer exists; it may have been deleted`
					: t`There is no such event in this calendar; it may have been deleted, or it belongs to someone else`
				: t`DingTalk cannot find this calendar or person`,
			advice: call.path.includes('{eventId}')
				? t`Check the event ID and whose calendar is selected. 'Get Many' lists the existing events.`
				: t`Check the person and the calendar ID. The ID of a person's own calendar is 'primary'.`,
		}),
	},
	{
		when: codeIs('meetingRoomNotAvailable'),
		explain: ({ text }) => {
			const reasons = readRoomReasons(text);
			return {
				kind: 'input',
				message: reasons
					? t`DingTalk did not accept the booking of a room. ${reasons.replace(/\.$/, '')}`
					: t`One of the rooms is already booked at that time`,
				advice: reasons
					? t`Change the time or the room accordingly. The rules of a room are set by its administrator in DingTalk.`
					: t`Choose another room or time. 'Get Free/Busy' of Meeting Room shows when rooms are free.`,
			};
		},
	},
	{
		when: (refusal) => codeIs('room.not.found')(refusal) || textIs('roomId invalid')(refusal),
		explain: () => ({
			kind: 'missing',
			message: t`DingTalk cannot find one of these meeting rooms`,
			advice: t`Use the room IDs that 'Get Many' of Meeting Room returns.`,
		}),
	},
	{
		when: codeIs('user.not.employee'),
		explain: () => ({
			kind: 'missing',
			message: t`This person does not belong to your organization`,
			advice: t`Choose an active member of the organization: only members can see rooms.`,
		}),
	},
	{
		when: codeIs('notInEvent'),
		explain: () => ({
			kind: 'input',
			message: t`This person is not invited to the event`,
			advice: t`Invite the person with 'Add' of Attendee first, or choose a person who is invited.`,
		}),
	},
	{
		when: codeIs('exceedMaxReceiverSize'),
		explain: () => ({
			kind: 'input',
			message: t`DingTalk does not support check-in for an event with this many people`,
			advice: t`Split the event, or let people accept the invitation instead of checking in.`,
		}),
	},
	{
		when: codeIs('exceedSubscribeLimit'),
		explain: () => ({
			kind: 'input',
			message: t`This person has reached the maximum number of subscribed calendars`,
			advice: t`Remove a calendar with 'Unsubscribe' first. 'Get Many' of Calendar lists them.`,
		}),
	},
	{
		when: (refusal) => codeIs('shareExceedLimit')(refusal) || textIs('shareExceedLimit')(refusal),
		explain: () => ({
			kind: 'input',
			message: t`This calendar is already shared with the maximum number of people`,
			advice: t`Remove a person's access with 'Delete' of Access Control first.`,
		}),
	},
	{
		when: codeIs('InvalidParameter.ParsedISO8601TimestampError'),
		explain: () => ({
			kind: 'input',
			message: t`DingTalk does not accept the format of a time`,
			advice: t`Report this with the request ID below. The node sends times in the format that DingTalk documents.`,
		}),
	},
	{
		when: codeIs('AuthenticationFailed.MissingParameter', '40000'),
		explain: () => ({
			kind: 'input',
			message: t`DingTalk received the call without its access token`,
			advice: t`A proxy between n8n and DingTalk removes it. Let the proxy pass on the header x-acs-dingtalk-access-token and the query.`,
		}),
	},
	{
		when: codeIs('error.notFound', '404', '22'),
		explain: () => ({
			kind: 'input',
			message: t`DingTalk has no API at this address`,
			advice: t`Check 'Region' and the base URLs in the credential.`,
		}),
	},
	{
		when: codeIs('1111'),
		explain: () => ({
			kind: 'banned',
			message: t`DingTalk has blocked this server's IP address for about five minutes because there were too many calls`,
			advice: t`Wait five minutes before running this again, and run fewer items at once.`,
		}),
	},
	{
		when: (refusal) =>
			refusal.status >= 500 ||
			codeIs('system.error', 'system.busy', 'systemBusy', 'unknownError', 'server.error', '-1')(refusal),
		explain: () => ({
			kind: 'server',
			message: t`DingTalk reported an internal error`,
			advice: t`Try again in a few minutes. If the error persists, give DingTalk support the request ID.`,
		}),
	},
	{
		when: ({ denied, code }) => denied === true && code === '',
		explain: ({ text }, call) => ({
			kind: 'unclear',
			message: text ? t`${failedTo(call)}: ${text}` : t`${failedTo(call)}, and its response does not say why`,
			advice: t`Check in DingTalk whether it was done all the same, and give DingTalk support the request ID.`,
		}),
	},
	{
		when: () => true,
		explain: (refusal, call) => ({
			kind: 'input',
			message: refusalReason(refusal)
				? t`${failedTo(call)}: ${refusalReason(refusal)}`
				: t`${failedTo(call)} because it does not accept one of the values`,
			advice: refusalReason(refusal)
				? t`Correct the value named in the message and run this again.`
				: t`DingTalk does not say which one. Check that the people are members of your organization, that the IDs belong to this calendar, and that the dates are valid.`,
		}),
	},
];

export function explainRefusal(refusal: Refusal, call: ApiCall): DingTalkError {
	const rule = RULES.find(({ when }) => when(refusal)) as Rule;
	const { status, code, text, requestId, scopes } = refusal;
	const explanation = rule.explain(refusal, call);
	const { kind } = explanation;
	const resumeAt = isLimit(kind) ? (resetsAt(kind).toISO() ?? undefined) : undefined;
	return new DingTalkError({ ...explanation, status, code, text, requestId, scopes, resumeAt });
}

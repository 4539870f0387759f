/** What each of DingTalk's codes means here, asked of the code that explains them to users. */
import { api } from '../../lib/dingtalk/endpoints';
import { explainRefusal } from '../../lib/dingtalk/errors/catalog';
import type { ErrorKind } from '../../lib/dingtalk/errors/DingTalkError';

/** The codes that DingTalk documents or that were seen in the wild, with the HTTP status each comes with. */
export const CODES: Array<[status: number, code: string]> = [
	[403, 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi'],
	[403, 'Forbidden.AccessDenied.QpmLimitForAppkeyAndApi'],
	[429, 'system.busy'],
	[400, 'qps.exceed.limit'],
	[400, 'integrated.qps.exceed'],
	[200, '90002'],
	[200, '90018'],
	[403, 'Forbidden.AccessDenied.ApiCountLimitForOrg'],
	[200, '90020'],
	[400, 'flowLimit'],
	[403, 'Forbidden.AccessDenied.IpNotInWhiteList'],
	[200, '60020'],
	[403, '1111'],
	[403, 'Forbidden.AccessDenied.AccessTokenPermissionDenied'],
	[200, '60011'],
	[403, 'forbidden.accessDenied'],
	[400, 'permissionDeny'],
	[200, '50002'],
	[200, '50004'],
	[403, 'permissionDenied'],
	[400, 'InvalidAuthentication'],
	[400, 'accesstoken.expired'],
	[400, 'invalidAccessToken'],
	[200, '40001'],
	[200, '40014'],
	[200, '42001'],
	[400, 'idempotencyProcessing'],
	[409, 'invalidRequest.duplicateClientToken'],
	[200, '33012'],
	[200, '40003'],
	[200, '60121'],
	[200, '40104'],
	[404, 'itemNotFound'],
	[404, 'instanceNotExist'],
	[400, 'meetingRoomNotAvailable'],
	[400, 'room.not.found'],
	[400, 'user.not.employee'],
	[400, 'notInEvent'],
	[400, 'exceedMaxReceiverSize'],
	[400, 'exceedSubscribeLimit'],
	[400, 'shareExceedLimit'],
	[400, 'InvalidParameter.ParsedISO8601TimestampError'],
	[400, 'AuthenticationFailed.MissingParameter'],
	[200, '40000'],
	[404, 'error.notFound'],
	[200, '404'],
	[200, '22'],
	[500, 'unknownError'],
	[400, 'system.error'],
	[429, 'systemBusy'],
	[500, 'server.error'],
	[200, '-1'],
	[400, 'invalidParameter'],
];

/** What the package does by itself before the user sees the message. */
const ALREADY_TRIED: Partial<Record<ErrorKind, string>> = {
	throttle: 'waits and asks again',
	token: 'gets a new token and asks again',
	inProgress: 'waits and asks again',
	done: 'takes it for done where it can',
	server: 'asks again where that is safe',
	quota: 'asks no more until then',
	dayLimit: 'asks no more for this organizer until then',
};

/** The day and hour that a limit names are those of the moment of reading. */
const withoutDates = (advice: string): string =>
	advice.replace(/ \([^)]*\d{4}[^)]*\)/, '').replace(/, from [^,]*\d{4}[^,]*,/, ',');

const cell = (text: string): string => text.replace(/\|/g, '\\|').replace(/\s+/g, ' ');

export function errorsPage(): string {
	const groups = new Map<string, string[]>();
	for (const [status, code] of CODES) {
		const {
			kind,
			message,
			details: { advice },
		} = explainRefusal({ status, code, text: '', scopes: [] }, api.getEvent);
		const said = `${cell(message)} | ${cell(withoutDates(advice))} | ${ALREADY_TRIED[kind] ?? ''} |`;
		groups.set(said, [...(groups.get(said) ?? []), `\`${code}\` (${status})`]);
	}
	const rows = [...groups].map(([said, codes]) => `| ${codes.join(', ')} | ${said}`);
	return [
		"# DingTalk's codes",
		'',
		'<!-- Made by `npm run docs` from lib/dingtalk/errors/catalog.ts. Do not edit. -->',
		'',
		"DingTalk's own code stands at the end of each error's description, with its words and a request ID for its support. The",
		'sentences below are those for *Event: Get*; other operations put in what they were about to do. HTTP 200 is how the',
		'older calls (`oapi`) report errors.',
		'',
		'| Code (HTTP status) | What the node says | What to do | Before it says so, the node |',
		'| --- | --- | --- | --- |',
		...rows,
		'',
		'No code at all:',
		'',
		'- **Could not reach …**: the connection failed. The message says how (nothing listens there, the name is not known, no',
		'  answer came in time). If it was a change that was sent, the message says that it may have been carried out.',
		'- **Received: HTTP …** in place of **DingTalk answered: HTTP …**: a proxy, a gateway or a firewall has answered, with its',
		'  own words.',
		'- **…, and its response does not say why**: DingTalk answered a change with HTTP 200 and `false`.',
		'- **… did not respond like DingTalk**: a proxy, a firewall page or a wrong *API Base URL*.',
		"- **'Field' is …**: refused before any call; the message names the field as the panel shows it.",
		'',
	].join('\n');
}

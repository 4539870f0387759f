/** Which permission of DingTalk is for what: from the table of calls, the registry of operations, and a sentence for each. */
import type { AppType } from '../../lib/dingtalk/account';
import { api, type ApiCall, type Scope } from '../../lib/dingtalk/endpoints';
import { EVENT_LOOKUPS } from '../../nodes/DingTalkCalendar/fields/locators/eventPath';
import { resources } from '../../nodes/DingTalkCalendar/resources';
import { APP_TYPES } from './operationsTable';

/** What a permission lets an app do; the compiler asks for a sentence about each. */
const FOR: Record<Scope, string> = {
	'Calendar.Event.Read':
		'read events, who is invited and what they answered, calendars, check-ins, and when rooms are taken',
	'Calendar.Event.Write':
		'create, change, answer and delete events; book rooms; check people in and out, and the links for it',
	'Calendar.EventSchedule.Read': 'read when people are busy',
	'VideoConference.Conference.Read': 'list the meeting rooms',
	'Calendar.Calendar.Read': 'read subscription calendars',
	'Calendar.Calendar.Write': 'make, change and delete subscription calendars; subscribe and unsubscribe',
	'Calendar.Acl.Read': 'see whom a calendar is shared with',
	'Calendar.Acl.Write': 'share a calendar, and stop sharing it',
	qyapi_get_member: 'find people by user ID, and turn what was found into a union ID',
	qyapi_get_member_by_mobile: 'find people by mobile number',
	qyapi_addresslist_search: 'find people and departments by name, and search in lists',
	qyapi_get_department_member: 'invite departments, and find people by e-mail address',
	qyapi_get_department_list: 'go through departments and those below them',
	'Contact.User.Read': 'know who `me` is',
	qyapi_base: 'every app has it; there is nothing to tick',
};

const calls: ApiCall[] = Object.values(api);
const looksUp = (call: ApiCall): boolean => EVENT_LOOKUPS.includes(call) && !call.metered;

const appTypesOf = (scope: Scope): string =>
	(Object.keys(APP_TYPES) as AppType[])
		.filter((appType) => calls.some((call) => call.scope === scope && !call.notFor?.includes(appType)))
		.map((appType) => APP_TYPES[appType])
		.join(', ');

function operationsOf(scope: Scope): string[] {
	return resources.flatMap(({ name, operations }) => {
		const needing = operations.filter((operation) =>
			operation.calls.some((call) => call.scope === scope && !EVENT_LOOKUPS.includes(call)),
		);
		if (needing.length === 0) return [];
		return [
			`**${name}**: ${needing.length === operations.length ? 'all' : needing.map((operation) => operation.name).join(', ')}`,
		];
	});
}

function row(scope: Scope): string {
	const everywhere = calls.some((call) => call.scope === scope && looksUp(call))
		? ['wherever a person is asked for']
		: [];
	return `| \`${scope}\` | ${FOR[scope]} | ${[...everywhere, ...operationsOf(scope)].join('; ')} | ${appTypesOf(scope)} |`;
}

export function permissionsPage(): string {
	const scopes = (Object.keys(FOR) as Scope[]).filter(
		(scope) => scope !== 'qyapi_base' && calls.some((call) => call.scope === scope),
	);
	return [
		'# Permissions',
		'',
		'<!-- Made by `npm run docs` from the table of calls and the registry of operations. Do not edit. -->',
		'',
		'Select them in the developer console, under **Development configuration > Manage permissions** of your app, then publish the app. The error of an operation that',
		'lacks one names it. App types are those of the credential; DingTalk does not offer the permission to types that are not listed.',
		'',
		'| Permission | Lets the app | Operations that may need it | App types |',
		'| --- | --- | --- | --- |',
		...scopes.map(row),
		'',
		'"May need": some calls are made only for certain input. *Create* with a union ID needs only `Calendar.Event.Write`; with a name it',
		'also needs the permissions that find people. [Permissions of each call](operations.md)',
		'',
		'## Triggers',
		'',
		'| Trigger | Needs |',
		'| --- | --- |',
		'| DingTalk Calendar Trigger (Stream) | no permission to listen; `Calendar.Event.Read` with *Fetch Event Details* |',
		'| DingTalk Calendar Webhook Trigger (HTTP) | the same |',
		'| DingTalk Calendar Polling Trigger | `Calendar.Event.Read` |',
		'',
		'People to watch are found with the permissions that begin with `qyapi`. For changes to be pushed to the app, **Calendar Event Change** (`calendar_event_change`) must also be',
		'selected under **Event Subscription**: [set-up](triggers.md).',
		'',
		'[What to select for a task](get-an-app.md#from-nothing)',
		'',
		'Permissions say *what* an app may do. Its contact range, also set in the developer console, says *for whom*.',
		'',
	].join('\n');
}

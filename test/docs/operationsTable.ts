/** The table of operations and what they cost, made from the registry and the table of calls. */
import type { ApiCall } from '../../lib/dingtalk/endpoints';
import type { AppType } from '../../lib/dingtalk/account';
import { resources } from '../../nodes/DingTalkCalendar/resources';
import { EVENT_LOOKUPS } from '../../nodes/DingTalkCalendar/fields/locators/eventPath';

export const APP_TYPES: Record<AppType, string> = { internal: 'internal', thirdParty: 'third-party', user: 'user' };

const appTypes = ({ notFor = [], notForPersonalApps }: ApiCall): string =>
	(Object.keys(APP_TYPES) as AppType[])
		.filter((appType) => !notFor.includes(appType))
		.map((appType) => APP_TYPES[appType])
		.join(', ') + (notForPersonalApps ? ' (not of a personal app)' : '');

const row = (...cells: string[]): string => `| ${cells.join(' | ')} |`;

const cost = ({ metered }: ApiCall): string => (metered ? 'metered' : 'free');

const portion = ({ maxBatch: batch, pageSize }: ApiCall): string =>
	batch ? `${batch} a call` : pageSize ? `${pageSize} a page` : '';

const isLookUp = (call: ApiCall): boolean => EVENT_LOOKUPS.includes(call);

function operationRows(): string[] {
	return resources.flatMap((resource) =>
		resource.operations.flatMap((operation) => [
			...(operation.calls.length > 0
				? []
				: [row(`**${resource.name}: ${operation.name}**`, operation.action, 'none', '', '', '', '')]),
			...operation.calls
				.filter((call) => !isLookUp(call))
				.map((call, position) =>
					row(
						position === 0 ? `**${resource.name}: ${operation.name}**` : '',
						position === 0 ? operation.action : '',
						`\`${call.method} ${call.path}\``,
						`\`${call.scope}\``,
						appTypes(call),
						cost(call),
						portion(call),
					),
				),
		]),
	);
}

const lookUpRows = (): string[] =>
	EVENT_LOOKUPS.map((call) => row(`\`${call.method} ${call.path}\``, `\`${call.scope}\``, appTypes(call), cost(call)));

export function operationsTable(): string {
	return [
		'# Operations, calls, permissions and costs',
		'',
		'<!-- Made by `npm run docs` from the registry of operations. Do not edit. -->',
		'',
		'Each operation with the DingTalk calls it can make, the permission each of them needs, the app types that may use it,',
		"and whether it counts against your organization's monthly quota. Calls after the first one are made only when they",
		'are needed; the panel of the operation says when.',
		'',
		row('Operation', 'What it does', 'Call', 'Permission', 'App types', 'Quota', 'Portion'),
		row('---', '---', '---', '---', '---', '---', '---'),
		...operationRows(),
		'',
		'## Finding people and old events',
		'',
		'Any operation may make these calls first: for a name, a mobile number, an e-mail address, a user ID, a department,',
		'`me`, or an event given by its old ID. Each person is looked up once in a run. A union ID needs none of them, and',
		'only converting a legacy event ID is metered.',
		'',
		row('Call', 'Permission', 'App types', 'Quota'),
		row('---', '---', '---', '---'),
		...lookUpRows(),
		'',
	].join('\n');
}

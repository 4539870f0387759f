/** The table of operations and what they cost, made from the registry and the table of calls. */
import type { ApiCall } from '../../lib/dingtalk/endpoints';
import type { AppType } from '../../lib/dingtalk/account';
import { resources } from '../../nodes/DingTalkCalendar/resources';
import { EVENT_LOOKUPS } from '../../nodes/DingTalkCalendar/fields/locators/eventPath';

export const APP_TYPES: Record<AppType, string> = { internal: 'internal', thirdParty: 'third-party', user: 'user' };

const notFor = ({ notFor: types = [], notForPersonalApps }: ApiCall): string =>
	[...types.map((type) => APP_TYPES[type]), ...(notForPersonalApps ? ['personal apps'] : [])].join(', ');

const row = (...cells: string[]): string => `| ${cells.join(' | ')} |`;

const portion = ({ maxBatch: batch, pageSize, metered }: ApiCall): string =>
	[...(batch ? [`${batch} a call`] : pageSize ? [`${pageSize} a page`] : []), ...(metered ? [] : ['free'])].join(', ');

const isLookUp = (call: ApiCall): boolean => EVENT_LOOKUPS.includes(call);

/** The operations that may make a call, by resource. */
const usersOf = (call: ApiCall): string =>
	resources
		.map(({ name, operations }) => {
			const users = operations.filter(({ calls }) => calls.includes(call));
			return users.length > 0 ? `**${name}**: ${users.map((operation) => operation.name).join(', ')}` : '';
		})
		.filter((users) => users !== '')
		.join('; ');

const callCells = (call: ApiCall): string[] => [
	`\`${call.method} ${call.path}\``,
	`\`${call.scope}\``,
	notFor(call),
	portion(call),
];

function callRows(): string[] {
	const calls = new Set(resources.flatMap(({ operations }) => operations.flatMap((operation) => operation.calls)));
	return [...calls].filter((call) => !isLookUp(call)).map((call) => row(...callCells(call), usersOf(call)));
}

const withoutCalls = (): string =>
	resources
		.flatMap(({ name, operations }) =>
			operations.filter(({ calls }) => calls.length === 0).map((one) => `*${name}: ${one.name}*`),
		)
		.join(', ');

const lookUpRows = (): string[] => EVENT_LOOKUPS.map((call) => row(...callCells(call)));

export function operationsTable(): string {
	return [
		'# Calls, permissions and costs',
		'',
		'<!-- Made by `npm run docs` from the registry of operations. Do not edit. -->',
		'',
		'Each call of DingTalk with the operations that make it where they need it. A call counts against the monthly quota of your',
		`organization unless it is marked *free*. ${withoutCalls()} makes none.`,
		'',
		row('Call', 'Permission', 'Not for apps of type', 'Portion', 'Operations'),
		row('---', '---', '---', '---', '---'),
		...callRows(),
		'',
		'## Finding people and old events',
		'',
		'Any operation may make these calls first: for a name, a mobile number, an e-mail address, a user ID, a department,',
		'`me`, or an event given by its old ID. A union ID needs none of them.',
		'',
		row('Call', 'Permission', 'Not for apps of type', 'Portion'),
		row('---', '---', '---', '---'),
		...lookUpRows(),
		'',
	].join('\n');
}

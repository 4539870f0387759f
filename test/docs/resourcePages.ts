/** A page for each resource: its operations, what they do, and every field with its help text, as the editor shows them. */
import { RUN_OPTIONS } from '../../nodes/DingTalkCalendar/fields/common/runOptions';
import { EVENT_LOOKUPS } from '../../nodes/DingTalkCalendar/fields/locators/eventPath';
import { resources } from '../../nodes/DingTalkCalendar/resources';
import type { Operation, Resource } from '../../lib/n8n/Operation';
import { anchorOf } from './anchor';
import { exampleOf } from './outputs';
import { fieldList, isShown, outermost, rowsOf, sharedRows, SHARED_FIELDS, type FieldRow } from './fieldRows';
import { cell, sentence } from './markdown';

const kebab = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]+/g, '-');

/** Most panels with times say this; the pages link what it means once. */
const ZONE_NOTICE = "Times are in the workflow's time zone";

export const pageOf = ({ name }: Resource): string => `docs/resources/${kebab(name)}.md`;

/** Fields that are described once for all, by the group they are in. */
function pointer(shared: FieldRow[]): string[] {
	if (shared.length === 0) return [];
	const rows = outermost(shared);
	const groups = [...new Set(rows.map(({ group }) => group))].map((group) => {
		const names = new Set(rows.filter((row) => row.group === group).map(({ label }) => cell(label)));
		return `${group === '' ? '' : `in **${group}**: `}${[...names].join(', ')}`;
	});
	return [`[Described below](#${anchorOf(SHARED_FIELDS)}): ${groups.join('; ')}.`, ''];
}

const rowsOfOperation = ({ properties }: Operation): FieldRow[] =>
	properties.filter((property) => isShown(property) && property.name !== RUN_OPTIONS).flatMap((one) => rowsOf(one));

function section(operation: Operation, resource: Resource, shared: ReadonlyMap<string, FieldRow>): string[] {
	const notices = operation.properties
		.filter(({ type }) => type === 'notice')
		.map(({ displayName }) => cell(displayName))
		.filter((notice) => !notice.startsWith(ZONE_NOTICE));
	const rows = rowsOfOperation(operation);
	const own = rows.filter(({ key }) => !shared.has(key));
	const calls = operation.calls.filter((call) => !EVENT_LOOKUPS.includes(call));
	const scopes = [...new Set(calls.map(({ scope }) => `\`${scope}\``))];
	return [
		`## ${operation.name}`,
		'',
		`*${operation.action}*: ${sentence(cell(operation.description))}`,
		'',
		...notices.flatMap((notice) => [`> ${notice}`, '']),
		...(scopes.length > 0 ? [`Permission: ${scopes.join(', ')}.`, ''] : []),
		...fieldList(own),
		...pointer(rows.filter(({ key }) => shared.has(key))),
		...exampleOf(operation, resource),
		'',
	];
}

function sharedSection(shared: ReadonlyMap<string, FieldRow>): string[] {
	if (shared.size === 0) return [];
	const labels = [...shared.values()].map(({ label }) => label);
	const isUnique = (label: string): boolean => labels.indexOf(label) === labels.lastIndexOf(label);
	/** Without a word about it, a field is named above those that belong to it. */
	const told = [...shared.values()].filter(({ label, help }) => help !== '' || isUnique(label));
	const rows = told.map(({ group, label, ...row }) =>
		isUnique(label) ? { ...row, label, group: '' } : { ...row, label: `${group}: ${label}`, group: '' },
	);
	return [`## ${SHARED_FIELDS}`, '', ...fieldList(rows)];
}

/** Which operations have the two run options that not all of them have. */
function listOptions({ operations }: Resource): string {
	const named = (test: (operation: Operation) => boolean): string => {
		const names = operations.filter(test).map(({ name }) => `*${name}*`);
		return names.length > 0 ? names.join(', ') : 'none';
	};
	const preview = named(({ calls }) => calls.some(({ isRead }) => !isRead)).replace(
		/^none.*/,
		'none, because nothing is written',
	);
	return `*Idempotency Key*: ${named(({ acceptsKey }) => acceptsKey === true)}. *Preview*: ${preview}.`;
}

export function resourcePage(resource: Resource): string {
	const shared = sharedRows(resource.operations.map(rowsOfOperation));
	return [
		`# ${resource.name}`,
		'',
		'<!-- Made by `npm run docs` from the registry of operations. Do not edit. -->',
		'',
		`${sentence(cell(resource.description))} In italics: the name in the node search and for AI agents.`,
		'',
		resource.operations.map(({ name }) => `[${name}](#${anchorOf(name)})`).join(' · '),
		'',
		...resource.operations.flatMap((operation) => section(operation, resource, shared)),
		...sharedSection(shared),
		`*Run Options* ([what they do](../limits.md#run-options)): every operation has *Concurrency* and *Include Request IDs*. ${listOptions(resource)}`,
		'',
		'[How times are read](../people-and-times.md#times) · [Calls, permissions and costs](../operations.md)',
		'',
	].join('\n');
}

export const resourcePages = (): Array<[string, string]> =>
	resources.map((resource) => [pageOf(resource), resourcePage(resource)]);

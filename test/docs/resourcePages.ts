/** A page for each resource: its operations, what they do, and every field with its help text, as the editor shows them. */
import { RUN_OPTIONS } from '../../nodes/DingTalkCalendar/fields/common/runOptions';
import { EVENT_LOOKUPS } from '../../nodes/DingTalkCalendar/fields/locators/eventPath';
import { resources } from '../../nodes/DingTalkCalendar/resources';
import type { Operation, Resource } from '../../lib/n8n/Operation';
import { anchorOf } from './anchor';
import { exampleOf } from './outputs';
import { fieldRow, isShown, rowsOf, sharedRows, SHARED_FIELDS, type FieldRow } from './fieldRows';
import { cell, sentence } from './markdown';

const kebab = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]+/g, '-');

const TABLE_HEAD = ['| Field | Required | What it is |', '| --- | --- | --- |'];

export const pageOf = ({ name }: Resource): string => `docs/resources/${kebab(name)}.md`;

/** Fields that are described once for all, by the group they are in. */
function pointer(rows: FieldRow[]): string[] {
	if (rows.length === 0) return [];
	const groups = [...new Set(rows.map(({ group }) => group))].map((group) => {
		const names = rows.filter((row) => row.group === group).map(({ label }) => cell(label));
		return `${group === '' ? '' : `in **${group}**: `}${names.join(', ')}`;
	});
	return [`[Fields described below](#${anchorOf(SHARED_FIELDS)}): ${groups.join('; ')}.`, ''];
}

const rowsOfOperation = ({ properties }: Operation): FieldRow[] =>
	properties.filter((property) => isShown(property) && property.name !== RUN_OPTIONS).flatMap((one) => rowsOf(one));

function section(operation: Operation, resource: Resource, shared: ReadonlyMap<string, FieldRow>): string[] {
	const notices = operation.properties
		.filter(({ type }) => type === 'notice')
		.map(({ displayName }) => cell(displayName));
	const rows = rowsOfOperation(operation);
	const own = rows.filter(({ key }) => !shared.has(key));
	const calls = operation.calls.filter((call) => !EVENT_LOOKUPS.includes(call));
	const scopes = [...new Set(calls.map(({ scope }) => `\`${scope}\``))];
	return [
		`## ${operation.name}`,
		'',
		`${sentence(cell(operation.description))} In the node search and for AI agents: *${operation.action}*.`,
		'',
		...notices.flatMap((notice) => [`> ${notice}`, '']),
		...(scopes.length > 0 ? [`Permission: ${scopes.join(', ')}.`, ''] : []),
		...(own.length > 0 ? [...TABLE_HEAD, ...new Set(own.map(fieldRow)), ''] : []),
		...pointer(rows.filter(({ key }) => shared.has(key))),
		...exampleOf(resource.value, operation.value),
		'',
	];
}

function sharedSection(shared: ReadonlyMap<string, FieldRow>): string[] {
	if (shared.size === 0) return [];
	const labels = [...shared.values()].map(({ label }) => label);
	const isUnique = (label: string): boolean => labels.indexOf(label) === labels.lastIndexOf(label);
	const rows = [...shared.values()].map((row) => fieldRow(isUnique(row.label) ? { ...row, group: '' } : row));
	return [`## ${SHARED_FIELDS}`, '', ...TABLE_HEAD, ...new Set(rows), ''];
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
		sentence(cell(resource.description)),
		'',
		resource.operations.map(({ name }) => `[${name}](#${anchorOf(name)})`).join(' · '),
		'',
		...resource.operations.flatMap((operation) => section(operation, resource, shared)),
		...sharedSection(shared),
		`*Run Options* ([what they do](../limits.md#run-options)): every operation has *Concurrency* and *Include Request IDs*. ${listOptions(resource)}`,
		'',
		'[All operations with their calls, permissions and costs](../operations.md)',
		'',
	].join('\n');
}

export const resourcePages = (): Array<[string, string]> =>
	resources.map((resource) => [pageOf(resource), resourcePage(resource)]);

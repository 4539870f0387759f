/** A page for each resource: its operations, what they do, and every field with its help text, as the editor shows them. */
import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';
import { RUN_OPTIONS } from '../../nodes/DingTalkCalendar/fields/common/runOptions';
import { EVENT_LOOKUPS } from '../../nodes/DingTalkCalendar/fields/locators/eventPath';
import { resources } from '../../nodes/DingTalkCalendar/resources';
import type { Operation, Resource } from '../../lib/n8n/Operation';
import { anchorOf } from './anchor';
import { outputOf } from './outputs';

const kebab = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]+/g, '-');

export const pageOf = ({ name }: Resource): string => `docs/resources/${kebab(name)}.md`;

/** What a person reads in a cell: no line breaks, nothing that ends the cell, no markup of the editor. */
const cell = (text: string | undefined): string =>
	(text ?? '')
		.replace(/<br\s*\/?>/g, ' ')
		.replace(/<[^>]+>/g, '')
		.replace(/\s+/g, ' ')
		.replace(/\|/g, '\\|')
		.trim();

const sentence = (text: string): string => (text === '' || /[.!?]$/.test(text) ? text : `${text}.`);

const isChoice = (
	option: INodePropertyOptions | INodeProperties | INodePropertyCollection,
): option is INodePropertyOptions => 'value' in option;

function choices({ type, options = [] }: INodeProperties): string {
	if (type !== 'options' && type !== 'multiOptions') return '';
	const named = options.filter(isChoice).map(({ name, description }) => {
		const help = cell(description);
		return help ? `*${name}* (${help.replace(/\.$/, '')})` : `*${name}*`;
	});
	return named.length > 0 ? `One of: ${named.join('; ')}.` : '';
}

const help = (property: INodeProperties): string =>
	[sentence(cell(property.description)), sentence(cell(property.hint)), choices(property)]
		.filter((part) => part !== '')
		.join(' ');

interface Row {
	path: string[];
	property: INodeProperties;
}

/** Collections are opened, so that each field that can be added has a line of its own. */
function rowsOf(property: INodeProperties, path: string[] = []): Row[] {
	const here = [...path, property.displayName];
	const inner = (property.options ?? []).filter((option): option is INodeProperties => 'type' in option);
	if (property.type === 'collection') return inner.flatMap((option) => rowsOf(option, here));
	if (property.type === 'fixedCollection') {
		const groups = (property.options ?? []).filter((option): option is INodePropertyCollection => 'values' in option);
		const fields = groups.flatMap(({ values }) => values.flatMap((value) => rowsOf(value, here)));
		return [{ path: here, property: { ...property, options: [] } }, ...fields];
	}
	return [{ path: here, property }];
}

const fieldRow = ({ path, property }: Row): string =>
	`| ${path.map(cell).join(' → ')} | ${property.required ? 'yes' : ''} | ${cell(help(property))} |`;

function section(operation: Operation, resource: Resource): string[] {
	const notices = operation.properties
		.filter(({ type }) => type === 'notice')
		.map(({ displayName }) => cell(displayName));
	const shown = ({ type, name }: INodeProperties): boolean =>
		type !== 'notice' && type !== 'hidden' && name !== RUN_OPTIONS;
	const rows = operation.properties.filter(shown).flatMap((property) => rowsOf(property));
	const calls = operation.calls.filter((call) => !EVENT_LOOKUPS.includes(call));
	const scopes = [...new Set(calls.map(({ scope }) => `\`${scope}\``))];
	return [
		`## ${operation.name}`,
		'',
		`${sentence(cell(operation.description))} In the node search and for AI agents: *${operation.action}*.`,
		'',
		...notices.flatMap((notice) => [`> ${notice}`, '']),
		...(scopes.length > 0 ? [`Permission: ${scopes.join(', ')}.`, ''] : []),
		'| Field | Required | What it is |',
		'| --- | --- | --- |',
		...[...new Set(rows.map(fieldRow))],
		'',
		outputOf(resource.value, operation.value),
		'',
	];
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
	return [
		`# ${resource.name}`,
		'',
		'<!-- Made by `npm run docs` from the registry of operations. Do not edit. -->',
		'',
		sentence(cell(resource.description)),
		'',
		resource.operations.map(({ name }) => `[${name}](#${anchorOf(name)})`).join(' · '),
		'',
		...resource.operations.flatMap((operation) => section(operation, resource)),
		`*Run Options* ([what they do](../limits.md#run-options)): every operation has *Concurrency* and *Include Request IDs*. ${listOptions(resource)}`,
		'',
		'[All operations with their calls, permissions and costs](../operations.md)',
		'',
	].join('\n');
}

export const resourcePages = (): Array<[string, string]> =>
	resources.map((resource) => [pageOf(resource), resourcePage(resource)]);

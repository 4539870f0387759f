/** The rows of a table of fields: each field that can be added has its own, and what several operations share is found. */
import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';
import { cell, sentence } from './markdown';

export const SHARED_FIELDS = 'Fields of several operations';

export interface FieldRow {
	/** The collection it is added to, such as 'Additional Fields', or empty. */
	group: string;
	label: string;
	help: string;
	isRequired: boolean;
	/** The same for fields that need only one description. */
	key: string;
}

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

const helpOf = (property: INodeProperties): string =>
	[sentence(cell(property.description)), sentence(cell(property.hint)), choices(property)]
		.filter((part) => part !== '')
		.join(' ');

export const isShown = ({ type }: INodeProperties): boolean => type !== 'notice' && type !== 'hidden';

/** Collections are opened. */
export function rowsOf(property: INodeProperties, path: string[] = []): FieldRow[] {
	const here = [...path, property.displayName];
	const inner = (property.options ?? []).filter((option): option is INodeProperties => 'type' in option);
	if (property.type === 'collection') return inner.flatMap((option) => rowsOf(option, here));
	const [group, ...rest] = here.length > 1 ? here : ['', ...here];
	const label = rest.join(' → ');
	const row = (help: string): FieldRow => {
		const isRequired = property.required === true;
		return { group, label, help, isRequired, key: JSON.stringify([label, help, isRequired]) };
	};
	if (property.type !== 'fixedCollection') return [row(helpOf(property))];
	const groups = (property.options ?? []).filter((option): option is INodePropertyCollection => 'values' in option);
	const fields = groups.flatMap(({ values }) => values.flatMap((value) => rowsOf(value, here)));
	return [row(helpOf({ ...property, options: [] })), ...fields];
}

export const fieldRow = ({ group, label, help, isRequired }: FieldRow): string =>
	`| ${cell(group === '' ? label : `${group} → ${label}`)} | ${isRequired ? 'yes' : ''} | ${cell(help)} |`;

/** Those that two operations or more have alike, by their keys, in alphabetical order. */
export function sharedRows(operations: FieldRow[][]): Map<string, FieldRow> {
	const counts = new Map<string, number>();
	for (const rows of operations) {
		for (const key of new Set(rows.map((row) => row.key))) counts.set(key, (counts.get(key) ?? 0) + 1);
	}
	const shared = operations
		.flat()
		.filter(({ key }) => (counts.get(key) ?? 0) > 1)
		.sort((one, other) => one.label.localeCompare(other.label, 'en'));
	return new Map(shared.map((row) => [row.key, row]));
}

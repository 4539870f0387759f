/** The list of the fields of an operation, nested as in its panel; what several operations share is found. */
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

const ARROW = ' → ';

/** Where a field is: its collection, the field it belongs to, and itself. */
const pathOf = ({ group, label }: FieldRow): string[] => [...(group === '' ? [] : [group]), ...label.split(ARROW)];

/** Without those that belong to another field of the list. */
export const outermost = (rows: FieldRow[]): FieldRow[] => {
	const paths = new Set(rows.map((row) => pathOf(row).join(ARROW)));
	return rows.filter((row) => !paths.has(pathOf(row).slice(0, -1).join(ARROW)));
};

const entry = (path: string[], rest = ''): string => `${'  '.repeat(path.length - 1)}- **${cell(path.at(-1))}**${rest}`;

/** A nested list. A collection that has no row of its own is named above its fields. */
export function fieldList(rows: FieldRow[]): string[] {
	let last: string[] = [];
	const lines = rows.flatMap((row) => {
		const path = pathOf(row);
		const known = path.findIndex((name, depth) => name !== last[depth]);
		const above = path
			.slice(0, -1)
			.flatMap((_, depth) => (depth < known || known < 0 ? [] : [entry(path.slice(0, depth + 1))]));
		last = path;
		const help = row.help === '' ? '' : `: ${cell(row.help)}`;
		return [...above, entry(path, `${row.isRequired ? ' (required)' : ''}${help}`)];
	});
	return [...new Set(lines), ''];
}

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

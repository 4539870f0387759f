/** What workflows store of the nodes and credentials: the path of every field, with the values of its choices and modes. */
import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';

const isGroup = (option: object): option is INodePropertyCollection => 'values' in option;
const isField = (option: object): option is INodeProperties => 'type' in option && 'displayName' in option;
const isChoice = (option: object): option is INodePropertyOptions => 'value' in option && 'name' in option;

const namesOf = (owner: string, fields: readonly INodeProperties[]): string[] =>
	fields
		.filter(({ type }) => type !== 'notice')
		.flatMap(({ name, options = [], modes = [] }) => {
			const path = `${owner}.${name}`;
			return [
				path,
				...modes.map((mode) => `${path} @${mode.name}`),
				...options.flatMap((option) =>
					isGroup(option)
						? namesOf(`${path}.${option.name}`, option.values)
						: isField(option)
							? namesOf(path, [option])
							: isChoice(option)
								? [`${path} =${String(option.value)}`]
								: [],
				),
			];
		});

/** Sorted, each once: a field of several operations is one. */
export const storedNames = (owner: string, properties: readonly INodeProperties[]): string[] => [
	...new Set(namesOf(owner, properties)),
];

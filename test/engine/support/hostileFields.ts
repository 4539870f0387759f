/** For tests that put hostile values into the fields of a node: the fields, and what no value may cause. */
import type { INodeParameters, INodeProperties } from 'n8n-workflow';

const isCollection = ({ type }: INodeProperties): boolean => type === 'collection' || type === 'fixedCollection';

export type Spoil = (parameters: INodeParameters, value: unknown) => INodeParameters;

const inside = (parameters: INodeParameters, name: string): INodeParameters => {
	const value = parameters[name];
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as INodeParameters) : {};
};

/** For each field of an operation, those in its collections included, a way to put a value into it. */
export function fieldsOf(properties: INodeProperties[]): Spoil[] {
	return properties.flatMap((property): Spoil[] => {
		const { name, type } = property;
		if (type === 'notice') return [];
		const set: Spoil = (parameters, value) => ({ ...parameters, [name]: value as INodeParameters[string] });
		if (type === 'resourceLocator') {
			return [set, (parameters, value) => set(parameters, { __rl: true, mode: 'id', value }), asMode(name, 'list')];
		}
		if (!isCollection(property)) return [set];
		const options = (property.options ?? []) as Array<INodeProperties & { values?: INodeProperties[] }>;
		const below = options.flatMap(({ name: group, values, ...option }): Spoil[] =>
			values === undefined
				? fieldsOf([{ ...option, name: group }])
				: fieldsOf(values).map((spoil) => (parameters, value) => ({ ...parameters, [group]: [spoil({}, value)] })),
		);
		return [
			set,
			...below.map(
				(spoil): Spoil =>
					(all, value) =>
						set(all, spoil(inside(all, name), value)),
			),
		];
	});
}

const asMode =
	(name: string, mode: string): Spoil =>
	(parameters, value) => ({ ...parameters, [name]: { __rl: true, mode, value } as INodeParameters });

export const CRASHED =
	/Cannot (read|set|convert) propert|is not (iterable|a function|defined)|Maximum call stack|Invalid (DateTime|time value)|RangeError|TypeError|URI malformed|lone surrogate/i;

/** Node's own and n8n's are all that may be there. */
const prototypeKeys = (): string =>
	JSON.stringify([Object.prototype, Array.prototype].map((one) => Reflect.ownKeys(one).map(String)));
const ORIGINAL = prototypeKeys();

export const isPrototypeChanged = (): boolean =>
	prototypeKeys() !== ORIGINAL || ({} as { polluted?: unknown }).polluted !== undefined;

/** n8n looks at the parameters before it starts the node, and refuses some of them, or fails at them. */
export const isOfN8n = ({ name, stack = '' }: Error): boolean =>
	name === 'WorkflowHasIssuesError' || /^\s*at [^\n]*n8n-workflow\/src\/(type-guards|node-helpers)/m.test(stack);

/** Holds an answer against what the official client declares of it. */

interface ModelClass {
	names(): Record<string, string>;
	types(): Record<string, unknown>;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

function isModelClass(type: unknown): type is ModelClass {
	return typeof type === 'function' && 'names' in type && 'types' in type;
}

/** Every place at which a response has something the client does not know, or says it in another type. */
export function strangeParts(type: unknown, value: unknown, path = ''): string[] {
	// The client reads null as absent.
	if (value === undefined || value === null) return [];
	if (isModelClass(type)) return strangeFields(type, value, path);
	if (isObject(type)) return strangeEntries(type, value, path);
	if (type === 'any' || typeof value === type) return [];
	return [`${path}: ${typeof value} instead of ${String(type)}`];
}

function strangeFields(type: ModelClass, value: unknown, path: string): string[] {
	if (!isObject(value)) return [`${path}: no object`];
	const known = new Map(Object.entries(type.names()).map(([name, wireName]) => [wireName, type.types()[name]]));
	return Object.entries(value).flatMap(([name, inner]) =>
		known.has(name) ? strangeParts(known.get(name), inner, `${path}.${name}`) : [`${path}.${name}: not known`],
	);
}

function strangeEntries(type: Record<string, unknown>, value: unknown, path: string): string[] {
	if (type.type === 'map') {
		if (!isObject(value)) return [`${path}: no map`];
		return Object.entries(value).flatMap(([key, inner]) => strangeParts(type.valueType, inner, `${path}.${key}`));
	}
	if (!Array.isArray(value)) return [`${path}: no array`];
	return value.flatMap((inner: unknown, i) => strangeParts(type.itemType, inner, `${path}[${i}]`));
}

/** The declared type of a response's body. */
export function bodyType(response: object): unknown {
	const { constructor } = response;
	return isModelClass(constructor) ? constructor.types().body : undefined;
}

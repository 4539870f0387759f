/** Reads typed values from untyped JSON. */
export type Fields = Record<string, unknown>;

export const isFields = (value: unknown): value is Fields =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

export const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {});

export const isTextList = (value: unknown): value is string[] =>
	Array.isArray(value) && value.every((entry) => typeof entry === 'string');

/** Text, or undefined if the field is absent, empty or of another type. */
export function textOf(fields: Fields, name: string): string | undefined {
	const value = fields[name];
	return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A whole number, also when a form or query contains it as text. */
export function numberOf(fields: Fields, name: string): number | undefined {
	const value = fields[name];
	if (typeof value === 'number') return Number.isInteger(value) ? value : undefined;
	return typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : undefined;
}

/** Reads the fields of a push, regardless of how DingTalk capitalizes their names. */

/** Longer than any ID that DingTalk issues; longer values are not treated as IDs. */
const MAX_ID_LENGTH = 1024;

export type ReadField = (name: string) => unknown;

export function readFields(raw: Record<string, unknown>): ReadField {
	const byName = new Map(Object.entries(raw).map(([name, value]) => [name.toLowerCase(), value]));
	return (name) => byName.get(name.toLowerCase());
}

export const readId = (value: unknown): string | undefined => {
	const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
	return typeof text === 'string' && text.trim() !== '' && text.length <= MAX_ID_LENGTH ? text.trim() : undefined;
};

export const toMillis = (value: unknown): number | undefined => {
	const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
	return typeof number === 'number' && Number.isSafeInteger(number) && number > 0 ? number : undefined;
};

/** For log messages: JSON, cut short. */
export const quote = (value: unknown): string => String(JSON.stringify(value) ?? value).slice(0, 60);

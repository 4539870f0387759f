/** Formats a count with its noun in the singular or the plural. */

export const formatCount = (count: number, one: string, many = `${one}s`): string =>
	`${count} ${count === 1 ? one : many}`;

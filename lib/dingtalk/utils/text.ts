/** Texts for people: counts with their nouns, and long texts cut to a readable length. */
import { translate } from '../../locale/t';

/** A count with its noun in the singular or the plural. */
export const formatCount = (count: number, one: string, many = `${one}s`): string =>
	translate(`{1} ${count === 1 ? one : many}`).replace('{1}', String(count));

/** Cuts a text by code points, so that no character is cut in half. */
export function shorten(text: string, max: number): string {
	if (text.length <= max) return text;
	const characters = [...text];
	return characters.length > max ? `${characters.slice(0, max).join('')}…` : text;
}

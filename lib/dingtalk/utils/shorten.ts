/** Cuts a text to a readable length. */

/** By code points, so that no character is cut in half. */
export function shorten(text: string, max: number): string {
	if (text.length <= max) return text;
	const characters = [...text];
	return characters.length > max ? `${characters.slice(0, max).join('')}…` : text;
}

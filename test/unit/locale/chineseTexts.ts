/** What Chinese texts may contain in Latin letters, and what would be English that nobody translated. */

/** Three words in a row, of which the last two are no names. */
const SENTENCE = /[A-Za-z]{2,}(?:'[a-z]+)?(?:[ ,]+(?:a|[a-z]{2,})(?:'[a-z]+)?){2,}/;

/** n8n's own menus have no Chinese. */
const N8N_LABELS = ['Copy to editor'];

/** What someone who reads only Chinese could not read; undefined if there is nothing. `quoted` is what users entered. */
export function findEnglish(text: string, quoted: readonly string[] = []): string | undefined {
	const said = [...N8N_LABELS, ...quoted]
		.filter((value) => value.trim() !== '')
		.sort((a, b) => b.length - a.length)
		.reduce((rest, value) => rest.replaceAll(value, ' '), text);
	return SENTENCE.exec(said)?.[0];
}

/** Every text inside a value. */
export function stringsIn(value: unknown): string[] {
	if (typeof value === 'string') return [value];
	if (typeof value !== 'object' || value === null) return [];
	return Object.values(value).flatMap(stringsIn);
}

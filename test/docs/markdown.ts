/** Turns texts of the editor into Markdown. */

/** What a person reads in a cell: no line breaks, nothing that ends the cell, no markup of the editor. */
export const cell = (text: string | undefined): string =>
	(text ?? '')
		.replace(/<\/?(br|li|p|ul)\b[^>]*>/g, ' ')
		.replace(/<[^>]+>/g, '')
		.replace(/\s+/g, ' ')
		.replace(/\|/g, '\\|')
		.trim();

export const sentence = (text: string): string => (text === '' || /[.!?]$/.test(text) ? text : `${text}.`);

/** Reads text, booleans, numbers, choices and lists, in all forms in which sheets, agents and expressions give them. */
import { InputError } from '../InputError';
import { joinWords, t } from '../../locale/t';

/** Sheets give numbers and booleans where text is meant. */
export function readText(value: unknown, label: string): string {
	if (typeof value === 'string') return value;
	if (typeof value === 'number' || typeof value === 'boolean') return String(value);
	throw new InputError(label, t`is not text`, t`Enter text.`);
}

/** The limits are DingTalk's; checking them here keeps it from truncating text or refusing a request half-way. */
export function readTextUpTo(limit: number, value: unknown, label: string): string {
	const text = readText(value, label);
	// By code points: an emoji is one character, although JavaScript counts two.
	const { length } = [...text];
	if (length > limit) {
		throw new InputError(
			label,
			t`is too long: ${length} characters, but DingTalk accepts at most ${limit}`,
			t`Shorten it, or link to a document with the details.`,
		);
	}
	return text;
}

export function readTitle(value: unknown, limit: number): string {
	const title = readTextUpTo(limit, value ?? '', 'Title').trim();
	if (title === '')
		throw new InputError('Title', t`is empty`, t`Enter a title; DingTalk does not accept an event without one.`);
	return title;
}

/** Agents and sheets give booleans as text. */
export function readBoolean(value: unknown, label: string): boolean {
	if (typeof value === 'boolean') return value;
	if (value === 1 || value === 0) return value === 1;
	// An object may have no form as text.
	const word = (typeof value === 'object' ? JSON.stringify(value) : String(value)).trim().toLowerCase();
	if (['true', 'yes', 'y', 'on', '1', '是'].includes(word)) return true;
	if (['false', 'no', 'n', 'off', '0', '', '否'].includes(word)) return false;
	throw new InputError(label, t`is neither true nor false: ${word}`, t`Use true or false.`);
}

/** A whole number within a range, also as text. Without `to` it has no upper limit. */
export function readWholeNumber(value: unknown, label: string, { from, to }: { from: number; to?: number }): number {
	const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < from || (to && number > to)) {
		const range = to === undefined ? t`of at least ${from}` : t`from ${from} to ${to}`;
		throw new InputError(label, t`must be a whole number ${range}, not ${String(value)}`, t`Enter a number ${range}.`);
	}
	return number;
}

/** A choice among fixed values; agents and expressions may give anything. */
export function readChoice<T extends string>(value: unknown, label: string, choices: readonly T[]): T {
	const choice = choices.find((one) => one.toLowerCase() === String(value).trim().toLowerCase());
	if (choice === undefined) {
		throw new InputError(label, t`has no option '${String(value)}'`, t`Use one of: ${joinWords(choices)}.`);
	}
	return choice;
}

/** Lists come as arrays, as JSON text, or as text separated by commas, including Chinese ones. */
export function readList(value: unknown): unknown[] {
	if (Array.isArray(value)) return value.flatMap((entry) => (typeof entry === 'string' ? readList(entry) : [entry]));
	// Of a condition in an expression; an entry that is `true` is then refused by its name.
	if ((typeof value === 'object' && value !== null) || value === true) return [value];
	if (typeof value !== 'string' && typeof value !== 'number') return [];
	const text = String(value).trim();
	if (text.startsWith('[')) {
		const parsed = parsedArray(text);
		if (parsed) return readList(parsed);
	}
	return text
		.split(/[,，、;；\n]/)
		.map((entry) => entry.trim())
		.filter((entry) => entry !== '');
}

/** A text without the signs that would end an entry of a list, or begin an ID. */
export const toListEntry = (text: string): string => text.replace(/[,，、;；<>\s]+/g, ' ').trim();

function parsedArray(text: string): unknown[] | undefined {
	try {
		// Deeper than any list, and deep enough to exhaust the stack of what formats its entries.
		if (/^(?:\[\s*){50}/.test(text)) return undefined;
		const parsed: unknown = JSON.parse(text);
		return Array.isArray(parsed) ? parsed : undefined;
	} catch {
		return undefined;
	}
}

const toTitleCase = (word: string): string => word[0].toUpperCase() + word.slice(1);

/** Dropdown options for words that are stored in lower case. */
export const titleCaseOptions = (words: readonly string[]) =>
	words.map((word) => ({ name: toTitleCase(word), value: word }));

/** Texts for people: counts with their nouns, and long texts cut to a readable length. */
import { translate } from '../../locale/t';

/** A count with its noun in the singular or the plural. */
export const formatCount = (count: number, one: string, many = `${one}s`): string =>
	translate(`{1} ${count === 1 ? one : many}`).replace('{1}', String(count));

const BACK_END_PREFIX = /\bcode:\s*\d+,\s*developerMessage:\s*/gi;

/** The calendar's back end puts a code in front of some messages, which says nothing to people. */
export const withoutBackEndPrefix = (text: string): string => text.replace(BACK_END_PREFIX, '').trim();

/** Cuts a text by code points, so that no character is cut in half. */
export function shorten(text: string, max: number): string {
	if (text.length <= max) return text;
	const characters = [...text];
	return characters.length > max ? `${characters.slice(0, max).join('')}…` : text;
}

/** Longer than any ID or address that helps to find what was entered. */
const MAX_WORD_LENGTH = 120;
/** Sentences in Chinese have no spaces, so their characters end a word too. */
const LONG_WORDS = new RegExp(`[^\\s'\\p{Script=Han}\\p{Pi}\\p{Pf}]{${MAX_WORD_LENGTH + 1},}`, 'gu');

/** Cuts the long words of a text, so that what a sentence quotes leaves room for its end. */
export const shortenWords = (text: string): string =>
	text.length <= MAX_WORD_LENGTH ? text : text.replace(LONG_WORDS, (word) => shorten(word, MAX_WORD_LENGTH));

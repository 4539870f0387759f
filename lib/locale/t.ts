/** Texts in the language of this edition: `t` marks each text that is put together or shown while a workflow runs. */
import { catalogue } from './catalogue';

const isEnglish = catalogue.language === 'en';

/** What a text is found by: its English words, with `{1}`, `{2}` and so on in place of the values. */
const keyOf = (strings: TemplateStringsArray): string =>
	strings.reduce((text, part, index) => `${text}{${index}}${part}`);

/** Puts values in the places of a text. */
const fill = (text: string, values: unknown[]): string =>
	text.replace(/\{(\d+)\}/g, (place, number: string) => {
		const index = Number(number) - 1;
		return index in values ? String(values[index]) : place;
	});

/** A text for people. The words around the values may change their order, so a text is never made of fragments without `t`. */
export function t(strings: TemplateStringsArray, ...values: unknown[]): string {
	const text = isEnglish ? undefined : catalogue.texts.get(keyOf(strings));
	return text === undefined ? String.raw({ raw: strings }, ...values) : fill(text, values);
}

/** A whole text that is known elsewhere, such as the label of a field. A text without a translation stays as it is. */
export const translate = (text: string): string => catalogue.texts.get(text) ?? text;

/** Sentences one after the other; empty ones are left out. */
export const joinSentences = (...sentences: Array<string | false | undefined>): string =>
	sentences.filter(Boolean).join(isEnglish ? ' ' : '');

/** The words of a list. */
export const joinWords = (words: readonly string[]): string => words.join(isEnglish ? ', ' : '、');

/** The clauses of a sentence. */
export const joinClauses = (clauses: readonly string[]): string => clauses.join(isEnglish ? '; ' : '；');

/** A sentence in the middle of another; a name at its beginning keeps its capital. */
export const lowerFirst = (sentence: string): string =>
	isEnglish && !sentence.startsWith('DingTalk') ? sentence.charAt(0).toLowerCase() + sentence.slice(1) : sentence;

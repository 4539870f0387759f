/** The language of this edition and its texts; the sources are English, and the build of another edition replaces this file. */

export type Language = 'en' | 'zh-CN';

/** An edition in another language has one text for each English text, with the same placeholders, such as `{1}`. */
export interface Catalogue {
	language: Language;
	texts: Readonly<Record<string, string>>;
}

export const catalogue: Catalogue = { language: 'en', texts: {} };

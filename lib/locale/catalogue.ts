/**
 * The language of this edition, and its texts. The sources are English; the build of another edition writes its texts in
 * their place, and lists here those that are put together only when the package runs.
 */

export type Language = 'en' | 'zh-CN';

/** Texts by the English ones, with the same placeholders, such as `{1}`. */
export interface Catalogue {
	language: Language;
	texts: Pick<ReadonlyMap<string, string>, 'get'>;
}

export const catalogue: Catalogue = { language: 'en', texts: new Map() };

const titleCase = (word: string): string => word[0].toUpperCase() + word.slice(1);

/** A choice among words, shown as they are stored but for the capital. */
export const titleCaseOptions = (words: readonly string[]) => words.map((word) => ({ name: titleCase(word), value: word }));

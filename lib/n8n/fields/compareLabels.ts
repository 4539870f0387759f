/** The order of labels in lists of fields, which are English in the sources. */

/** By letters alone: `localeCompare` loads the rules of a language first, while n8n starts. */
export const compareLabels = (one: string, other: string): number => (one < other ? -1 : Number(one > other));

/** The types of what makes one file of all modules. */
export const BUNDLE: string;
export function bundle(modules: Map<string, string>): string;
export function entry(path: string): string;

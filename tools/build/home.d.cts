/** The types of the project's home, which the build fills in. */
export const PLACEHOLDER: string;
export function homeOf(repository: unknown): string;
export function withHome(text: string): string;

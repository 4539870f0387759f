/** See home.cjs. */
export const PLACEHOLDER: string;
export function homeOf(repository: unknown): string;
export function withHome(text: string): string;

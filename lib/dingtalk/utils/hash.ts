import { createHash } from 'node:crypto';

/** Stands for a text where all that matters is whether another one is the same; `letters` of it, where few are compared. */
export const hashText = (text: string, letters?: number): string =>
	createHash('sha256').update(text).digest('base64url').slice(0, letters);

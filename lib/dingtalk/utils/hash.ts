/** Hashes: short stand-ins for texts that are only compared with each other. */
import { createHash } from 'node:crypto';

/** The SHA-256 of a text in base64url; the first `length` letters, if given. */
export const hashText = (text: string, length?: number): string =>
	createHash('sha256').update(text).digest('base64url').slice(0, length);

/** A hash in the form that DingTalk accepts as `x-client-token`. */
export const hashToken = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

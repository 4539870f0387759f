/** Creates and parses the IDs of events and occurrences. */
import { randomBytes, randomInt } from 'crypto';

import type { Switches } from '../switches';

type Spelling = Switches['eventIds'];

/** Plain IDs need no percent-encoding, awkward ones do. */
const AWKWARD = /[/+=]/;

export function newEventId(spelling: Spelling): string {
	if (spelling === 'plain') return randomBytes(18).toString('base64url');
	return `${randomBytes(9).toString('base64url')}/${randomBytes(9).toString('base64url')}+${randomInt(10)}=`;
}

export const newLegacyId = (): string => randomBytes(16).toString('hex').toUpperCase();

const SEPARATOR = '\u0000';

/**
 * The occurrences of an endless series cannot all be stored, so their IDs are computed: stable for each occurrence, but
 * not guessable from the ID of the series.
 */
export function instanceId(seriesId: string, originMs: number): string {
	const name = Buffer.from(`${originMs}${SEPARATOR}${seriesId}`).reverse();
	return AWKWARD.test(seriesId) ? `${name.toString('base64')}/+=` : name.toString('base64url');
}

export function parseInstanceId(id: string): { seriesId: string; originMs: number } | undefined {
	const name = Buffer.from(id.replace(/\/\+=$/, ''), 'base64')
		.reverse()
		.toString();
	const [originMs, seriesId, ...rest] = name.split(SEPARATOR);
	if (seriesId === undefined || rest.length > 0 || !/^-?\d+$/.test(originMs)) return undefined;
	// Base64 decoding accepts variants that an ID must not have.
	if (instanceId(seriesId, Number(originMs)) !== id) return undefined;
	return { seriesId, originMs: Number(originMs) };
}

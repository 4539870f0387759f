/** Whether a value stays the one segment of a path that it is meant to be. */

/** URLs drop these segments or go up by them, however they are encoded. */
const NO_SEGMENT = /^(\.|%2e){0,2}$/i;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Everything else does once it is encoded. */
export const isPathSegment = (value: unknown): value is string =>
	typeof value === 'string' && !NO_SEGMENT.test(value) && !LONE_SURROGATE.test(value);

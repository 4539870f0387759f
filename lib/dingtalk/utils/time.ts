/** Lengths of time in milliseconds, and the clock that measures them. */
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const WEEK = 7 * DAY;

const LOADED_AT = Date.now();

/**
 * Milliseconds on a clock that only runs forward, for measuring: the time of day jumps when the clock of the server is set.
 * They are counted from a date instead of zero, so that "long ago" is not before the start of the process.
 */
export const monotonicNow = (): number => LOADED_AT + performance.now();

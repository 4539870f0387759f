/** The metered calls that a hint of a run names; 0 if it names none. */
export function readMeteredCalls(hint: string): number;

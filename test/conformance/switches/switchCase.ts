/** The form in which the tests of switches say what each position causes. */
import type { Switches } from '../../simulator/switches';
import { refusalOf } from '../refusal';

export interface SwitchCase<Position> {
	/** What can be seen from outside, with the switch in one position. */
	observe: () => Promise<unknown>;
	expected: Array<[position: Position, seen: unknown]>;
}

export type SwitchCases<Name extends keyof Switches = keyof Switches> = { [Key in Name]: SwitchCase<Switches[Key]> };

/** "done", or status and code of the refusal. */
export async function outcome(call: Promise<unknown>): Promise<string> {
	const done = {};
	const result = await call.then(
		() => done,
		() => undefined,
	);
	if (result === done) return 'done';
	const { status, code } = await refusalOf(call);
	return `${status} ${code}`;
}

/** Tells the failure of one watched person, who may have left, from one that concerns all, so that the others are still watched. */
import { DingTalkError, type ErrorKind } from '../../dingtalk/errors/DingTalkError';
import type { PersonReference } from './people';
import { InputError } from '../InputError';
import { settle } from '../../dingtalk/errors/settle';

/** Why one person cannot be watched. */
export interface PersonFailure {
	/** As the user entered it. */
	typed: string;
	error: Error;
}

const PERSONAL_KINDS = new Set<ErrorKind>(['missing', 'permission', 'input', 'server', 'done', 'unclear']);

/** Whether an error concerns one person, rather than the app or the connection. */
export const isPersonal = (error: unknown): boolean =>
	error instanceof InputError || (error instanceof DingTalkError && PERSONAL_KINDS.has(error.kind));

/** With `requireAll`, rejects if one of them is not found; otherwise only if none is. */
export async function lookUpPeople(
	people: readonly PersonReference[],
	requireAll: boolean,
): Promise<{ unionIds: Set<string>; failures: PersonFailure[] }> {
	const unionIds = new Set<string>();
	const failures: PersonFailure[] = [];
	const found = await Promise.all(people.map(async (one) => await settle(one.unionId())));
	for (const [index, one] of found.entries()) {
		if (!(one instanceof Error)) unionIds.add(one);
		else if (requireAll || !isPersonal(one)) return await Promise.reject(one);
		else failures.push({ typed: people[index].typed, error: one });
	}
	// Without people, all would be watched.
	return unionIds.size === 0 && failures.length > 0 ? await Promise.reject(failures[0].error) : { unionIds, failures };
}

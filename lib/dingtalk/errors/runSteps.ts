/** Makes changes one after the other, and says how far it got where one of them fails. */
import { DingTalkError } from './DingTalkError';
import { PartialFailureError, type Change, type PartialFailure, type Progress } from './PartialFailureError';
import { t } from '../../locale/t';

const isUnknown = (error: Error): boolean =>
	!(error instanceof DingTalkError) || error.isOutcomeUnknown || error.kind === 'inProgress';

/** For changes that can be asked for twice. */
const REPEATABLE = t`Run this again to do the rest: what is done stays as it is.`;

/** A change, and the request that makes it. */
export interface Step extends Change {
	/** Whether it only reads, so that nothing can have come of it. */
	isRead?: boolean;
	run(): Promise<unknown>;
}

/**
 * Makes changes one after the other. If one fails after another was made, or is made in part, the error says how far it got.
 * `before` was made already.
 */
export async function runSteps(
	steps: Step[],
	before: Change[] = [],
	about: Partial<PartialFailure> = {},
): Promise<void> {
	const done = [...before];
	for (const [number, step] of steps.entries()) {
		const error = await step.run().then(
			() => undefined,
			(failure: Error) => failure,
		);
		if (!error) {
			done.push(describeStep(step));
			continue;
		}
		const later = steps.slice(number + 1).map(describeStep);
		const { reason, progress } =
			error instanceof PartialFailureError ? error : { reason: error, progress: progressOf(step, error) };
		if (done.length + progress.done.length === 0) throw error;
		throw new PartialFailureError({
			reason,
			done: [...done, ...progress.done],
			unknown: progress.unknown,
			notDone: [...progress.notDone, ...later],
			advice: REPEATABLE,
			...about,
		});
	}
}

const describeStep = ({ what, people }: Step): Change => ({ what, people });

function progressOf(step: Step, error: Error): Progress {
	const change = describeStep(step);
	return !step.isRead && isUnknown(error)
		? { done: [], unknown: [change], notDone: [] }
		: { done: [], unknown: [], notDone: [change] };
}

/** Makes one more change, and returns its result. */
export async function runNext<T>(done: Change[], step: Change & { isRead?: boolean; run(): Promise<T> }): Promise<T> {
	const results: T[] = [];
	await runSteps([{ ...step, run: async () => results.push(await step.run()) }], done);
	return results[0];
}

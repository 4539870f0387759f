/** The error of an operation of several changes that failed after the first: what is done, what is not, and what is unknown. */
import { formatCount } from '../utils/formatCount';
import { DingTalkError } from './DingTalkError';

export interface NamedPerson {
	id: string;
	name?: string;
}

/** One of the changes of an operation. */
export interface Change {
	/** As a request, such as `add` with people, or a whole sentence or phrase without. */
	what: string;
	people?: NamedPerson[];
}

export interface Progress {
	done: Change[];
	/** The response was lost. */
	unknown: Change[];
	notDone: Change[];
}

interface HalfDone extends Progress {
	reason: Error;
	/** What the user can do now. */
	advice: string;
	/** The event that was created. */
	eventId?: string;
	headline?: string;
}

/** Error messages name at most this many people. */
const MAX_NAMED = 3;

const formatName = ({ id, name }: NamedPerson): string => (name ? `${name} <${id}>` : id);

function formatChange({ what, people }: Change, max: number): string {
	if (!people) return what;
	return people.length <= max
		? `${what} ${people.map(formatName).join(', ')}`
		: `${what} ${formatCount(people.length, 'person', 'people')}`;
}

/** The IDs of the people. */
export const peopleOf = (changes: Change[]): string[] =>
	changes.flatMap(({ people = [] }) => people.map(({ id }) => id));

/** Batches of the same change count as one. */
function mergeChanges(changes: Change[]): Change[] {
	const merged: Change[] = [];
	for (const { what, people } of changes) {
		const last = merged[merged.length - 1];
		if (people && last?.what === what) last.people = [...(last.people ?? []), ...people];
		else merged.push({ what, people });
	}
	return merged;
}

const isUnknown = (error: Error): boolean =>
	!(error instanceof DingTalkError) || error.isOutcomeUnknown || error.kind === 'inProgress';

/** For changes that can be asked for twice. */
const REPEATABLE = 'Run this again to do the rest: what is done stays as it is.';

export class HalfDoneError extends Error {
	readonly reason: Error;
	readonly advice: string;
	readonly eventId?: string;
	readonly headline: string;
	readonly progress: Progress;

	constructor({ reason, advice, eventId, headline = 'Only part of this was done', ...progress }: HalfDone) {
		super(reason.message);
		this.name = 'HalfDoneError';
		this.reason = reason;
		this.advice = advice;
		this.eventId = eventId;
		this.headline = headline;
		const { done, unknown, notDone } = progress;
		this.progress = { done: mergeChanges(done), unknown: mergeChanges(unknown), notDone: mergeChanges(notDone) };
	}

	/** Such as `Done: remove Anna <u1>. Not done: add Ben <u2>.`; of many people, only the number if it is to be short. */
	describe(length: 'short' | 'full'): string {
		const max = length === 'short' ? MAX_NAMED : Infinity;
		const { done, unknown, notDone } = this.progress;
		const part = (label: string, changes: Change[]): string[] =>
			changes.length > 0 ? [`${label}: ${changes.map((change) => formatChange(change, max)).join('; ')}.`] : [];
		return [...part('Done', done), ...part('Unknown', unknown), ...part('Not done', notDone)].join(' ');
	}

	/** The same with the names of people. */
	named(nameOf: (id: string) => string | undefined): HalfDoneError {
		const nameAll = (changes: Change[]): Change[] =>
			changes.map(({ what, people }) => ({
				what,
				people: people?.map(({ id, name }) => ({ id, name: name ?? nameOf(id) })),
			}));
		const { done, unknown, notDone } = this.progress;
		return new HalfDoneError({ ...this, done: nameAll(done), unknown: nameAll(unknown), notDone: nameAll(notDone) });
	}
}

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
export async function runSteps(steps: Step[], before: Change[] = [], about: Partial<HalfDone> = {}): Promise<void> {
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
			error instanceof HalfDoneError ? error : { reason: error, progress: progressOf(step, error) };
		if (done.length + progress.done.length === 0) throw error;
		throw new HalfDoneError({
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

/** The error of an operation of several changes that failed after the first: what is done, what is not, and what is unknown. */
import { formatCount } from '../utils/text';
import { joinClauses, joinSentences, joinWords, t } from '../../locale/t';

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

export interface PartialFailure extends Progress {
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
		? `${what} ${joinWords(people.map(formatName))}`
		: `${what} ${formatCount(people.length, 'person', 'people')}`;
}

/** The IDs of the people. */
export const peopleOf = (changes: Change[]): string[] =>
	changes.flatMap(({ people = [] }) => people.map(({ id }) => id));

/** Batches of the same change count as one. Several attempts may have reported the same change of the same people. */
function mergeChanges(changes: Change[]): Change[] {
	const merged: Change[] = [];
	for (const { what, people } of changes) {
		const listed = new Set(peopleOf(merged.filter((one) => one.what === what)));
		const others = people?.filter(({ id }) => !listed.has(id));
		const last = merged[merged.length - 1];
		if (others && last?.what === what) last.people = [...(last.people ?? []), ...others];
		else if (others?.length !== 0) merged.push({ what, people: others });
	}
	return merged;
}

export class PartialFailureError extends Error {
	readonly reason: Error;
	readonly advice: string;
	readonly eventId?: string;
	readonly headline: string;
	readonly progress: Progress;

	constructor({ reason, advice, eventId, headline = t`Only part of this was done`, ...progress }: PartialFailure) {
		super(reason.message);
		this.name = 'PartialFailureError';
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
			changes.length > 0 ? [t`${label}: ${joinClauses(changes.map((change) => formatChange(change, max)))}.`] : [];
		return joinSentences(...part(t`Done`, done), ...part(t`Unknown`, unknown), ...part(t`Not done`, notDone));
	}

	/** The same with the names of people. */
	named(nameOf: (id: string) => string | undefined): PartialFailureError {
		const nameAll = (changes: Change[]): Change[] =>
			changes.map(({ what, people }) => ({
				what,
				people: people?.map(({ id, name }) => ({ id, name: name ?? nameOf(id) })),
			}));
		const { done, unknown, notDone } = this.progress;
		return new PartialFailureError({
			...this,
			done: nameAll(done),
			unknown: nameAll(unknown),
			notDone: nameAll(notDone),
		});
	}
}

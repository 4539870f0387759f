/**
 * What n8n has of a trigger's pushes, or is about to have. n8n hands each push the static data as it was last stored, so
 * pushes that come at the same time do not see each other there; in the process they do.
 */
import { hashText } from '../../lib/dingtalk/utils/hash';
import { LruMap, LruSet } from '../../lib/dingtalk/utils/lru';

/** `underWay`: n8n has not said yet whether it could store an earlier push of it. `taken`: it could. */
export type PushStatus = 'new' | 'underWay' | 'taken';

/** Whether n8n could store it; undefined as long as it has not said. */
type Verdict = () => boolean | undefined;

/** More than come within the five minutes in which a recorded push could be sent again. */
const MAX_ACCEPTED = 20_000;
const MAX_IN_FLIGHT = 1000;
const MAX_TRIGGERS = 500;
/** So many that pushes stored side by side find their way into the static data with the next one. */
const MAX_LATEST = 50;

const shortHash = (name: string): string => hashText(name, 16);

interface InFlightPush {
	names: string[];
	isStored: Verdict;
	/** Nobody waits for the verdict any longer, or it is there. */
	settled: Promise<void>;
}

const overlaps = ({ names: others }: InFlightPush, names: string[]): boolean =>
	others.some((name) => names.includes(name));

export class InFlightPushes {
	private readonly inFlight = new Set<InFlightPush>();
	private readonly accepted = new LruSet<string>(MAX_ACCEPTED);
	private latestTaken: string[] = [];

	/** One push has several names; one of them is enough to know it again. */
	status(names: string[]): PushStatus {
		this.settle();
		if (names.some((name) => this.accepted.has(shortHash(name)))) return 'taken';
		const isUnderWay =
			this.inFlight.size >= MAX_IN_FLIGHT || [...this.inFlight].some((claim) => overlaps(claim, names));
		return isUnderWay ? 'underWay' : 'new';
	}

	begin(names: string[], verdict: Verdict, waitFor: Promise<void>): void {
		this.inFlight.add({ names, isStored: verdict, settled: waitFor });
	}

	/** Settles when more is known of an earlier push of it. */
	async over(names: string[]): Promise<void> {
		await Promise.all(
			[...this.inFlight].filter((claim) => overlaps(claim, names)).map(async ({ settled: over }) => await over),
		);
	}

	accept(names: string[]): void {
		for (const name of names) this.accepted.add(shortHash(name));
		this.latestTaken = [...this.latestTaken, ...names].slice(-MAX_LATEST);
	}

	/** As they were given, oldest first. */
	get latest(): readonly string[] {
		this.settle();
		return this.latestTaken;
	}

	private settle(): void {
		for (const claim of this.inFlight) {
			const stored = claim.isStored();
			if (stored === undefined) continue;
			this.inFlight.delete(claim);
			if (stored) this.accept(claim.names);
		}
	}
}

const byTrigger = new LruMap<string, InFlightPushes>(MAX_TRIGGERS);

/** `owner` is one trigger in one workflow. */
export function inFlightPushesOf(owner: string): InFlightPushes {
	const claims = byTrigger.get(owner) ?? new InFlightPushes();
	byTrigger.set(owner, claims);
	return claims;
}

/**
 * What n8n has of a trigger's pushes, or is about to have. n8n hands each push the static data as it was last stored, so
 * pushes that come at the same time do not see each other there; in the process they do.
 */
import { hashText } from '../../lib/dingtalk/utils/hash';
import { LruMap, LruSet } from '../../lib/dingtalk/utils/lru';

/** `underWay`: n8n has not said yet whether it could store an earlier push of it. `taken`: it could. */
export type Standing = 'new' | 'underWay' | 'taken';

/** Whether n8n could store it; undefined as long as it has not said. */
type Verdict = () => boolean | undefined;

/** More than come within the five minutes in which a recorded push could be sent again. */
const MOST_TAKEN = 20_000;
const MOST_UNDER_WAY = 1000;
const MOST_TRIGGERS = 500;
/** So many that pushes stored side by side find their way into the static data with the next one. */
const LATEST = 50;

const short = (name: string): string => hashText(name, 16);

interface Claim {
	names: string[];
	verdict: Verdict;
	/** Nobody waits for the verdict any longer, or it is there. */
	over: Promise<void>;
}

const meets = ({ names: others }: Claim, names: string[]): boolean => others.some((name) => names.includes(name));

export class Claims {
	private readonly underWay = new Set<Claim>();
	private readonly taken = new LruSet<string>(MOST_TAKEN);
	private latestTaken: string[] = [];

	/** One push has several names; one of them is enough to know it again. */
	standing(names: string[]): Standing {
		this.settle();
		if (names.some((name) => this.taken.has(short(name)))) return 'taken';
		const isUnderWay = this.underWay.size >= MOST_UNDER_WAY || [...this.underWay].some((claim) => meets(claim, names));
		return isUnderWay ? 'underWay' : 'new';
	}

	begin(names: string[], verdict: Verdict, over: Promise<void>): void {
		this.underWay.add({ names, verdict, over });
	}

	/** Settles when more is known of an earlier push of it. */
	async over(names: string[]): Promise<void> {
		await Promise.all([...this.underWay].filter((claim) => meets(claim, names)).map(async ({ over }) => await over));
	}

	take(names: string[]): void {
		for (const name of names) this.taken.add(short(name));
		this.latestTaken = [...this.latestTaken, ...names].slice(-LATEST);
	}

	/** As they were given, oldest first. */
	get latest(): readonly string[] {
		this.settle();
		return this.latestTaken;
	}

	private settle(): void {
		for (const claim of this.underWay) {
			const stored = claim.verdict();
			if (stored === undefined) continue;
			this.underWay.delete(claim);
			if (stored) this.take(claim.names);
		}
	}
}

const all = new LruMap<string, Claims>(MOST_TRIGGERS);

/** `owner` is one trigger in one workflow. */
export function claimsOf(owner: string): Claims {
	const claims = all.get(owner) ?? new Claims();
	all.set(owner, claims);
	return claims;
}

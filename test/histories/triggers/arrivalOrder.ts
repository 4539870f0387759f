/** Checks that changes of one event reach a workflow in the order in which one process received them. */
import type { PushedChange } from './company';

interface Overtaken {
	workflowId: string;
	change: PushedChange;
	/** Of the push that was overtaken; if it was refused and pushed again, that is another one. */
	arrival: number;
	by: PushedChange;
}

export class ArrivalOrder {
	private arrivals = 0;
	/** Pushes that are not answered yet: the position of the first one of each change. */
	private readonly unanswered = new Map<PushedChange, number>();
	/** A change may be handed over after its push was answered, so the first arrival counts for those it overtakes. */
	private readonly firstArrivals = new Map<PushedChange, number>();
	private readonly handedOver = new Set<string>();
	private overtaken: Overtaken[] = [];

	arrived(change: PushedChange): void {
		this.arrivals++;
		if (!this.firstArrivals.has(change)) this.firstArrivals.set(change, this.arrivals);
		if (!this.unanswered.has(change)) this.unanswered.set(change, this.arrivals);
	}

	answered(change: PushedChange): void {
		this.unanswered.delete(change);
	}

	/** Throws if the change arrived before one that was handed over before it. */
	onHandOver(workflowId: string, change: PushedChange): void {
		const arrival = this.unanswered.get(change);
		const firstArrival = this.firstArrivals.get(change) ?? Infinity;
		const late = this.overtaken.find(
			(one) => one.workflowId === workflowId && one.change === change && one.arrival === arrival,
		);
		if (late)
			throw new Error(`Reported ${describe(change)} to ${workflowId} after ${describe(late.by)}, which came later`);
		this.handedOver.add(nameOf(workflowId, change));
		for (const [other, since] of this.unanswered) {
			const isWaiting = other.eventId === change.eventId && !this.handedOver.has(nameOf(workflowId, other));
			if (isWaiting && since < firstArrival)
				this.overtaken.push({ workflowId, change: other, arrival: since, by: change });
		}
	}
}

const nameOf = (workflowId: string, { corpId, number }: PushedChange): string => `${workflowId} ${corpId} ${number}`;

const describe = ({ type, eventId, at }: PushedChange): string => `${type} ${eventId} at ${new Date(at).toISOString()}`;

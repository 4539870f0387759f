/** What a side does with a task, and what it says of it. */
import type { Task, Workload } from '../workloads';

export interface Assignment {
	url: string;
	workload: Workload;
	task: Task;
	/** What DingTalk allows of one kind. */
	callsPerSecond: number;
}

export interface Done {
	/** Items that the side itself calls failed. */
	failed: number;
	/** What was read, to be counted: ids of events, or of people. */
	read?: string[];
}

/** One run over all items; called again for a resume. */
export type Run = () => Promise<Done>;

/** Makes everything ready that is not to be measured. */
export type Side = (assignment: Assignment) => Promise<Run>;

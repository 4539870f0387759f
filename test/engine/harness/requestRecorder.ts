/** Counts the calls that reach a simulator, by what they cost. */
import type { Simulator } from '../../simulator';
import type { CallSummary, LoggedCall } from '../../simulator/gateway/callLog';

export type { LoggedCall as RecordedCall } from '../../simulator/gateway/callLog';

/** The requests that a simulator has received, as its control interface lists them. */
export class RequestRecorder {
	private readonly log: string;

	constructor({ url }: Pick<Simulator, 'url'>) {
		this.log = `${url}/_simulator/calls`;
	}

	async summary(): Promise<CallSummary> {
		return (await (await fetch(this.log)).json()) as CallSummary;
	}

	async calls(): Promise<LoggedCall[]> {
		return (await this.summary()).calls;
	}

	/** The calls DingTalk counts against the monthly quota. */
	async meteredCalls(): Promise<LoggedCall[]> {
		return (await this.calls()).filter(({ metered }) => metered);
	}

	async clear(): Promise<void> {
		await fetch(this.log, { method: 'DELETE' });
	}
}

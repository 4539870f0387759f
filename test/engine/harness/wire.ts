/** One call as the simulator saw it. */
export interface WireCall {
	at: string | number;
	method: string;
	path: string;
	query: Record<string, string>;
	headers: Record<string, string>;
	body: unknown;
	status: number;
	code?: string | number;
	metered: boolean;
}

/** What really went over the wire between the nodes and a simulator. */
export class Wire {
	private readonly log: string;

	constructor(simulator: { readonly url: string }) {
		this.log = `${simulator.url}/_simulator/calls`;
	}

	async calls(): Promise<WireCall[]> {
		const response = await fetch(this.log);
		const { calls } = (await response.json()) as { calls: WireCall[] };
		return calls;
	}

	/** The calls DingTalk counts against the monthly quota. */
	async meteredCalls(): Promise<WireCall[]> {
		return (await this.calls()).filter(({ metered }) => metered);
	}

	async clear(): Promise<void> {
		await fetch(this.log, { method: 'DELETE' });
	}
}

/** Does work about one thing in turn: what the second one finds has to be what the first one left. */
export class OneAtATime {
	/** By thing; of work in progress only. */
	private readonly queues = new Map<string, Promise<unknown>>();

	async run<T>(thing: string, work: () => Promise<T>): Promise<T> {
		const { queues } = this;
		const before = queues.get(thing) ?? Promise.resolve();
		const current = before.then(work, work);
		// Errors are handled by the caller.
		const settled = current.then(
			() => undefined,
			() => undefined,
		);
		queues.set(thing, settled);
		void settled.then(() => {
			if (queues.get(thing) === settled) queues.delete(thing);
		});
		return await current;
	}
}

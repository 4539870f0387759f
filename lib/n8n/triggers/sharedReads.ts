/** Lets requests for the same thing share a read, so that a burst of changes of one event needs two or three calls. */

export class SharedReads<T> {
	private readonly running = new Map<string, Promise<T>>();
	private readonly next = new Map<string, Promise<T>>();

	/** Resolves with what is read from now on: a read that is under way may have missed what the caller wants to see. */
	async read(key: string, start: () => Promise<T>): Promise<T> {
		const running = this.running.get(key);
		if (!running) return await this.begin(key, start);
		const next = this.next.get(key) ?? this.beginAfter(running, key, start);
		this.next.set(key, next);
		return await next;
	}

	private async beginAfter(running: Promise<T>, key: string, start: () => Promise<T>): Promise<T> {
		await running.catch(() => undefined);
		this.next.delete(key);
		return await this.begin(key, start);
	}

	private async begin(key: string, start: () => Promise<T>): Promise<T> {
		const read = start().finally(() => {
			if (this.running.get(key) === read) this.running.delete(key);
		});
		this.running.set(key, read);
		return await read;
	}
}

/** Bounded memory: an LRU map and set, which forget what was used longest ago. */

function evictOldest<K>(
	collection: { readonly size: number; keys(): Iterable<K>; delete(key: K): boolean },
	max: number,
): void {
	for (const oldest of collection.keys()) {
		if (collection.size <= max) return;
		collection.delete(oldest);
	}
}

export class LruMap<K, V> extends Map<K, V> {
	constructor(private readonly max: number) {
		super();
	}

	/** An entry that is set again counts as new. */
	override set(key: K, value: V): this {
		this.delete(key);
		super.set(key, value);
		evictOldest(this, this.max);
		return this;
	}
}

/** Bounded by the weight of all values together, such as the length of texts. */
export class WeighedLruMap<K, V> extends Map<K, V> {
	private total = 0;

	constructor(
		private readonly max: number,
		private readonly weigh: (value: V) => number,
	) {
		super();
	}

	/** An entry whose weight has changed must be set again, before it is changed. */
	override set(key: K, value: V): this {
		this.delete(key);
		super.set(key, value);
		this.total += this.weigh(value);
		for (const oldest of this.keys()) {
			if (this.total <= this.max) break;
			this.delete(oldest);
		}
		return this;
	}

	override delete(key: K): boolean {
		const value = this.get(key);
		if (value !== undefined) this.total -= this.weigh(value);
		return super.delete(key);
	}
}

export class LruSet<K> extends Set<K> {
	constructor(private readonly max: number) {
		super();
	}

	override add(key: K): this {
		this.delete(key);
		super.add(key);
		evictOldest(this, this.max);
		return this;
	}
}

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

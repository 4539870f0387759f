/** Memories that stay small: maps and sets keep the order in which things came in, and what came first makes room. */

interface Memory<K> {
	readonly size: number;
	keys(): Iterable<K>;
	delete(key: K): boolean;
}

export function makeRoom<K>(memory: Memory<K>, most: number): void {
	for (const oldest of memory.keys()) {
		if (memory.size <= most) return;
		memory.delete(oldest);
	}
}

/** What is used again counts as new. */
export function keepRecent<K, V>(memory: Map<K, V>, key: K, value: V, most: number): void {
	memory.delete(key);
	memory.set(key, value);
	makeRoom(memory, most);
}

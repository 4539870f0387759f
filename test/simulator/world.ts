import type { Clock } from './clock';
import type { Company } from './company';
import type { Switches } from './switches';

/** A store is created on first use and forgotten by a reset. */
export type StoreClass<T> = new (world: World) => T;

/** A store that holds something open, such as connections. */
interface Closable {
	close(): void;
}

const isClosable = (store: unknown): store is Closable =>
	typeof store === 'object' && store !== null && 'close' in store && typeof store.close === 'function';

/** Everything the simulated DingTalk knows. Each kind of state lives in a store of its own, reached with `use`. */
export class World {
	private readonly stores = new Map<StoreClass<unknown>, unknown>();

	constructor(
		readonly clock: Clock,
		readonly switches: Switches,
		readonly company: Company,
	) {}

	use<T>(store: StoreClass<T>): T {
		let found = this.stores.get(store) as T | undefined;
		if (found === undefined) {
			found = new store(this);
			this.stores.set(store, found);
		}
		return found;
	}

	/** Its end: nothing of it happens any more. */
	close(): void {
		this.clock.stop();
		for (const store of this.stores.values()) if (isClosable(store)) store.close();
	}
}

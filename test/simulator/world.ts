/** The state of one simulated DingTalk: a clock, switches, a company and stores. */
import type { Clock } from './clock';
import type { Company } from './company';
import type { Switches } from './switches';

/** A store is created on first use and discarded by a reset. */
export type StoreClass<T> = new (world: World) => T;

/** A store with open resources, such as connections. */
interface Closable {
	close(): void;
}

const isClosable = (store: unknown): store is Closable =>
	typeof store === 'object' && store !== null && 'close' in store && typeof store.close === 'function';

/** Each kind of state has its own store, accessed with `use`. */
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

	/** Stops all timers and closes all stores. */
	close(): void {
		this.clock.stop();
		for (const store of this.stores.values()) if (isClosable(store)) store.close();
	}
}

/** Tickets that open Stream connections. */
import { randomUUID } from 'node:crypto';

import type { World } from '../../world';

export interface Subscription {
	type: string;
	topic: string;
}

/** The app and the subscriptions of a connection, as requested with its ticket. */
export interface Admission {
	clientId: string;
	subscriptions: Subscription[];
	ua?: string;
}

const LIFE_MS = 90_000;

/** A ticket is valid for 90 seconds and for one connection. */
export class Tickets {
	private readonly open = new Map<string, { admission: Admission; until: number }>();

	constructor(private readonly world: World) {}

	issue(admission: Admission): string {
		const ticket = randomUUID();
		this.open.set(ticket, { admission, until: this.world.clock.now() + LIFE_MS });
		return ticket;
	}

	redeem(ticket: string): Admission | undefined {
		const found = this.open.get(ticket);
		this.open.delete(ticket);
		return found !== undefined && this.world.clock.now() < found.until ? found.admission : undefined;
	}
}

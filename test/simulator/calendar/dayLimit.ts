/** The daily limit of new events per user. */
import { ApiError } from '../contract';
import { Limits } from '../limits';
import type { World } from '../world';
import { dateOfDay, dayOfInstant, HOME_ZONE } from './time';

/** Counts the events that each user creates per day; deleting an event does not reduce the count. */
export class DayLimit {
	private readonly created = new Map<string, number>();

	constructor(private readonly world: World) {}

	count(unionId: string): void {
		const limit = this.world.use(Limits).values.eventsPerDay;
		const key = `${unionId} ${dateOfDay(dayOfInstant(this.world.clock.now(), HOME_ZONE))}`;
		const count = this.created.get(key) ?? 0;
		if (limit !== null && count >= limit) {
			throw new ApiError(400, 'flowLimit', `current user can not create events exceed ${limit} per day`);
		}
		this.created.set(key, count + 1);
	}
}

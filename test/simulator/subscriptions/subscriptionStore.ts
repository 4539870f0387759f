/** Stores subscription calendars and their subscribers. */
import { randomBytes } from 'node:crypto';

import { CalendarStore } from '../calendar/calendarStore';
import type { World } from '../world';

/** The audience of a calendar. */
export interface SubscribeScope {
	unionIds: string[];
	openConversationIds: string[];
	corpIds: string[];
}

export interface SubscribedCalendar {
	calendarId: string;
	name: string;
	description?: string;
	author: string;
	managers: string[];
	subscribeScope: SubscribeScope;
	subscribers: Set<string>;
	/** Increases with each change. */
	version: number;
}

export type Draft = Pick<SubscribedCalendar, 'name' | 'description' | 'managers' | 'subscribeScope'>;

/** The subscription calendars of the organization. Callers must have checked permissions. */
export class SubscribedCalendars {
	private readonly calendars = new Map<string, SubscribedCalendar>();

	constructor(private readonly world: World) {}

	all(): SubscribedCalendar[] {
		return [...this.calendars.values()];
	}

	find(calendarId: string): SubscribedCalendar | undefined {
		return this.calendars.get(calendarId);
	}

	subscribedBy(unionId: string): SubscribedCalendar[] {
		return this.all().filter(({ subscribers }) => subscribers.has(unionId));
	}

	create(author: string, draft: Draft): SubscribedCalendar {
		const subscribers = new Set(this.world.switches.authorSubscribes ? [author] : []);
		const calendarId = randomBytes(16).toString('hex');
		const calendar = { ...draft, calendarId, author, subscribers, version: 1 };
		this.calendars.set(calendarId, calendar);
		this.world.use(CalendarStore).subscribedCalendarIds.add(calendarId);
		return calendar;
	}

	update(calendar: SubscribedCalendar, changes: Partial<Draft>): void {
		Object.assign(calendar, changes);
		calendar.version += 1;
		if (this.world.switches.outOfRangeSubscribers === 'kept') return;
		for (const unionId of calendar.subscribers) {
			if (unionId !== calendar.author && !isInRange(unionId, calendar.subscribeScope, this.world)) {
				calendar.subscribers.delete(unionId);
			}
		}
	}

	/** Deletes the calendar and all subscriptions. */
	delete({ calendarId }: SubscribedCalendar): void {
		this.calendars.delete(calendarId);
		this.world.use(CalendarStore).subscribedCalendarIds.delete(calendarId);
	}
}

const membersOf = (openConversationId: string, { company }: World): string[] =>
	company.groups.find((group) => group.openConversationId === openConversationId)?.members ?? [];

const isInOrganization = (unionId: string, { corpIds, openConversationIds }: SubscribeScope, world: World): boolean =>
	corpIds.includes(world.company.corpId) || openConversationIds.some((id) => membersOf(id, world).includes(unionId));

export const isInRange = (unionId: string, scope: SubscribeScope, world: World): boolean =>
	scope.unionIds.includes(unionId) || isInOrganization(unionId, scope, world);

/** The author must belong to one of the groups or organizations of the audience; single users are always allowed. */
export const canOffer = (unionId: string, scope: SubscribeScope, world: World): boolean =>
	(scope.corpIds.length === 0 && scope.openConversationIds.length === 0) || isInOrganization(unionId, scope, world);

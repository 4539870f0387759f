/** The calendar list of a user. */
import { createHash } from 'node:crypto';

import { CalendarStore } from '../calendar/calendarStore';
import { HOME_ZONE } from '../calendar/time';
import { AclStore, sharedCalendarId } from '../sharing/aclStore';
import type { OpenCalendar } from '../sharing/openCalendar';
import type { World } from '../world';
import { SubscribedCalendars, type SubscribedCalendar } from './subscriptionStore';

interface Entry {
	id: string;
	summary?: string;
	description?: string;
	type: 'primary' | 'shared' | 'subscribed';
	privilege: OpenCalendar['privilege'];
	/** Changes whenever the calendar changes. */
	state: string;
}

/** The number of the last change to a user's own calendar. */
function lastChange(unionId: string, world: World): string {
	let last = 0;
	for (const event of world.use(CalendarStore).eventsOf(unionId)) last = Math.max(last, event.touchedSeq);
	return `${world.use(CalendarStore).epoch} ${last}`;
}

const primaryEntry = (unionId: string, world: World): Entry => ({
	id: 'primary',
	summary: world.company.byUnionId(unionId)?.name,
	type: 'primary',
	privilege: 'owner',
	state: lastChange(unionId, world),
});

const sharedEntries = (unionId: string, world: World): Entry[] =>
	world
		.use(AclStore)
		.grantedTo(unionId)
		.map(({ owner, privilege }) => ({
			id: sharedCalendarId(owner),
			summary: world.company.byUnionId(owner)?.name,
			type: 'shared',
			privilege,
			state: lastChange(owner, world),
		}));

const privilegeOf = ({ author, managers }: SubscribedCalendar, unionId: string): Entry['privilege'] => {
	if (author === unionId) return 'owner';
	return managers.includes(unionId) ? 'writer' : 'reader';
};

const subscribedEntries = (unionId: string, world: World): Entry[] =>
	world
		.use(SubscribedCalendars)
		.subscribedBy(unionId)
		.map((calendar) => ({
			id: calendar.calendarId,
			summary: calendar.name,
			description: calendar.description,
			type: 'subscribed',
			privilege: privilegeOf(calendar, unionId),
			state: String(calendar.version),
		}));

const entryObject = ({ state, ...entry }: Entry, { switches }: World): object => ({
	...entry,
	description: entry.description ?? '',
	timeZone: HOME_ZONE,
	eTag: createHash('sha256').update(`${entry.id} ${state}`).digest('hex').slice(0, 32),
	// The sample of this call shows a value that is not in its list of privileges.
	privilege: switches.privilegeSpelling === 'sample' ? 'VIEW_DETAIL' : entry.privilege,
});

/** All calendars of a user: the primary one, shared ones and subscriptions. */
export const calendarsOf = (unionId: string, world: World): object[] =>
	[primaryEntry(unionId, world), ...sharedEntries(unionId, world), ...subscribedEntries(unionId, world)].map((entry) =>
		entryObject(entry, world),
	);

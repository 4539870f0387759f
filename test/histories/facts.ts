/** What DingTalk has, as a list of facts that can be compared one by one. */
import { CalendarStore } from '../simulator/calendar/calendarStore';
import type { StoredEvent } from '../simulator/calendar/model';
import { AclStore } from '../simulator/sharing/aclStore';
import { CaldavAccounts } from '../simulator/routes/caldavRoutes';
import { SubscribedCalendars } from '../simulator/subscriptions/subscriptionStore';
import type { World } from '../simulator/world';
import { RIVAL } from './rival';

export type Facts = Map<string, string>;

/** A thing that was created: what it is called, and who is on it. */
export interface Thing {
	id: string;
	kind: 'event' | 'calendar' | 'account';
	name: string;
	people: string[];
	isGone: boolean;
	/** The key that Create or Update has written into its description. */
	key?: string;
}

const keyOf = ({ details }: StoredEvent): string | undefined =>
	/\[key: (.+)\]\s*$/.exec(details.description ?? '')?.[1];

const guests = ({ attendees, organizer }: StoredEvent): StoredEvent['attendees'] =>
	attendees.filter(({ unionId }) => unionId !== organizer);

const eventsOf = (world: World): StoredEvent[] =>
	[...world.use(CalendarStore).all()].filter(({ details }) => details.summary !== RIVAL);

export function things(world: World): Map<string, Thing> {
	const all: Thing[] = [];
	for (const event of eventsOf(world)) {
		all.push({
			id: event.id,
			kind: 'event',
			name: event.details.summary,
			people: guests(event)
				.map(({ unionId }) => unionId)
				.sort(),
			isGone: event.cancelled,
			key: keyOf(event),
		});
	}
	for (const { calendarId, name, subscribeScope } of world.use(SubscribedCalendars).all())
		all.push({ id: calendarId, kind: 'calendar', name, people: [...subscribeScope.unionIds].sort(), isGone: false });
	for (const [index, name] of world.use(CaldavAccounts).asked.entries())
		all.push({ id: `account-${index}`, kind: 'account', name, people: [], isGone: false });
	return new Map(all.map((thing) => [thing.id, thing]));
}

/** Facts about an event that Create or Update finds by its key are about the key, so that two events with one key show. */
function eventFacts(event: StoredEvent, facts: Facts): void {
	if (event.cancelled) {
		if (keyOf(event) === undefined) facts.set(`event ${event.id}`, 'gone');
		return;
	}
	const key = keyOf(event);
	const about = key === undefined ? `event ${event.id}` : `key ${key}`;
	facts.set(about, facts.has(about) ? 'doubled' : 'there');
	facts.set(`${about} title`, event.details.summary);
	if (key === undefined) facts.set(`${about} description`, event.details.description ?? '');
	else facts.set(`${about} start`, new Date(event.details.span.startMs).toISOString());
	for (const { unionId, response } of guests(event)) {
		facts.set(`${about} guest ${unionId}`, 'invited');
		facts.set(`${about} response ${unionId}`, response);
	}
	for (const { roomId, responseStatus } of event.rooms) facts.set(`${about} room ${roomId}`, responseStatus);
	for (const unionId of event.hiddenFrom.keys()) facts.set(`${about} hidden ${unionId}`, 'yes');
}

export function readFacts(world: World): Facts {
	const facts: Facts = new Map();
	for (const event of eventsOf(world)) eventFacts(event, facts);
	for (const { calendarId, name, description, subscribeScope } of world.use(SubscribedCalendars).all()) {
		facts.set(`calendar ${calendarId}`, 'there');
		facts.set(`calendar ${calendarId} name`, name);
		facts.set(`calendar ${calendarId} description`, description ?? '');
		facts.set(`calendar ${calendarId} people`, [...subscribeScope.unionIds].sort().join());
	}
	for (const { owner, grantee, privilege } of world.use(AclStore).all()) {
		const about = `share ${owner} ${grantee}`;
		facts.set(about, facts.has(about) ? 'doubled' : privilege);
	}
	return facts;
}

/** `event 1 title` is about `event 1`. */
export const thingOf = (fact: string): string =>
	fact
		.split(' ')
		.slice(0, fact.startsWith('share') ? 3 : 2)
		.join(' ');

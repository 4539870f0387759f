/** Synthetic pushes: repeated, delayed, reordered or malformed on request. */
import { newEventId, newLegacyId } from '../calendar/ids';
import { CalendarStore } from '../calendar/store';
import type { App } from '../company';
import type { Fields } from '../fields';
import { Random } from '../random';
import type { World } from '../world';
import { HttpPush } from './http/httpPush';
import { CALENDAR_CHANGE, calendarIdOf, httpData, newMessage, type Casing, type Message } from './message';
import { Publisher } from './publisher';
import type { Channel, PushRecord } from './record';
import { FRAME_SPOILS, POST_SPOILS } from './spoil';
import { StreamHub } from './stream/hub';

export interface Wanted {
	apps: App[];
	/** Overrides the app's usual channels. */
	via?: Channel[];
	eventType: string;
	changeType: string;
	/** A real event that the push is about; otherwise each push is about an event that does not exist. */
	eventId?: string;
	unionIds?: string[];
	/** Replace the documented fields of the same name. */
	fields: Fields;
	/** Further fields, sent unchanged. */
	extra?: Fields;
	casing?: Casing;
	count: number;
	/** How often each message is delivered. */
	copies: number;
	order: 'asItHappened' | 'reversed' | 'shuffled';
	delayMs: number;
	spoil?: string;
}

export type PostSpoil = keyof typeof POST_SPOILS;
export type FrameSpoil = keyof typeof FRAME_SPOILS;

const isPostSpoil = (name: string): name is PostSpoil => name in POST_SPOILS;
const isFrameSpoil = (name: string): name is FrameSpoil => name in FRAME_SPOILS;

/** The reason why a request cannot be pushed. */
export class Unpushable extends Error {}

/** Pushes messages that do not come from real changes. */
export function pushSynthetic(wanted: Wanted, world: World): PushRecord[] {
	const ways = wanted.apps.flatMap((app) =>
		channels(wanted, app, world).map((via) => ({ clientId: app.clientId, via })),
	);
	if (ways.length === 0)
		throw new Unpushable('No app listens: open a Stream connection, register a callback, or set "via".');
	for (const way of ways) checkWay(wanted, way, world);
	const messages = Array.from({ length: wanted.count }, (_, i) => messageOf(wanted, i, world));
	const copies = messages.flatMap((message) => Array.from({ length: wanted.copies }, () => message));
	return ordered(copies, wanted, world).flatMap((message) =>
		ways.map(({ clientId, via }) =>
			world.use(Publisher).tell(clientId, via, message, (record) => {
				if (wanted.delayMs === 0) send(record, wanted, world);
				else world.clock.after(wanted.delayMs, () => send(record, wanted, world));
			}),
		),
	);
}

const channels = ({ via }: Wanted, app: App, world: World): Channel[] => via ?? world.use(Publisher).channelsOf(app);

function checkWay({ spoil }: Wanted, { clientId, via }: { clientId: string; via: Channel }, world: World): void {
	if (via === 'http' && !world.use(HttpPush).knows(clientId)) throw new Unpushable(`${clientId} has no callback URL.`);
	if (spoil === undefined) return;
	const known = via === 'http' ? POST_SPOILS : FRAME_SPOILS;
	if (!(spoil in known)) throw new Unpushable(`Over ${via}, "spoil" must be one of: ${Object.keys(known).join(', ')}.`);
}

function messageOf(wanted: Wanted, index: number, world: World): Message {
	// Each message is a millisecond later than the previous one, so that their order is defined.
	const bornAt = world.clock.now() - wanted.count + 1 + index;
	const isChange = wanted.eventType === CALENDAR_CHANGE;
	const fields = { ...(isChange ? invented(wanted, bornAt, world) : {}), ...wanted.fields };
	return { ...newMessage(wanted.eventType, fields, bornAt, world), extra: wanted.extra, casing: wanted.casing };
}

function invented({ eventId, unionIds, changeType }: Wanted, at: number, world: World): Fields {
	const view = eventId === undefined ? undefined : world.use(CalendarStore).byId(eventId);
	const people = unionIds ?? view?.attendees.map(({ unionId }) => unionId) ?? [world.company.people[0].unionId];
	return {
		calendarEventId: eventId ?? newEventId(world.switches.eventIds),
		calendarEventUpdateTime: at,
		calendarId: calendarIdOf(people[0]),
		unionIdList: people,
		changeType,
		operator: { type: 'user' },
		legacyCalendarEventId: view?.event.legacyId ?? newLegacyId(),
	};
}

function ordered(messages: Message[], { order }: Wanted, world: World): Message[] {
	if (order === 'reversed') return [...messages].reverse();
	return order === 'shuffled' ? world.use(Random).shuffled(messages) : messages;
}

function send(record: PushRecord, { spoil }: Wanted, world: World): void {
	const callback = world.use(HttpPush).callbackOf(record.clientId);
	if (spoil === undefined) world.use(Publisher).deliver(record);
	else if (record.via === 'stream' && isFrameSpoil(spoil)) {
		world.use(StreamHub).blurt(record, FRAME_SPOILS[spoil](record.message, record.clientId, world));
	} else if (callback !== undefined && isPostSpoil(spoil)) {
		const post = POST_SPOILS[spoil](httpData(record.message, world), callback, world);
		world
			.use(HttpPush)
			.spoilt(record, post, callback)
			.catch((error: unknown) => console.error(error));
	}
}

/** Synthetic pushes: repeated, delayed, reordered or malformed on request. */
import { newEventId, newLegacyId } from '../calendar/ids';
import { CalendarStore } from '../calendar/calendarStore';
import type { App } from '../company';
import type { Fields } from '../fields';
import { Random } from '../random';
import type { World } from '../world';
import { HttpPush } from './http/httpPush';
import { CALENDAR_CHANGE, calendarIdOf, httpData, newMessage, type Casing, type Message } from './message';
import { Publisher } from './publisher';
import type { Channel, PushRecord } from './record';
import { MALFORMED_FRAMES, MALFORMED_REQUESTS } from './malformed';
import { StreamHub } from './stream/hub';

export interface SyntheticPush {
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

export type RequestSpoil = keyof typeof MALFORMED_REQUESTS;
export type FrameSpoil = keyof typeof MALFORMED_FRAMES;

const isRequestSpoil = (name: string): name is RequestSpoil => name in MALFORMED_REQUESTS;
const isFrameSpoil = (name: string): name is FrameSpoil => name in MALFORMED_FRAMES;

/** The reason why a request cannot be pushed. */
export class UnpushableError extends Error {}

/** Pushes messages that do not come from real changes. */
export function pushSynthetic(wanted: SyntheticPush, world: World): PushRecord[] {
	const targets = wanted.apps.flatMap((app) =>
		channels(wanted, app, world).map((via) => ({ clientId: app.clientId, via })),
	);
	if (targets.length === 0)
		throw new UnpushableError('No app listens: open a Stream connection, register a callback, or set "via".');
	for (const way of targets) checkTarget(wanted, way, world);
	const messages = Array.from({ length: wanted.count }, (_, i) => messageOf(wanted, i, world));
	const copies = messages.flatMap((message) => Array.from({ length: wanted.copies }, () => message));
	return inRequestedOrder(copies, wanted, world).flatMap((message) =>
		targets.map(({ clientId, via }) =>
			world.use(Publisher).publishTo(clientId, via, message, (record) => {
				if (wanted.delayMs === 0) send(record, wanted, world);
				else world.clock.after(wanted.delayMs, () => send(record, wanted, world));
			}),
		),
	);
}

const channels = ({ via }: SyntheticPush, app: App, world: World): Channel[] =>
	via ?? world.use(Publisher).channelsOf(app);

function checkTarget(
	{ spoil }: SyntheticPush,
	{ clientId, via }: { clientId: string; via: Channel },
	world: World,
): void {
	if (via === 'http' && !world.use(HttpPush).hasCallback(clientId))
		throw new UnpushableError(`${clientId} has no callback URL.`);
	if (spoil === undefined) return;
	const known = via === 'http' ? MALFORMED_REQUESTS : MALFORMED_FRAMES;
	if (!(spoil in known))
		throw new UnpushableError(`Over ${via}, "spoil" must be one of: ${Object.keys(known).join(', ')}.`);
}

function messageOf(wanted: SyntheticPush, index: number, world: World): Message {
	// Each message is a millisecond later than the previous one, so that their order is defined.
	const bornAt = world.clock.now() - wanted.count + 1 + index;
	const isChange = wanted.eventType === CALENDAR_CHANGE;
	const fields = { ...(isChange ? syntheticFields(wanted, bornAt, world) : {}), ...wanted.fields };
	return { ...newMessage(wanted.eventType, fields, bornAt, world), extra: wanted.extra, casing: wanted.casing };
}

function syntheticFields({ eventId, unionIds, changeType }: SyntheticPush, at: number, world: World): Fields {
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

function inRequestedOrder(messages: Message[], { order }: SyntheticPush, world: World): Message[] {
	if (order === 'reversed') return [...messages].reverse();
	return order === 'shuffled' ? world.use(Random).shuffled(messages) : messages;
}

function send(record: PushRecord, { spoil }: SyntheticPush, world: World): void {
	const callback = world.use(HttpPush).callbackOf(record.clientId);
	if (spoil === undefined) world.use(Publisher).deliver(record);
	else if (record.via === 'stream' && isFrameSpoil(spoil)) {
		world.use(StreamHub).sendMalformed(record, MALFORMED_FRAMES[spoil](record.message, record.clientId, world));
	} else if (callback !== undefined && isRequestSpoil(spoil)) {
		const post = MALFORMED_REQUESTS[spoil](httpData(record.message, world), callback, world);
		world
			.use(HttpPush)
			.sendMalformed(record, post, callback)
			.catch((error: unknown) => console.error(error));
	}
}

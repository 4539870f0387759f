/** The content of push messages. */
import { createHash, randomInt, randomUUID } from 'node:crypto';

import type { Change } from '../calendar/model';
import type { Fields } from '../fields';
import type { World } from '../world';

export const CALENDAR_CHANGE = 'calendar_event_change';

export type Casing = 'camel' | 'pascal';

/** One message to an app; repeated deliveries are the same message. */
export interface Message {
	eventId: string;
	bizId: string;
	eventType: string;
	bornAt: number;
	corpId: string;
	/** In camel case, as documented. */
	fields: Fields;
	/** Sent unchanged. */
	extra?: Fields;
	/** Overrides the switch. */
	casing?: Casing;
}

export const newMessage = (eventType: string, fields: Fields, bornAt: number, world: World): Message => ({
	eventId: randomUUID().replace(/-/g, ''),
	bizId: `${bornAt}${String(randomInt(1_000_000)).padStart(6, '0')}`,
	eventType,
	bornAt,
	corpId: world.company.corpId,
	fields,
});

/** The documented fields of a calendar change. */
export function changeFields(change: Change, unionIds: string[], world: World): Fields {
	return {
		calendarEventId: change.eventId,
		calendarEventUpdateTime: change.at,
		calendarId: calendarIdOf(unionIds[0] ?? change.operator),
		unionIdList: unionIds,
		changeType: change.type === 'created' ? world.switches.createdIsCalled : change.type,
		operator: { type: 'user' },
		legacyCalendarEventId: change.legacyEventId,
	};
}

/** Not `primary`, but an ID that no call accepts. */
export const calendarIdOf = (unionId: string): string =>
	Buffer.from(`${createHash('sha1').update(unionId).digest('hex').slice(0, 12)}@calendar`).toString('base64');

/** The `data` of a Stream frame. */
export const streamData = ({ fields, extra, casing }: Message, world: World): Fields => ({
	...cased(fields, casing ?? world.switches.streamPayload),
	...extra,
});

/** The decrypted body of an HTTP push. The capitalized form has no event ID. */
export function httpData(
	{ eventId, bizId, eventType, bornAt, corpId, fields, extra, casing }: Message,
	world: World,
): Fields {
	const form = casing ?? world.switches.httpPayload;
	return {
		EventType: eventType,
		EventTime: bornAt,
		CorpId: corpId,
		BizId: bizId,
		...(form === 'camel' ? { eventId } : {}),
		...cased(fields, form),
		...extra,
	};
}

/** The operator is lowercase in both forms. */
function cased(fields: Fields, casing: Casing): Fields {
	if (casing === 'camel') return fields;
	return Object.fromEntries(
		Object.entries(fields).map(([name, value]) => [
			name === 'operator' ? name : name[0].toUpperCase() + name.slice(1),
			value,
		]),
	);
}

/** The fields for the person, calendar and event in the path of a call. */
import type { INodeProperties } from 'n8n-workflow';
import { api, type ApiCall } from '../../../../lib/dingtalk/endpoints';
import type { Item } from '../../../../lib/n8n/ItemContext';
import { InputError } from '../../../../lib/n8n/InputError';
import { calendarField, eventField, OLD_ID, readCalendar, readEvent } from './locatorFields';
import { PERSON_LOOKUPS, personField } from '../../../../lib/n8n/fields/people';
import { t } from '../../../../lib/locale/t';

/** The calls that resolving the person and the event of a path may make. */
export const EVENT_LOOKUPS: readonly ApiCall[] = [...PERSON_LOOKUPS, api.convertOldEventIds];

export interface CalendarPath extends Record<string, string> {
	userId: string;
	calendarId: string;
}

export interface EventPath extends CalendarPath {
	eventId: string;
}

export interface CalendarTarget {
	properties: INodeProperties[];
	/** Validates now; looks up the person when the returned function runs, in the form that the call needs. */
	read(item: Item): (call?: ApiCall) => Promise<CalendarPath>;
}

export interface EventTarget {
	properties: INodeProperties[];
	/** Validates now; the path has the current event ID, even if an old ID was entered. */
	read(item: Item): () => Promise<EventPath>;
	/** The same without the event. */
	readCalendar: CalendarTarget['read'];
}

/** A person's calendar, for operations on the calendar as a whole. */
export function calendarTarget(label: string, description: string): CalendarTarget {
	const user = personField(label, description);
	return {
		properties: [user.property, calendarField],
		read(item) {
			const who = user.read(item);
			const calendarId = readCalendar(item);
			return async (call) => {
				const path = { userId: await who.unionId(call), calendarId };
				// Fails before anything else is looked up for a call that cannot succeed.
				if (call) item.client.throwIfImpossible(call, path);
				return path;
			};
		},
	};
}

interface ConvertedIds {
	legacyEventIdMap?: Record<string, string>;
}

/** Change events and old integrations still use event IDs of DingTalk's previous calendar. */
async function convertOldId(item: Item, userId: string, oldId: string): Promise<string> {
	const { legacyEventIdMap } = await item.client.request<ConvertedIds>(api.convertOldEventIds, {
		path: { userId },
		body: { legacyEventIds: [oldId] },
	});
	const id = new Map(Object.entries(legacyEventIdMap ?? {})).get(oldId);
	if (!id)
		throw new InputError(
			'Event',
			t`is not a legacy event ID that DingTalk knows: ${oldId}`,
			t`Use an ID from the output of 'Get Many'.`,
		);
	return id;
}

/** An event in a person's calendar. */
export function eventTarget(label: string, description: string): EventTarget {
	const calendar = calendarTarget(label, description);
	return {
		properties: [...calendar.properties, eventField],
		readCalendar: calendar.read,
		read(item) {
			const eventId = readEvent(item);
			const isOld = item.locatorMode('eventId') === OLD_ID;
			const path = calendar.read(item);
			return async () => {
				const calendarPath = await path();
				return {
					...calendarPath,
					eventId: isOld ? await convertOldId(item, calendarPath.userId, eventId) : eventId,
				};
			};
		},
	};
}

/** The person, calendar and event that a call's path names. */
import type { INodeProperties } from 'n8n-workflow';
import type { Item } from '../runner/item';
import { calendarField, eventField, readCalendar, readEvent } from './ids';
import { person } from './people';

export interface CalendarPath extends Record<string, string> {
	userId: string;
	calendarId: string;
}

export interface EventPath extends CalendarPath {
	eventId: string;
}

export interface CalendarTarget {
	properties: INodeProperties[];
	/** Checks now; looks the person up when the returned function runs. */
	read(item: Item): () => Promise<CalendarPath>;
}

export interface EventTarget {
	properties: INodeProperties[];
	read(item: Item): { eventId: string; path: () => Promise<EventPath> };
}

/** Whose calendar, for operations that act on a calendar as a whole. */
export function calendarOf(label: string, description: string): CalendarTarget {
	const user = person(label, description);
	return {
		properties: [user.property, calendarField],
		read(item) {
			const who = user.read(item);
			const calendarId = readCalendar(item);
			return async () => ({ userId: await who.unionId(), calendarId });
		},
	};
}

/** One event, as one person has it. */
export function eventOf(label: string, description: string): EventTarget {
	const calendar = calendarOf(label, description);
	return {
		properties: [...calendar.properties, eventField],
		read(item) {
			const eventId = readEvent(item);
			const path = calendar.read(item);
			return { eventId, path: async () => ({ ...(await path()), eventId }) };
		},
	};
}

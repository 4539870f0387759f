/** Reads when an event was created and changed. */
import type { ListedEvent } from './fingerprint';

const toMillis = (time: unknown): number =>
	typeof time === 'string' ? Date.parse(time) || 0 : typeof time === 'number' ? time : 0;

/** Milliseconds; 0 if DingTalk does not say. */
export const createdAt = ({ createTime }: ListedEvent): number => toMillis(createTime);

export const changedAt = (event: ListedEvent): number => toMillis(event.updateTime) || createdAt(event);

export const startsAt = ({ start }: ListedEvent): number => toMillis(start?.dateTime ?? start?.date);

export function findLatestChange(events: readonly ListedEvent[], known = 0): number {
	return events.reduce((latest, event) => Math.max(latest, changedAt(event), createdAt(event)), known);
}

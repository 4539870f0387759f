/** Adds and removes attendees of an event or of one occurrence. */
import { invalidParameter } from '../contract';
import { exceptionOf } from './exceptions';
import type { Attendee, EventView, NewAttendee } from './model';
import { attendeeOf } from './views';

const MAX_ATTENDEES = 5000;

/** What an event lists for a person who was invited by e-mail address is not documented; here it is the address. */
export const isGuestId = (id: string): boolean => id.includes('@');

export const attendeeIds = (view: EventView): string[] => view.attendees.map((attendee) => attendee.unionId);

/** Adds attendees who are not invited yet; the others keep their response. */
export function addAttendees(view: EventView, guests: NewAttendee[]): void {
	const present = new Set(attendeeIds(view));
	const newcomers = new Map<string, Attendee>();
	for (const { unionId, isOptional } of guests) {
		if (!present.has(unionId) && !newcomers.has(unionId)) {
			newcomers.set(unionId, { unionId, isOptional, response: 'needsAction' });
		}
	}
	// The organizer does not count towards the limit.
	if (present.size - 1 + newcomers.size > MAX_ATTENDEES) {
		throw invalidParameter(`attendees size too large. Maximum allowed per event:${MAX_ATTENDEES}`);
	}
	if (newcomers.size === 0) return;
	const { event } = view;
	if (view.originMs === undefined) {
		event.attendees.push(...newcomers.values());
		for (const unionId of newcomers.keys()) {
			event.left.delete(unionId);
			event.hiddenFrom.delete(unionId);
		}
		return;
	}
	const exception = exceptionOf(view);
	exception.added.push(...newcomers.values());
	for (const unionId of newcomers.keys()) {
		exception.removed.delete(unionId);
		exception.responses.delete(unionId);
		exception.hiddenFrom.delete(unionId);
	}
}

/** `seq` is the number of the change that this is part of. */
export function removeAttendees(view: EventView, unionIds: string[], seq: number): void {
	const { event } = view;
	// The organizer cannot be removed, and users who are not invited are ignored.
	const gone = new Set(unionIds.filter((unionId) => unionId !== event.organizer && attendeeOf(view, unionId)));
	if (gone.size === 0) return;
	const stays = ({ unionId }: Attendee): boolean => !gone.has(unionId);
	if (view.originMs === undefined) {
		for (const unionId of gone) event.left.set(unionId, seq);
		event.attendees = event.attendees.filter(stays);
		for (const exception of event.exceptions.values()) exception.added = exception.added.filter(stays);
		return;
	}
	const exception = exceptionOf(view);
	exception.added = exception.added.filter(stays);
	for (const unionId of gone) exception.removed.add(unionId);
}

export function setOptional(view: EventView, unionId: string, isOptional: boolean): void {
	const attendee = attendeeOf(view, unionId);
	if (!attendee || attendee.isOptional === isOptional || unionId === view.event.organizer) return;
	if (view.originMs === undefined) {
		attendee.isOptional = isOptional;
	} else {
		const exception = exceptionOf(view);
		exception.added = [...exception.added.filter((other) => other.unionId !== unionId), { ...attendee, isOptional }];
	}
}

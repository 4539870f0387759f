/** Stored events as the control plane shows them. */
import type { Attendee, EventView, StoredEvent } from './model';
import { endSide, inUtc, startSide } from './time';
import { instanceAt } from './views';

const attendeeEntry = ({ unionId, isOptional, response }: Attendee) => ({
	unionId,
	isOptional,
	responseStatus: response,
});

const exceptionEntry = (view: EventView) => ({
	id: view.id,
	originStart: inUtc(view.originMs ?? 0),
	summary: view.details.summary,
	start: startSide(view.details.span),
	end: endSide(view.details.span),
	status: view.cancelled ? 'cancelled' : 'confirmed',
	attendees: view.attendees.map(attendeeEntry),
	rooms: view.rooms,
	hiddenFrom: [...(view.exception?.hiddenFrom.keys() ?? [])],
});

/** Describes a stored event for the control plane. */
export function describe(event: StoredEvent): unknown {
	const { details } = event;
	return {
		id: event.id,
		legacyId: event.legacyId,
		organizer: event.organizer,
		summary: details.summary,
		description: details.description,
		start: startSide(details.span),
		end: endSide(details.span),
		isAllDay: details.span.allDay,
		recurrence: event.recurrence,
		attendees: event.attendees.map(attendeeEntry),
		location: details.locationName,
		reminders: details.reminders,
		onlineMeeting: details.onlineMeeting,
		richText: details.richText,
		extra: details.extra,
		uiConfigs: details.uiConfigs,
		rooms: event.rooms,
		status: event.cancelled ? 'cancelled' : 'confirmed',
		hiddenFrom: [...event.hiddenFrom.keys()],
		exceptions: [...event.exceptions.keys()]
			.map((originMs) => instanceAt(event, originMs))
			.flatMap((view) => (view ? [exceptionEntry(view)] : [])),
		createTime: inUtc(event.createTime),
		updateTime: inUtc(event.updateTime),
	};
}

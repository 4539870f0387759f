/** Access checks that calendar calls make before they do anything. */
import { invalidParameter, ApiError, type Call } from '../contract';
import type { World } from '../world';
import type { EventView } from './model';
import { isBlank } from './read';
import { CalendarStore } from './calendarStore';
import { attendeeOf, isHidden } from './views';

export const itemNotFound = (message = 'item not found'): ApiError => new ApiError(404, 'itemNotFound', message);
export const instanceNotExist = (): ApiError => new ApiError(404, 'instanceNotExist', 'instance not exist');

/** Returns the user in the path, who must be given by unionId; a userId is refused. */
export function pathUser(call: Call, world: World): string {
	const { userId } = call.params;
	if (!world.company.byUnionId(userId)) {
		const message = `user not found: ${userId}`;
		throw world.switches.unknownUser === 'itemNotFound' ? itemNotFound(message) : invalidParameter(message);
	}
	// A user token is valid for one user. The error for other users is not documented; this is the calendar's usual one.
	if (call.caller?.unionId !== undefined && call.caller.unionId !== userId) {
		throw permissionDenied();
	}
	return userId;
}

/** Returns the user of the token, for calls without a user in the path. */
export function tokenUser({ caller }: Call): string {
	// The gateway accepts only user tokens for these calls.
	if (caller?.unionId === undefined) throw new ApiError(400, 'InvalidAuthentication', '不合法的access_token');
	return caller.unionId;
}

export const permissionDenied = (): ApiError => new ApiError(403, 'permissionDenied', 'permission denied');

export function requireCalendarId({ params }: Call): void {
	if (isBlank(params.calendarId)) throw invalidParameter('CalendarId cannot be blank');
}

export function requirePrimary(call: Call): void {
	requireCalendarId(call);
	if (call.params.calendarId !== 'primary') throw itemNotFound();
}

/** Returns the event in the path, even if it was cancelled or removed from the user's calendar. */
export function findEvent(call: Call, unionId: string, world: World): EventView {
	const store = world.use(CalendarStore);
	const { eventId } = call.params;
	if (isBlank(eventId)) throw invalidParameter('eventId cannot be blank');
	const view = store.byId(eventId);
	if (!view) throw store.isInstanceOfSeries(eventId) ? instanceNotExist() : itemNotFound();
	if (!attendeeOf(view, unionId)) throw itemNotFound();
	const virtual = view.originMs !== undefined && !view.exception && view.details.span.startMs > world.clock.now();
	if (virtual && world.switches.virtualInstance === 'instanceNotExist') throw instanceNotExist();
	return view;
}

export const isGone = (view: EventView, unionId: string): boolean => view.cancelled || isHidden(view, unionId);

/** How a call handles a deleted event when the switch allows some writes to it. */
type CancelledPolicy = 'refused' | 'evenCancelled' | 'notConfirmed';

export function requireEvent(
	call: Call,
	unionId: string,
	world: World,
	cancelled: CancelledPolicy = 'refused',
): EventView {
	const view = findEvent(call, unionId, world);
	if (!isGone(view, unionId)) return view;
	if (!view.cancelled || world.switches.writesToCancelled === 'refused' || cancelled === 'refused') {
		throw itemNotFound();
	}
	if (cancelled === 'evenCancelled') return view;
	throw invalidParameter("Cannot patch event that is not in 'confirmed' status.");
}

/** Returns an event that the user can change. The error for other users is not documented. */
export function requireChangeableEvent(
	call: Call,
	unionId: string,
	world: World,
	cancelled?: CancelledPolicy,
): EventView {
	const view = requireEvent(call, unionId, world, cancelled);
	if (view.event.organizer === unionId || world.switches.updateByNonOrganizer === 'allowed') return view;
	throw world.switches.updateByNonOrganizer === 'permissionDenied'
		? permissionDenied()
		: invalidParameter('only the organizer can change the event');
}

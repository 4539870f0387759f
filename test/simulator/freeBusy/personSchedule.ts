/** The busy times of one user. */
import type { EventView, Span, Window } from '../calendar/model';
import { CalendarStore } from '../calendar/calendarStore';
import { attendeeOf } from '../calendar/views';
import { atHome, isWithin } from '../calendar/window';
import { AclStore } from '../sharing/aclStore';
import type { World } from '../world';

type Status = 'BUSY' | 'TENTATIVE' | 'FREE';

const NO_PERMISSION = '无权限';

/** By default, colleagues see free/busy times; private users show them only to users with whom they share. */
function maySee(viewer: string, unionId: string, world: World): boolean {
	const person = world.company.byUnionId(unionId);
	if (person === undefined || person.outsideScope === true) return false;
	if (viewer === unionId || person.privateFreeBusy !== true) return true;
	return world.use(AclStore).between(unionId, viewer) !== undefined;
}

function statusFor(view: EventView, unionId: string, world: World): Status | undefined {
	switch (attendeeOf(view, unionId)?.response) {
		case 'accepted':
			return 'BUSY';
		case 'tentative':
			return 'TENTATIVE';
		case 'needsAction':
			return { tentative: 'TENTATIVE' as const, busy: 'BUSY' as const, free: undefined }[
				world.switches.unansweredFreeBusy
			];
		default:
			return undefined;
	}
}

/** All-day events have no time zone and are returned as UTC dates. */
const timeObjects = (span: Span): object =>
	span.allDay
		? { start: { date: span.startDate, timeZone: 'UTC' }, end: { date: span.endDate, timeZone: 'UTC' } }
		: { start: atHome(span.startMs), end: atHome(span.endMs) };

/** The busy times of one user or the reason why they are not visible. */
export function scheduleOf(unionId: string, viewer: string, window: Window, world: World): object {
	if (!maySee(viewer, unionId, world)) return { userId: unionId, error: NO_PERMISSION };
	const scheduleItems = world
		.use(CalendarStore)
		.occurrencesOf(unionId, window)
		.flatMap((view) => {
			const free = { honoured: undefined, listed: 'FREE' as const };
			const { freeBusyStatus } = world.switches;
			const isFree = view.details.freeBusyStatus === 'free' && freeBusyStatus in free;
			const status = isFree ? free[freeBusyStatus as keyof typeof free] : statusFor(view, unionId, world);
			const { span } = view.details;
			return status && isWithin(span, window) ? [{ status, ...timeObjects(span) }] : [];
		});
	return { userId: unionId, scheduleItems };
}

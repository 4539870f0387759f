/** The calls that list, subscribe to and unsubscribe from calendars. */
import { pathUser } from '../calendar/calendarAccess';
import { withGenericError } from '../calendar/paramIllegal';
import { isBlank } from '../calendar/read';
import { userRoute, CALENDAR, USER } from '../calendar/route';
import { invalidParameter, NO_BODY, ApiError, writeResult, type Call, type Route } from '../contract';
import { Limits } from '../limits';
import { AclStore, sharedCalendarId } from '../sharing/aclStore';
import { calendarsOf } from '../subscriptions/entries';
import { isInRange, SubscribedCalendars, type SubscribedCalendar } from '../subscriptions/subscriptionStore';
import type { World } from '../world';

/** Calendars of users cannot be subscribed to. */
function isOfAPerson(calendarId: string, unionId: string, world: World): boolean {
	const shared = world.use(AclStore).grantedTo(unionId);
	return calendarId === 'primary' || shared.some(({ owner }) => sharedCalendarId(owner) === calendarId);
}

function publicCalendar({ params: { calendarId } }: Call, unionId: string, world: World): SubscribedCalendar {
	if (isBlank(calendarId)) throw invalidParameter('calendarId cannot be blank');
	if (isOfAPerson(calendarId, unionId, world)) throw invalidParameter('calendar type invalid');
	const calendar = world.use(SubscribedCalendars).find(calendarId);
	if (calendar === undefined) throw invalidParameter('calendar not exist');
	const { subscribers, subscribeScope } = calendar;
	// Subscribers can unsubscribe even if the audience no longer includes them.
	if (!subscribers.has(unionId) && !isInRange(unionId, subscribeScope, world)) {
		throw new ApiError(400, 'permissionDenied', '用户不在订阅范围');
	}
	return calendar;
}

function subscribe(call: Call, unionId: string, world: World): unknown {
	const { subscribers } = publicCalendar(call, unionId, world);
	const limit = world.use(Limits).values.subscriptionsPerPerson;
	const count = world.use(SubscribedCalendars).subscribedBy(unionId).length;
	if (!subscribers.has(unionId) && limit !== null && count >= limit) {
		throw new ApiError(400, 'exceedSubscribeLimit', 'exceed subscribe limit');
	}
	subscribers.add(unionId);
	return NO_BODY;
}

function unsubscribe(call: Call, unionId: string, world: World): unknown {
	publicCalendar(call, unionId, world).subscribers.delete(unionId);
	return writeResult(world);
}

const write = { method: 'POST', scope: 'Calendar.Calendar.Write' } as const;

export const routes: Route[] = [
	{
		method: 'GET',
		path: `${USER}/calendars`,
		scope: 'Calendar.Event.Read',
		style: 'new',
		token: 'any',
		metered: true,
		handle: (call, world) =>
			withGenericError(() => ({ response: { calendars: calendarsOf(pathUser(call, world), world) } })),
	},
	userRoute({ ...write, path: `${CALENDAR}/subscribe` }, subscribe),
	userRoute({ ...write, path: `${CALENDAR}/unsubscribe` }, unsubscribe),
];

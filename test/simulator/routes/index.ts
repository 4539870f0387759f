/** All routes of the simulated DingTalk. */
import type { Route } from '../contract';
import { routes as acls } from './aclRoutes';
import { routes as attendees } from './attendeeRoutes';
import { routes as caldav } from './caldavRoutes';
import { routes as calendarRooms } from './calendarRoomRoutes';
import { routes as calendars } from './calendarRoutes';
import { routes as checkIn } from './checkInRoutes';
import { routes as contacts } from './contactRoutes';
import { routes as events } from './eventRoutes';
import { routes as failedPushes } from './failedPushRoutes';
import { routes as freeBusy } from './freeBusyRoutes';
import { routes as gateway } from './gatewayRoutes';
import { routes as oauth } from './oauthRoutes';
import { routes as oauthOld } from './oldOauthRoutes';
import { routes as responses } from './responseRoutes';
import { routes as rooms } from './roomRoutes';
import { routes as subscribedCalendars } from './subscribedCalendarRoutes';

export const routes: Route[] = [
	...oauth,
	...oauthOld,
	...contacts,
	...rooms,
	...events,
	...attendees,
	...responses,
	...freeBusy,
	...calendars,
	...subscribedCalendars,
	...acls,
	...checkIn,
	...calendarRooms,
	...caldav,
	...gateway,
	...failedPushes,
];

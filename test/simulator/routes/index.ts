/** All routes of the simulated DingTalk. */
import type { Route } from '../contract';
import { routes as acls } from './acls';
import { routes as attendees } from './attendees';
import { routes as caldav } from './caldav';
import { routes as calendarRooms } from './calendarRooms';
import { routes as calendars } from './calendars';
import { routes as checkIn } from './checkIn';
import { routes as contacts } from './contacts';
import { routes as events } from './events';
import { routes as failedPushes } from './failedPushes';
import { routes as freeBusy } from './freeBusy';
import { routes as gateway } from './gateway';
import { routes as oauth } from './oauth';
import { routes as oauthOld } from './oauthOld';
import { routes as responses } from './responses';
import { routes as rooms } from './rooms';
import { routes as subscribedCalendars } from './subscribedCalendars';

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

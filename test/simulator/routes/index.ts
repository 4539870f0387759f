import type { Route } from '../contract';
import { routes as attendees } from './attendees';
import { routes as contacts } from './contacts';
import { routes as events } from './events';
import { routes as oauth } from './oauth';
import { routes as oauthOld } from './oauthOld';
import { routes as responses } from './responses';
import { routes as rooms } from './rooms';

/** Every call the simulated DingTalk answers. */
export const routes: Route[] = [...oauth, ...oauthOld, ...contacts, ...rooms, ...events, ...attendees, ...responses];

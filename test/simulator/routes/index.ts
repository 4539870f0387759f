import type { Route } from '../contract';
import { routes as oauth } from './oauth';
import { routes as oauthOld } from './oauthOld';

/** Every call the simulated DingTalk answers. */
export const routes: Route[] = [...oauth, ...oauthOld];

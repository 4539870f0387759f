/** The calls of the contacts API. */
import type { Route } from '../contract';
import { routes as departments } from './contacts/departmentRoutes';
import { routes as people } from './contacts/peopleRoutes';
import { routes as search } from './contacts/searchRoutes';

export const routes: Route[] = [...people, ...departments, ...search];

/** The calls of the contacts API. */
import type { Route } from '../contract';
import { routes as departments } from './contacts/departments';
import { routes as people } from './contacts/people';
import { routes as search } from './contacts/search';

export const routes: Route[] = [...people, ...departments, ...search];

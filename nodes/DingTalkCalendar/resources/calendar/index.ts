/** The Calendar resource: the calendars that a person sees. */
import type { Resource } from '../../../../lib/n8n/Operation';
import { createCaldavAccount } from './createCaldavAccount';
import { getAll } from './getAll';
import { getCategories } from './getCategories';
import { subscribe } from './subscribe';
import { unsubscribe } from './unsubscribe';

export const calendar: Resource = {
	value: 'calendar',
	name: 'Calendar',
	description: 'Calendars that a person sees',
	operations: [createCaldavAccount, getCategories, getAll, subscribe, unsubscribe],
	defaultOperation: getAll.value,
};

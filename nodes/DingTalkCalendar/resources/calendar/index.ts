import type { Resource } from '../../../../lib/n8n/Operation';
import { getAll } from './getAll';
import { subscribe } from './subscribe';
import { unsubscribe } from './unsubscribe';

export const calendar: Resource = {
	value: 'calendar',
	name: 'Calendar',
	description: 'The calendars that somebody sees',
	operations: [getAll, subscribe, unsubscribe],
	first: getAll.value,
};

/** The Attendee resource: the people invited to an event. */
import type { Resource } from '../../../../lib/n8n/Operation';
import { add } from './add';
import { getAll } from './getAll';
import { remove } from './remove';
import { sync } from './sync';

export const attendee: Resource = {
	value: 'attendee',
	name: 'Attendee',
	description: 'People invited to an event',
	operations: [add, getAll, remove, sync],
	defaultOperation: add.value,
};

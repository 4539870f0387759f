/** The Event resource: meetings, appointments and all-day events. */
import type { Resource } from '../../../../lib/n8n/Operation';
import { book } from './book';
import { cancel } from './cancel';
import { create } from './create';
import { deleteEvent } from './delete';
import { exportIcs } from './exportIcs';
import { get } from './get';
import { getAgenda } from './getAgenda';
import { getAll } from './getAll';
import { getInstances } from './getInstances';
import { readIcs } from './readIcs';
import { transfer } from './transfer';
import { update } from './update';
import { upsert } from './upsert';

export const event: Resource = {
	value: 'event',
	name: 'Event',
	description: 'Meetings, appointments and all-day events',
	operations: [
		book,
		cancel,
		create,
		upsert,
		deleteEvent,
		exportIcs,
		get,
		getAgenda,
		getAll,
		getInstances,
		readIcs,
		transfer,
		update,
	],
	defaultOperation: create.value,
};

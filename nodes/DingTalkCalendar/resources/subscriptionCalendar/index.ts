/** The Subscription Calendar resource: calendars that others can subscribe to. */
import type { Resource } from '../../../../lib/n8n/Operation';
import { create } from './create';
import { deleteCalendar } from './delete';
import { get } from './get';
import { update } from './update';

export const subscriptionCalendar: Resource = {
	value: 'subscriptionCalendar',
	name: 'Subscription Calendar',
	description: 'Calendars that other people can subscribe to',
	operations: [create, deleteCalendar, get, update],
	defaultOperation: create.value,
};

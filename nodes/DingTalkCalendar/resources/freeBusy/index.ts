/** The Free/Busy resource: when people are free or busy. */
import type { Resource } from '../../../../lib/n8n/Operation';
import { findSlots } from './findSlots';
import { get } from './get';

export const freeBusy: Resource = {
	value: 'freeBusy',
	name: 'Free/Busy',
	description: 'When people are free or busy',
	operations: [findSlots, get],
	defaultOperation: get.value,
};

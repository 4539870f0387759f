import type { Resource } from '../../../../lib/n8n/Operation';
import { findSlots } from './findSlots';
import { get } from './get';

export const freeBusy: Resource = {
	value: 'freeBusy',
	name: 'Free/Busy',
	description: 'When people have time',
	operations: [findSlots, get],
	defaultOperation: get.value,
};

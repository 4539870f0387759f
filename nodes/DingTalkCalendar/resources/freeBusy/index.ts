import type { Resource } from '../../runner/operation';
import { get } from './get';

export const freeBusy: Resource = {
	value: 'freeBusy',
	name: 'Free/Busy',
	description: 'When people have time',
	operations: [get],
	first: get.value,
};

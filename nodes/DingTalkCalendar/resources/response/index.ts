import type { Resource } from '../../../../lib/n8n/Operation';
import { getSummary } from './getSummary';
import { set } from './set';

export const response: Resource = {
	value: 'response',
	name: 'Response',
	description: 'What people answered to an invitation',
	operations: [getSummary, set],
	defaultOperation: set.value,
};

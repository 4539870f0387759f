/** The Response resource: how people have responded to an invitation. */
import type { Resource } from '../../../../lib/n8n/Operation';
import { getSummary } from './getSummary';
import { set } from './set';

export const response: Resource = {
	value: 'response',
	name: 'Response',
	description: 'How people respond to an invitation',
	operations: [getSummary, set],
	defaultOperation: set.value,
};

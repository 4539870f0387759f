/** The Access Control resource: who else can see or edit a calendar. */
import type { Resource } from '../../../../lib/n8n/Operation';
import { create } from './create';
import { deleteAcl } from './delete';
import { getAll } from './getAll';

export const accessControl: Resource = {
	value: 'accessControl',
	name: 'Access Control',
	description: 'Who else can see or edit a calendar',
	operations: [create, deleteAcl, getAll],
	defaultOperation: create.value,
};

import type { Resource } from '../../../../lib/n8n/Operation';
import { create } from './create';
import { deleteAcl } from './delete';
import { getAll } from './getAll';

export const accessControl: Resource = {
	value: 'accessControl',
	name: 'Access Control',
	description: 'Who else may see or edit a calendar',
	operations: [create, deleteAcl, getAll],
	first: create.value,
};

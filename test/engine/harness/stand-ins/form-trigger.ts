/** Stands in for n8n's On Form Submission trigger. */
import type { INodeType } from 'n8n-workflow';

import { describeNode } from './describe';

/** On Form Submission, version 2: never opens a page; a test pins the submitted values. */
export const formTrigger: INodeType = {
	description: describeNode(
		'formTrigger',
		[2, 2.1, 2.2],
		['formTitle', 'formDescription', 'formFields', 'options'].map((name) => ({
			displayName: name,
			name,
			type: 'json',
			default: {},
		})),
		{ group: ['trigger'], inputs: [] },
	),
};

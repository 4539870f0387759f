/** Shows fields only while others have certain values. */
import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

/** As n8n's `updateDisplayOptions`, which takes a third of the time in which n8n loads the package: it merges copies of copies. */
export const showWhen = (show: NonNullable<IDisplayOptions['show']>, fields: INodeProperties[]): INodeProperties[] =>
	fields.map((field) => ({
		...field,
		displayOptions: { ...field.displayOptions, show: { ...field.displayOptions?.show, ...show } },
	}));

/** The Return All and Limit fields of lists. */
import type { INodeProperties } from 'n8n-workflow';
import type { Item } from '../../../../lib/n8n/ItemContext';
import { readBoolean, readWholeNumber } from '../../../../lib/n8n/fields/primitives';

export const limitProperties: INodeProperties[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		noDataExpression: true,
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 50,
		description: 'Max number of results to return',
		displayOptions: { show: { returnAll: [false] } },
	},
];

/** Undefined means all results. */
export function readLimit(item: Item): number | undefined {
	if (readBoolean(item.value('returnAll') ?? false, 'Return All')) return undefined;
	return readWholeNumber(item.value('limit') ?? 50, 'Limit', { from: 1, to: Number.MAX_SAFE_INTEGER });
}

/** A page no larger than the limit saves time; a page size below the maximum would cost more calls. */
export const pageSizeFor = (limit: number | undefined, pageSize: number | undefined): number | undefined =>
	limit !== undefined && pageSize !== undefined ? Math.min(limit, pageSize) : pageSize;

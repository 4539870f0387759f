import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { DateTime } from 'luxon';

const PAGE = 100;

/** The zones this runtime knows, with their present offset; those in which the search text occurs. */
export async function searchTimeZones(
	this: ILoadOptionsFunctions,
	filter = '',
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const wanted = filter.trim().toLowerCase().replace(/\s+/g, '_');
	const zones = ['UTC', ...Intl.supportedValuesOf('timeZone')].filter((zone) => zone.toLowerCase().includes(wanted));
	const from = Number(paginationToken ?? 0);
	const results = zones.slice(from, from + PAGE).map((zone) => ({
		name: `${zone.replace(/_/g, ' ')} (${DateTime.now().setZone(zone).toFormat('ZZZZ')})`,
		value: zone,
	}));
	return { results, paginationToken: from + PAGE < zones.length ? String(from + PAGE) : undefined };
}

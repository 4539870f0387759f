/** The list of time zones in the time zone locator. */
import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { DateTime } from 'luxon';

const PAGE_SIZE = 100;

/** The zones that this runtime knows, with their current offset, filtered by the search text. */
export async function searchTimeZones(
	this: ILoadOptionsFunctions,
	filter = '',
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const searchText = filter.trim().toLowerCase().replace(/\s+/g, '_');
	const zones = ['UTC', ...Intl.supportedValuesOf('timeZone')].filter((zone) =>
		zone.toLowerCase().includes(searchText),
	);
	const from = Number(paginationToken ?? 0);
	const results = zones.slice(from, from + PAGE_SIZE).map((zone) => ({
		name: `${zone.replace(/_/g, ' ')} (${DateTime.now().setZone(zone).setLocale('en').toFormat("'GMT'ZZ")})`,
		value: zone,
	}));
	return { results, paginationToken: from + PAGE_SIZE < zones.length ? String(from + PAGE_SIZE) : undefined };
}

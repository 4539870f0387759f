/** Pagination: reads lists page by page and guards against page tokens that repeat. */
import type { ApiCall } from '../endpoints';
import type { CallInput, Client } from './types';
import { DingTalkError } from '../errors/DingTalkError';

/** One page of a list. `nextToken` is opaque; null, empty and absent all mean that this is the last page. */
export interface Page {
	nextToken?: string | number | null;
	/** Room lists use this, and send a token even with the last page. */
	hasMore?: boolean;
	[rows: string]: unknown;
}

/** Reads page after page, as long as the caller asks for more. An empty page can be followed by others. */
export async function* readPages(client: Client, call: ApiCall, input: CallInput): AsyncGenerator<Page> {
	const seen = new Set<string | number>();
	let token: string | number | undefined;
	do {
		const page: Page = await client.request<Page>(call, { ...input, query: { ...input.query, nextToken: token } });
		yield page;
		token = page.hasMore === false ? undefined : page.nextToken || undefined;
		if (token !== undefined && seen.has(token)) {
			throw new DingTalkError({
				kind: 'server',
				message: 'DingTalk keeps returning the same page of the list',
				advice: 'Try again in a few minutes, or request fewer results.',
			});
		}
		if (token !== undefined) seen.add(token);
	} while (token !== undefined);
}

export interface ListOptions<T> {
	/** Stop after this many matching rows; undefined means all of them. */
	limit?: number;
	/** A filter that DingTalk does not offer. */
	matches?: (row: T) => boolean;
}

/** Reads the rows of a list, over no more pages than needed. */
export async function listRows<T>(
	client: Client,
	call: ApiCall,
	rowsKey: string,
	input: CallInput,
	{ limit, matches = () => true }: ListOptions<T> = {},
): Promise<T[]> {
	const found: T[] = [];
	for await (const page of readPages(client, call, input)) {
		found.push(...((page[rowsKey] as T[] | undefined) ?? []).filter(matches));
		if (limit !== undefined && found.length >= limit) return found.slice(0, limit);
	}
	return found;
}

import type { ApiCall } from '../endpoints';
import type { CallInput, Client } from './types';
import { DingTalkError } from '../errors/DingTalkError';

/** One page of a list. `nextToken` is opaque; null, empty and absent all mean that this is the last page. */
export interface Page {
	nextToken?: string | number | null;
	/** Rooms say it this way, and then still send a token with the last page. */
	hasMore?: boolean;
	[rows: string]: unknown;
}

/** Page after page, as far as the reader goes on asking: a page may be empty while more follow. */
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
				message: 'DingTalk keeps sending the same page of the list',
				advice: 'Try again in a few minutes, or ask for fewer results.',
			});
		}
		if (token !== undefined) seen.add(token);
	} while (token !== undefined);
}

export interface ListOptions<T> {
	/** Stop after this many that fit; undefined means all of them. */
	limit?: number;
	/** What this side filters, because DingTalk cannot. */
	matches?: (row: T) => boolean;
}

/** Rows of a list, over as many pages as it takes and no more. */
export async function listRows<T>(
	client: Client,
	call: ApiCall,
	rowsKey: string,
	input: CallInput,
	{ limit, matches: fits = () => true }: ListOptions<T> = {},
): Promise<T[]> {
	const found: T[] = [];
	for await (const page of readPages(client, call, input)) {
		found.push(...((page[rowsKey] as T[] | undefined) ?? []).filter(fits));
		if (limit !== undefined && found.length >= limit) return found.slice(0, limit);
	}
	return found;
}

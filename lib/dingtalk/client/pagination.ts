/** Pagination: reads lists page by page and guards against page tokens that repeat or never end. */
import type { ApiCall } from '../endpoints';
import type { CallInput, Client } from './types';
import { DingTalkError } from '../errors/DingTalkError';
import { t } from '../../locale/t';

/** One page of a list. `nextToken` is opaque; null, empty and absent all mean that this is the last page. */
export interface Page {
	nextToken?: string | number | null;
	/** Room lists use this, and send a token even with the last page. */
	hasMore?: boolean;
	[rows: string]: unknown;
}

type PageToken = string | number;

/** Far more than any list has: a million entries with the usual page size. */
const MAX_PAGES = 10_000;

/** The error for a list that would be read for ever, because what names its next part is always new. */
export const endlessListError = (message: string): DingTalkError =>
	new DingTalkError({
		kind: 'unclear',
		message,
		advice: t`No real list is that long, so reading stopped. Check any proxy between n8n and DingTalk, and the base URLs in the credential.`,
	});

/** Returns a function to call before each page but the first, which fails if there are more than any list has. */
export function endlessGuard(): () => void {
	let pages = 1;
	return () => {
		if (++pages > MAX_PAGES) throw endlessListError(t`DingTalk returned more than ${MAX_PAGES} pages of one list`);
	};
}

/** Returns the token of the next page, and fails if it was there before or if there are more pages than any list has. */
export function repeatGuard(): <T extends PageToken>(next: T | undefined) => T | undefined {
	const seen = new Set<PageToken>();
	const countPage = endlessGuard();
	return (next) => {
		if (next === undefined) return undefined;
		if (seen.has(next)) {
			throw new DingTalkError({
				kind: 'server',
				message: t`DingTalk keeps returning the same page of the list`,
				advice: t`Try again in a few minutes, or request fewer results.`,
			});
		}
		countPage();
		seen.add(next);
		return next;
	};
}

/** Reads page after page, as long as the caller asks for more. An empty page can be followed by others. */
export async function* readPages(client: Client, call: ApiCall, input: CallInput): AsyncGenerator<Page> {
	const guard = repeatGuard();
	let token: PageToken | undefined;
	do {
		const page: Page = await client.request<Page>(call, { ...input, query: { ...input.query, nextToken: token } });
		yield page;
		token = guard(page.hasMore === false ? undefined : page.nextToken || undefined);
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

/** Reads a list that has no pages: its next part begins with the last row of the one before, named by `from`. */
export async function listParts<Row extends { id?: string }>(
	client: Client,
	call: ApiCall,
	{ rows, from, pageSize }: { rows: string; from: string; pageSize: number },
	input: CallInput,
	limit = Infinity,
): Promise<Row[]> {
	const found = new Map<string, Row>();
	const countPart = endlessGuard();
	let next = input.query?.[from];
	for (;;) {
		const known = found.size;
		const query = { ...input.query, [from]: next, maxResults: pageSize };
		const part = ((await client.request<Page>(call, { ...input, query }))[rows] ?? []) as Row[];
		for (const row of part) found.set(row.id ?? '', row);
		next = part.at(-1)?.id;
		if (part.length < pageSize || found.size === known || found.size >= limit) break;
		countPart();
	}
	return [...found.values()].slice(0, limit);
}

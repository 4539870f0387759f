/** Shared by the lists in the editor: a client for DingTalk, and an error message instead of an empty list. */
import {
	NodeOperationError,
	type ILoadOptionsFunctions,
	type INodeListSearchItems,
	type INodeListSearchResult,
} from 'n8n-workflow';
import { AccountError } from '../../../../lib/dingtalk/account';
import { DingTalkClient } from '../../../../lib/dingtalk/client/client';
import { Directory, UnresolvedPersonError } from '../../../../lib/dingtalk/people/directory';
import { DingTalkError } from '../../../../lib/dingtalk/errors/DingTalkError';
import { parseIdentifier } from '../../../../lib/dingtalk/people/parseIdentifier';
import { repeatGuard } from '../../../../lib/dingtalk/client/pagination';
import { createTransport } from '../../../../lib/dingtalk/client/transport';
import { parseJson } from '../../../../lib/dingtalk/utils/json';
import { shortenWords } from '../../../../lib/dingtalk/utils/text';
import { toIdentifyBy } from '../../../../lib/n8n/fields/people';
import { t } from '../../../../lib/locale/t';
import { settle } from '../../../../lib/dingtalk/errors/settle';

/** Thrown if the list needs another field to be filled in first. */
export class NotReadyError extends Error {}

export type Work<T> = (client: DingTalkClient) => Promise<T>;

const describeFailure = (error: Error): { message: string; description?: string } =>
	error instanceof DingTalkError
		? { message: t`${error.message}. ${error.details.advice}`, description: error.rawResponse }
		: { message: error.message };

/** Runs the work with a client; turns errors into a message for the editor. */
export async function withEditorClient<T>(context: ILoadOptionsFunctions, work: Work<T>): Promise<T> {
	const outcome = await settle(
		createTransport(context).then(async (transport) => await work(new DingTalkClient(transport))),
	);
	if (!(outcome instanceof Error)) return outcome;
	const known = [DingTalkError, AccountError, UnresolvedPersonError, NotReadyError].some(
		(kind) => outcome instanceof kind,
	);
	const { message, description } = describeFailure(known ? outcome : new Error(outcome.message));
	throw new NodeOperationError(context.getNode(), shortenWords(message), { description });
}

interface Locator {
	value?: unknown;
	mode?: string;
}

/** The person selected in the panel, whose events and calendars the lists show. */
export async function readSelectedPerson(context: ILoadOptionsFunctions, client: DingTalkClient): Promise<string> {
	const chosen = context.getCurrentNodeParameter('user') as Locator | string | undefined;
	const { value, mode } = typeof chosen === 'object' ? chosen : { value: chosen };
	const raw = String(value ?? '').trim();
	if (raw === '') throw new NotReadyError(t`Select the person first. This list shows that person's data.`);
	if (raw.startsWith('='))
		throw new NotReadyError(t`The person is an expression, so the list is not available. Enter an ID instead.`);
	const identified = parseIdentifier(raw, toIdentifyBy(mode));
	if ('problem' in identified) throw new NotReadyError(t`The person cannot be used: ${identified.problem}`);
	return await new Directory(client).resolveUnionId(identified, raw);
}

/** Reads pages until one has results: in the editor, an empty page would look like the end of the list. */
export async function readUntilResults(
	read: (token?: string) => Promise<INodeListSearchResult>,
	token?: string,
	guard = repeatGuard(),
): Promise<INodeListSearchResult> {
	const page = await read(guard(token));
	const next = page.paginationToken as string | undefined;
	return page.results.length > 0 || next === undefined ? page : await readUntilResults(read, next, guard);
}

/** Without a filter, entries without any text are in the list as well. */
export const matchesFilter = (filter: string, ...texts: Array<string | undefined>): boolean =>
	filter.trim() === '' || texts.some((text) => text?.toLowerCase().includes(filter.trim().toLowerCase()));

/** The entries that can be chosen: without any that DingTalk returns without its ID. */
export const withValue = (
	entries: Array<Pick<INodeListSearchItems, 'name'> & Partial<INodeListSearchItems>>,
): INodeListSearchItems[] =>
	entries.flatMap(({ name, value }) =>
		value === undefined || value === '' ? [] : [{ name: name || String(value), value }],
	);

export const joinLabel = (...parts: Array<string | undefined | false>): string => parts.filter(Boolean).join(' · ');

/** Where a list goes on, from the token that the editor sends back; at the start if the token is not from this list. */
export function readPosition<T>(token: string | undefined, isPosition: (value: unknown) => value is T, start: T): T {
	const position = token === undefined ? undefined : parseJson(token);
	return isPosition(position) ? position : start;
}

const MAX_PAGE = 10_000;

export const readPageNumber = (token: string | undefined): number =>
	readPosition(
		token,
		(value): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_PAGE,
		0,
	);

/** n8n passes pagination tokens as text. */
export const toPageToken = (next: string | number | null | undefined): string | undefined =>
	next === undefined || next === null || next === '' ? undefined : String(next);

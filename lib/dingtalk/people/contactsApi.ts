/** The contacts API: people and departments of the organization. None of these calls counts toward the monthly quota. */
import { api } from '../endpoints';
import { endlessListError, repeatGuard } from '../client/pagination';
import { incompleteResponseError } from '../client/parseResponse';
import type { Client } from '../client/types';
import { t } from '../../locale/t';

export interface Person {
	unionId: string;
	userId: string;
	name: string;
	mobile?: string;
	/** The personal address and the one assigned by the organization. */
	emails: string[];
	title?: string;
	departmentIds: number[];
}

export interface Department {
	id: number;
	name: string;
}

interface RawPerson {
	unionid?: string;
	userid?: string;
	name?: string;
	mobile?: string;
	email?: string;
	org_email?: string;
	title?: string;
	dept_id_list?: number[];
}

interface RawDepartment {
	dept_id?: number;
	name?: string;
}

/** The department that contains all others. */
export const ROOT_DEPARTMENT = 1;

const toPerson = (raw: RawPerson): Person => ({
	unionId: raw.unionid ?? '',
	userId: raw.userid ?? '',
	name: raw.name ?? '',
	mobile: raw.mobile || undefined,
	emails: [raw.email ?? '', raw.org_email ?? ''].filter((email) => email !== ''),
	title: raw.title || undefined,
	departmentIds: raw.dept_id_list ?? [],
});

export async function getPerson(client: Client, userId: string): Promise<Person> {
	const { result } = await client.request<{ result?: RawPerson }>(api.userByUserId, { body: { userid: userId } });
	return toPerson({ ...result, userid: userId });
}

interface MobileOwner {
	userid?: string;
	exclusive_account_userid_list?: string[];
}

export async function findUserIdByMobile(client: Client, mobile: string): Promise<string | undefined> {
	// Without the switch, people whose accounts belong to the organization are not found.
	const body = { mobile, support_exclusive_account_search: true };
	const { result } = await client.request<{ result?: MobileOwner }>(api.userIdByMobile, { body });
	return result?.userid || result?.exclusive_account_userid_list?.[0];
}

export async function findUserIdByUnionId(client: Client, unionId: string): Promise<string | undefined> {
	const { result } = await client.request<{ result?: { userid?: string } }>(api.userIdByUnionId, {
		body: { unionid: unionId },
	});
	return result?.userid;
}

export interface ContactsPage<T> {
	list: T[];
	/** The number or cursor of the next page; undefined on the last page. */
	next?: number;
}

interface SearchResponse<T> {
	list?: T[];
	hasMore?: boolean;
}

interface SearchQuery {
	text: string;
	/** Match the whole name, not a part of it. */
	exact?: boolean;
	page?: number;
}

async function searchContacts<T>(
	client: Client,
	call: typeof api.searchPeople | typeof api.searchDepartments,
	{ text, exact, page = 0 }: SearchQuery,
): Promise<ContactsPage<T>> {
	// Whether `offset` counts rows or pages is not documented, so one longer first page is read, which works either way.
	const from = page * call.pageSize;
	const body = { queryWord: text, offset: 0, size: from + call.pageSize, ...(exact ? { fullMatchField: 1 } : {}) };
	const { list = [], hasMore } = await client.request<SearchResponse<T>>(call, { body });
	return { list: list.slice(from), next: hasMore ? page + 1 : undefined };
}

/** User IDs of people whose name, in Chinese or Latin letters, contains the text. */
export const searchPeople = async (client: Client, query: SearchQuery): Promise<ContactsPage<string>> =>
	await searchContacts<string>(client, api.searchPeople, query);

export const searchDepartments = async (client: Client, query: SearchQuery): Promise<ContactsPage<number>> =>
	await searchContacts<number>(client, api.searchDepartments, query);

export async function getDepartment(client: Client, id: number): Promise<Department> {
	const { result } = await client.request<{ result?: RawDepartment }>(api.department, { body: { dept_id: id } });
	return { id, name: result?.name || String(id) };
}

async function requestSubDepartments(client: Client, id: number): Promise<RawDepartment[]> {
	const { result = [] } = await client.request<{ result?: RawDepartment[] }>(api.subDepartments, {
		body: { dept_id: id },
	});
	return result;
}

/** Those that can be chosen: without any that DingTalk returns without its ID. */
export const listSubDepartments = async (client: Client, id: number): Promise<Department[]> =>
	(await requestSubDepartments(client, id)).flatMap(({ dept_id, name }) =>
		dept_id === undefined ? [] : [{ id: dept_id, name: name || String(dept_id) }],
	);

interface MembersResponse {
	result?: { has_more?: boolean; next_cursor?: number; list?: RawPerson[] };
}

/** One page of the direct members of a department, without those of its subdepartments. */
export async function listDirectMembers(client: Client, id: number, cursor = 0): Promise<ContactsPage<Person>> {
	const { result } = await client.request<MembersResponse>(api.departmentMembers, {
		body: { dept_id: id, cursor, size: api.departmentMembers.pageSize },
	});
	// Without the cursor, everyone on the following pages would be missing.
	if (result?.has_more && result.next_cursor === undefined) throw incompleteResponseError();
	return { list: (result?.list ?? []).map(toPerson), next: result?.has_more ? result.next_cursor : undefined };
}

/** Far more than any organization has. */
const MAX_DEPARTMENTS = 100_000;

/**
 * All members of a department and its subdepartments, page by page. A person in two departments is listed twice. Each
 * department is read once: DingTalk could name one as its own subdepartment. Fails rather than leave people out.
 */
export async function* listAllMembers(client: Client, id: number): AsyncGenerator<Person[]> {
	const read = new Set<number>();
	const unread = [id];
	for (let next = unread.pop(); next !== undefined; next = unread.pop()) {
		if (read.has(next)) continue;
		if (read.size >= MAX_DEPARTMENTS)
			throw endlessListError(t`DingTalk returned more than ${MAX_DEPARTMENTS} departments`);
		read.add(next);
		yield* listPagesOfMembers(client, next);
		const children = (await requestSubDepartments(client, next)).map(({ dept_id: child }) => {
			if (child === undefined) throw incompleteResponseError();
			return child;
		});
		// The last one is read next.
		for (const child of children.reverse()) unread.push(child);
	}
}

async function* listPagesOfMembers(client: Client, id: number): AsyncGenerator<Person[]> {
	const guard = repeatGuard();
	let cursor = guard<number>(0);
	while (cursor !== undefined) {
		const page: ContactsPage<Person> = await listDirectMembers(client, id, cursor);
		yield page.list;
		cursor = guard(page.next);
	}
}

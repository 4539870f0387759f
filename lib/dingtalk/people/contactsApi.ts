/** The organization's directory: people and departments, all of it free of the monthly quota. */
import { api } from '../endpoints';
import type { Client } from '../client/types';

export interface Person {
	unionId: string;
	userId: string;
	name: string;
	mobile?: string;
	/** The private address, and the one that the organization gave. */
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
	dept_id: number;
	name: string;
}

/** The department that holds all others. */
export const ROOT_DEPARTMENT = 1;

const asPerson = (raw: RawPerson): Person => ({
	unionId: raw.unionid ?? '',
	userId: raw.userid ?? '',
	name: raw.name ?? '',
	mobile: raw.mobile || undefined,
	emails: [raw.email ?? '', raw.org_email ?? ''].filter((email) => email !== ''),
	title: raw.title || undefined,
	departmentIds: raw.dept_id_list ?? [],
});

export async function personByUserId(client: Client, userId: string): Promise<Person> {
	const { result } = await client.request<{ result?: RawPerson }>(api.userByUserId, { body: { userid: userId } });
	return asPerson({ ...result, userid: userId });
}

export async function userIdByMobile(client: Client, mobile: string): Promise<string | undefined> {
	const { result } = await client.request<{ result?: { userid?: string } }>(api.userIdByMobile, { body: { mobile } });
	return result?.userid;
}

export async function userIdByUnionId(client: Client, unionId: string): Promise<string | undefined> {
	const { result } = await client.request<{ result?: { userid?: string } }>(api.userIdByUnionId, {
		body: { unionid: unionId },
	});
	return result?.userid;
}

export interface Found<T> {
	list: T[];
	/** Where the next page begins; undefined on the last one. */
	next?: number;
}

interface SearchAnswer<T> {
	list?: T[];
	hasMore?: boolean;
}

interface Search {
	words: string;
	/** The whole name, not a part of it. */
	exact?: boolean;
	page?: number;
}

async function search<T>(
	client: Client,
	call: typeof api.searchPeople | typeof api.searchDepartments,
	{ words, exact, page = 0 }: Search,
): Promise<Found<T>> {
	// Whether `offset` counts rows or pages is not documented: a longer first page serves either way.
	const from = page * call.pageSize;
	const body = { queryWord: words, offset: 0, size: from + call.pageSize, ...(exact ? { fullMatchField: 1 } : {}) };
	const { list = [], hasMore } = await client.request<SearchAnswer<T>>(call, { body });
	return { list: list.slice(from), next: hasMore ? page + 1 : undefined };
}

/** User IDs of people whose name, in Chinese or in Latin letters, has these words in it. */
export const searchPeople = async (client: Client, wanted: Search): Promise<Found<string>> =>
	await search<string>(client, api.searchPeople, wanted);

export const searchDepartments = async (client: Client, wanted: Search): Promise<Found<number>> =>
	await search<number>(client, api.searchDepartments, wanted);

export async function departmentById(client: Client, id: number): Promise<Department> {
	const { result } = await client.request<{ result?: RawDepartment }>(api.department, { body: { dept_id: id } });
	return { id, name: result?.name ?? String(id) };
}

export async function subDepartments(client: Client, id: number): Promise<Department[]> {
	const { result = [] } = await client.request<{ result?: RawDepartment[] }>(api.subDepartments, {
		body: { dept_id: id },
	});
	return result.map(({ dept_id, name }) => ({ id: dept_id, name }));
}

interface MemberPage {
	result?: { has_more?: boolean; next_cursor?: number; list?: RawPerson[] };
}

/** One page of those who belong to the department itself, not to one below it. */
export async function departmentMembers(client: Client, id: number, cursor = 0): Promise<Found<Person>> {
	const { result } = await client.request<MemberPage>(api.departmentMembers, {
		body: { dept_id: id, cursor, size: api.departmentMembers.pageSize },
	});
	return { list: (result?.list ?? []).map(asPerson), next: result?.has_more ? result.next_cursor : undefined };
}

/** Everybody in a department and in those below it, page by page; somebody in two of them comes twice. */
export async function* everybodyIn(client: Client, id: number): AsyncGenerator<Person[]> {
	let cursor: number | undefined = 0;
	do {
		const page: Found<Person> = await departmentMembers(client, id, cursor);
		yield page.list;
		cursor = page.next;
	} while (cursor !== undefined);
	for (const below of await subDepartments(client, id)) yield* everybodyIn(client, below.id);
}

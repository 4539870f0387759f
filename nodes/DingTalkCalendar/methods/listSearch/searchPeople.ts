/** The list of people in the person locator: search by name, mobile number or department, or browse by department. */
import type { ILoadOptionsFunctions, INodeListSearchItems, INodeListSearchResult } from 'n8n-workflow';
import { DingTalkError } from '../../../../lib/dingtalk/errors/DingTalkError';
import type { Client } from '../../../../lib/dingtalk/client/types';
import {
	getDepartment,
	listDirectMembers,
	getPerson,
	ROOT_DEPARTMENT,
	findUserIdByMobile,
	searchDepartments,
	searchPeople as searchContacts,
	type ContactsPage,
	listSubDepartments,
	type Department,
	type Person,
} from '../../../../lib/dingtalk/people/contactsApi';
import { maskNumber, parseIdentifier } from '../../../../lib/dingtalk/people/parseIdentifier';
import { isObject } from '../../../../lib/dingtalk/utils/json';
import {
	readPageNumber,
	readPosition,
	readUntilResults,
	withEditorClient,
	joinLabel,
	toPageToken,
	withValue,
} from './editorClient';

/** Tells two people with the same name apart, but shows only the end of the mobile number. */
const toListItem = (person: Person, department?: string): INodeListSearchItems => ({
	name: joinLabel(person.name || person.userId, department, person.title, person.mobile && maskNumber(person.mobile)),
	value: person.unionId,
});

/** More would take long to load. */
const MAX_DEPARTMENTS = 5;

/** Nothing where the app may not look it up, or no one is found: the search by name has its own message for what matters. */
const orNone = async <T>(found: Promise<T[]>): Promise<T[]> =>
	await found.catch(async (error: unknown) =>
		error instanceof DingTalkError && ['permission', 'missing', 'input'].includes(error.kind)
			? []
			: await Promise.reject(error as Error),
	);

async function findByMobile(client: Client, words: string): Promise<Person[]> {
	const identified = parseIdentifier(words, 'mobile');
	const userId = 'problem' in identified ? undefined : await findUserIdByMobile(client, identified.value);
	return userId === undefined ? [] : [await getPerson(client, userId)];
}

/** The first members of the departments of this name. */
async function findByDepartment(client: Client, words: string): Promise<Person[]> {
	const { list } = await searchDepartments(client, { text: words });
	const pages = await Promise.all(
		list.slice(0, MAX_DEPARTMENTS).map(async (id) => await listDirectMembers(client, id)),
	);
	return pages.flatMap((page) => page.list);
}

/** By mobile number if it is one; otherwise by name, and where that finds no one, by the name of a department. */
async function findPeople(client: Client, words: string, page: number): Promise<ContactsPage<Person>> {
	const byMobile = await orNone(findByMobile(client, words));
	if (byMobile.length > 0) return { list: byMobile };
	const { list, next } = await searchContacts(client, { text: words, page });
	if (list.length > 0 || page > 0)
		return { list: await Promise.all(list.map(async (userId) => await getPerson(client, userId))), next };
	const found = await orNone(findByDepartment(client, words));
	return { list: [...new Map(found.map((person) => [person.unionId, person])).values()] };
}

async function searchByText(client: Client, words: string, page: number): Promise<INodeListSearchResult> {
	const { list: people, next } = await findPeople(client, words, page);
	const departments = new Map<number, Promise<string>>();
	const nameOf = async (id: number): Promise<string> => {
		const name = departments.get(id) ?? getDepartment(client, id).then((department) => department.name);
		departments.set(id, name);
		return await name;
	};
	const results = await Promise.all(
		people.map(async (person) => {
			const [first] = person.departmentIds.filter((id) => id !== ROOT_DEPARTMENT);
			return toListItem(person, first === undefined ? undefined : await nameOf(first).catch(() => undefined));
		}),
	);
	return { results: withValue(results), paginationToken: toPageToken(next) };
}

/** The departments still to visit, and the position within the first of them. */
interface BrowsePosition {
	departments: Department[];
	cursor: number;
}

const START: BrowsePosition = { departments: [{ id: ROOT_DEPARTMENT, name: '' }], cursor: 0 };

const isDepartment = (value: unknown): value is Department => isObject(value) && typeof value.id === 'number';

const isBrowsePosition = (value: unknown): value is BrowsePosition =>
	isObject(value) &&
	typeof value.cursor === 'number' &&
	Array.isArray(value.departments) &&
	value.departments.length > 0 &&
	value.departments.every(isDepartment);

/** Department by department, because a member list includes names and union IDs, which saves one lookup per person. */
async function browseDepartments(client: Client, token?: string): Promise<INodeListSearchResult> {
	const { departments, cursor } = readPosition(token, isBrowsePosition, START);
	const [{ id, name }, ...rest] = departments;
	const { list, next } = await listDirectMembers(client, id, cursor);
	const ahead: BrowsePosition =
		next !== undefined
			? { departments, cursor: next }
			: { departments: [...(await listSubDepartments(client, id)), ...rest], cursor: 0 };
	return {
		results: withValue(list.map((person) => toListItem(person, name))),
		paginationToken: ahead.departments.length > 0 ? JSON.stringify(ahead) : undefined,
	};
}

export async function searchPeople(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const words = filter?.trim();
	return await withEditorClient(this, async (client) =>
		words
			? await searchByText(client, words, readPageNumber(paginationToken))
			: await readUntilResults(async (token) => await browseDepartments(client, token), paginationToken),
	);
}

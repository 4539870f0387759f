import type { ILoadOptionsFunctions, INodeListSearchItems, INodeListSearchResult } from 'n8n-workflow';
import type { Client } from '../../../../lib/dingtalk/client/types';
import {
	departmentById,
	departmentMembers,
	personByUserId,
	ROOT_DEPARTMENT,
	searchPeople as searchContacts,
	subDepartments,
	type Department,
	type Person,
} from '../../../../lib/dingtalk/people/contactsApi';
import { endsOf } from '../../../../lib/dingtalk/people/parseIdentifier';
import { firstHits, inEditor, label, pageToken } from './editorClient';

/** Enough to tell two people of one name apart, and no more of the number than that takes. */
const asResult = (person: Person, department?: string): INodeListSearchItems => ({
	name: label(person.name, department, person.title, person.mobile && endsOf(person.mobile)),
	value: person.unionId,
});

async function found(client: Client, words: string, page: number): Promise<INodeListSearchResult> {
	const { list, next } = await searchContacts(client, { words, page });
	const people = await Promise.all(list.map(async (userId) => await personByUserId(client, userId)));
	const departments = new Map<number, Promise<string>>();
	const nameOf = async (id: number): Promise<string> => {
		const name = departments.get(id) ?? departmentById(client, id).then((department) => department.name);
		departments.set(id, name);
		return await name;
	};
	const results = await Promise.all(
		people.map(async (person) => {
			const [first] = person.departmentIds.filter((id) => id !== ROOT_DEPARTMENT);
			return asResult(person, first === undefined ? undefined : await nameOf(first).catch(() => undefined));
		}),
	);
	return { results, paginationToken: pageToken(next) };
}

/** Where to go on: departments still to visit, and how far the first of them has been read. */
interface Place {
	departments: Department[];
	cursor: number;
}

const START: Place = { departments: [{ id: ROOT_DEPARTMENT, name: '' }], cursor: 0 };

/** Department by department: a member list names people and their union IDs, so nobody is asked for one by one. */
async function browsed(client: Client, token?: string): Promise<INodeListSearchResult> {
	const { departments, cursor } = token ? (JSON.parse(token) as Place) : START;
	const [{ id, name }, ...rest] = departments;
	const { list, next } = await departmentMembers(client, id, cursor);
	const ahead: Place =
		next !== undefined
			? { departments, cursor: next }
			: { departments: [...(await subDepartments(client, id)), ...rest], cursor: 0 };
	return {
		results: list.map((person) => asResult(person, name)),
		paginationToken: ahead.departments.length > 0 ? JSON.stringify(ahead) : undefined,
	};
}

export async function searchPeople(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const words = filter?.trim();
	return await inEditor(this, async (client) =>
		words
			? await found(client, words, Number(paginationToken ?? 0))
			: await firstHits(async (token) => await browsed(client, token), paginationToken),
	);
}

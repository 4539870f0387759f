/** The list of departments in the department locator: search by name, or browse level by level. */
import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import type { Client } from '../../../../lib/dingtalk/client/types';
import {
	getDepartment,
	ROOT_DEPARTMENT,
	searchDepartments as searchContacts,
	listSubDepartments,
	type Department,
} from '../../../../lib/dingtalk/people/contactsApi';
import { readPageNumber, readPosition, readUntilResults, withEditorClient, toPageToken } from './editorClient';

const toListItem = ({ id, name }: Department) => ({ name, value: id });

async function searchByText(client: Client, words: string, page: number): Promise<INodeListSearchResult> {
	const { list, next } = await searchContacts(client, { text: words, page });
	const departments = await Promise.all(list.map(async (id) => await getDepartment(client, id)));
	return { results: departments.map(toListItem), paginationToken: toPageToken(next) };
}

const isQueue = (value: unknown): value is number[] =>
	Array.isArray(value) && value.length > 0 && value.every((id) => typeof id === 'number');

/** One level at a time, from the top; the token holds the departments whose subdepartments come next. */
async function browseLevel(client: Client, token?: string): Promise<INodeListSearchResult> {
	const [parent, ...rest] = readPosition(token, isQueue, [ROOT_DEPARTMENT]);
	const children = await listSubDepartments(client, parent);
	const ahead = [...rest, ...children.map(({ id }) => id)];
	return { results: children.map(toListItem), paginationToken: ahead.length > 0 ? JSON.stringify(ahead) : undefined };
}

export async function searchDepartments(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const words = filter?.trim();
	return await withEditorClient(this, async (client) =>
		words
			? await searchByText(client, words, readPageNumber(paginationToken))
			: await readUntilResults(async (token) => await browseLevel(client, token), paginationToken),
	);
}

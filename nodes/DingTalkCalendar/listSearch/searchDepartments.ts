import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import {
	departmentById,
	ROOT_DEPARTMENT,
	searchDepartments as searchContacts,
	subDepartments,
	type Department,
} from '../../dingtalk/contacts';
import { inEditor, pageToken } from './editorClient';

const asResult = ({ id, name }: Department) => ({ name, value: id });

export async function searchDepartments(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	return await inEditor(this, async (client) => {
		if (filter) {
			const { list, next } = await searchContacts(client, { words: filter, page: Number(paginationToken ?? 0) });
			const departments = await Promise.all(list.map(async (id) => await departmentById(client, id)));
			return { results: departments.map(asResult), paginationToken: pageToken(next) };
		}
		// One level at a time, from the top; the token holds the departments whose children come next.
		const [parent, ...rest] = paginationToken ? (JSON.parse(paginationToken) as number[]) : [ROOT_DEPARTMENT];
		const children = await subDepartments(client, parent);
		const ahead = [...rest, ...children.map(({ id }) => id)];
		return { results: children.map(asResult), paginationToken: ahead.length > 0 ? JSON.stringify(ahead) : undefined };
	});
}

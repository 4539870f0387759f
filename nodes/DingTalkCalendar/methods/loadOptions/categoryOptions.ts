/** The event categories that the organization has set up. */
import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import { api } from '../../../../lib/dingtalk/endpoints';
import { withEditorClient, withValue } from '../listSearch/editorClient';

interface CategoryList {
	categories?: Array<{ openCategoryId?: string; displayName?: string }>;
}

/** Reading the categories is a metered call. */
export async function getCategories(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const { categories = [] } = await withEditorClient(
		this,
		async (client) => await client.request<CategoryList>(api.listCategories),
	);
	return withValue(
		categories.map(({ openCategoryId, displayName = '' }) => ({ name: displayName, value: openCategoryId })),
	);
}

/** Lists the event categories of the organization. */
import { api } from '../../../../lib/dingtalk/endpoints';
import type { Operation } from '../../../../lib/n8n/Operation';

interface Categories {
	categories?: Array<{ openCategoryId?: string; displayName?: string }>;
}

export const getCategories: Operation = {
	value: 'getCategories',
	name: 'Get Categories',
	action: 'Get the event categories of the organization',
	description: "Lists the categories that 'Create' and 'Update' of Event can give to an event",
	calls: [api.listCategories],
	properties: [],
	prepare(item) {
		return async () => {
			const { categories = [] } = await item.client.request<Categories>(api.listCategories);
			return categories.map(({ openCategoryId, displayName }) => ({
				id: openCategoryId ?? null,
				name: displayName ?? null,
			}));
		};
	},
};

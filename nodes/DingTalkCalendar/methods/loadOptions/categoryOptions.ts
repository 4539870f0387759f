/** The event categories that the organization has set up. */
import { NodeOperationError, type ILoadOptionsFunctions, type INodePropertyOptions } from 'n8n-workflow';
import { api } from '../../../../lib/dingtalk/endpoints';
import { DingTalkClient } from '../../../../lib/dingtalk/client/client';
import { createTransport } from '../../../../lib/dingtalk/client/transport';
import { withValue } from '../listSearch/editorClient';

interface CategoryList {
	categories?: Array<{ openCategoryId?: string; displayName?: string }>;
}

/** Reading the categories is a metered call. */
export async function getCategories(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const answer = await new DingTalkClient(await createTransport(this))
		.request<CategoryList>(api.listCategories)
		.catch((error: Error) => error);
	if (answer instanceof Error) throw new NodeOperationError(this.getNode(), answer.message);
	return withValue(
		(answer.categories ?? []).map(({ openCategoryId, displayName = '' }) => ({
			name: displayName,
			value: openCategoryId,
		})),
	);
}

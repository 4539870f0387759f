/** The trigger's fields, with or without a way to DingTalk: a workflow that only wants IDs needs none. */
import type { IExecuteFunctions } from 'n8n-workflow';
import { AccountError } from '../../lib/dingtalk/account';
import { DingTalkClient } from '../../lib/dingtalk/client/client';
import type { Transport } from '../../lib/dingtalk/client/types';
import { Directory } from '../../lib/dingtalk/people/directory';
import { LruMap } from '../../lib/dingtalk/utils/lru';
import { CREDENTIAL, createTransport } from '../../lib/dingtalk/client/transport';
import { Item } from '../../lib/n8n/ItemContext';
import { Filter } from '../../lib/n8n/triggers/changeFilter';
import { openItem, ownerOf, type AnyTrigger } from '../../lib/n8n/triggers/context';
import { refuseWithoutApi } from './fields';

export const CALLBACK_CREDENTIAL = 'dingTalkCalendarCallbackApi';

const missing = (): AccountError => new AccountError("No credential 'DingTalk Calendar API' is chosen");

const NO_WIRE: Transport = {
	get account(): never {
		throw missing();
	},
	send: async () => await Promise.reject(missing()),
};

const hasApi = (context: AnyTrigger | IExecuteFunctions): boolean =>
	context.getNode().credentials?.[CREDENTIAL] !== undefined;

export async function openTrigger(context: AnyTrigger): Promise<Item> {
	if (hasApi(context)) return await openItem(context);
	const item = await openItem(context, NO_WIRE);
	refuseWithoutApi(item);
	return item;
}

/** The same fields, while an execution runs. */
export async function openExecution(context: IExecuteFunctions): Promise<Item> {
	const wire = hasApi(context) ? await createTransport(context) : NO_WIRE;
	const client = new DingTalkClient(wire, context.getExecutionCancelSignal?.());
	return new Item(
		{
			source: { parameter: (name, index) => context.getNodeParameter(name, index, null), input: () => ({}) },
			client,
			directory: new Directory(client),
			zone: context.getTimezone(),
			runKey: context.getExecutionId(),
		},
		0,
	);
}

const MOST_FILTERS = 500;

const filters = new LruMap<string, { asked: string; filter: Promise<Filter> }>(MOST_FILTERS);

/** People are looked up once in a process, not for each push; again when somebody else is named. */
export async function openFilter(context: AnyTrigger, item: Item): Promise<Filter> {
	const owner = ownerOf(context);
	const asked = JSON.stringify([
		item.value('triggerOn'),
		item.value('people'),
		context.getNode().credentials?.[CREDENTIAL],
	]);
	const known = filters.get(owner);
	if (known?.asked === asked) return await known.filter;
	const filter = Filter.of(item);
	filters.set(owner, { asked, filter });
	// What could not be looked up now may be there later.
	filter.catch(() => filters.get(owner)?.filter === filter && filters.delete(owner));
	return await filter;
}

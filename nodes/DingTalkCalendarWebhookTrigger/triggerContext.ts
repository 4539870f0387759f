/** The trigger's fields, with or without a way to DingTalk: a workflow that only wants IDs needs none. */
import type { IExecuteFunctions } from 'n8n-workflow';
import { AccountError } from '../../lib/dingtalk/account';
import { DingTalkClient } from '../../lib/dingtalk/client/client';
import type { Transport } from '../../lib/dingtalk/client/types';
import { Directory } from '../../lib/dingtalk/people/directory';
import { LruMap } from '../../lib/dingtalk/utils/lru';
import { CREDENTIAL, createTransport } from '../../lib/dingtalk/client/transport';
import { Item } from '../../lib/n8n/ItemContext';
import { ChangeFilter } from '../../lib/n8n/triggers/changeFilter';
import { createItem, triggerId, type AnyTrigger } from '../../lib/n8n/triggers/context';
import { refuseWithoutApi } from './fields';

export const CALLBACK_CREDENTIAL = 'dingTalkCalendarCallbackApi';

const missingCredentialError = (): AccountError => new AccountError("No credential 'DingTalk Calendar API' is chosen");

const NO_TRANSPORT: Transport = {
	get account(): never {
		throw missingCredentialError();
	},
	send: async () => await Promise.reject(missingCredentialError()),
};

const hasApi = (context: AnyTrigger | IExecuteFunctions): boolean =>
	context.getNode().credentials?.[CREDENTIAL] !== undefined;

export async function createTriggerItem(context: AnyTrigger): Promise<Item> {
	if (hasApi(context)) return await createItem(context);
	const item = await createItem(context, NO_TRANSPORT);
	refuseWithoutApi(item);
	return item;
}

/** The same fields, while an execution runs. */
export async function createExecutionItem(context: IExecuteFunctions): Promise<Item> {
	const wire = hasApi(context) ? await createTransport(context) : NO_TRANSPORT;
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

const MAX_FILTERS = 500;

const filters = new LruMap<string, { asked: string; filter: Promise<ChangeFilter> }>(MAX_FILTERS);

/** People are looked up once in a process, not for each push; again when somebody else is named. */
export async function readFilter(context: AnyTrigger, item: Item): Promise<ChangeFilter> {
	const owner = triggerId(context);
	const asked = JSON.stringify([
		item.value('triggerOn'),
		item.value('people'),
		context.getNode().credentials?.[CREDENTIAL],
	]);
	const known = filters.get(owner);
	if (known?.asked === asked) return await known.filter;
	const filter = ChangeFilter.of(item);
	filters.set(owner, { asked, filter });
	// What could not be looked up now may be there later.
	filter.catch(() => filters.get(owner)?.filter === filter && filters.delete(owner));
	return await filter;
}

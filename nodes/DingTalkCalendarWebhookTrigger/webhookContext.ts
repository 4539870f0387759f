/** Connects the webhook trigger to DingTalk if it has an app credential: a workflow that only needs IDs can do without. */
import type { IExecuteFunctions } from 'n8n-workflow';
import { AccountError } from '../../lib/dingtalk/account';
import { DingTalkClient } from '../../lib/dingtalk/client/client';
import type { Transport } from '../../lib/dingtalk/client/types';
import type { CallbackKeys } from '../../lib/dingtalk/push/callbackKeys';
import { isOfOrganization, type Change } from '../../lib/dingtalk/push/parseChange';
import { Directory } from '../../lib/dingtalk/people/directory';
import { storedSecrets } from '../../lib/dingtalk/signIn';
import { LruMap } from '../../lib/dingtalk/utils/lru';
import { createRedactor } from '../../lib/dingtalk/utils/redact';
import { CREDENTIAL, createTransport } from '../../lib/dingtalk/client/transport';
import { Item } from '../../lib/n8n/ItemContext';
import { ChangeFilter } from '../../lib/n8n/triggers/changeFilter';
import { createItem, triggerId, type AnyTrigger } from '../../lib/n8n/triggers/context';
import { warnOfMissingPeople } from '../../lib/n8n/triggers/dailyWarnings';
import { HOUR } from '../../lib/dingtalk/utils/time';
import { rejectMissingApiCredential } from './fields';
import { t } from '../../lib/locale/t';

export const CALLBACK_CREDENTIAL = 'dingTalkCalendarCallbackApi';

const missingCredentialError = (): AccountError =>
	new AccountError(t`No credential 'DingTalk Calendar API' is selected`);

const NO_TRANSPORT: Transport = {
	get account(): never {
		throw missingCredentialError();
	},
	isProved: () => false,
	send: async () => await Promise.reject(missingCredentialError()),
};

const hasApiCredential = (context: AnyTrigger | IExecuteFunctions): boolean =>
	context.getNode().credentials?.[CREDENTIAL] !== undefined;

export async function createWebhookItem(context: AnyTrigger): Promise<Item> {
	if (hasApiCredential(context)) return await createItem(context);
	const item = await createItem(context, NO_TRANSPORT);
	rejectMissingApiCredential(item);
	return item;
}

/** Reads the same fields during an execution. */
export async function createExecutionItem(context: IExecuteFunctions): Promise<Item> {
	const transport = hasApiCredential(context) ? await createTransport(context) : NO_TRANSPORT;
	const client = new DingTalkClient(transport, context.getExecutionCancelSignal?.());
	return new Item(
		{
			source: { parameter: (name, index) => context.getNodeParameter(name, index, null), input: () => ({}) },
			client,
			directory: new Directory(client),
			zone: context.getTimezone(),
			tryKey: context.getExecutionId(),
		},
		0,
	);
}

/**
 * Whether a change belongs to the organization of the workflow: an app of several is pushed the changes of all of them. For
 * an app of a single one, a push that names none is accepted.
 */
export function isOfWorkflow(context: AnyTrigger, item: Item, keys: CallbackKeys, change: Change): boolean {
	const account = hasApiCredential(context) ? item.client.account : undefined;
	if (account?.appType === 'thirdParty') return isOfOrganization(change, account.corpId);
	return change.corpId === undefined || isOfOrganization(change, keys.corpId);
}

/** A push that quotes a secret of the app must not bring it into the items. */
export const withoutSecrets = (context: AnyTrigger, item: Item, change: Change): Change =>
	hasApiCredential(context) ? createRedactor(storedSecrets(item.client.account))(change) : change;

const MAX_FILTERS = 500;

const filters = new LruMap<string, { fields: string; filter: Promise<ChangeFilter>; at: number }>(MAX_FILTERS);

/** If someone was not found, they are looked up again after this time. */
const RETRY_MS = HOUR;

/**
 * The people are looked up once per process rather than for each push, and again if the fields change. A push is not lost
 * because one of them has left; with `requireAll`, all have to be found.
 */
export async function getChangeFilter(context: AnyTrigger, item: Item, requireAll = false): Promise<ChangeFilter> {
	const id = triggerId(context);
	const fields = JSON.stringify([
		item.value('triggerOn'),
		item.value('people'),
		context.getNode().credentials?.[CREDENTIAL],
	]);
	const cached = filters.get(id);
	if (cached?.fields === fields && !requireAll) {
		const filter = await cached.filter;
		if (filter.failures.length === 0 || Date.now() - cached.at < RETRY_MS) return filter;
	}
	const filter = ChangeFilter.of(item, requireAll);
	filters.set(id, { fields, filter, at: Date.now() });
	// A lookup that failed is tried again next time.
	filter.catch(() => filters.get(id)?.filter === filter && filters.delete(id));
	warnOfMissingPeople(context, await filter);
	return await filter;
}

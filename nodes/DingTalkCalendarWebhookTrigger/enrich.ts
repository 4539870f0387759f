/** Runs in the execution, where there is no time limit: turns the received changes into the output of the trigger. */
import { NodeOperationError, type IDataObject, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';
import type { Change } from '../../lib/dingtalk/push/parseChange';
import { isObject } from '../../lib/dingtalk/utils/json';
import { LruMap } from '../../lib/dingtalk/utils/lru';
import { toFailure } from '../../lib/n8n/toNodeError';
import { ChangeFormatter } from '../../lib/n8n/triggers/ChangeFormatter';
import type { UnreadablePerson } from '../../lib/n8n/triggers/changeOutput';
import { ChangeStore } from '../../lib/n8n/triggers/changeStore';
import { readRememberValues } from '../../lib/n8n/triggers/fields';
import type { Item } from '../../lib/n8n/ItemContext';
import { createExecutionItem } from './webhookContext';
import { t } from '../../lib/locale/t';

/** What a push passes to the execution. n8n stores it with the execution, so its keys must stay as they are. */
export interface ReceivedChange {
	change: Change;
	/** The person in whose calendar the event is read. */
	reader?: string;
	/** The watched people who were not found. */
	unreadable?: UnreadablePerson[];
	/** What the trigger has stored: n8n 2.41 gives the workers of queue mode no static data, and saves what they have. */
	stored?: IDataObject;
}

const MAX_STORES = 500;

/**
 * By trigger. Kept in the process because executions that run at the same time do not see each other's static data. What
 * other processes have stored comes with each execution.
 */
const stores = new LruMap<string, { store: ChangeStore; data: IDataObject }>(MAX_STORES);

const pickStates = ({ states, zone }: IDataObject): IDataObject => (states === undefined ? {} : { states, zone });

const createStore = (
	data: IDataObject,
	zone: string,
	rememberValues: boolean,
): { store: ChangeStore; data: IDataObject } => ({ store: new ChangeStore(data, zone, { rememberValues }), data });

let executesHere = false;

/** Whether executions run in this process, so that they get the static data from n8n. */
export const isExecutingProcess = (): boolean => executesHere;

function openStore(
	context: IExecuteFunctions,
	item: Item,
	stored: IDataObject = {},
): { store: ChangeStore; save(): void } {
	const zone = context.getTimezone();
	const rememberValues = readRememberValues(item);
	if (context.getMode() === 'manual')
		return { store: new ChangeStore({}, zone, { rememberValues }), save: () => undefined };
	executesHere = true;
	const staticData = context.getWorkflowStaticData('node');
	for (const [name, value] of Object.entries(stored)) staticData[name] ??= value;
	const id = [context.getWorkflow().id, context.getNode().id, zone, rememberValues].join(' ');
	const { store, data } = stores.get(id) ?? createStore(pickStates(staticData), zone, rememberValues);
	store.merge(staticData);
	stores.set(id, { store, data });
	return { store, save: () => void Object.assign(staticData, pickStates(data)) };
}

function readReceived({ json }: INodeExecutionData): ReceivedChange | undefined {
	const { change, reader, unreadable, stored } = json as Partial<ReceivedChange>;
	if (!isObject(change) || typeof change.eventId !== 'string' || !Array.isArray(change.unionIds)) return undefined;
	return { change, reader, unreadable, stored };
}

export async function enrich(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const node = context.getNode();
	const output: INodeExecutionData[] = [];
	for (const [index, input] of context.getInputData().entries()) {
		const received = readReceived(input);
		if (!received) {
			throw new NodeOperationError(node, t`This trigger can only be started by DingTalk`, {
				description: t`Publish (activate) the workflow and change an event in DingTalk, or copy the data of a past execution to the editor.`,
				itemIndex: index,
			});
		}
		try {
			const item = await createExecutionItem(context);
			const { store, save } = openStore(context, item, received.stored);
			const formatter = ChangeFormatter.of(item, store);
			const { json, saveState } = await formatter.format(received.change, received.reader, received.unreadable);
			saveState();
			save();
			output.push({ json, pairedItem: { item: index } });
		} catch (error) {
			throw toFailure(node, error as Error, index).error;
		}
	}
	return [output];
}

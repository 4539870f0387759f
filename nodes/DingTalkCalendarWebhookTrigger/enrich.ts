/** Runs in the execution, where there is no time limit: turns the received changes into the output of the trigger. */
import { NodeOperationError, type IDataObject, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';
import type { Change } from '../../lib/dingtalk/push/parseChange';
import { isObject } from '../../lib/dingtalk/utils/isObject';
import { LruMap } from '../../lib/dingtalk/utils/lru';
import { toFailure } from '../../lib/n8n/toNodeError';
import { ChangeFormatter } from '../../lib/n8n/triggers/ChangeFormatter';
import { ChangeStore } from '../../lib/n8n/triggers/changeStore';
import { createExecutionItem } from './webhookContext';

/** What a push passes to the execution. n8n stores it with the execution, so its keys must stay as they are. */
export interface ReceivedChange {
	change: Change;
	/** The person in whose calendar the event is read. */
	reader?: string;
}

const MAX_STORES = 500;

/** By trigger. Kept in the process because executions that run at the same time do not see each other's static data. */
const stores = new LruMap<string, { store: ChangeStore; data: IDataObject }>(MAX_STORES);

const pickStates = ({ states, zone }: IDataObject): IDataObject => (states === undefined ? {} : { states, zone });

function openStore(context: IExecuteFunctions): { store: ChangeStore; save(): void } {
	const zone = context.getTimezone();
	if (context.getMode() === 'manual') return { store: new ChangeStore({}, zone), save: () => undefined };
	const staticData = context.getWorkflowStaticData('node');
	const id = [context.getWorkflow().id, context.getNode().id, zone].join(' ');
	const data = stores.get(id)?.data ?? pickStates(staticData);
	const store = stores.get(id)?.store ?? new ChangeStore(data, zone);
	stores.set(id, { store, data });
	return { store, save: () => void Object.assign(staticData, pickStates(data)) };
}

function readReceived({ json }: INodeExecutionData): ReceivedChange | undefined {
	const { change, reader } = json as Partial<ReceivedChange>;
	if (!isObject(change) || typeof change.eventId !== 'string' || !Array.isArray(change.unionIds)) return undefined;
	return { change, reader };
}

export async function enrich(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const node = context.getNode();
	const output: INodeExecutionData[] = [];
	for (const [index, input] of context.getInputData().entries()) {
		const received = readReceived(input);
		if (!received) {
			throw new NodeOperationError(node, 'This trigger can only be started by DingTalk', {
				description:
					'Activate the workflow and change an event in DingTalk, or copy the data of a past execution to the editor.',
				itemIndex: index,
			});
		}
		const { store, save } = openStore(context);
		try {
			const formatter = ChangeFormatter.of(await createExecutionItem(context), store);
			const { json, saveState } = await formatter.format(received.change, received.reader);
			saveState();
			save();
			output.push({ json, pairedItem: { item: index } });
		} catch (error) {
			throw toFailure(node, error as Error, index).error;
		}
	}
	return [output];
}

/** In the execution, where time does not press: each change that was received becomes what the user sees. */
import { NodeOperationError, type IDataObject, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';
import { isObject } from '../../lib/dingtalk/utils/isObject';
import { LruMap } from '../../lib/dingtalk/utils/lru';
import type { Change } from '../../lib/dingtalk/push/parseChange';
import { toFailure } from '../../lib/n8n/toNodeError';
import { ChangeStore } from '../../lib/n8n/triggers/changeStore';
import { ChangeFormatter } from '../../lib/n8n/triggers/ChangeFormatter';
import { createExecutionItem } from './triggerContext';

/** What goes from the push to the execution. */
export interface ReceivedChange {
	change: Change;
	/** In whose calendar the event is to be read. */
	reader?: string;
}

const MAX_STORES = 500;

/** What was stored last, in memory: executions that run side by side do not see each other's static data. */
const stores = new LruMap<string, { memory: ChangeStore; data: IDataObject }>(MAX_STORES);

function openStore(context: IExecuteFunctions): { memory: ChangeStore; save(): void } {
	const zone = context.getTimezone();
	if (context.getMode() === 'manual') return { memory: new ChangeStore({}, zone), save: () => undefined };
	const stored = context.getWorkflowStaticData('node');
	const owner = [context.getWorkflow().id, context.getNode().id, zone].join(' ');
	const states = ({ states, zone: inZone }: IDataObject): IDataObject =>
		states === undefined ? {} : { states, zone: inZone };
	const data = stores.get(owner)?.data ?? states(stored);
	const memory = stores.get(owner)?.memory ?? new ChangeStore(data, zone);
	stores.set(owner, { memory, data });
	return { memory, save: () => void Object.assign(stored, states(data)) };
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
					'Activate the workflow and change an event, or copy the data of an earlier execution to the editor.',
				itemIndex: index,
			});
		}
		const { memory, save } = openStore(context);
		try {
			const teller = ChangeFormatter.of(await createExecutionItem(context), memory);
			const { json, remember } = await teller.format(received.change, received.reader);
			remember();
			save();
			output.push({ json, pairedItem: { item: index } });
		} catch (error) {
			throw toFailure(node, error as Error, index).error;
		}
	}
	return [output];
}

/** In the execution, where time does not press: each change that was received becomes what the user sees. */
import { NodeOperationError, type IDataObject, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';
import { isObject } from '../../lib/dingtalk/utils/isObject';
import { LruMap } from '../../lib/dingtalk/utils/lru';
import type { Change } from '../../lib/dingtalk/push/parseChange';
import { toFailure } from '../../lib/n8n/toNodeError';
import { Memory } from '../../lib/n8n/triggers/changeStore';
import { Teller } from '../../lib/n8n/triggers/ChangeFormatter';
import { openExecution } from './context';

/** What goes from the push to the execution. */
export interface Received {
	change: Change;
	/** In whose calendar the event is to be read. */
	reader?: string;
}

const MOST_MEMORIES = 500;

/** What was stored last, in memory: executions that run side by side do not see each other's static data. */
const memories = new LruMap<string, { memory: Memory; data: IDataObject }>(MOST_MEMORIES);

function memoryOf(context: IExecuteFunctions): { memory: Memory; save(): void } {
	const zone = context.getTimezone();
	if (context.getMode() === 'manual') return { memory: new Memory({}, zone), save: () => undefined };
	const stored = context.getWorkflowStaticData('node');
	const owner = [context.getWorkflow().id, context.getNode().id, zone].join(' ');
	const states = ({ states, zone: inZone }: IDataObject): IDataObject =>
		states === undefined ? {} : { states, zone: inZone };
	const data = memories.get(owner)?.data ?? states(stored);
	const memory = memories.get(owner)?.memory ?? new Memory(data, zone);
	memories.set(owner, { memory, data });
	return { memory, save: () => void Object.assign(stored, states(data)) };
}

function receivedIn({ json }: INodeExecutionData): Received | undefined {
	const { change, reader } = json as Partial<Received>;
	if (!isObject(change) || typeof change.eventId !== 'string' || !Array.isArray(change.unionIds)) return undefined;
	return { change, reader };
}

export async function enrich(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const node = context.getNode();
	const output: INodeExecutionData[] = [];
	for (const [index, input] of context.getInputData().entries()) {
		const received = receivedIn(input);
		if (!received) {
			throw new NodeOperationError(node, 'This trigger can only be started by DingTalk', {
				description:
					'Activate the workflow and change an event, or copy the data of an earlier execution to the editor.',
				itemIndex: index,
			});
		}
		const { memory, save } = memoryOf(context);
		try {
			const teller = Teller.of(await openExecution(context), memory);
			const { json, remember } = await teller.tell(received.change, received.reader);
			remember();
			save();
			output.push({ json, pairedItem: { item: index } });
		} catch (error) {
			throw toFailure(node, error as Error, index).error;
		}
	}
	return [output];
}

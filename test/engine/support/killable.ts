/**
 * An n8n in a child process that can be killed: activates a Stream workflow, sends everything it stores to its parent, and
 * hangs at a given point.
 */
import type { IDataObject } from 'n8n-workflow';

import { Database, Engine, type StoredExecution } from '../harness';
import { streamWorkflow } from './triggers';

/** Before n8n stores the execution, or while the execution is running. */
export type HangsAt = 'beforeStoring' | 'running';

export type ChildMessage =
	| { staticData: { workflowId: string; data: IDataObject } }
	| { stored: StoredExecution }
	| { hangsAt: HangsAt }
	| { active: true };

const send = (message: ChildMessage): void => {
	process.send?.(message);
};

class ReportingDatabase extends Database {
	override writeStaticData(workflowId: string, data: IDataObject): void {
		super.writeStaticData(workflowId, data);
		send({ staticData: { workflowId, data } });
	}

	override store(execution: StoredExecution): boolean {
		send({ stored: execution });
		return super.store(execution);
	}
}

async function main(baseUrl: string, hangsAt: HangsAt): Promise<void> {
	const engine = await Engine.start();
	const hang = async (): Promise<never> => {
		send({ hangsAt });
		return await new Promise<never>(() => undefined);
	};
	const server = engine.server({ database: new ReportingDatabase(), [hangsAt]: hang });
	const credential = engine.addCredential({
		type: 'dingTalkCalendarApi',
		data: { region: 'custom', baseUrl, clientId: 'sim-internal', clientSecret: 'sim-secret' },
	});
	await server.activate(streamWorkflow({ fetchDetails: false }), { credentials: [credential] });
	send({ active: true });
}

const [, , url, where] = process.argv;
void main(url, where as HangsAt);

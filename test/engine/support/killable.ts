/**
 * An n8n in a process of its own, for being killed: activates a Stream workflow, tells its parent all that it stores, and
 * hangs where it is told to.
 */
import type { IDataObject } from 'n8n-workflow';

import { Database, Engine, type StoredExecution } from '../harness';
import { streamWorkflow } from './triggers';

/** Before n8n stores the execution, or before the trigger could know that it has. */
export type HangsAt = 'beforeStoring' | 'running';

export type Told =
	| { staticData: { workflowId: string; data: IDataObject } }
	| { stored: StoredExecution }
	| { hangsAt: HangsAt }
	| { active: true };

const tell = (what: Told): void => {
	process.send?.(what);
};

class TellingDatabase extends Database {
	override writeStaticData(workflowId: string, data: IDataObject): void {
		super.writeStaticData(workflowId, data);
		tell({ staticData: { workflowId, data } });
	}

	override store(execution: StoredExecution): boolean {
		tell({ stored: execution });
		return super.store(execution);
	}
}

async function main(baseUrl: string, hangsAt: HangsAt): Promise<void> {
	const engine = await Engine.start();
	const hang = async (): Promise<never> => {
		tell({ hangsAt });
		return await new Promise<never>(() => undefined);
	};
	const server = engine.server({ database: new TellingDatabase(), [hangsAt]: hang });
	const credential = engine.addCredential({
		type: 'dingTalkCalendarApi',
		data: { region: 'custom', baseUrl, clientId: 'sim-internal', clientSecret: 'sim-secret' },
	});
	await server.activate(streamWorkflow({ fetchDetails: false }), { credentials: [credential] });
	tell({ active: true });
}

const [, , url, where] = process.argv;
void main(url, where as HangsAt);

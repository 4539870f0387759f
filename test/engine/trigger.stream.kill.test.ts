/** Kills an n8n process while it handles a change, and checks that the change is neither lost nor handled twice. */
import { fork } from 'node:child_process';
import { join } from 'node:path';

import { Database } from './harness';
import type { HangsAt, ChildMessage } from './support/killable';
import { useDesk } from './support/setup';
import { activate, allAccepted, outcomes, streamWorkflow, until } from './support/triggers';
import { sample } from '../long/amount';

/** Starts an n8n, pushes one change and kills the process at the given point. Returns what its database contains then. */
async function killAt(hangsAt: HangsAt, url: string, push: () => Promise<void>): Promise<Database> {
	const database = new Database();
	const child = fork(join(__dirname, 'support', 'killable.ts'), [url, hangsAt], { execArgv: ['--import', 'tsx'] });
	const messages: ChildMessage[] = [];
	child.on('message', (message) => messages.push(message as ChildMessage));
	const exited = new Promise((resolve) => child.once('exit', resolve));
	try {
		await until(() => messages.some((one) => 'active' in one) || child.exitCode !== null);
		await push();
		await until(() => messages.some((one) => 'hangsAt' in one) || child.exitCode !== null);
		expect(child.exitCode).toBeNull();
	} finally {
		child.kill('SIGKILL');
		await exited;
	}
	for (const one of messages) {
		if ('staticData' in one) database.writeStaticData(one.staticData.workflowId, one.staticData.data);
		if ('stored' in one) database.store(one.stored);
	}
	return database;
}

describe('An n8n that is killed while it handles a change', () => {
	const getDesk = useDesk();

	const POINTS: Array<[HangsAt, number, number]> = [
		// Pushed again because it was not acknowledged; n8n's own deduplication recognizes it.
		['running', 1, 1],
		['beforeStoring', 0, 0],
	];

	it.each(sample(POINTS, { every: 2 }))(
		'starts the workflow once in total (killed at: %s)',
		async (hangsAt, storedBefore, refused) => {
			const desk = getDesk();
			await desk.control('switches', { streamWithoutConnection: 'kept', acceptedPushes: 'done' });
			const database = await killAt(
				hangsAt,
				desk.simulator.url,
				async () => await desk.control('push', { clientId: 'sim-internal', via: 'stream' }),
			);
			expect(database.executions).toHaveLength(storedBefore);
			const server = desk.engine.server({ database });
			await activate(desk, server, streamWorkflow({ fetchDetails: false }));
			await until(() => allAccepted(desk));
			expect(outcomes(desk)).toEqual([['connection closed', 'accepted']]);
			expect({ executions: database.executions.length, refused: database.refused }).toEqual({ executions: 1, refused });
			await server.stop();
		},
	);
});

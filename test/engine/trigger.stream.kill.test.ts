import { fork } from 'node:child_process';
import { join } from 'node:path';

import { Database } from './harness';
import type { HangsAt, Told } from './support/killable';
import { useDesk } from './support/setup';
import { activate, allAccepted, outcomes, streamWorkflow, until } from './support/triggers';
import { sample } from '../long/amount';

/** Starts an n8n, pushes one change, kills it at the given moment; the answer is what its database holds then. */
async function killedAt(hangsAt: HangsAt, url: string, push: () => Promise<void>): Promise<Database> {
	const database = new Database();
	const child = fork(join(__dirname, 'support', 'killable.ts'), [url, hangsAt], { execArgv: ['--import', 'tsx'] });
	const told: Told[] = [];
	child.on('message', (message) => told.push(message as Told));
	const gone = new Promise((resolve) => child.once('exit', resolve));
	try {
		await until(() => told.some((one) => 'active' in one) || child.exitCode !== null);
		await push();
		await until(() => told.some((one) => 'hangsAt' in one) || child.exitCode !== null);
		expect(child.exitCode).toBeNull();
	} finally {
		child.kill('SIGKILL');
		await gone;
	}
	for (const one of told) {
		if ('staticData' in one) database.writeStaticData(one.staticData.workflowId, one.staticData.data);
		if ('stored' in one) database.store(one.stored);
	}
	return database;
}

describe('An n8n that is killed while it takes a change', () => {
	const getDesk = useDesk();

	const MOMENTS: Array<[HangsAt, number, number]> = [
		// It is pushed again because there was no answer; n8n's index of keys knows it.
		['running', 1, 1],
		['beforeStoring', 0, 0],
	];

	it.each(sample(MOMENTS, { every: 2 }))(
		'loses nothing and runs nothing twice: %s',
		async (hangsAt, storedBefore, refused) => {
			const desk = getDesk();
			await desk.control('switches', { streamWithoutConnection: 'kept', acceptedPushes: 'done' });
			const database = await killedAt(
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

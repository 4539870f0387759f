/** What engine tests of the nodes stand on: a DingTalk, n8n's engine, and a credential that connects the two. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IDataObject, IRun } from 'n8n-workflow';

import { startSimulator, type Simulator } from '../../simulator';
import type { Person } from '../../simulator/company';
import { Engine, forgetPackage, itemsOf, outputOf, TESTED_NODE, RequestRecorder } from '../harness';
import type { CredentialReference, NodeRun, RunOptions, WorkflowJson } from '../harness';
import { SkippedWaits } from './skippedWaits';

const WORKFLOWS = join(__dirname, '..', 'workflows');
const TRIGGER = 'n8n-nodes-base.manualTrigger';

/** A Monday. Everything a test dates is near it, whenever the test runs. */
export const NOW = '2026-03-02T00:00:00Z';

export interface Result {
	run: IRun;
	/** JSON of the items on the node's first output. */
	items: IDataObject[];
	/** The input item that each of them answers. */
	pairs: unknown[];
}

/** An exported workflow from the folder `workflows`, by its file name without `.json`. */
export const readWorkflow = (name: string): WorkflowJson =>
	JSON.parse(readFileSync(join(WORKFLOWS, `${name}.json`), 'utf8')) as WorkflowJson;

export class Desk {
	private constructor(
		readonly engine: Engine,
		readonly simulator: Simulator,
		readonly recorder: RequestRecorder,
		readonly credential: CredentialReference,
	) {}

	/** A DingTalk of its own for every test: nothing of one is left for the next, including tokens and rate limits. */
	static async open(engine: Engine): Promise<Desk> {
		const simulator = await startSimulator();
		simulator.world.clock.set(Date.parse(NOW));
		const credential = engine.addCredential({
			type: 'dingTalkCalendarApi',
			data: { region: 'custom', baseUrl: simulator.url, clientId: 'sim-internal', clientSecret: 'sim-secret' },
		});
		return new Desk(engine, simulator, new RequestRecorder(simulator), credential);
	}

	async close(): Promise<void> {
		await this.simulator.close();
	}

	/** People of the seeded company, in its order. */
	get people(): Person[] {
		return this.simulator.world.company.people;
	}

	/** Runs an exported workflow with these items in place of its trigger's; the result is that of the named node. */
	async runWorkflow(
		name: string,
		items: IDataObject[] = [{}],
		{ node = TESTED_NODE, ...options }: RunOptions & { node?: string } = {},
	): Promise<Result> {
		const json = readWorkflow(name);
		const trigger = json.nodes.find(({ type }) => type === TRIGGER);
		if (!trigger) throw new Error(`${name} has no manual trigger`);
		const run = await this.engine.runWorkflow(json, {
			credentials: [this.credential],
			startNode: trigger.name,
			pinData: { [trigger.name]: items.map((one) => ({ json: one })) },
			...options,
		});
		return resultOf(run, node);
	}

	/** Runs the node alone. */
	async runNode(run: NodeRun): Promise<Result> {
		return resultOf(
			await this.engine.runNode({ credential: this.credential, timezone: 'Asia/Shanghai', ...run }),
			TESTED_NODE,
		);
	}

	/** Another process of the same n8n. The credential has its ID there too: a stored execution names it by that. */
	async anotherProcess(): Promise<{ engine: Engine; credential: CredentialReference }> {
		forgetPackage();
		const engine = await Engine.start();
		const { type, id } = this.credential;
		const data = this.engine.credentials.peek(this.credential);
		let credential = engine.addCredential({ type, data });
		while (credential.id !== id) credential = engine.addCredential({ type, data });
		return { engine, credential };
	}

	/** Drives the simulator over its control plane, for example `control('switches', { eventIds: 'awkward' })`. */
	async control(what: string, body: unknown): Promise<void> {
		const answer = await fetch(`${this.simulator.url}/_simulator/${what}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(body),
		});
		if (!answer.ok) throw new Error(await answer.text());
	}
}

const resultOf = (run: IRun, node: string): Result => ({
	run,
	items: outputOf(run, node),
	pairs: itemsOf(run, node).map(({ pairedItem }) => pairedItem),
});

/** Makes `NOW` the date of each test, while the clock keeps running: what the editor lists depends on today. */
export function useNowAsToday(): void {
	beforeEach(() => {
		const { now } = Date;
		const shift = Date.parse(NOW) - now();
		jest.spyOn(Date, 'now').mockImplementation(() => now() + shift);
	});
	afterEach(() => jest.restoreAllMocks());
}

/**
 * Gives every test of a file a desk; the engine, which is slow to start, is shared by all of them. With waits skipped, a test
 * that makes more calls than DingTalk allows in a second takes no longer than others.
 */
export function useDesk({
	waits = 'real',
	packages,
}: { waits?: 'real' | 'skipped'; packages?: string[] } = {}): () => Desk {
	let engine: Engine;
	let desk: Desk;
	let skipped: SkippedWaits | undefined;
	beforeAll(async () => {
		if (waits === 'skipped') skipped = new SkippedWaits();
		engine = await Engine.start({ packages });
	});
	beforeEach(async () => {
		desk = await Desk.open(engine);
	});
	afterEach(async () => await desk.close());
	afterAll(async () => {
		await engine.stop();
		skipped?.end();
	});
	return () => desk;
}

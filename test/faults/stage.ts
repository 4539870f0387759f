/** One run of one operation against a DingTalk of its own. */
import type { INodeParameters } from 'n8n-workflow';

import type { Engine } from '../engine/harness';
import { errorOf, storedTextOf } from '../engine/harness';
import { Desk } from '../engine/support/setup';
import { stateOf } from '../engine/support/state';
import { CallLog } from '../simulator/gateway/callLog';
import { Faults, type FaultRule } from '../simulator/gateway/faults';
import { Limits } from '../simulator/limits';
import { takesBack, type Case } from './cases';
import { likeness, type Seen } from './likeness';
import { listen, type Listener } from './line';

export interface Looked {
	output: unknown;
	state: unknown;
	/** The output, in which it does not matter whether a person has a name or an ID. */
	nameless: string;
}

export interface Ended {
	output: unknown;
	error?: { message: string; description: string };
	/** All that n8n would keep of the run. */
	stored: string;
}

/** Every text that stands in the company, the same for everyone: none of it was drawn for this run. */
function textsIn(value: unknown, into = new Set<string>()): Set<string> {
	if (typeof value === 'string') into.add(value);
	else if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) textsIn(part, into);
	return into;
}

let count = 0;

const NOT_ANSWERED = /^(drop|hang)/;

export class Stage {
	private readonly known: Set<string>;
	private lifted = 0;

	private constructor(
		readonly desk: Desk,
		private readonly given: Case,
		private readonly parameters: INodeParameters,
	) {
		this.known = textsIn(desk.simulator.world.company);
	}

	static async set(engine: Engine, given: Case): Promise<Stage> {
		const desk = await Desk.open(engine);
		// The node remembers things of an app for as long as the process lives, and ports come back: each stage has an app of its own.
		const { apps } = desk.simulator.world.company;
		const app = { ...apps[0], clientId: `app-${++count}` };
		apps.push(app);
		desk.engine.credentials.patch(desk.credential, { clientId: app.clientId });
		// What a second allows is not what this is about, and waits are shorter here than it takes into account.
		desk.simulator.world.use(Limits).change({ qps: null, qpm: null });
		return new Stage(desk, given, given.parameters(desk));
	}

	async close(): Promise<void> {
		await this.desk.close();
	}

	private get faults(): Faults {
		return this.desk.simulator.world.use(Faults);
	}

	arm(rule: FaultRule): void {
		this.faults.add([rule]);
	}

	/** Calls that were harmed so far. */
	get hits(): number {
		return this.lifted + this.faults.list().reduce((sum, { hits }) => sum + hits, 0);
	}

	/** Lets go on what is held up. */
	lift(): void {
		this.lifted = this.hits;
		this.faults.clear();
	}

	/** `tries`: how often n8n runs the node at most. */
	async run(tries: number, onCall: Listener['out'], onAnswer?: Listener['back']): Promise<Ended> {
		const ignore = listen(this.desk.simulator.url, {
			out: onCall,
			back: async (...about) => await onAnswer?.(...about),
		});
		const { run, items } = await this.desk
			.runNode({ parameters: this.parameters, retryOnFail: tries > 1, maxTries: tries, waitBetweenTries: 1 })
			.finally(ignore);
		const error = errorOf(run);
		return {
			output: items,
			error: error && { message: error.message, description: error.description ?? '' },
			stored: storedTextOf(run),
		};
	}

	/** Waits until DingTalk is through with everything that it was asked. */
	async settle(): Promise<void> {
		const log = this.desk.simulator.world.use(CallLog);
		const atWork = () =>
			log.summary().calls.some(({ status, fault = '' }) => status === null && !NOT_ANSWERED.test(fault));
		while (atWork()) await new Promise((resolve) => setImmediate(resolve));
	}

	async state(): Promise<unknown> {
		return (await this.outputAndState(undefined)).state;
	}

	async outputAndState(output: unknown): Promise<Looked> {
		const { events: all, acls, subscribedCalendars, checkIns, roomBookings } = await stateOf(this.desk);
		const events = takesBack(this.given) ? all.filter(({ status }) => status !== 'cancelled') : all;
		const seen: Seen = { events, acls, subscribedCalendars, checkIns, roomBookings };
		return {
			output: likeness(output, seen, this.known),
			state: likeness(seen, seen, this.known),
			nameless: this.nameless(JSON.stringify(likeness(output, seen, this.known) ?? null)),
		};
	}

	private nameless(text: string): string {
		return this.desk.people.reduce(
			(rest, { name, unionId }) =>
				rest.replaceAll(`${name} <${unionId}>`, 'person').replaceAll(name, 'person').replaceAll(unionId, 'person'),
			text.replace(/"name":null/g, '"name":"person"'),
		);
	}
}

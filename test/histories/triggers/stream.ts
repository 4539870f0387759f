/** Random histories of the Stream trigger: changes are pushed while lines break, processes end and credentials change. */
import * as fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import { Api } from './api';
import { ArrivalOrder } from './arrivalOrder';
import { Organization, type PushedChange } from './company';
import { Editing, editArbitrary, type Edit } from './edits';
import { AppGateway, connectGateways, webSocketOf } from './gateway';
import { createContext, Database, type WorkflowSetup } from './n8n';
import { PackageProcess, type PackageCode } from './process';
import { PushModel, type ListeningWorkflow } from './pushModel';
import { Time } from './time';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const TRIGGER = 'nodes/DingTalkCalendarTrigger/DingTalkCalendarTrigger.node';
/** n8n activates a workflow again after it was deactivated by an error. */
const RETRY_ACTIVATION_MS = 30 * SECOND;
/** How long it takes at most until a corrected credential is noticed. */
const REREAD_MS = MINUTE + SECOND;
const KINDS = ['created', 'updated', 'cancelled', 'left'];

export type StreamStep =
	| { do: 'edit'; edit: Edit; seconds: number }
	| { do: 'pass'; seconds: number }
	| { do: 'disconnect' }
	| { do: 'drop' }
	| { do: 'cut' }
	| { do: 'nonsense'; which: number }
	| { do: 'refuseTickets'; how: number; seconds: number }
	| { do: 'closeAtOnce'; seconds: number }
	| { do: 'restart' }
	| { do: 'kill' }
	| { do: 'killAtNext'; isStored: boolean }
	| { do: 'saveWorkflow'; which: number; milliseconds: number }
	| { do: 'rotateSecret'; seconds: number }
	| { do: 'revokeToken' }
	| { do: 'jumpClock'; minutes: number }
	| { do: 'intrude' };

export interface StreamHistory {
	people: number;
	isThirdParty: boolean;
	/** Of the second workflow; the first one wants everything. */
	kinds: string[];
	watched: number[];
	fetchDetails: boolean;
	rememberValues: boolean;
	repeats: boolean;
	reorders: boolean;
	/** The longest time that a call takes. */
	latencyMs: number;
	retryAfterMs: number;
	executionMs: number;
	steps: StreamStep[];
}

const seconds = fc.integer({ min: 1, max: 90 });
const only = <Name extends string>(...names: Name[]) => fc.record({ do: fc.constantFrom(...names) });

const happenings: fc.Arbitrary<StreamStep> = fc.oneof(
	only('disconnect', 'drop', 'cut', 'restart', 'kill', 'revokeToken', 'intrude'),
	fc.record({ do: fc.constant('nonsense' as const), which: fc.nat(6) }),
	fc.record({ do: fc.constant('refuseTickets' as const), how: fc.nat(3), seconds }),
	fc.record({ do: fc.constant('closeAtOnce' as const), seconds: fc.integer({ min: 1, max: 600 }) }),
	fc.record({ do: fc.constant('killAtNext' as const), isStored: fc.boolean() }),
	fc.record({
		do: fc.constant('saveWorkflow' as const),
		which: fc.nat(1),
		milliseconds: fc.integer({ min: 0, max: 6000 }),
	}),
	fc.record({ do: fc.constant('rotateSecret' as const), seconds: fc.integer({ min: 0, max: 300 }) }),
	fc.record({ do: fc.constant('jumpClock' as const), minutes: fc.integer({ min: -60, max: 60 }) }),
);

export const streamHistories: fc.Arbitrary<StreamHistory> = fc.record({
	people: fc.integer({ min: 1, max: 4 }),
	isThirdParty: fc.boolean(),
	kinds: fc.subarray(KINDS, { minLength: 1 }),
	watched: fc.uniqueArray(fc.nat(3), { maxLength: 2 }),
	fetchDetails: fc.boolean(),
	rememberValues: fc.boolean(),
	repeats: fc.boolean(),
	reorders: fc.boolean(),
	latencyMs: fc.constantFrom(0, 400, 2000),
	retryAfterMs: fc.constantFrom(SECOND, 10 * SECOND),
	executionMs: fc.constantFrom(0, 2000),
	steps: fc.array(
		fc.oneof(
			{
				weight: 5,
				arbitrary: fc.record({
					do: fc.constant('edit' as const),
					edit: editArbitrary,
					seconds: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 30 })),
				}),
			},
			{ weight: 1, arbitrary: fc.record({ do: fc.constant('pass' as const), seconds }) },
			{ weight: 3, arbitrary: happenings },
		),
		{ maxLength: 20, size: 'max' },
	),
});

interface TriggerNode {
	trigger(this: unknown): Promise<{ closeFunction?: () => Promise<void> }>;
}

interface Deferred {
	resolve(value: unknown): void;
	reject(error: Error): void;
}

const REFUSALS = [
	{ statusCode: 500, headers: {}, body: { code: 'unknownError' } },
	{ statusCode: 503, headers: {}, body: '<html>Bad gateway</html>' },
	{ statusCode: 200, headers: {}, body: '<html>Sign in to the network</html>' },
	{ statusCode: 403, headers: {}, body: { code: 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi', message: '流控' } },
];

class StreamRun {
	private readonly time = new Time();
	private readonly database = new Database();
	private readonly organizations: Organization[];
	private readonly gateways = new Map<string, AppGateway>();
	private readonly api: Api;
	private readonly model: PushModel;
	private readonly setups: WorkflowSetup[];
	private readonly listening: ListeningWorkflow[];
	private readonly stored = new Set<string>();
	private readonly closers = new Map<string, (() => Promise<void>) | undefined>();
	private process!: PackageProcess;
	private processNumber = 0;
	/** Ends when the process is killed: nothing that it was doing will end. */
	private killed = new AbortController();
	private clockOffset = 0;
	private killAtNext?: { isStored: boolean };
	/** Until the owner of the credential has entered the new secret. */
	private staleSecret?: string;
	/** Workflows that n8n could not activate with the credential that it had, and what they missed until it could. */
	private readonly refused = new Map<string, Set<PushedChange>>();
	private readonly missed = new Set<string>();
	private correctedAt = -Infinity;
	private readonly unsettled: Array<{ from: number; to: number }> = [];
	private isRefusing = false;

	constructor(
		private readonly code: PackageCode,
		private readonly history: StreamHistory,
	) {
		const { people, isThirdParty, repeats, reorders, retryAfterMs } = history;
		this.organizations = ['corpA', 'corpB'].map(
			(corpId) => new Organization(corpId, isThirdParty ? 'app-shared' : `app-${corpId}`, people, this.time),
		);
		this.api = new Api(this.organizations);
		this.api.latency = { mostMs: this.history.latencyMs, time: this.time };
		for (const organization of this.organizations) {
			const gateway =
				this.gateways.get(organization.clientId) ??
				new AppGateway(organization, { repeats, reorders, retryAfterMs }, this.time);
			this.gateways.set(organization.clientId, gateway);
			gateway.onArrival = (change) => this.model.order.arrived(change);
			gateway.onAnswer = (change) => this.model.order.answered(change);
			organization.onChange = (change) => {
				this.model.onPush(change);
				gateway.push(change);
			};
		}
		connectGateways(this.api, this.gateways);
		const second = this.organizations[isThirdParty ? 1 : 0];
		const watched = history.watched.flatMap((i) => second.people.slice(i, i + 1));
		this.listening = [
			this.workflow('first', this.organizations[0], KINDS, []),
			this.workflow('second', second, history.kinds, watched),
		];
		this.model = new PushModel(this.listening, this.time);
		this.setups = this.listening.map((workflow) => this.setup(workflow));
	}

	async run(): Promise<void> {
		this.startProcess();
		for (const { id } of this.listening) await this.time.finish(this.activate(id, 'activate'));
		const editing = new Editing(this.organizations, this.time);
		for (const step of this.history.steps) {
			await this.take(step, editing);
			this.model.throwProblem();
		}
		await this.recover();
		this.model.checkComplete(
			(workflowId, change) =>
				[this.stored, this.missed].some((one) => one.has(nameOf(workflowId, change))) ||
				this.unsettled.some(({ from, to }) => change.at >= from && change.at <= to),
		);
		this.checkTickets();
	}

	private async take(step: StreamStep, editing: Editing): Promise<void> {
		const gateways = [...this.gateways.values()];
		switch (step.do) {
			case 'edit':
				await this.time.pass(step.seconds * SECOND);
				return editing.apply(step.edit);
			case 'pass':
				return await this.time.pass(step.seconds * SECOND);
			case 'disconnect':
				return gateways.forEach((gateway) => gateway.disconnectAll());
			case 'drop':
				return gateways.forEach((gateway) => gateway.dropAll());
			case 'cut':
				return gateways.forEach((gateway) => gateway.cutAll());
			case 'nonsense':
				return gateways.forEach((gateway) => gateway.sendNonsense(step.which));
			case 'refuseTickets':
				return await this.refuseTickets(step.how, step.seconds);
			case 'closeAtOnce':
				return await this.closeAtOnce(step.seconds);
			case 'restart':
				return await this.restart();
			case 'kill':
				// What happens next may fall into the time until the next process is there.
				return this.die();
			case 'killAtNext':
				this.killAtNext = step;
				return;
			case 'saveWorkflow':
				return await this.saveWorkflow(this.listening[step.which].id, step.milliseconds);
			case 'rotateSecret':
				return await this.rotateSecret(step.seconds);
			case 'revokeToken':
				this.organizations.forEach((organization) => organization.tokenGeneration++);
				return;
			case 'jumpClock':
				this.clockOffset += step.minutes * MINUTE;
				this.process.clockOffset = this.clockOffset;
				return;
			case 'intrude':
				return await this.intrude();
		}
	}

	private workflow(id: string, { corpId }: Organization, kinds: string[], people: string[]): ListeningWorkflow {
		return { id, corpId, kinds: new Set(kinds), people: new Set(people), since: this.time.now };
	}

	private setup({ id, corpId, kinds, people }: ListeningWorkflow, secret?: string): WorkflowSetup {
		const organization = this.organizations.find((one) => one.corpId === corpId) ?? this.organizations[0];
		return {
			id,
			type: 'dingTalkCalendarTrigger',
			parameters: {
				triggerOn: [...kinds],
				people: [...people].join(', '),
				fetchDetails: this.history.fetchDetails,
				rememberValues: this.history.rememberValues,
				output: 'simplified',
			},
			credentials: {
				dingTalkCalendarApi: () => ({
					region: 'international',
					appType: this.history.isThirdParty ? 'thirdParty' : 'internal',
					clientId: organization.clientId,
					clientSecret: secret ?? this.staleSecret ?? organization.secret,
					corpId: this.history.isThirdParty ? corpId : '',
				}),
			},
		};
	}

	private startProcess(): void {
		this.processNumber++;
		this.model.order = new ArrivalOrder();
		let draws = 0;
		this.process = new PackageProcess(this.code, this.time, {
			WebSocket: webSocketOf(this.processNumber, this.gateways, this.time, (number) => number === this.processNumber),
			random: () => (draws++ % 10) / 10,
		});
		this.process.clockOffset = this.clockOffset;
	}

	private async activate(id: string, mode: string, setup = this.setups.find((one) => one.id === id)): Promise<void> {
		if (!setup) return;
		const process = this.process;
		const data = this.database.read(id);
		const context = createContext(process, this.api, setup, () => data);
		context.getActivationMode = () => mode;
		context.emit = (output: Array<Array<{ json: IDataObject }>>, _: unknown, done?: Deferred, key?: string) => {
			if (this.process === process) this.emit(id, data, output[0][0].json, done, key);
		};
		context.emitError = () => {
			if (this.process === process) this.deactivateAndRetry(id);
		};
		context.saveFailedExecution = () => undefined;
		const { DingTalkCalendarTrigger } = process.load<Record<string, new () => TriggerNode>>(TRIGGER);
		try {
			const response = await new DingTalkCalendarTrigger().trigger.call(context);
			if (this.process !== process) return;
			this.closers.set(id, response.closeFunction);
			this.database.save(id, data);
			this.endRefusal(id);
		} catch (error) {
			if (mode === 'activate' && setup.id === 'intruder') throw error;
			if (this.process !== process) return;
			if (this.staleSecret !== undefined && !this.refused.has(id)) this.refused.set(id, this.accepted());
			this.retry(id);
		}
	}

	/** A workflow that is not active hears nothing; DingTalk is asked to keep changes only for those that are. */
	private endRefusal(id: string): void {
		const accepted = this.refused.get(id);
		if (!accepted) return;
		this.refused.delete(id);
		for (const change of this.changes()) if (!accepted.has(change)) this.missed.add(nameOf(id, change));
	}

	private changes(): PushedChange[] {
		return this.organizations.flatMap(({ changes }) => changes);
	}

	private accepted(): Set<PushedChange> {
		const gateways = [...this.gateways.values()];
		return new Set(this.changes().filter((change) => gateways.some((gateway) => gateway.isAccepted(change))));
	}

	/** n8n saves the static data, and then stores the execution; both are in the database at once here. */
	private emit(id: string, data: IDataObject, item: IDataObject, done?: Deferred, key?: string): void {
		this.model.onHandOver(id, item, key);
		const change = this.model.find(item);
		if (change) this.model.onPassedOn(id, change);
		const accident = this.killAtNext;
		this.killAtNext = undefined;
		if (accident?.isStored !== false) {
			this.database.save(id, data);
			const isStored = this.database.store({ workflowId: id, item, key });
			if (isStored && change) this.stored.add(nameOf(id, change));
		}
		if (accident) return this.die();
		this.time.at(this.history.executionMs, () => done?.resolve({}));
	}

	private deactivateAndRetry(id: string): void {
		const close = this.closers.get(id);
		this.closers.delete(id);
		void close?.();
		this.retry(id);
	}

	private retry(id: string): void {
		const process = this.process;
		this.time.at(RETRY_ACTIVATION_MS, () => {
			if (this.process === process && !this.closers.has(id)) void this.activate(id, 'init');
		});
	}

	private die(): void {
		this.model.kills++;
		this.model.mayForget = true;
		this.process.kill();
		this.killed.abort();
		this.killed = new AbortController();
		for (const gateway of this.gateways.values()) gateway.endProcess(this.processNumber);
		this.closers.clear();
		this.startProcess();
		this.time.at(2 * SECOND, () => void this.activateAll());
	}

	private async activateAll(): Promise<void> {
		const process = this.process;
		for (const { id } of this.listening) if (this.process === process) await this.activate(id, 'init');
	}

	private async restart(): Promise<void> {
		const ending = this.process;
		for (const [id, close] of [...this.closers]) {
			this.closers.delete(id);
			if (close) await this.finishUnlessKilled(close());
			// It was killed while it was closing, and the next process is on its way.
			if (this.process !== ending) return;
		}
		this.model.kills++;
		this.process.kill();
		for (const gateway of this.gateways.values()) gateway.endProcess(this.processNumber);
		this.startProcess();
		await this.time.pass(5 * SECOND);
		await this.time.finish(this.activateAll());
	}

	private async saveWorkflow(id: string, milliseconds: number): Promise<void> {
		const close = this.closers.get(id);
		// While it is down for another reason, n8n has nothing to replace.
		if (!close || this.isRefusing || this.staleSecret !== undefined) return;
		this.closers.delete(id);
		const saving = this.process;
		await this.finishUnlessKilled(close());
		await this.time.pass(milliseconds);
		// Otherwise the process ended meanwhile, and the next one activates the workflow.
		if (this.process !== saving) return;
		await this.time.finish(this.activate(id, 'update'));
	}

	private async finishUnlessKilled(work: Promise<void>): Promise<void> {
		const { signal } = this.killed;
		const isKilled = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
		await this.time.finish(Promise.race([work, isKilled]));
	}

	private async refuseTickets(how: number, length: number): Promise<void> {
		this.isRefusing = true;
		for (const gateway of this.gateways.values()) gateway.refusal = REFUSALS[how];
		await this.time.pass(length * SECOND);
		for (const gateway of this.gateways.values()) gateway.refusal = undefined;
		this.isRefusing = false;
	}

	private async closeAtOnce(length: number): Promise<void> {
		for (const gateway of this.gateways.values()) {
			gateway.closesAtOnce = true;
			gateway.dropAll();
		}
		await this.time.pass(length * SECOND);
		for (const gateway of this.gateways.values()) gateway.closesAtOnce = false;
	}

	/**
	 * The credential in n8n is corrected some time later. If it was corrected just before too, it may be read for the first
	 * time when it is wrong again: then changes are not for its workflow until it is read once more.
	 */
	private async rotateSecret(length: number): Promise<void> {
		const from = this.time.now;
		const isUnsettled = from < this.correctedAt + REREAD_MS;
		this.staleSecret ??= this.organizations[0].secret;
		for (const organization of this.organizations) organization.secret += '+';
		await this.time.pass(length * SECOND);
		this.staleSecret = undefined;
		this.correctedAt = this.time.now;
		if (isUnsettled) this.unsettled.push({ from, to: this.correctedAt + REREAD_MS });
	}

	/** Another user of this n8n knows the Client ID, and makes up a secret. */
	private async intrude(): Promise<void> {
		const [first] = this.listening;
		const setup = this.setup({ ...first, id: 'intruder' }, 'made-up');
		if (this.isRefusing) return;
		await this.time
			.finish(this.activate('intruder', 'activate', setup))
			.then(() => Promise.reject(new Error('A workflow with a wrong secret was activated')))
			.catch((error: Error) => {
				if (error.message.startsWith('A workflow with')) throw error;
			});
	}

	/** Everything works again, for long enough. */
	private async recover(): Promise<void> {
		this.killAtNext = undefined;
		const end = this.time.now + 40 * MINUTE;
		// Not at once when all is reported: what comes twice comes some minutes later.
		do await this.time.pass(8 * MINUTE);
		while (this.time.now < end && !this.isComplete());
	}

	private isComplete(): boolean {
		return [...this.gateways.values()].every(({ isEmpty }) => isEmpty);
	}

	/** DingTalk must not be asked for tickets without end, whatever happens. */
	private checkTickets(): void {
		const disturbances = this.history.steps.filter((step) => !['edit', 'pass'].includes(step.do)).length;
		const most = 12 + 4 * disturbances;
		for (const { ticketTimes } of this.gateways.values()) {
			for (const [i, at] of ticketTimes.entries()) {
				const count = ticketTimes.slice(i).filter((other) => other < at + 10 * MINUTE).length;
				if (count > most) throw new Error(`${count} tickets were requested within ten minutes`);
			}
		}
	}
}

const nameOf = (workflowId: string, { corpId, number }: PushedChange): string => `${workflowId} ${corpId} ${number}`;

export async function runStreamHistory(code: PackageCode, history: StreamHistory): Promise<void> {
	await new StreamRun(code, history).run();
}

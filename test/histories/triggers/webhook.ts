/** Random histories of the webhook trigger: DingTalk calls n8n, one process or two, which are slow, restarted and killed. */
import * as fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import { Api } from './api';
import { ArrivalOrder } from './arrivalOrder';
import { Organization, type PushedChange } from './company';
import { Editing, editArbitrary, type Edit } from './edits';
import { HttpPusher, type PushRequest, type PushResponse } from './httpPusher';
import { createContext, Database, type WorkflowSetup } from './n8n';
import { PackageProcess, type PackageCode } from './process';
import { PushModel, type ListeningWorkflow } from './pushModel';
import { Time } from './time';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const TRIGGER = 'nodes/DingTalkCalendarWebhookTrigger/DingTalkCalendarWebhookTrigger.node';
const KINDS = ['created', 'updated', 'cancelled', 'left'];
const KEYS = { token: 'aToken123', aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG', ownerKey: 'app-corpA' };

type Accident = 'killedBeforeStoring' | 'killedAfterStoring' | 'databaseFails';

export type WebhookStep =
	| { do: 'edit'; edit: Edit; seconds: number }
	| { do: 'pass'; seconds: number }
	| { do: 'forge'; which: number }
	| { do: 'replay'; which: number }
	| { do: 'down'; seconds: number }
	| { do: 'accident'; accident: Accident }
	| { do: 'slowDatabase'; milliseconds: number }
	| { do: 'restart' }
	| { do: 'rotateSecret' }
	| { do: 'revokeToken' }
	| { do: 'leave'; who: number }
	| { do: 'comeBack'; who: number };

export interface WebhookHistory {
	people: number;
	kinds: string[];
	watched: number[];
	fetchDetails: boolean;
	rememberValues: boolean;
	recovers: boolean;
	inCapitals: boolean;
	repeats: boolean;
	/** The longest time that a call takes. */
	latencyMs: number;
	/** Processes that receive pushes in turn; executions run in another one if there are two. */
	processes: number;
	steps: WebhookStep[];
}

const seconds = fc.integer({ min: 1, max: 90 });

const happenings: fc.Arbitrary<WebhookStep> = fc.oneof(
	fc.record({ do: fc.constantFrom('restart' as const, 'rotateSecret' as const, 'revokeToken' as const) }),
	fc.record({ do: fc.constantFrom('forge' as const, 'replay' as const), which: fc.nat(5) }),
	fc.record({ do: fc.constant('down' as const), seconds }),
	fc.record({
		do: fc.constant('accident' as const),
		accident: fc.constantFrom<Accident>('killedBeforeStoring', 'killedAfterStoring', 'databaseFails'),
	}),
	fc.record({ do: fc.constant('slowDatabase' as const), milliseconds: fc.integer({ min: 0, max: 4000 }) }),
	fc.record({ do: fc.constantFrom('leave' as const, 'comeBack' as const), who: fc.nat(3) }),
);

export const webhookHistories: fc.Arbitrary<WebhookHistory> = fc.record({
	people: fc.integer({ min: 1, max: 4 }),
	kinds: fc.oneof(fc.constant(KINDS), fc.subarray(KINDS, { minLength: 1 })),
	watched: fc.uniqueArray(fc.nat(3), { maxLength: 2 }),
	fetchDetails: fc.boolean(),
	rememberValues: fc.boolean(),
	recovers: fc.boolean(),
	inCapitals: fc.boolean(),
	repeats: fc.boolean(),
	latencyMs: fc.constantFrom(0, 400, 2000),
	processes: fc.integer({ min: 1, max: 2 }),
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

type Items = Array<Array<{ json: IDataObject }>>;

interface TriggerNode {
	trigger(this: unknown): Promise<{ closeFunction?: () => Promise<void> }>;
	webhook(this: unknown): Promise<{ noWebhookResponse?: boolean; webhookResponse?: unknown; workflowData?: Items }>;
	execute(this: unknown): Promise<Items>;
}

interface Deferred {
	resolve(value: unknown): void;
}

/** What nodes use of Express' response. */
class Response {
	statusCode = 200;
	headersSent = false;
	body: unknown;
	private listeners: Array<() => void> = [];

	status(code: number): this {
		this.statusCode = code;
		return this;
	}

	json(body: unknown): this {
		this.body = body;
		this.headersSent = true;
		for (const listener of this.listeners.splice(0)) listener();
		return this;
	}

	hasHeader(): boolean {
		return this.headersSent;
	}

	once(_event: string, listener: () => void): this {
		this.listeners.push(listener);
		return this;
	}
}

class WebhookRun {
	private readonly time = new Time();
	private readonly database = new Database();
	private readonly organization: Organization;
	private readonly api: Api;
	private readonly pusher: HttpPusher;
	private readonly model: PushModel;
	private readonly listening: ListeningWorkflow;
	private readonly setup: WorkflowSetup;
	private readonly reported = new Set<string>();
	private processes: PackageProcess[] = [];
	/** Runs the executions; the main process has the schedule. */
	private worker!: PackageProcess;
	private accident?: Accident;
	private storingMs = 0;
	private requests = 0;
	private orders = new Map<PackageProcess, ArrivalOrder>();
	private isDown = false;
	private runs: Array<() => void> = [];

	constructor(
		private readonly code: PackageCode,
		private readonly history: WebhookHistory,
	) {
		const { people, inCapitals, repeats } = history;
		this.organization = new Organization('corpA', 'app-corpA', people, this.time);
		this.api = new Api([this.organization]);
		const watched = history.watched.flatMap((i) => this.organization.people.slice(i, i + 1));
		this.listening = {
			id: 'w',
			corpId: 'corpA',
			kinds: new Set(history.kinds),
			people: new Set(watched),
			since: 0,
		};
		this.model = new PushModel([this.listening], this.time);
		// n8n saves what each process knows as a whole, so the last of two that take their time undoes the other's.
		this.model.mayRepeat = this.history.processes > 1 && this.history.latencyMs > 0;
		const receive = async (request: PushRequest, attempt: number) => await this.receive(request, attempt);
		this.pusher = new HttpPusher(KEYS, { inCapitals, repeats }, receive, this.time);
		this.api.latency = { mostMs: this.history.latencyMs, time: this.time };
		this.api.listFailed = (_, from, to) => this.pusher.listFailed(from, to);
		this.organization.onChange = (change) => {
			this.model.onPush(change);
			this.pusher.push(change);
		};
		this.setup = {
			id: 'w',
			type: 'dingTalkCalendarWebhookTrigger',
			parameters: {
				triggerOn: history.kinds,
				people: watched.join(', '),
				fetchDetails: history.fetchDetails,
				rememberValues: history.rememberValues,
				output: 'simplified',
				options: history.recovers ? { recoverMissed: 'hourly' } : {},
			},
			credentials: {
				dingTalkCalendarCallbackApi: () => ({
					token: KEYS.token,
					aesSecretKey: KEYS.aesKey,
					ownerKey: 'clientId',
					clientId: 'app-corpA',
					corpId: '',
				}),
				dingTalkCalendarApi: () => ({
					region: 'international',
					appType: 'internal',
					clientId: 'app-corpA',
					clientSecret: this.organization.secret,
				}),
			},
		};
	}

	async run(): Promise<void> {
		await this.time.finish(this.start());
		const editing = new Editing([this.organization], this.time);
		for (const step of this.history.steps) {
			await this.take(step, editing);
			this.model.throwProblem();
		}
		this.accident = undefined;
		this.storingMs = 0;
		this.organization.gone.clear();
		await this.time.pass((this.history.recovers ? 3 * HOUR : 10 * MINUTE) + MINUTE);
		this.model.checkComplete(
			(_, change) => this.reported.has(nameOf(change)) || (!this.history.recovers && this.pusher.hasFailed(change)),
		);
	}

	private async take(step: WebhookStep, editing: Editing): Promise<void> {
		switch (step.do) {
			case 'edit':
				await this.time.pass(step.seconds * SECOND);
				return editing.apply(step.edit);
			case 'pass':
				return await this.time.pass(step.seconds * SECOND);
			case 'forge':
				return this.pusher.forge(step.which);
			case 'replay':
				return this.pusher.replay(step.which);
			case 'down':
				this.stop();
				await this.time.pass(step.seconds * SECOND);
				return await this.time.finish(this.start());
			case 'accident':
				this.accident = step.accident;
				return;
			case 'slowDatabase':
				this.storingMs = step.milliseconds;
				// Two processes that store at the same time do not know of each other's pushes.
				this.model.mayRepeat ||= this.history.processes > 1;
				return;
			case 'restart':
				this.stop();
				return await this.time.finish(this.start());
			case 'rotateSecret':
				this.organization.secret += '+';
				return;
			case 'revokeToken':
				this.organization.tokenGeneration++;
				return;
			case 'leave':
				if (step.who < this.history.people) this.organization.gone.add(this.organization.people[step.who]);
				return;
			case 'comeBack':
				this.organization.gone.delete(this.organization.people[step.who]);
				return;
		}
	}

	private async start(): Promise<void> {
		const create = (): PackageProcess => new PackageProcess(this.code, this.time, { random: () => 0.5 });
		this.processes = Array.from({ length: this.history.processes }, create);
		this.orders = new Map(this.processes.map((process) => [process, new ArrivalOrder()]));
		this.worker = this.history.processes > 1 ? create() : this.processes[0];
		this.isDown = false;
		const [main] = this.processes;
		const data = this.database.read('w');
		const context = createContext(main, this.api, this.setup, () => data);
		const isAlive = (): boolean => !this.isDown && this.processes[0] === main;
		context.getActivationMode = () => 'init';
		(context.helpers as Record<string, unknown>).registerCron = (_: unknown, run: () => void) => {
			const repeat = (): void => {
				this.time.at(HOUR, () => {
					if (!isAlive()) return;
					run();
					repeat();
				});
			};
			repeat();
		};
		context.emit = (output: Items, _: unknown, done?: Deferred) => {
			if (!isAlive()) return;
			this.database.save('w', data);
			const executed = this.enqueue(output);
			void executed.then(() => done?.resolve({}));
		};
		await this.node(main).trigger.call(context);
		if (!isAlive()) return;
		this.database.save('w', data);
		// Executions that were stored before are run now.
		for (const run of this.runs.splice(0)) run();
	}

	/**
	 * Also what a kill does: nothing of the processes is left. n8n saves static data as it was read, so what an execution has
	 * saved may be undone by the push that was answered meanwhile, which only the memory of the process makes good.
	 */
	private stop(): void {
		this.isDown = true;
		this.model.kills++;
		this.model.mayForget = true;
		for (const process of [...this.processes, this.worker]) process.kill();
	}

	private node(process: PackageProcess): TriggerNode {
		const { DingTalkCalendarWebhookTrigger } = process.load<Record<string, new () => TriggerNode>>(TRIGGER);
		return new DingTalkCalendarWebhookTrigger();
	}

	private async receive(request: PushRequest, attempt: number): Promise<PushResponse | undefined> {
		if (this.isDown) return undefined;
		const process = this.processes[(this.requests++ + attempt) % this.processes.length];
		const isAlive = (): boolean => !this.isDown && this.processes.includes(process);
		const order = this.orders.get(process);
		const change = this.pusher.changeOf(request);
		if (change) order?.arrived(change);
		const response = await this.respond(request, process, isAlive, order);
		if (change) order?.answered(change);
		return response;
	}

	private async respond(
		{ query, body }: PushRequest,
		process: PackageProcess,
		isAlive: () => boolean,
		order?: ArrivalOrder,
	): Promise<PushResponse | undefined> {
		const data = this.database.read('w');
		const response = new Response();
		const context = createContext(process, this.api, this.setup, () => data);
		Object.assign(context, {
			getMode: () => 'webhook',
			getRequestObject: () => ({ headers: { 'content-type': 'application/json' } }),
			getResponseObject: () => response,
			getQueryData: () => query,
			getBodyData: () => body,
			getHeaderData: () => ({ 'content-type': 'application/json' }),
		});
		const result = await this.node(process).webhook.call(context);
		if (!isAlive()) return undefined;
		if (result.noWebhookResponse === true) {
			this.database.save('w', data);
			return { status: response.statusCode, body: response.body };
		}
		if (result.workflowData) {
			const change = this.pusher.changeOf({ query, body });
			if (change) this.model.onPassedOn('w', change, order);
			const outcome = await this.storeExecution(result.workflowData, isAlive);
			if (outcome === 'dead') return undefined;
			if (outcome === 'failed') response.status(500).json({ message: 'There was a problem' });
		}
		if (!response.headersSent) {
			this.database.save('w', data);
			response.status(200).json(result.webhookResponse);
		}
		return { status: response.statusCode, body: response.body };
	}

	private async storeExecution(items: Items, isAlive: () => boolean): Promise<'stored' | 'failed' | 'dead'> {
		const { accident } = this;
		this.accident = undefined;
		if (this.storingMs > 0) await new Promise<void>((resolve) => this.time.at(this.storingMs, resolve));
		if (!isAlive()) return 'dead';
		if (accident === 'databaseFails') return 'failed';
		if (accident === 'killedBeforeStoring') {
			this.dieAndStart();
			return 'dead';
		}
		void this.enqueue(items);
		if (accident !== 'killedAfterStoring') return 'stored';
		this.dieAndStart();
		return 'dead';
	}

	private dieAndStart(): void {
		this.stop();
		this.startSoon();
	}

	/** As n8n does, again if the trigger cannot be activated: the secret may be rotated while it asks for a token. */
	private startSoon(): void {
		this.time.at(2 * SECOND, () => {
			if (!this.isDown) return;
			const starting = this.start();
			const [main] = this.processes;
			starting.catch(() => {
				if (this.processes[0] !== main || this.isDown) return;
				this.stop();
				this.startSoon();
			});
		});
	}

	/** Executions run one after the other; one that is stored survives the process. */
	private async enqueue(items: Items): Promise<void> {
		const { kills } = this.model;
		this.database.executions.push({ workflowId: 'w', item: items[0][0].json });
		await new Promise<void>((resolve) => {
			const run = (): void => {
				if (this.isDown) {
					this.runs.push(run);
					return;
				}
				void this.execute(items, kills).then(resolve);
			};
			this.time.at(10, run);
		});
	}

	private async execute(items: Items, kills: number): Promise<void> {
		const data = this.database.read('w');
		const context = createContext(this.worker, this.api, this.setup, () => data);
		const { parameters } = this.setup;
		Object.assign(context, {
			getMode: () => 'webhook',
			getInputData: () => items[0],
			getExecutionId: () => String(this.database.executions.length),
			getExecutionCancelSignal: () => undefined,
			getNodeParameter: (name: string, _: number, fallback: unknown) =>
				name in parameters ? structuredClone(parameters[name]) : fallback,
		});
		const [output] = await this.node(this.worker).execute.call(context);
		this.database.save('w', data);
		for (const { json } of output) {
			this.model.onHandOver('w', json, String((json.change as IDataObject).key), kills);
			const change = this.model.find(json);
			if (change) this.reported.add(nameOf(change));
		}
	}
}

const nameOf = ({ corpId, number }: PushedChange): string => `${corpId} ${number}`;

export async function runWebhookHistory(code: PackageCode, history: WebhookHistory): Promise<void> {
	await new WebhookRun(code, history).run();
}

/** Plays one history on n8n's engine, and says which promises are broken, if any. */
import { Container } from '@n8n/di';
import { InstanceSettings } from 'n8n-core';
import { LoggerProxy, type IDataObject, type IRun } from 'n8n-workflow';

import { Engine, errorOf, forgetPackage, storedTextOf, type CredentialReference } from '../engine/harness';
import { CalendarStore } from '../simulator/calendar/calendarStore';
import type { EventView } from '../simulator/calendar/model';
import { addEvent } from '../simulator/fixtures';
import { Limits } from '../simulator/limits';
import { seedWorld } from '../simulator/seed';
import { AclStore } from '../simulator/sharing/aclStore';
import { SubscribedCalendars } from '../simulator/subscriptions/subscriptionStore';
import { TokenStore } from '../simulator/tokens';
import type { World } from '../simulator/world';
import { readFacts, things, type Facts, type Thing } from './facts';
import {
	MISSING,
	STRIKES,
	type Disturbance,
	type Edit,
	type History,
	type ItemSpec,
	type OperationName,
	type ProcessNumber,
	type Rebooking,
	type Repetition,
	type Reversal,
	type Run,
} from './history';
import {
	countCreations,
	nameOf,
	mostWrites,
	repeatedWrites,
	wrongCreations,
	wrongFacts,
	wrongOutputs,
	wrongRooms,
	type Created,
	type Judged,
	type Repeats,
} from './judge';
import { addFlowNodes, isPlain, outcomesOfFlow, runFlow } from './flows';
import { isAbout, Meetings } from './meetings';
import { Network, type SentCall } from './network';
import {
	calendarAt,
	eventAt,
	guestOf,
	keyedEventAt,
	meetingRooms,
	roomOf,
	meetingTimes,
	organizerOf,
	plan,
	type Effect,
	type Plan,
} from './operations';
import { outcomesOf, type Outcome } from './outcomes';
import { takeRooms } from './rival';
import { VirtualTime } from './virtualTime';

const HOUR = 3_600_000;
const MINUTE = 60_000;
/** For so long a key is known by the clock, give or take what the runs take; a clock that is set back makes it longer. */
const DAY = 24 * HOUR;
const RECENT = 3 * MINUTE;
const MARGIN = 4 * HOUR;

/** With nothing to do for so many turns of the event loop, everything in the process waits. */
const QUIET_TURNS = 3;

/** What is left of an execution, for the case that it is repeated. */
interface Execution {
	run: Run;
	plan: Plan;
	id: string;
	created: Map<string, Created>;
	calls: SentCall[];
	process: ProcessNumber;
	isDisturbed: boolean;
	/** Whether another execution has undone it, so that what DingTalk recognizes is sent once more. */
	isReversed?: boolean;
	/** The items that were done, or of which nothing was said. */
	settled: Set<number>;
	/** When it ran first. */
	at: number;
}

export interface Broken {
	/** The step, from 1, after which promises are broken. */
	step: number;
	/** Which ones, in words. */
	promises: string[];
}

interface Said {
	run: IRun;
	outcomes: Outcome[];
	order: number[];
	calls: SentCall[];
	edits: Effect[];
	isStopped: boolean;
	isLate: boolean;
}

/** n8n composes the texts of its log even where it does not write them, which takes time. */
function silenceLog(): () => void {
	const { error, warn, info, debug } = LoggerProxy;
	const ignore = (): void => undefined;
	LoggerProxy.init({ error: ignore, warn: ignore, info: ignore, debug: ignore });
	return () => LoggerProxy.init({ error, warn, info, debug });
}

/** What goes on in one process: two processes of one n8n, and another n8n. Loading n8n is slow, so all histories share it. */
export class Lab {
	private histories = 0;

	private constructor(
		readonly time: VirtualTime,
		readonly network: Network,
		readonly engines: Engine[],
		private readonly restoreLog: () => void,
	) {}

	static async open(): Promise<Lab> {
		const engines: Engine[] = [];
		for (let process = 0; process < 3; process++) {
			forgetPackage();
			const engine = await Engine.start();
			addFlowNodes(engine);
			engines.push(engine);
		}
		const time = new VirtualTime();
		return new Lab(time, new Network(time), engines, silenceLog());
	}

	async close(): Promise<void> {
		this.network.end();
		this.time.end();
		this.restoreLog();
		await this.engines[0].stop();
	}

	async play(history: History): Promise<Broken | undefined> {
		const stage = new Stage(this, `https://dingtalk-${++this.histories}.test`, history);
		return await stage.play();
	}

	/** The process that n8n runs in from now on. Each history has installations of its own, whose executions are counted anew. */
	become(process: ProcessNumber): Engine {
		const instanceId = `${process === 1 ? 'another' : 'one'}-${this.histories}`;
		Object.defineProperty(Container.get(InstanceSettings), 'instanceId', { value: instanceId, configurable: true });
		return this.engines[process];
	}
}

class Stage {
	private readonly world: World;
	private readonly credentials: CredentialReference[];
	private readonly executions = [0, 0];
	private last: Execution | undefined;
	/** What was created with each key of the user, and when. */
	private readonly keyed = new Map<string, Map<string, number>>();
	private readonly meetings = new Meetings();
	/** Who has deleted which event: a process or a person. */
	private readonly goneBy = new Map<string, ProcessNumber | 'a person'>();
	/** Who has changed which fact. */
	private readonly changedBy = new Map<string, Set<ProcessNumber | 'a person'>>();
	private choice = 0;

	constructor(
		private readonly lab: Lab,
		origin: string,
		private readonly history: History,
	) {
		lab.time.forgetWaits();
		const world = seedWorld();
		this.world = world;
		Object.assign(world.switches, history.switches);
		world.use(Limits).change({ qps: null });
		lab.network.connect(origin, world);
		this.credentials = lab.engines.map((engine) =>
			engine.addCredential({
				type: 'dingTalkCalendarApi',
				data: { region: 'custom', baseUrl: origin, clientId: 'sim-internal', clientSecret: 'sim-secret' },
			}),
		);
		this.furnish();
	}

	private furnish(): void {
		const { world } = this;
		const { unionId } = organizerOf(world);
		const at = (day: number) => ({
			start: { dateTime: `2026-03-1${day}T10:00:00+08:00`, timeZone: 'Asia/Shanghai' },
			end: { dateTime: `2026-03-1${day}T11:00:00+08:00`, timeZone: 'Asia/Shanghai' },
		});
		for (const day of [1, 2]) {
			const attendees = [0, 1].slice(0, day).map((who) => ({ id: guestOf(world, who).unionId }));
			addEvent(world, unionId, { summary: `Planted ${day}`, description: 'As it was', ...at(day), attendees });
		}
		const scope = { unionIds: [guestOf(world, 1).unionId], openConversationIds: [], corpIds: [] };
		world.use(SubscribedCalendars).create(unionId, { name: 'Planted', managers: [], subscribeScope: scope });
		world.use(AclStore).grant(unionId, guestOf(world, 0).unionId, 'title_reader' as never);
	}

	async play(): Promise<Broken | undefined> {
		for (const [index, step] of this.history.steps.entries()) {
			const promises = await this.step(step);
			if (promises.length > 0) return { step: index + 1, promises };
		}
		this.world.close();
		return undefined;
	}

	private async step(step: History['steps'][number]): Promise<string[]> {
		switch (step.do) {
			case 'run':
				return await this.run(step);
			case 'repeatElsewhere':
				return await this.repeatElsewhere(step);
			case 'rebook':
				return await this.rebook(step);
			case 'reverse':
				return await this.reverse(step);
			case 'again':
				return await this.again(step, step.elsewhere);
			case 'edit':
				// Create or Update takes what was created in the last minutes for its own.
				if (step.edit.edit === 'deleteKeyed') this.lab.time.pass(RECENT);
				this.noteChanges(this.edit(step.edit), 'a person');
				return [];
			case 'setClock':
				this.lab.time.setWallClock(step.minutes * MINUTE);
				return [];
			case 'wait':
				this.lab.time.pass(step.hours * HOUR);
				return [];
		}
	}

	private async run(run: Run): Promise<string[]> {
		const process = run.keyed && run.process === 1 ? 0 : run.process;
		const installation = process === 1 ? 1 : 0;
		const id = String(++this.executions[installation]);
		const execution: Execution = {
			...{ run, id, process, created: new Map(), calls: [], isDisturbed: false, settled: new Set<number>() },
			at: this.lab.time.now(),
			plan: plan(run, this.world),
		};
		this.last = execution;
		return await this.execute(execution, run, 'never');
	}

	private async repeatElsewhere({ operation, item, takenBefore, ...disturbance }: Repetition): Promise<string[]> {
		const first = calmRun(operation, item);
		const broken = await this.run(first);
		if (broken.length > 0) return broken;
		const taken = { call: takenBefore, edit: { ...item, edit: 'takeRooms' as const } };
		const { faults, edits, stop } = disturbance;
		return await this.run({ ...first, process: 2, faults, edits: [...edits, taken], stop });
	}

	private async rebook({ item, released, disturbed, faults, edits, stop }: Rebooking): Promise<string[]> {
		const first = calmRun('bookMeeting', item);
		const disturbance = (where: Rebooking['disturbed']): Partial<Disturbance> =>
			disturbed === where ? { faults, edits, stop } : {};
		const broken = await this.run(first);
		const room = roomOf(this.world, item);
		if (broken.length > 0 || !room) return broken;
		const release = { ...calmRun('releaseRoom', room), keyed: false, ...disturbance('release') };
		const brokenByRelease = await this.run({ ...release, process: released === 'here' ? 0 : 2 });
		return brokenByRelease.length > 0 ? brokenByRelease : await this.run({ ...first, ...disturbance('booking') });
	}

	private async reverse({ operations: [operation, reversal], item, otherValue, ...disturbance }: Reversal) {
		const first = { ...calmRun(operation, item), keyed: false, faults: LOST };
		const broken = await this.run(first);
		const execution = this.last;
		if (broken.length > 0) return broken;
		const other = { ...calmRun(reversal, { ...item, value: otherValue }), keyed: false };
		const brokenByOther = await this.run(other);
		if (brokenByOther.length > 0) return brokenByOther;
		this.last = execution && { ...execution, isReversed: true };
		return await this.again(disturbance, false);
	}

	private async again(disturbance: Disturbance, elsewhere: boolean): Promise<string[]> {
		if (!this.last) return [];
		const { process } = this.last;
		const other: ProcessNumber = process === 0 ? 2 : process === 2 ? 0 : 1;
		const moves = elsewhere && other !== process;
		if (moves) Object.assign(this.last, { process: other, calls: [] });
		// DingTalk recognizes a request for a day; another process knows nothing of it.
		const isForgotten = moves && this.lab.time.now() - this.last.at > DAY - MARGIN;
		return await this.execute(this.last, disturbance, isForgotten ? 'byNobody' : moves ? 'byDingTalk' : 'byProcess');
	}

	private async execute(execution: Execution, disturbance: Disturbance, repeats: Repeats): Promise<string[]> {
		const { run, plan: planned, created } = execution;
		const before = readFacts(this.world);
		const thingsBefore = things(this.world);
		const said = await this.perform(execution, disturbance);
		const after = readFacts(this.world);
		const thingsAfter = things(this.world);
		execution.calls.push(...said.calls);
		if (said.edits.length > 0) execution.isDisturbed = true;

		const judged: Judged = {
			items: planned.items,
			...{
				before,
				after,
				outcomes: said.outcomes,
				order: said.order,
				edits: said.edits,
				isLate: said.isLate,
				isAgain: repeats !== 'never',
				mayStand: (item, fact) =>
					repeats !== 'never' && (repeats !== 'byProcess' || this.mayStand(execution, item, fact)),
				isUnordered: run.as === 'toolsAtOnce',
				isGivenBackElsewhere: (id, roomId) =>
					this.meetings.isGivenBackElsewhere(id, roomId, String(execution.process)) && !isAbout(id, said.calls),
				isUndoneElsewhere: (id) => this.goneBy.has(id) && this.goneBy.get(id) !== execution.process,
				acceptsForDeleted: this.world.switches.writesToCancelled === 'partly',
			},
		};
		const withoutRoom = wrongRooms(judged);
		this.noteChanges(changesBetween(before, after), execution.process);
		this.noteChanges(said.edits, 'a person');
		const fresh = [...thingsAfter.values()].filter(({ id, key }) => !thingsBefore.has(id) && key === undefined);
		countCreations(judged, created, repeats);
		const unwanted: string[] = [];
		for (const thing of fresh) {
			const entry = created.get(nameOf(thing));
			if (entry) entry.ids.add(thing.id);
			else unwanted.push(`${nameOf(thing)} was created, which nobody wanted`);
		}
		for (const { creates } of planned.items.filter((item) => item.creates?.isUndone)) {
			const entry = creates && created.get(nameOf(creates));
			if (entry) entry.undone = new Set([...entry.ids].filter((id) => thingsAfter.get(id)?.isGone));
		}
		if (run.keyed) this.countKeyed(execution, judged, thingsBefore);
		// What was undone is done again, also if DingTalk answers another execution of the same key with what was undone.
		const answersWithGone = [...thingsBefore.values()].some(
			(thing) => thing.isGone && (thing.key !== undefined || (run.keyed && created.has(nameOf(thing)))),
		);
		const mayRepeat =
			execution.isDisturbed || answersWithGone || [...created.values()].some(({ undone }) => undone && undone.size > 0);
		const isUntouched = repeats === 'never' && !execution.isDisturbed && !run.keyed;
		const isBooking = run.operation === 'bookMeeting';
		const rebooked = isBooking
			? [...created.values()].flatMap(({ ids }) => [...ids]).filter((id) => !this.meetings.keepsRooms(id, said, before))
			: [];
		const surplus = isBooking ? this.meetings.changesOfSurplus(said, after, run.as !== 'node') : [];
		this.meetings.note({ ...said, process: String(execution.process) }, before, after, surplus);
		const isNew = (about: string): boolean =>
			[...fresh.map(({ id }) => id), ...rebooked].some((id) => about.endsWith(` ${id}`));
		const broken = [
			...wrongFacts({ ...judged, edits: [...said.edits, ...surplus] }, isNew),
			...wrongOutputs(judged),
			...unwanted,
			...wrongCreations(created, isUntouched),
			...withoutRoom,
			...(mayRepeat ? [] : repeatedWrites(execution.calls, mostWrites(planned.items) + (execution.isReversed ? 1 : 0))),
			...this.leftBehind(said),
		].map((one) => `${run.operation}: ${one}${explain(said)}`);
		for (const [index, { is }] of said.outcomes.entries())
			if (is === 'done' || is === 'silent') execution.settled.add(index);
		return broken;
	}

	private noteChanges(changes: Effect[], by: ProcessNumber | 'a person'): void {
		for (const { fact, value } of changes) {
			this.changedBy.set(fact, new Set([...(this.changedBy.get(fact) ?? []), by]));
			if (value === 'gone') this.goneBy.set(fact.replace(/^event /, ''), by);
		}
	}

	private mayStand({ settled, process }: Execution, item: number, fact: string): boolean {
		return settled.has(item) || [...(this.changedBy.get(fact) ?? [])].some((by) => by !== process);
	}

	/** A key of the user's makes executions that create the same one, for a day. */
	private countKeyed({ created, plan: { items } }: Execution, { outcomes }: Judged, before: Map<string, Thing>): void {
		for (const [index, { creates }] of items.entries()) {
			if (!creates) continue;
			const name = nameOf(creates);
			const entry = created.get(name);
			if (!entry) continue;
			const known = this.keyed.get(name) ?? new Map<string, number>();
			const now = this.lab.time.now();
			const ageOf = (id: string): number => now - (known.get(id) ?? now);
			const recent = [...known.keys()].filter((id) => ageOf(id) <= DAY + MARGIN);
			const left = recent.filter((id) => before.get(id)?.isGone === false);
			// What was deleted, before or by a person meanwhile, may be made anew, or DingTalk answers with what was deleted.
			if (recent.length > 0 && left.length === 0) entry.least = 0;
			const deleted = recent.filter((id) => !left.includes(id) || this.goneBy.get(id) === 'a person');
			for (const id of deleted) entry.ids.add(id);
			if (deleted.length > 0) entry.undone = new Set([...(entry.undone ?? []), ...deleted]);
			if (left.length > 0) {
				// What an earlier execution created is the one thing that there is; around the end of the day there may be a new one.
				const ofOthers = left.filter((id) => !entry.ids.has(id));
				entry.ofOthers = new Set([...(entry.ofOthers ?? []), ...ofOthers]);
				for (const id of left) entry.ids.add(id);
				const youngest = Math.min(...left.map(ageOf));
				const isOne = creates.isIdempotent && youngest < DAY - MARGIN;
				// Those whose day was over when the youngest was made stand beside it.
				const older = left.filter((id) => ageOf(id) - youngest >= DAY - MARGIN).length;
				entry.most = isOne ? 1 + older : Math.max(1, entry.most + left.length);
				if (outcomes[index].is === 'notDone') entry.least = 0;
			}
			// Another execution has made it, and its day is over: what this one makes now stands beside it. What this one made counts.
			entry.past = new Set([...(entry.ofOthers ?? [])].filter((id) => ageOf(id) > DAY + MARGIN));
			const kept = [...entry.ids].filter((id) => known.has(id) || !entry.undone?.has(id));
			this.keyed.set(name, new Map(kept.map((id) => [id, known.get(id) ?? now])));
		}
	}

	private leftBehind({ run, isStopped }: Said): string[] {
		const text = storedTextOf(run);
		const secrets = ['sim-secret', ...this.world.use(TokenStore).values()];
		const { sleeping } = this.lab.time;
		return [
			...(secrets.some((secret) => text.includes(secret)) ? ['a secret is in what n8n stores'] : []),
			...(sleeping > 0 && !isStopped ? [`${sleeping} waits are left`] : []),
			...(isStopped && run.status !== 'canceled' && run.status !== 'success' ? [`Stop ended as ${run.status}`] : []),
		];
	}

	/** Runs the node, while everything happens that is to happen to its calls. */
	private async perform(execution: Execution, { faults, edits, stop }: Disturbance): Promise<Said> {
		const { run, plan: planned, id, process } = execution;
		const { network, time } = this.lab;
		const engine = this.lab.become(process);
		const controller = new AbortController();
		const edited: Effect[] = [];
		let isLate = false;
		const before = things(this.world);
		network.listen({
			choose: (count) => {
				const { order } = this.history;
				return order.length === 0 ? 0 : order[this.choice++ % order.length] % count;
			},
			onCall: ({ number, method }) => {
				for (const { call, edit } of edits) if (call === number) edited.push(...this.edit(edit, before));
				if (stop === number) controller.abort();
				const fault = faults.find(({ call, times }) => number >= call && number < call + times);
				if (!fault) return undefined;
				const { name, do: deed, carried } = STRIKES[fault.strike];
				if (name === MISSING && method === 'GET') return undefined;
				if (carried === 'running') isLate = true;
				return deed !== 'refuse' && deed.do === 'delay' ? { ...deed, delayMs: 40_000 } : deed;
			},
		});
		const settings = {
			parameters: planned.parameters,
			items: planned.items.map(({ json }): IDataObject => json),
			...{ credential: this.credentials[process], timezone: 'Asia/Shanghai', mode: 'trigger' as const },
			...{ executionId: id, signal: controller.signal },
			...{ retryOnFail: run.tries > 1, maxTries: run.tries, waitBetweenTries: 1000 },
			onError: run.continueOnFail ? ('continueRegularOutput' as const) : undefined,
		};
		const isFlow = run.as === 'node' && !isPlain(run);
		const running = isFlow
			? runFlow(engine, run, settings)
			: run.as === 'node'
				? engine.runNode(settings)
				: engine.runTool({ ...settings, atOnce: run.as === 'toolsAtOnce' });
		const result = await this.drive(running);
		await this.settle();
		const calls = network.calls;
		network.listen(undefined);
		const { outcomes, order } = isFlow
			? outcomesOfFlow(result, planned.items.length, run)
			: {
					outcomes: outcomesOf(result, planned.items.length, run.as !== 'node'),
					order: planned.items.map((_, index) => index),
				};
		const isStopped = controller.signal.aborted;
		if (isStopped) time.forgetWaits();
		return { run: result, outcomes, order, calls, edits: edited, isStopped, isLate };
	}

	/** Lets things happen one by one, and time pass only when nothing else can, until the run has ended. */
	private async drive(run: Promise<IRun>): Promise<IRun> {
		const { network, time } = this.lab;
		const ended = { is: false };
		const ending = run.finally(() => {
			ended.is = true;
		});
		let quiet = 0;
		while (!ended.is) {
			await new Promise((resolve) => setImmediate(resolve));
			if (network.step()) quiet = 0;
			else if (++quiet > QUIET_TURNS) {
				quiet = 0;
				if (!time.passToNextWait()) await new Promise((resolve) => setImmediate(resolve));
			}
		}
		return await ending;
	}

	/** Waits until DingTalk is through with everything that it was asked. */
	private async settle(): Promise<void> {
		const { network, time } = this.lab;
		for (let turn = 0; turn < QUIET_TURNS || network.isBusy; turn++) {
			await new Promise((resolve) => setImmediate(resolve));
			if (!network.step() && network.isBusy && turn > QUIET_TURNS) time.passToNextWait();
		}
	}

	/** Moved within the time in which Create or Update looks for it. */
	private editKeyed(edit: 'deleteKeyed' | 'moveKeyed', view: EventView, value: number): void {
		const store = this.world.use(CalendarStore);
		const organizer = organizerOf(this.world).unionId;
		const { span } = view.details;
		const by = (1 + value) * DAY;
		if (edit === 'deleteKeyed') store.cancel(view, organizer);
		else
			store.update(
				view,
				{ details: { span: { ...span, startMs: span.startMs + by, endMs: span.endMs + by } } } as never,
				organizer,
			);
	}

	/** Somebody changes something in DingTalk; returns the facts that this has changed. */
	private edit({ edit, target, who, value }: Edit, existing = things(this.world)): Effect[] {
		const { world } = this;
		const before = readFacts(world);
		const store = world.use(CalendarStore);
		const view = store.byId(eventAt(world, target, existing));
		const organizer = organizerOf(world).unionId;
		const guest = guestOf(world, who).unionId;
		const calendar = world.use(SubscribedCalendars).find(calendarAt(world, target, existing));
		const keyed = store.byId(keyedEventAt(target, existing));
		if (edit === 'takeRooms') takeRooms(world, meetingRooms(world), meetingTimes(value));
		else if (edit === 'renameCalendar') {
			if (calendar) world.use(SubscribedCalendars).update(calendar, { name: `P${value}` });
		} else if (edit === 'deleteKeyed' || edit === 'moveKeyed') {
			if (keyed && !keyed.cancelled) this.editKeyed(edit, keyed, value);
		} else if (view && !view.cancelled) {
			const isInvited = view.attendees.some(({ unionId }) => unionId === guest);
			if (edit === 'retitle') store.update(view, { details: { summary: `P${value}` } } as never, organizer);
			if (edit === 'describe') store.update(view, { details: { description: `P${value}` } } as never, organizer);
			if (edit === 'invite') store.addAttendees(view, [{ unionId: guest, isOptional: false }], organizer);
			if (edit === 'uninvite') store.removeAttendees(view, [guest], organizer);
			if (edit === 'answer' && isInvited) store.respond(view, guest, value % 2 === 0 ? 'accepted' : 'declined');
			if (edit === 'delete') store.cancel(view, organizer);
		}
		return changesBetween(before, readFacts(world));
	}
}

const strikeOf = (name: string): number => STRIKES.findIndex((strike) => strike.name === name);

/** The first call is carried out, and no response comes to it, nor to those that repeat it. */
const LOST: Disturbance['faults'] = [
	{ call: 1, strike: strikeOf('reset after commit'), times: 1 },
	{ call: 2, strike: strikeOf('reset before commit'), times: 9 },
];

/** An item that is done with a key, without faults. */
const calmRun = (operation: OperationName, item: ItemSpec): Run => ({
	...{ do: 'run', operation, items: [item], as: 'node', flow: 'once', isApart: false, continueOnFail: false },
	...{ tries: 1, concurrency: 10, keyed: true, process: 0, faults: [], edits: [], stop: null },
});

const changesBetween = (before: Facts, after: Facts): Effect[] =>
	[...new Set([...before.keys(), ...after.keys()])]
		.filter((fact) => before.get(fact) !== after.get(fact))
		.map((fact) => ({ fact, value: after.get(fact) }));

/** What a reader of a broken history wants to know: what was sent, and what the node said. */
function explain({ run, calls, outcomes }: Said): string {
	const sent = calls.map(
		({ number, method, path, fault, isConfirmed, idempotencyKey }) =>
			`    ${number} ${method} ${path.replace(/^.*\/calendars\/primary|^.*\/users/, '…')}${idempotencyKey ? ` (${idempotencyKey.slice(0, 6)})` : ''} ${fault ?? (isConfirmed ? 'ok' : 'refused')}`,
	);
	const said = outcomes.map(
		(outcome, index) => `    item ${index}: ${outcome.is} ${'text' in outcome ? outcome.text.slice(0, 300) : ''}`,
	);
	return ['', `    ${run.status} ${errorOf(run)?.message ?? ''}`, ...sent, ...said].join('\n');
}

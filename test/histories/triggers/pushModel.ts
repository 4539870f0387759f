/** What a push trigger must tell: each change that was pushed, once per workflow that wants it, as it was. */
import type { IDataObject } from 'n8n-workflow';

import { ArrivalOrder } from './arrivalOrder';
import type { PushedChange } from './company';
import type { Time } from './time';

const KINDS = { created: 'created', updated: 'updated', cancelled: 'cancelled', deleteView: 'left' } as const;

export interface ListeningWorkflow {
	id: string;
	corpId: string;
	kinds: ReadonlySet<string>;
	/** Empty for all people. */
	people: ReadonlySet<string>;
	/** Changes before that are none of its business. */
	since: number;
}

interface HandedOver {
	workflowId: string;
	change: PushedChange;
	item: IDataObject;
	key: string | undefined;
	/** How many processes had been killed when n8n took it over. */
	kills: number;
	at: number;
}

/** Longer than an execution takes: what was handed over so long before another change is saved together with that. */
const SAVED_AFTER_MS = 60_000;

interface Difference {
	before?: string | null;
	after: string | null;
}

/** No event changes twice within a second. */
const nameOf = (eventId: string, kind: string, at: number): string => `${kind} ${eventId} ${Math.floor(at / 1000)}`;

const fail = (message: string): never => {
	throw new Error(message);
};

const describe = ({ type, eventId, at, corpId }: PushedChange): string =>
	`${type} ${eventId} of ${corpId} at ${new Date(at).toISOString()}`;

export class PushModel {
	kills = 0;
	/** Where nothing can tell a repetition; it has the same key nevertheless. */
	mayRepeat = false;
	/** Whether the state of the triggers may be older than what they reported: n8n saves it with the next change, or as it was read. */
	mayForget = false;
	/** Of the process that runs. */
	order = new ArrivalOrder();
	private problem?: Error;
	private readonly changes = new Map<string, PushedChange>();
	readonly handedOver: HandedOver[] = [];

	constructor(
		private readonly workflows: readonly ListeningWorkflow[],
		private readonly time: Time,
	) {}

	onPush(change: PushedChange): void {
		this.changes.set(nameOf(change.eventId, KINDS[change.type], change.at), change);
	}

	/** To be called for each item that a trigger hands to n8n, whether or not n8n stores it. */
	onHandOver(workflowId: string, item: IDataObject, key: string | undefined, kills = this.kills): void {
		try {
			this.checkHandOver(workflowId, item, key, kills);
		} catch (error) {
			this.problem ??= error as Error;
		}
	}

	/** To be called when a process passes a change on, which may be before n8n has it. */
	onPassedOn(workflowId: string, change: PushedChange, order = this.order): void {
		try {
			order.onHandOver(workflowId, change);
		} catch (error) {
			this.problem ??= error as Error;
		}
	}

	/** Fails if a trigger broke a promise meanwhile; the trigger itself must not see that, because it would react to it. */
	throwProblem(): void {
		if (this.problem) throw this.problem;
	}

	private checkHandOver(workflowId: string, item: IDataObject, key: string | undefined, kills: number): void {
		const workflow = this.workflows.find(({ id }) => id === workflowId);
		if (!workflow) return fail(`A workflow that was refused received ${JSON.stringify(item)}`);
		const change = this.find(item) ?? fail(`Reported what did not happen: ${JSON.stringify(item)}`);
		const text = `${describe(change)} to ${workflowId}`;
		if (change.corpId !== workflow.corpId) fail(`Reported to the workflow of another organization: ${text}`);
		if (!this.isWanted(workflow, change)) fail(`Reported although it is not selected: ${text}`);
		const earlier = this.handedOver.filter((one) => one.workflowId === workflowId && one.change === change);
		const last = earlier.at(-1);
		if (last && last.key !== key) fail(`Reported again with another key: ${text}: ${last.key}, then ${key}`);
		if (last && last.kills === kills && !this.mayRepeat) fail(`Reported twice: ${text}`);
		if (last && this.isSaved(last) && !this.mayRepeat) fail(`Reported again although n8n knew it: ${text}`);
		this.checkDifferences(workflowId, change, item);
		this.handedOver.push({ workflowId, change, item, key, kills, at: this.time.now });
	}

	/** The changes that each workflow should have received and has not. */
	checkComplete(isStored: (workflowId: string, change: PushedChange) => boolean): void {
		this.throwProblem();
		for (const workflow of this.workflows) {
			const missing = [...this.changes.values()].find(
				(change) => this.isWanted(workflow, change) && !isStored(workflow.id, change),
			);
			if (missing) fail(`Not reported: ${describe(missing)} to ${workflow.id}`);
		}
	}

	/** n8n saves the state of a trigger with its next change, so a kill loses no more than the last ones. */
	private isSaved({ workflowId, kills, at }: HandedOver): boolean {
		return this.handedOver.some(
			(one) => one.workflowId === workflowId && one.kills === kills && one.at >= at + SAVED_AFTER_MS,
		);
	}

	find(item: IDataObject): PushedChange | undefined {
		const { kind, at } = item.change as { kind: string; at: string };
		return this.changes.get(nameOf(String(item.id), kind, Date.parse(at)));
	}

	private isWanted({ corpId, kinds, people, since }: ListeningWorkflow, change: PushedChange): boolean {
		if (change.corpId !== corpId || change.at < since || !kinds.has(KINDS[change.type])) return false;
		return people.size === 0 || change.people.some((person) => people.has(person));
	}

	/** `before` is what was reported last of the event, `after` is what is reported now, and nothing that differs is left out. */
	private checkDifferences(workflowId: string, change: PushedChange, item: IDataObject): void {
		const differences = (item.change as { differences?: Record<string, Difference> }).differences;
		if (item.summary === undefined) return;
		const reported = this.handedOver.filter(
			(one) => one.workflowId === workflowId && one.change.eventId === change.eventId && one.item.summary !== undefined,
		);
		const text = `${describe(change)} to ${workflowId}: ${JSON.stringify(differences)}`;
		const isLater = reported.some((one) => one.change.at > change.at);
		// A change that is reported again is described as it was the first time.
		const isRepeated = reported.some((one) => one.change === change);
		if (!differences) {
			const isKnown = reported.length > 0 && !isLater && !isRepeated && !this.mayForget;
			if (isKnown && change.type === 'updated') fail(`Left out what differs from what was reported before: ${text}`);
			return;
		}
		for (const field of ['summary', 'start']) {
			const difference = differences[field];
			const known = reported.map((one) => one.item[field]);
			if (difference && difference.after !== item[field]) fail(`Reported a wrong 'after' of ${text}`);
			if (this.mayForget || isLater || isRepeated) {
				if (difference?.before && !known.includes(difference.before))
					fail(`Reported a 'before' that never was: ${text}`);
				continue;
			}
			const last = reported.at(-1)?.item[field];
			if (last === undefined) continue;
			if (difference && difference.before !== undefined && difference.before !== last)
				fail(`Reported a wrong 'before' of ${field}, which was ${String(last)}: ${text}`);
			if (!difference && last !== item[field]) fail(`Left out that ${field} changed from ${String(last)}: ${text}`);
		}
	}
}

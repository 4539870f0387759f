/** What a polling trigger must tell: derived from what each watched person saw at one poll and sees at the next. */
import type { IDataObject } from 'n8n-workflow';

import type { EventRecord, Organization, View } from './company';
import { isStartOrEnd, StartEndModel } from './startEndModel';

type Views = Map<string, View>;

export interface ReportedItem {
	kind: string;
	eventId: string;
	at: number;
	key: string;
	people: string[];
	/** The process ended before the state was saved, so the same may come again. */
	mayRepeat: boolean;
	poll: number;
}

interface Transition {
	person: string;
	eventId: string;
	required: string[];
	allowed: string[];
	changedAt: number;
}

export interface PollBefore {
	/** What each readable person sees during the poll. */
	views: Map<string, Views>;
	/** By n8n's clock. */
	now: number;
}

const fail = (message: string): never => {
	throw new Error(message);
};

export class PollingModel {
	unreadable = new Set<string>();
	/** What each person saw at the last poll that the process remembers. */
	private known = new Map<string, Views>();
	/** Changes before these persons' next poll may be lost: DingTalk no longer knows what changed. */
	private startingOver = new Set<string>();
	/** The same as n8n has saved them: it saves nothing of a poll that reports nothing, so a restart may go back further. */
	private saved = { known: new Map<string, Views>(), startingOver: new Set<string>() };
	private readonly reportedItems: ReportedItem[] = [];
	/** At which poll each person was read last. */
	private readAt = new Map<string, number>();
	private savedReadAt = new Map<string, number>();
	private polls = 0;
	private readonly startsAndEnds: StartEndModel;

	constructor(
		private readonly organization: Organization,
		private readonly watched: readonly string[],
		private readonly kinds: ReadonlySet<string>,
		/** Whether DingTalk lists deleted events with all others if it is asked for them. */
		private readonly listsDeleted: boolean,
		leadMs: number,
	) {
		this.startsAndEnds = new StartEndModel(organization, kinds, leadMs);
	}

	/** The sync tokens of all people are lost. */
	forgetPosition(): void {
		for (const person of this.watched) {
			this.startingOver.add(person);
			this.saved.startingOver.add(person);
		}
	}

	onSaved(): void {
		this.saved = { known: new Map(this.known), startingOver: new Set(this.startingOver) };
		this.savedReadAt = new Map(this.readAt);
		this.startsAndEnds.onSaved();
	}

	onRestart(): void {
		this.known = new Map(this.saved.known);
		this.readAt = new Map(this.savedReadAt);
		this.startingOver = new Set(this.saved.startingOver);
		this.startsAndEnds.onRestart();
	}

	/** `now` is n8n's clock. */
	begin(now: number): PollBefore {
		const views = new Map<string, Views>();
		for (const person of this.watched) {
			if (this.unreadable.has(person)) continue;
			const seen: Views = new Map();
			for (const event of this.organization.events) {
				const view = this.organization.view(event, person);
				if (view) seen.set(event.id, view);
			}
			views.set(person, seen);
		}
		return { views, now };
	}

	/** A poll may fail as a whole only if no calendar can be read. */
	fail({ views }: PollBefore, error: Error): void {
		if (views.size > 0) fail(`The poll failed although ${[...views.keys()].join()} can be read: ${error.message}`);
	}

	report({ views, now }: PollBefore, items: IDataObject[], { isSaved }: { isSaved: boolean }): void {
		this.polls++;
		const transitions = [...views].flatMap(([person, seen]) => this.transitionsOf(person, seen));
		const all = items.map((item) => this.read(item, !isSaved));
		this.startsAndEnds.report(
			[...views.keys()],
			all.filter(({ kind }) => isStartOrEnd(kind)),
			now,
			{ isSaved },
		);
		const found = all.filter(({ kind }) => !isStartOrEnd(kind));
		for (const one of found) this.checkItem(one, transitions);
		this.checkOrder(found);
		for (const transition of transitions) this.checkTransition(transition, found);
		this.reportedItems.push(...found);
		if (!isSaved) return;
		for (const [person, seen] of views) {
			this.known.set(person, seen);
			this.readAt.set(person, this.polls);
			this.startingOver.delete(person);
		}
	}

	/** A list of all events has those that were deleted, but none from which the person was taken off. */
	private listsAsDeleted(event: EventRecord | undefined, person: string): boolean {
		return this.listsDeleted && event !== undefined && this.organization.isInvited(event, person);
	}

	end(): void {
		for (const person of this.watched) if (!this.known.has(person)) fail(`${person} was never polled`);
	}

	private read(item: IDataObject, mayRepeat: boolean): ReportedItem {
		const change = item.change as IDataObject;
		return {
			kind: String(change.kind),
			eventId: String(item.id),
			at: Date.parse(String(change.at)),
			key: String(change.key),
			people: (change.people as string[]).map((text) => /<(.*)>/.exec(text)?.[1] ?? text),
			mayRepeat,
			poll: this.polls,
		};
	}

	private transitionsOf(person: string, seen: Views): Transition[] {
		const before = this.known.get(person);
		if (!before) return [];
		const isLenient = this.startingOver.has(person);
		const ids = [...new Set([...before.keys(), ...seen.keys(), ...this.everSeen(person)])];
		return ids.map((eventId) => {
			const transition = this.transition(person, eventId, before.get(eventId), seen.get(eventId));
			// All events are read and compared then; what was removed may not be among them.
			const event = this.organization.events.find(({ id }) => id === eventId);
			return isLenient && !this.listsAsDeleted(event, person)
				? { ...transition, required: transition.required.filter((kind) => kind !== 'cancelled') }
				: transition;
		});
	}

	private everSeen(person: string): string[] {
		return this.organization.events.filter(({ everSeenBy }) => everSeenBy.has(person)).map(({ id }) => id);
	}

	private transition(person: string, eventId: string, was: View | undefined, is: View | undefined): Transition {
		const event = this.organization.events.find(({ id }) => id === eventId);
		const changedAt = event?.changedAt ?? 0;
		const make = (required: string[], allowed: string[]): Transition => ({
			person,
			eventId,
			required: required.filter((kind) => this.kinds.has(kind)),
			allowed: [...required, ...allowed],
			changedAt,
		});
		// One that was also changed since it was created is both. One that came and went is no news.
		if (!was && is) return make(['created'], ['updated']);
		if (!was) return make([], []);
		if (!is) return make(['cancelled'], []);
		if (was.changedAt === is.changedAt) return make([], []);
		const hasNewContent = was.content !== is.content;
		const answered = Object.entries(is.answers).some(
			([id, answer]) => id in was.answers && was.answers[id] !== answer && answer !== 'needsAction',
		);
		// A response to an invitation that was taken back meanwhile shows as an update, as does a response that was changed back.
		const required = [...(hasNewContent ? ['updated'] : []), ...(answered ? ['responded'] : [])];
		return make(required, required.length === 0 || hasNewContent ? ['updated', 'responded'] : []);
	}

	private checkItem(item: ReportedItem, transitions: Transition[]): void {
		const text = `${item.kind} ${item.eventId} at ${new Date(item.at).toISOString()} (${item.key})`;
		if (!this.kinds.has(item.kind)) fail(`Reported a kind that is not selected: ${text}`);
		if (!item.eventId.startsWith(this.organization.corpId)) fail(`Reported an event of another organization: ${text}`);
		const possible = transitions.filter(
			({ eventId, allowed }) => eventId === item.eventId && allowed.includes(item.kind),
		);
		const again = this.reportedItems.find(
			(other) => other.kind === item.kind && other.eventId === item.eventId && other.at === item.at,
		);
		if (again && !(again.mayRepeat && again.key === item.key))
			fail(`Reported twice: ${text}, before with ${again.key}`);
		const unsaved = this.reportedItems.find((other) => this.isRepetition(item, other));
		if (unsaved && unsaved.key !== item.key)
			fail(`Reported again with another key: ${text}, before with ${unsaved.key}`);
		if (possible.length === 0) fail(`Reported what did not happen: ${text}`);
		const wrong = item.people.find((person) => !possible.some((transition) => transition.person === person));
		if (wrong !== undefined) fail(`Reported with ${wrong}, whose calendar shows nothing like it: ${text}`);
	}

	/** Whether the state of the process does not include that the same people were notified of the same new event. */
	private isRepetition(item: ReportedItem, other: ReportedItem): boolean {
		return (
			item.kind === 'created' &&
			other.kind === 'created' &&
			other.mayRepeat &&
			other.eventId === item.eventId &&
			other.people.join() === item.people.join() &&
			item.people.every((person) => other.poll > (this.readAt.get(person) ?? 0))
		);
	}

	/** In one poll, the changes of an event come in the order in which they were made. */
	private checkOrder(found: ReportedItem[]): void {
		const last = new Map<string, ReportedItem>();
		for (const item of found) {
			const earlier = last.get(item.eventId);
			if (earlier && earlier.at > item.at)
				fail(
					`Reported ${item.kind} ${item.eventId} at ${new Date(item.at).toISOString()} after its later ${earlier.kind}`,
				);
			last.set(item.eventId, item);
		}
	}

	private checkTransition({ person, eventId, required, changedAt }: Transition, found: ReportedItem[]): void {
		const isKnownToOther = [...this.known].some(
			([other, views]) => other !== person && (views.get(eventId)?.changedAt ?? 0) >= changedAt,
		);
		for (const kind of required) {
			const isNow = found.some((item) => item.eventId === eventId && item.kind === kind);
			if (isNow) continue;
			// Someone who could not be read when another one's calendar showed the event does not get it again: nothing
			// shows since when it is on this calendar. Changes that this person's calendar shows as one, others' may have
			// shown one after the other.
			const isNews = (item: ReportedItem): boolean =>
				item.at >= changedAt || ((kind === 'created' || isKnownToOther) && item.poll > (this.readAt.get(person) ?? 0));
			const earlier = this.reportedItems.some((item) => item.eventId === eventId && item.kind === kind && isNews(item));
			if (!earlier)
				fail(
					`Not reported: ${kind} ${eventId}, which ${person} saw (last changed ${new Date(changedAt).toISOString()})`,
				);
		}
	}
}

/** What a polling trigger must report of starts and ends: each once, when it is due by n8n's clock, and nothing long past. */
import type { EventRecord, Organization } from './company';
import type { ReportedItem } from './pollingModel';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Of every event of the histories. */
const LENGTH = HOUR;
/** Twice the interval of the polls. */
const START_GRACE = 30 * MINUTE;
/** An end that was moved is reported if it was not before the last poll by more than this. */
const MOVED_END_GRACE = HOUR;

const KINDS = ['starting', 'ended'];

export const isStartOrEnd = (kind: string): boolean => KINDS.includes(kind);

/** When a person's calendar was read last. */
interface Reading {
	/** By n8n's clock. */
	at: number;
	/** How far the organization was. */
	position: number;
}

export class StartEndModel {
	private readings = new Map<string, Reading>();
	private saved = new Map<string, Reading>();
	private readonly reported: ReportedItem[] = [];
	/** What was due when polling started, as kind, event and time. */
	private readonly dueAtFirst = new Set<string>();
	/** The latest time that n8n's clock has shown. */
	private latest = 0;

	constructor(
		private readonly organization: Organization,
		private readonly kinds: ReadonlySet<string>,
		private readonly leadMs: number,
	) {}

	onSaved(): void {
		this.saved = new Map(this.readings);
	}

	onRestart(): void {
		this.readings = new Map(this.saved);
	}

	/** `people` are those whose calendars were read, `now` is n8n's clock. */
	report(people: string[], found: ReportedItem[], now: number, { isSaved }: { isSaved: boolean }): void {
		for (const item of found) this.checkItem(item, people, now);
		for (const person of people)
			for (const event of this.organization.events)
				if (this.organization.sees(event, person)) this.checkEvent(event, person, now, found);
		this.reported.push(...found);
		this.latest = Math.max(this.latest, now);
		if (!isSaved) return;
		for (const person of people) this.readings.set(person, { at: now, position: this.organization.position });
	}

	private timeOf(kind: string, { startsAt }: EventRecord): number {
		return kind === 'starting' ? startsAt : startsAt + LENGTH;
	}

	private dueAt(kind: string, event: EventRecord): number {
		return kind === 'starting' ? event.startsAt - this.leadMs : event.startsAt + LENGTH;
	}

	private checkItem(item: ReportedItem, people: string[], now: number): void {
		const { kind, eventId, at } = item;
		const text = `${kind} ${eventId} at ${new Date(at).toISOString()}, ${new Date(now).toISOString()} (${item.key})`;
		const event = this.organization.events.find(({ id }) => id === eventId);
		if (!event || this.timeOf(kind, event) !== at)
			throw new Error(`Reported at a time that the event has not: ${text}`);
		const wrong = item.people.find((one) => !people.includes(one) || !this.organization.sees(event, one));
		if (wrong !== undefined) throw new Error(`Reported with ${wrong}, who does not have the event: ${text}`);
		if (this.dueAt(kind, event) > now) throw new Error(`Reported too early: ${text}`);
		const { changedAt } = event;
		const knownAt = Math.max(this.dueAt(kind, event), changedAt <= at ? changedAt : 0);
		const isPast = kind === 'starting' ? at < now && knownAt < now - START_GRACE : at <= now - DAY;
		if (isPast) throw new Error(`Reported when long past: ${text}`);
		const again = this.findReported(kind, eventId, at);
		if (again && !(again.mayRepeat && again.key === item.key)) throw new Error(`Reported twice: ${text}`);
	}

	private findReported(kind: string, eventId: string, at: number): ReportedItem | undefined {
		return this.reported.find((one) => one.kind === kind && one.eventId === eventId && one.at === at);
	}

	private checkEvent(event: EventRecord, person: string, now: number, found: ReportedItem[]): void {
		for (const kind of KINDS) {
			if (!this.kinds.has(kind) || this.dueAt(kind, event) > now) continue;
			const at = this.timeOf(kind, event);
			const name = `${kind} ${event.id} ${at}`;
			const before = this.readings.get(person);
			if (!before) this.dueAtFirst.add(name);
			if (!before || this.dueAtFirst.has(name) || !this.isRequired(kind, event, before, now)) continue;
			const isNow = found.some((one) => one.kind === kind && one.eventId === event.id);
			if (!isNow && !this.findReported(kind, event.id, at))
				throw new Error(`Not reported: ${name}, which ${person} has, at ${new Date(now).toISOString()}`);
		}
	}

	private isRequired(kind: string, event: EventRecord, before: Reading, now: number): boolean {
		const at = this.timeOf(kind, event);
		const isChanged = event.position > before.position;
		if (kind === 'starting') return at >= Math.max(now, this.latest);
		const isNews = at > before.at || (isChanged && at + MOVED_END_GRACE > Math.min(before.at, now));
		return isNews && at > Math.max(now, this.latest) - DAY;
	}
}

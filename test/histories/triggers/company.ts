/** A DingTalk of the histories: organizations with people and events, and who can see what of them. Independent of the simulator. */
import type { Time } from './time';

export type Answer = 'accepted' | 'declined' | 'tentative' | 'needsAction';

export interface EventRecord {
	id: string;
	corpId: string;
	organizer: string;
	title: string;
	place: string;
	startsAt: number;
	guests: Map<string, Answer>;
	/** Who removed it from their own calendar. */
	hiddenBy: Set<string>;
	isCancelled: boolean;
	createdAt: number;
	changedAt: number;
	/** Position of the last change in the organization. */
	position: number;
	/** Who had it on the calendar at any time. */
	everSeenBy: Set<string>;
}

/** What a person sees of an event; undefined if it is not on the calendar. */
export interface View {
	content: string;
	answers: Record<string, Answer>;
	changedAt: number;
}

export type ChangeType = 'created' | 'updated' | 'cancelled' | 'deleteView';

/** One change, as DingTalk would push it. */
export interface PushedChange {
	number: number;
	corpId: string;
	eventId: string;
	type: ChangeType;
	people: string[];
	at: number;
	/** The event after this change, as an API call would show it then. */
	after: Record<string, unknown>;
}

export class Organization {
	readonly events: EventRecord[] = [];
	readonly people: string[];
	readonly gone = new Set<string>();
	position = 0;
	secret = 'secret-0';
	/** Tokens from before do not count. */
	tokenGeneration = 0;
	/** Sync tokens from before do not count. */
	syncGeneration = 0;
	readonly changes: PushedChange[] = [];
	onChange: (change: PushedChange) => void = () => undefined;

	constructor(
		readonly corpId: string,
		readonly clientId: string,
		peopleCount: number,
		private readonly time: Time,
	) {
		this.people = Array.from({ length: peopleCount }, (_, i) => `${corpId}Person${i}Abcdefgh${i}iEiE`);
	}

	create(organizer: string, guests: string[], startsAt: number): EventRecord {
		const number = this.events.length + 1;
		const event: EventRecord = {
			id: `${this.corpId}-event-${number}`,
			corpId: this.corpId,
			organizer,
			title: `Title ${number}`,
			place: 'Room 0',
			startsAt,
			guests: new Map(guests.filter((guest) => guest !== organizer).map((guest) => [guest, 'needsAction'])),
			hiddenBy: new Set(),
			isCancelled: false,
			createdAt: this.time.now,
			changedAt: 0,
			position: 0,
			everSeenBy: new Set(),
		};
		this.events.push(event);
		this.touch(event, 'created', this.audience(event));
		return event;
	}

	retitle(event: EventRecord, title: string): void {
		event.title = title;
		this.touch(event, 'updated', this.audience(event));
	}

	move(event: EventRecord, startsAt: number): void {
		event.startsAt = startsAt;
		this.touch(event, 'updated', this.audience(event));
	}

	invite(event: EventRecord, guest: string): void {
		event.guests.set(guest, 'needsAction');
		event.hiddenBy.delete(guest);
		this.touch(event, 'updated', this.audience(event));
	}

	uninvite(event: EventRecord, guest: string): void {
		event.guests.delete(guest);
		this.touch(event, 'updated', [...this.audience(event), guest]);
	}

	answer(event: EventRecord, guest: string, answer: Answer): void {
		event.guests.set(guest, answer);
		this.touch(event, undefined, []);
	}

	hide(event: EventRecord, person: string): void {
		event.hiddenBy.add(person);
		this.touch(event, 'deleteView', [person]);
	}

	cancel(event: EventRecord): void {
		const people = this.audience(event);
		event.isCancelled = true;
		this.touch(event, 'cancelled', people);
	}

	sees(event: EventRecord, person: string): boolean {
		return !event.isCancelled && !event.hiddenBy.has(person) && this.isInvited(event, person);
	}

	view(event: EventRecord, person: string): View | undefined {
		if (!this.sees(event, person)) return undefined;
		const answers = Object.fromEntries(event.guests);
		const content = JSON.stringify([event.title, event.place, event.startsAt, [...event.guests.keys()].sort()]);
		return { content, answers, changedAt: event.changedAt };
	}

	/** As an API call shows it. */
	body(event: EventRecord): Record<string, unknown> {
		const end = event.startsAt + 3_600_000;
		const person = (id: string, responseStatus: string): Record<string, unknown> => ({
			id,
			displayName: id.slice(0, 12),
			responseStatus,
		});
		return {
			id: event.id,
			summary: event.title,
			status: event.isCancelled ? 'cancelled' : 'confirmed',
			start: { dateTime: iso(event.startsAt), timeZone: 'UTC' },
			end: { dateTime: iso(end), timeZone: 'UTC' },
			isAllDay: false,
			location: { displayName: event.place },
			organizer: person(event.organizer, 'accepted'),
			attendees: [person(event.organizer, 'accepted'), ...[...event.guests].map(([id, answer]) => person(id, answer))],
			createTime: iso(event.createdAt),
			updateTime: iso(event.changedAt),
		};
	}

	isInvited(event: EventRecord, person: string): boolean {
		return event.organizer === person || event.guests.has(person);
	}

	private audience(event: EventRecord): string[] {
		return [event.organizer, ...event.guests.keys()].filter((person) => !event.hiddenBy.has(person));
	}

	private touch(event: EventRecord, type: ChangeType | undefined, people: string[]): void {
		event.position = ++this.position;
		// DingTalk's times are in whole seconds.
		event.changedAt = Math.floor(this.time.now / 1000) * 1000;
		if (event.createdAt > event.changedAt) event.createdAt = event.changedAt;
		for (const person of this.people) if (this.sees(event, person)) event.everSeenBy.add(person);
		if (!type) return;
		const number = this.changes.length + 1;
		const after = this.body(event);
		const change = { number, corpId: this.corpId, eventId: event.id, type, people, at: this.time.now, after };
		this.changes.push(change);
		this.onChange(change);
	}
}

export const iso = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');

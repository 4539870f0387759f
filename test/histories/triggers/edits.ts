/** What people do to their events, as numbers that each history reads in its own company. */
import * as fc from 'fast-check';

import type { Answer, EventRecord, Organization } from './company';
import type { Time } from './time';

const ACTIONS = ['create', 'create', 'retitle', 'move', 'invite', 'uninvite', 'answer', 'hide', 'cancel'] as const;
const ANSWERS: Answer[] = ['accepted', 'declined', 'tentative'];
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export interface Edit {
	action: (typeof ACTIONS)[number];
	organization: number;
	event: number;
	who: number;
	value: number;
}

export const editArbitrary: fc.Arbitrary<Edit> = fc.record({
	action: fc.constantFrom(...ACTIONS),
	organization: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.constant(1)),
	event: fc.integer({ min: 0, max: 3 }),
	who: fc.integer({ min: 0, max: 3 }),
	value: fc.integer({ min: 0, max: 7 }),
});

export class Editing {
	private counter = 0;

	/** `startsIn` says how long after it is created or moved an event starts. */
	constructor(
		private readonly organizations: readonly Organization[],
		private readonly time: Time,
		private readonly startsIn = (value: number): number => DAY + value * HOUR,
	) {}

	/** In whole minutes, as people enter it. */
	private startIn(ms: number): number {
		return Math.floor((this.time.now + ms) / MINUTE) * MINUTE;
	}

	/** An edit that is not possible does nothing. */
	apply({ action, organization: which, event: position, who, value }: Edit): void {
		const organization = this.organizations[which % this.organizations.length];
		const person = organization.people[who % organization.people.length];
		this.counter++;
		if (action === 'create') {
			const guests = organization.people.filter((_, i) => (value >> i) % 2 === 1);
			organization.create(person, guests, this.startIn(this.startsIn(value)));
			return;
		}
		const event: EventRecord | undefined = organization.events[position % Math.max(1, organization.events.length)];
		if (!event || event.isCancelled) return;
		const isGuest = event.guests.has(person);
		if (action === 'retitle') organization.retitle(event, `Title ${this.counter}`);
		if (action === 'move') organization.move(event, this.startIn(this.startsIn(value) + this.counter * MINUTE));
		if (action === 'invite' && person !== event.organizer && !organization.sees(event, person))
			organization.invite(event, person);
		if (action === 'uninvite' && isGuest) organization.uninvite(event, person);
		const answer = ANSWERS[value % ANSWERS.length];
		if (action === 'answer' && isGuest && organization.sees(event, person) && event.guests.get(person) !== answer)
			organization.answer(event, person, answer);
		if (action === 'hide' && isGuest && organization.sees(event, person)) organization.hide(event, person);
		if (action === 'cancel') organization.cancel(event);
	}
}

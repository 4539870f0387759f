/** Adds people and events to a simulator without API calls. */
import { CalendarStore } from './calendar/calendarStore';
import { readNewEvent } from './calendar/validate';
import type { Person } from './company';
import { Limits } from './limits';
import type { World } from './world';

/** Adds people to the seeded company. */
export function addPeople({ company }: World, count: number): Person[] {
	const hired = Array.from({ length: count }, (_, i): Person => {
		const number = String(i).padStart(5, '0');
		return {
			unionId: `Crowd${number}AbCdEfGhIjKiEiE`,
			userId: `90000000000${number}`,
			name: `Guest ${number}`,
			pinyin: `guest${number}`,
			mobile: `199000${number}`,
			email: `guest${number}@example.com`,
			title: '',
			departmentIds: [1],
		};
	});
	company.people.push(...hired);
	return hired;
}

/** Adds an event without counting it towards the daily limit. */
export function addEvent(world: World, organizer: string, event: object): string {
	const limits = world.use(Limits);
	const { eventsPerDay } = limits.values;
	limits.change({ eventsPerDay: null });
	const { id } = world.use(CalendarStore).create(readNewEvent(event, organizer, world, { endOptional: false }));
	limits.change({ eventsPerDay });
	return id;
}

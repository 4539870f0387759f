/** Lets a test do something between two calls of a node: just before the simulator answers the second. */
import { book } from '../../simulator/booking/bookRoom';
import { CalendarStore } from '../../simulator/calendar/calendarStore';
import { readNewEvent } from '../../simulator/calendar/validate';
import type { Person } from '../../simulator/company';
import { Faults, type FaultAction, type FaultRule } from '../../simulator/gateway/faults';
import type { Desk } from './setup';

/** Called before each call that is about calendars or rooms; the first is number 1. Names what becomes of the call. */
export type Interference = (
	number: number,
	method: string,
	path: string,
) => FaultAction | Omit<FaultRule, 'match'> | undefined;

/** Replaces what interfered before; the numbers begin anew. */
export function interfere(desk: Desk, act: Interference): void {
	const faults = desk.simulator.world.use(Faults);
	let number = 0;
	faults.findFault = (method, path) => {
		if (!/^\/v1\.0\/(calendar|rooms)\//.test(path)) return undefined;
		const action = act(++number, method, path);
		return action && { match: {}, ...(typeof action === 'string' ? { do: action } : action) };
	};
}

/** Creates a meeting of another person, who gets the room if it is free. */
export function rivalTakes(desk: Desk, rival: Person, roomId: string, times: object): boolean {
	const { world } = desk.simulator;
	const store = world.use(CalendarStore);
	const { id } = store.create(
		readNewEvent({ summary: 'Rival', ...times }, rival.unionId, world, { endOptional: false }),
	);
	const view = store.byId(id);
	try {
		if (view) book(view, [roomId], rival.unionId, world);
		return true;
	} catch {
		return false;
	}
}

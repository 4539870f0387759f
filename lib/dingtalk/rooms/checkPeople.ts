/** Checks before a booking whether the people who must be free are free. */
import type { Interval } from 'luxon';
import type { Client } from '../client/types';
import { api } from '../endpoints';
import { listBusyBlocks, readSchedules } from '../freeBusy/schedules';
import { formatCount } from '../utils/text';
import { NotBookedError, type BookingStep } from './bookingOutcome';
import { joinClauses, t } from '../../locale/t';

export interface PeopleToCheck {
	client: Client;
	path: { userId: string };
	window: Interval<true>;
	/** The union IDs of the people who must be free, and what counts as free. */
	mustBeFree: { people: string[]; tentativeIsFree: boolean; unreadableIsFree: boolean };
	/** The name of a person for messages. */
	nameOf(id: string): Promise<string>;
}

export async function checkPeople(
	{ client, path, window, mustBeFree, nameOf }: PeopleToCheck,
	steps: BookingStep[],
): Promise<void> {
	if (mustBeFree.people.length === 0) return;
	const schedules = await readSchedules(client, path.userId, mustBeFree.people, window);
	const busy = schedules.filter((schedule) => listBusyBlocks(schedule, window, !mustBeFree.tentativeIsFree).length > 0);
	const unreadable = schedules.filter(({ error }) => error !== undefined);
	const findings = await Promise.all([
		...busy.map(async ({ id }) => t`${await nameOf(id)} is busy`),
		...unreadable.map(async ({ id, error }) => t`the calendar of ${await nameOf(id)} cannot be read (${error})`),
	]);
	steps.push({
		step: 'check people',
		subject: formatCount(schedules.length, 'person', 'people'),
		outcome: joinClauses(findings) || t`free`,
		meteredCalls: Math.ceil(schedules.length / api.getSchedule.maxBatch),
	});
	if (busy.length > 0 || (unreadable.length > 0 && !mustBeFree.unreadableIsFree)) {
		throw new NotBookedError(t`Not everyone is free: ${joinClauses(findings)}`, steps);
	}
}

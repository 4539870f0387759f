/** Finds the calendar that an ID refers to. */
import type { World } from '../world';
import { AclStore, sharedCalendarId, type Privilege } from './aclStore';

/** A calendar with the privilege of the user. */
export interface OpenCalendar {
	owner: string;
	privilege: Privilege | 'owner';
}

/** The user's own calendar or a calendar shared with the user. */
export function openCalendar(calendarId: string, unionId: string, world: World): OpenCalendar | undefined {
	if (calendarId === 'primary') return { owner: unionId, privilege: 'owner' };
	if (world.switches.sharedCalendarIds === 'primaryOnly') return undefined;
	return world
		.use(AclStore)
		.grantedTo(unionId)
		.find(({ owner }) => sharedCalendarId(owner) === calendarId);
}

import type { World } from '../world';
import { AclStore, sharedCalendarId, type Privilege } from './aclStore';

/** A calendar as one person may use it. */
export interface OpenCalendar {
	owner: string;
	privilege: Privilege | 'owner';
}

/** The calendar somebody means by an id: the own one, or one that was shared. */
export function openCalendar(calendarId: string, unionId: string, world: World): OpenCalendar | undefined {
	if (calendarId === 'primary') return { owner: unionId, privilege: 'owner' };
	if (world.switches.sharedCalendarIds === 'primaryOnly') return undefined;
	return world
		.use(AclStore)
		.grantedTo(unionId)
		.find(({ owner }) => sharedCalendarId(owner) === calendarId);
}

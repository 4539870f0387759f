import { Clock } from './clock';
import { Company } from './company';
import { CORP_ID, seedApps } from './seed/apps';
import { seedDepartments } from './seed/departments';
import { seedPeople } from './seed/people';
import { seedRooms } from './seed/rooms';
import { defaultSwitches } from './switches';
import { World } from './world';

/** What a simulator knows when it starts, and again after a reset. */
export const seedWorld = (): World =>
	new World(
		new Clock(),
		defaultSwitches(),
		new Company(CORP_ID, seedPeople(), seedDepartments(), seedRooms(), seedApps()),
	);

/** The initial state of a simulator. */
import { Clock } from './clock';
import { Company } from './company';
import { Publisher } from './push/publisher';
import { CORP_ID, seedApps } from './seed/seedApps';
import { seedDepartments } from './seed/seedDepartments';
import { seedGroups } from './seed/seedGroups';
import { seedPeople } from './seed/seedPeople';
import { seedRooms } from './seed/seedRooms';
import { defaultSwitches } from './switches';
import { World } from './world';

export function seedWorld(): World {
	const people = seedPeople();
	const company = new Company(CORP_ID, people, seedDepartments(), seedRooms(), seedApps(), seedGroups(people));
	const world = new World(new Clock(), defaultSwitches(), company);
	// The publisher listens to the calendar, so it must exist before the first change.
	world.use(Publisher);
	return world;
}

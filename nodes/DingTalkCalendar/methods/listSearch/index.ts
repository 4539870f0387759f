/** The searchable lists of the resource locators. */
import { searchCalendars } from './searchCalendars';
import { searchDepartments } from './searchDepartments';
import { searchEvents } from './searchEvents';
import { searchPeople } from './searchPeople';
import { searchRooms } from './searchRooms';
import { searchTimeZones } from './searchTimeZones';

export const listSearch = {
	searchCalendars,
	searchDepartments,
	searchEvents,
	searchPeople,
	searchRooms,
	searchTimeZones,
};

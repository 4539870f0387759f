import type { Person } from '../../company';

/** A person as the old API describes one, whichever call asks. */
export const personDetails = (person: Person): Record<string, unknown> => ({
	userid: person.userId,
	// Written without a capital I, unlike everywhere in the new API.
	unionid: person.unionId,
	name: person.name,
	avatar: '',
	mobile: person.mobile,
	email: person.email,
	title: person.title,
	dept_id_list: person.departmentIds,
	active: true,
});

/** The details of a person in the format of the old API. */
import type { Person } from '../../company';

export const personDetails = (person: Person): Record<string, unknown> => ({
	userid: person.userId,
	// Lowercase, unlike in the new API.
	unionid: person.unionId,
	name: person.name,
	avatar: '',
	mobile: person.mobile,
	email: person.email,
	title: person.title,
	dept_id_list: person.departmentIds,
	active: true,
});

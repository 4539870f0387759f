/** The calls for departments and their members. */
import type { Department, Person } from '../../company';
import { OldApiError, type Call, type Route } from '../../contract';
import { fieldsOf, numberOf } from '../../fields';
import type { World } from '../../world';
import { departmentNotFound, invalidParameters, oldRoute } from './oldRoute';
import { personDetails } from './personDetails';
import { peopleInRange } from './range';

const ROOT = 1;
const MAX_PAGE = 100;

const departmentWith = ({ company }: World, id: number): Department | undefined =>
	company.departments.find(({ departmentId }) => departmentId === id);

function departmentOf(call: Call, world: World, whenAbsent?: number): Department {
	const id = numberOf(fieldsOf(call.body), 'dept_id') ?? whenAbsent;
	if (id === undefined) throw invalidParameters();
	const department = departmentWith(world, id);
	if (department === undefined) throw departmentNotFound();
	return department;
}

/** Only direct members; members of child departments are not listed. */
const directMembers = ({ company }: World, { departmentId }: Department): Person[] =>
	company.people.filter(({ departmentIds }) => departmentIds.includes(departmentId));

function pageOfMembers(call: Call, world: World, entry: (person: Person) => unknown): unknown {
	const members = peopleInRange(directMembers(world, departmentOf(call, world)));
	const fields = fieldsOf(call.body);
	const cursor = numberOf(fields, 'cursor');
	const size = numberOf(fields, 'size');
	if (cursor === undefined || size === undefined) throw invalidParameters();
	if (cursor < 0) throw new OldApiError(40068, '不合法的偏移量');
	if (size < 1 || size > MAX_PAGE) throw new OldApiError(40069, '不合法的分页大小');
	const next = cursor + size;
	const hasMore = next < members.length;
	return {
		result: {
			has_more: hasMore,
			...(hasMore ? { next_cursor: next } : {}),
			list: members.slice(cursor, next).map(entry),
		},
	};
}

const listUsers = (call: Call, world: World): unknown =>
	pageOfMembers(call, world, (person) => ({ ...personDetails(person), leader: false }));

const listSimple = (call: Call, world: World): unknown =>
	pageOfMembers(call, world, ({ userId, name }) => ({ userid: userId, name }));

/** Also returns people outside the app's range, unlike all other calls. */
const listIds = (call: Call, world: World): unknown => ({
	result: { userid_list: directMembers(world, departmentOf(call, world)).map(({ userId }) => userId) },
});

const children = (call: Call, world: World): Department[] => {
	const { departmentId } = departmentOf(call, world, ROOT);
	return world.company.departments.filter(({ parentId }) => parentId === departmentId);
};

const details = ({ departmentId, name, parentId }: Department): Record<string, unknown> => ({
	dept_id: departmentId,
	name,
	...(parentId === 0 ? {} : { parent_id: parentId }),
	create_dept_group: true,
	auto_add_user: true,
});

const listSub = (call: Call, world: World): unknown => ({ result: children(call, world).map(details) });

const listSubIds = (call: Call, world: World): unknown => ({
	result: { dept_id_list: children(call, world).map(({ departmentId }) => departmentId) },
});

const getDepartment = (call: Call, world: World): unknown => ({ result: details(departmentOf(call, world)) });

export const routes: Route[] = [
	oldRoute('/topapi/v2/user/list', 'qyapi_get_department_member', listUsers),
	oldRoute('/topapi/user/listsimple', 'qyapi_get_department_member', listSimple),
	oldRoute('/topapi/user/listid', 'qyapi_get_member', listIds),
	oldRoute('/topapi/v2/department/listsub', 'qyapi_get_department_list', listSub),
	oldRoute('/topapi/v2/department/listsubid', 'qyapi_get_department_list', listSubIds),
	oldRoute('/topapi/v2/department/get', 'qyapi_get_department_list', getDepartment),
];

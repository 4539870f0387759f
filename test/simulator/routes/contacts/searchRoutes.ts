/** The search for people and departments. */
import { ApiError, type Call, type Route } from '../../contract';
import { fieldsOf, numberOf, textOf } from '../../fields';
import type { World } from '../../world';
import { peopleInRange } from './range';

interface Searched {
	word: string;
	exact: boolean;
	size: number;
	firstRow: number;
}

function readSearch({ body }: Call, { switches }: World): Searched {
	const fields = fieldsOf(body);
	const word = textOf(fields, 'queryWord');
	const offset = numberOf(fields, 'offset');
	const size = numberOf(fields, 'size');
	if (word === undefined || offset === undefined || offset < 0 || size === undefined || size < 1) {
		throw new ApiError(400, 'parameter.error', '参数错误');
	}
	return {
		word: word.toLowerCase(),
		exact: numberOf(fields, 'fullMatchField') === 1,
		size,
		firstRow: switches.searchOffset === 'page' ? offset * size : offset,
	};
}

const hits = ({ word, exact }: Searched, ...names: string[]): boolean =>
	names.some((name) => (exact ? name.toLowerCase() === word : name.toLowerCase().includes(word)));

const page = <T>(found: T[], { firstRow, size }: Searched): unknown => ({
	hasMore: firstRow + size < found.length,
	totalCount: found.length,
	list: found.slice(firstRow, firstRow + size),
});

/** Finds people by name or pinyin and returns their userIds. */
function searchUsers(call: Call, world: World): unknown {
	const searched = readSearch(call, world);
	const found = peopleInRange(world.company.people).filter(({ name, pinyin }) => hits(searched, name, pinyin));
	return page(
		found.map(({ userId }) => userId),
		searched,
	);
}

function searchDepartments(call: Call, world: World): unknown {
	const searched = readSearch(call, world);
	const found = world.company.departments.filter(({ name }) => hits(searched, name));
	return page(
		found.map(({ departmentId }) => departmentId),
		searched,
	);
}

const searchRoute = (path: string, answer: Route['handle']): Route => ({
	method: 'POST',
	path,
	style: 'new',
	token: 'app',
	scope: 'qyapi_addresslist_search',
	apps: ['internal', 'thirdPartyEnterprise'],
	metered: false,
	handle: answer,
});

export const routes: Route[] = [
	searchRoute('/v1.0/contact/users/search', searchUsers),
	searchRoute('/v1.0/contact/departments/search', searchDepartments),
];

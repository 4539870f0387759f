/** The calls for a person: by ID, by mobile number, the signed-in user. */
import type { Person } from '../../company';
import { OldApiError, ApiError, type Call, type Route } from '../../contract';
import { fieldsOf, textOf } from '../../fields';
import type { World } from '../../world';
import { invalidParameters, oldRoute, personNotFound } from './oldRoute';
import { personDetails } from './personDetails';
import { peopleInRange } from './range';

/** Digits with an optional country code. */
const MOBILE = /^(\+?\d{1,3}-?)?\d{6,14}$/;
const SPACE = /\s/;

function getUser({ body }: Call, { company }: World): unknown {
	const userId = textOf(fieldsOf(body), 'userid');
	if (userId === undefined) throw invalidParameters();
	if (SPACE.test(userId)) throw new OldApiError(33012, '无效的USERID');
	const person = company.byUserId(userId);
	if (person === undefined) throw personNotFound();
	if (person.outsideScope === true) throw new OldApiError(50002, '员工不在授权范围');
	return { result: { ...personDetails(person), admin: false } };
}

function getByMobile({ body }: Call, { company }: World): unknown {
	const mobile = textOf(fieldsOf(body), 'mobile');
	if (mobile === undefined) throw invalidParameters();
	if (!MOBILE.test(mobile)) throw new OldApiError(40104, '无效的手机号');
	const person = company.byMobile(mobile.replace(/^\+?86-?(?=1\d{10}$)/, ''));
	if (person === undefined || person.outsideScope === true) throw personNotFound();
	return { result: mobileOwner(person, fieldsOf(body).support_exclusive_account_search === true) };
}

/** A person with an exclusive account is found only when such accounts are requested. */
function mobileOwner({ userId, exclusiveAccount }: Person, withExclusive: boolean): object {
	if (exclusiveAccount !== true) return { userid: userId, exclusive_account_userid_list: [] };
	if (!withExclusive) throw personNotFound();
	return { userid: '', exclusive_account_userid_list: [userId] };
}

function getByUnionId({ body }: Call, { company }: World): unknown {
	const unionId = textOf(fieldsOf(body), 'unionid');
	if (unionId === undefined) throw invalidParameters();
	const person = company.byUnionId(unionId);
	if (person === undefined) throw personNotFound();
	return { result: { contact_type: 0, userid: person.userId } };
}

/** The user of the token or the given user. */
function getContactUser({ params, caller }: Call, { company }: World): unknown {
	const unionId = params.unionId === 'me' ? caller?.unionId : params.unionId;
	const person = company.byUnionId(unionId ?? '');
	if (person === undefined) throw new ApiError(404, 'invalidParameter.user.notFound', '用户不存在');
	const app = company.apps.find(({ clientId }) => clientId === caller?.clientId);
	return {
		nick: person.name,
		avatarUrl: '',
		...(app?.scopes.includes('Contact.User.mobile') === true ? { mobile: person.mobile, stateCode: '86' } : {}),
		// A user has a different openId in each app; only its form matters here.
		openId: `${person.unionId.slice(0, 20).split('').reverse().join('')}iE`,
		unionId: person.unionId,
		email: person.email,
	};
}

function authScopes(_call: Call, { company }: World): unknown {
	const { people } = company;
	const visible = peopleInRange(people);
	const isEveryone = visible.length === people.length;
	return {
		auth_user_field: ['name', 'email', 'mobile', 'title', 'department', 'userid'],
		auth_org_scopes: {
			authed_user: isEveryone ? [] : visible.map(({ userId }) => userId),
			authed_dept: isEveryone ? [1] : [],
		},
	};
}

export const routes: Route[] = [
	oldRoute('/topapi/v2/user/get', 'qyapi_get_member', getUser),
	oldRoute('/topapi/v2/user/getbymobile', 'qyapi_get_member_by_mobile', getByMobile, ['internal']),
	oldRoute('/topapi/user/getbyunionid', 'qyapi_get_member', getByUnionId),
	{
		method: 'GET',
		path: '/v1.0/contact/users/{unionId}',
		style: 'new',
		token: 'user',
		scope: 'Contact.User.Read',
		metered: false,
		handle: getContactUser,
	},
	{ ...oldRoute('/auth/scopes', 'qyapi_base', authScopes), method: 'GET' },
];

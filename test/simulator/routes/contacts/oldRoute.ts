import { OldRefusal, type Route } from '../../contract';

const OLD_APPS: Route['apps'] = ['internal', 'thirdPartyEnterprise'];

/** A call of the old API: an app's token, for an app of the organization or a vendor, and free of quota. */
export const oldRoute = (path: string, scope: string, answer: Route['answer'], apps = OLD_APPS): Route => ({
	method: 'POST',
	path,
	style: 'old',
	token: 'app',
	scope,
	apps,
	metered: false,
	answer,
});

export const invalidParameters = (): OldRefusal => new OldRefusal(400002, '无效的参数');

export const personNotFound = (): OldRefusal => new OldRefusal(60121, '找不到该用户');

export const departmentNotFound = (): OldRefusal => new OldRefusal(60003, '部门不存在');

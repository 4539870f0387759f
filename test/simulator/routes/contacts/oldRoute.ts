/** Builds routes of the old API and their common errors. */
import { OldRefusal, type Route } from '../../contract';

const OLD_APPS: Route['apps'] = ['internal', 'thirdPartyEnterprise'];

/** A call of the old API: requires an app token of an internal or third-party enterprise app and is not metered. */
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

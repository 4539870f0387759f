/** Builds routes of the old API and their common errors. */
import { OldApiError, type Route } from '../../contract';

const OLD_APPS: Route['apps'] = ['internal', 'thirdPartyEnterprise'];

/** A call of the old API: requires an app token of an internal or third-party enterprise app and is not metered. */
export const oldRoute = (path: string, scope: string, answer: Route['handle'], apps = OLD_APPS): Route => ({
	method: 'POST',
	path,
	style: 'old',
	token: 'app',
	scope,
	apps,
	metered: false,
	handle: answer,
});

export const invalidParameters = (): OldApiError => new OldApiError(400002, '无效的参数');

export const personNotFound = (): OldApiError => new OldApiError(60121, '找不到该用户');

export const departmentNotFound = (): OldApiError => new OldApiError(60003, '部门不存在');

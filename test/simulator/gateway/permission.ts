/** Checks permissions and app types. */
import { OldApiError, ApiError, type Caller, type Route } from '../contract';
import type { World } from '../world';

/** Refuses the call if the app lacks the permission. */
export function checkPermission(caller: Caller, route: Route, world: World): void {
	if (route.scope === undefined) return;
	const app = world.company.apps.find(({ clientId }) => clientId === caller.clientId);
	if (app === undefined || !app.scopes.includes(route.scope)) throw permissionDenied(route);
}

/**
 * Some calls are closed to an app type regardless of its permissions. DingTalk's error is not documented; such an app
 * cannot have the permission, so the error is that of a missing permission.
 */
export function checkAppType(caller: Caller, route: Route): void {
	if (route.apps !== undefined && !route.apps.includes(caller.appType)) throw permissionDenied(route);
}

export function permissionDenied(route: Route): Error {
	const requiredScopes = route.scope === undefined ? [] : [route.scope];
	if (route.style === 'new') {
		return new ApiError(
			403,
			'Forbidden.AccessDenied.AccessTokenPermissionDenied',
			'没有调用该接口的权限，接口权限申请参考：https://open.dingtalk.com/document/orgapp-server/add-api-permission',
			{ accessdenieddetail: { requiredScopes } },
		);
	}
	const reason = `应用尚未开通所需的权限：[${requiredScopes.join(',')}]`;
	return new OldApiError(88, `ding talk error[subcode=60011,submsg=${reason}]`, {
		sub_code: '60011',
		sub_msg: reason,
	});
}

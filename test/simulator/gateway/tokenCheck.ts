/** Checks the access token of a call. */
import { OldApiError, ApiError, type Caller, type Route } from '../contract';
import { TokenStore, type Token } from '../tokens';
import type { IncomingRequest } from '../incomingRequest';
import type { App } from '../company';
import type { World } from '../world';
import { permissionDenied } from './permission';

const TOKEN_HEADER = 'x-acs-dingtalk-access-token';

/** The token of the call, if it was ever issued. */
export function presentedToken(request: IncomingRequest, route: Route, world: World): Token | undefined {
	const value = route.style === 'new' ? request.headers[TOKEN_HEADER] : request.query.access_token;
	if (value === undefined || value === '') throw missingToken(route);
	return world.use(TokenStore).find(value);
}

const missingToken = (route: Route): Error =>
	route.style === 'new'
		? new ApiError(400, 'AuthenticationFailed.MissingParameter', `缺少参数：${TOKEN_HEADER}`)
		: new OldApiError(88, 'ding talk error[subcode=40000,submsg=不合法的参数]', {
				sub_code: '40000',
				sub_msg: '不合法的参数',
			});

/** Returns the caller; refuses a token that is missing, unknown, expired, revoked or of the wrong kind. */
export function checkToken(token: Token | undefined, route: Route, world: World): Caller {
	if (token === undefined || token.revoked) throw invalidToken(route, world);
	if (world.use(TokenStore).isExpired(token)) {
		throw token.kind === 'user' ? expiredUserToken(route, world) : invalidToken(route, world);
	}
	const kindFits = route.token === 'any' ? token.kind !== 'suite' : token.kind === route.token;
	const app = world.company.apps.find(({ clientId }) => clientId === token.clientId);
	if (app === undefined || isRefusedCorpToken(app, route, world)) throw invalidToken(route, world);
	// A valid token of the wrong kind: the new API reports a missing permission, the old API an invalid token.
	if (!kindFits) throw route.style === 'new' ? permissionDenied(route) : invalidToken(route, world);
	return {
		clientId: app.clientId,
		appType: app.appType,
		...(token.unionId === undefined ? {} : { unionId: token.unionId }),
	};
}

const isRefusedCorpToken = ({ appType }: App, route: Route, { switches }: World): boolean =>
	appType === 'thirdPartyEnterprise' && route.style === 'old' && switches.corpTokenOnOldApi === 'refused';

function expiredUserToken(route: Route, world: World): Error {
	return route.style === 'new'
		? new ApiError(400, 'accesstoken.expired', '用户accessToken过期')
		: invalidToken(route, world);
}

export function invalidToken(route: Route, world: World): Error {
	const text = '不合法的access_token';
	if (route.style === 'new') {
		// All observed responses are 400; only a generic row of DingTalk's error list mentions 401.
		return new ApiError(world.switches.invalidTokenStatus === '401' ? 401 : 400, 'InvalidAuthentication', text);
	}
	switch (world.switches.oldInvalidToken) {
		case '40014':
			return new OldApiError(40014, text);
		case '42001':
			return new OldApiError(42001, 'access_token超时');
		case '88':
			return new OldApiError(88, `ding talk error[subcode=40014,submsg=${text}]`, {
				sub_code: '40014',
				sub_msg: text,
			});
	}
}

/** The token calls of the new API. */
import type { App } from '../company';
import { ApiError, type Call, type Route } from '../contract';
import { isFields, textOf, type Fields } from '../fields';
import { missingBody } from '../gateway/requestBody';
import { TOKEN_SECONDS, TokenStore, type CodeRefusal, type Consent } from '../tokens';
import type { World } from '../world';

const INVALID_CLIENT = '无效的clientId或者clientSecret';

function bodyOf({ body }: Call): Fields {
	if (!isFields(body)) throw missingBody();
	return body;
}

/** The gateway refuses a missing field like a missing body. */
function required(fields: Fields, name: string): string {
	const value = textOf(fields, name);
	if (value === undefined) throw new ApiError(400, `Missing${name}`, `${name} is mandatory for this action.`);
	return value;
}

function appWith(world: World, clientId: string, clientSecret: string): App | undefined {
	return world.company.apps.find((app) => app.clientId === clientId && app.clientSecret === clientSecret);
}

/** The token of an internal app: the same one while it is valid. */
function accessToken(call: Call, world: World): unknown {
	const fields = bodyOf(call);
	const app = appWith(world, required(fields, 'appKey'), required(fields, 'appSecret'));
	if (app?.appType !== 'internal') throw new ApiError(400, 'invalidClientIdOrSecret', INVALID_CLIENT);
	return { accessToken: world.use(TokenStore).appToken(app.clientId).value, expireIn: TOKEN_SECONDS };
}

/** The unified token call for internal and third-party enterprise apps, in snake case. */
function corpToken(call: Call, world: World): unknown {
	const fields = bodyOf(call);
	const app = appWith(world, required(fields, 'client_id'), required(fields, 'client_secret'));
	if (required(fields, 'grant_type') !== 'client_credentials') {
		throw new ApiError(400, 'unsupported.grant.type', 'unsupported.grant.type');
	}
	if (app === undefined) throw new ApiError(400, 'invalid.client', 'invalid.client');
	const isKnown = world.company.apps.some(({ corpId }) => corpId === call.params.corpId);
	if (!isKnown && world.switches.unknownCorpId === 'unknownError500')
		throw new ApiError(500, 'unknownError', '未知错误');
	if (app.appType === 'thirdPartyPersonal' || app.corpId !== call.params.corpId) {
		throw new ApiError(401, 'unauthorized.client', 'unauthorized.client');
	}
	const store = world.use(TokenStore);
	const token =
		world.switches.corpTokenRepeat === 'same' ? store.appToken(app.clientId) : store.newToken('app', app.clientId);
	return { access_token: token.value, expires_in: TOKEN_SECONDS };
}

/** The token of a third-party enterprise app for a customer: a new one each time. */
function corpAccessToken(call: Call, world: World): unknown {
	const fields = bodyOf(call);
	const app = appWith(world, required(fields, 'suiteKey'), required(fields, 'suiteSecret'));
	if (app?.appType !== 'thirdPartyEnterprise') throw new ApiError(400, 'invalidSuiteKey', '无效的suiteKey');
	checkTicket(fields);
	if (required(fields, 'authCorpId') !== app.corpId) throw new ApiError(400, 'invalidAuthInfo', '无效的授权信息');
	return { accessToken: world.use(TokenStore).newToken('app', app.clientId).value, expireIn: TOKEN_SECONDS };
}

/** Valid only for the administration of third-party apps. */
function suiteAccessToken(call: Call, world: World): unknown {
	const fields = bodyOf(call);
	const app = appWith(world, required(fields, 'suiteKey'), required(fields, 'suiteSecret'));
	if (app?.appType !== 'thirdPartyEnterprise') throw new ApiError(400, 'invalidClientIdOrSecret', INVALID_CLIENT);
	checkTicket(fields);
	return { accessToken: world.use(TokenStore).newToken('suite', app.clientId).value, expireIn: TOKEN_SECONDS };
}

/** A custom app can send any text as its ticket, so the simulator accepts any text. */
function checkTicket(fields: Fields): void {
	if (textOf(fields, 'suiteTicket') === undefined) throw new ApiError(400, 'invalidSuiteTicket', '无效的suiteTicket');
}

/** A user token for a login code or a refresh token. */
function userAccessToken(call: Call, world: World): unknown {
	const fields = bodyOf(call);
	const app = appWith(world, required(fields, 'clientId'), required(fields, 'clientSecret'));
	if (app === undefined) throw new ApiError(400, 'invalidClientIdOrSecret', INVALID_CLIENT);
	const store = world.use(TokenStore);
	switch (required(fields, 'grantType')) {
		case 'authorization_code': {
			const consent = store.redeemCode(app.clientId, required(fields, 'code'));
			if (typeof consent === 'string') throw refusedCode(world, consent);
			return userTokenAnswer(world, app, consent, store.newRefreshToken(app.clientId, consent));
		}
		case 'refresh_token': {
			const presented = required(fields, 'refreshToken');
			const consent = store.consentOfRefreshToken(app.clientId, presented);
			if (consent === undefined) {
				const name = world.switches.refusedRefreshToken;
				throw new ApiError(400, `invalidParameter.${name}.notFound`, `无效的${name}`);
			}
			return userTokenAnswer(world, app, consent, nextRefreshToken(world, app, consent, presented));
		}
		default:
			throw new ApiError(400, 'unsupported.grant.type', 'unsupported.grant.type');
	}
}

function refusedCode({ switches }: World, reason: CodeRefusal): ApiError {
	const shown = switches.refusedLoginCode === 'reason' ? reason : 'notFound';
	return new ApiError(400, `invalidParameter.authCode.${shown}`, '不存在的临时授权码');
}

function nextRefreshToken(world: World, app: App, consent: Consent, presented: string): string {
	const store = world.use(TokenStore);
	if (world.switches.refreshTokenRotation === 'keep') return presented;
	if (world.switches.refreshTokenRotation === 'rotateAndForget') store.forgetRefreshToken(presented);
	return store.newRefreshToken(app.clientId, consent);
}

const userTokenAnswer = (world: World, app: App, consent: Consent, refreshToken: string): unknown => ({
	accessToken: world.use(TokenStore).userToken(app.clientId, consent.unionId).value,
	refreshToken,
	expireIn: TOKEN_SECONDS,
	...(consent.withCorpId ? { corpId: app.corpId } : {}),
});

const tokenRoute = (path: string, answer: Route['handle']): Route => ({
	method: 'POST',
	path,
	style: 'new',
	token: 'none',
	metered: false,
	handle: answer,
});

export const routes: Route[] = [
	tokenRoute('/v1.0/oauth2/accessToken', accessToken),
	tokenRoute('/v1.0/oauth2/{corpId}/token', corpToken),
	tokenRoute('/v1.0/oauth2/corpAccessToken', corpAccessToken),
	tokenRoute('/v1.0/oauth2/suiteAccessToken', suiteAccessToken),
	tokenRoute('/v1.0/oauth2/userAccessToken', userAccessToken),
];

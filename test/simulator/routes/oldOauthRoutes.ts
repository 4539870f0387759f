/** The token calls of the old API. */
import { OldApiError, type Call, type Route } from '../contract';
import { fieldsOf } from '../fields';
import { TOKEN_SECONDS, TokenStore } from '../tokens';
import type { World } from '../world';

/** Returns the same token as the new API. */
function getToken({ query }: Call, world: World): unknown {
	const app = world.company.apps.find(
		({ clientId, clientSecret }) => clientId === query.appkey && clientSecret === query.appsecret,
	);
	if (app?.appType !== 'internal') throw new OldApiError(40096, '不合法的appkey或appsecret');
	return { access_token: world.use(TokenStore).appToken(app.clientId).value, expires_in: TOKEN_SECONDS };
}

/** The signature is not verified: it authenticates the vendor, and no client of ours creates one. */
function getCorpToken({ query, body }: Call, world: World): unknown {
	const app = world.company.apps.find(({ clientId }) => clientId === query.accessKey);
	if (app?.appType !== 'thirdPartyEnterprise' || query.signature === undefined || query.suiteTicket === undefined) {
		throw new OldApiError(40089, '不合法的corpid或corpsecret');
	}
	if (fieldsOf(body).auth_corpid !== app.corpId) throw new OldApiError(400002, '无效的参数');
	return { access_token: world.use(TokenStore).newToken('app', app.clientId).value, expires_in: TOKEN_SECONDS };
}

export const routes: Route[] = [
	{ method: 'GET', path: '/gettoken', style: 'old', token: 'none', metered: false, handle: getToken },
	{
		method: 'POST',
		path: '/service/get_corp_token',
		style: 'old',
		token: 'none',
		metered: false,
		handle: getCorpToken,
	},
];

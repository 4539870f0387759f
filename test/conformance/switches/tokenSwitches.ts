/** How each switch of tokens and contacts shows through the official client. */
import * as contact from '@alicloud/dingtalk/dist/contact_1_0/client';
import * as oauth from '@alicloud/dingtalk/dist/oauth2_1_0/client';
import axios from 'axios';

import { TokenStore } from '../../simulator/tokens';
import { runtime } from '../sdk';
import { SECRET, type Stage } from '../stage';
import { outcome, type SwitchCases } from './switchCase';

/** What DingTalk does not say about tokens and contacts. */
export function tokenSwitches(
	stage: Stage,
): SwitchCases<
	| 'corpTokenRepeat'
	| 'refreshTokenRotation'
	| 'refusedLoginCode'
	| 'refusedRefreshToken'
	| 'invalidTokenStatus'
	| 'oldInvalidToken'
	| 'corpTokenOnOldApi'
	| 'oldErrcodeType'
	| 'searchOffset'
> {
	const refreshed = async (refreshToken: string): Promise<string> => {
		const given = { clientId: 'sim-internal', clientSecret: SECRET, refreshToken, grantType: 'refresh_token' };
		return (await stage.sdk.oauth.getUserToken(new oauth.GetUserTokenRequest(given))).body?.refreshToken ?? '';
	};

	const found = async (offset: number, size: number): Promise<string[]> => {
		const request = new contact.SearchUserRequest({ queryWord: 'zh', offset, size });
		const headers = new contact.SearchUserHeaders({ xAcsDingtalkAccessToken: (await stage.user()).token });
		return (await stage.sdk.contact.searchUserWithOptions(request, headers, runtime)).body?.list ?? [];
	};

	const oldErrcode = async (): Promise<unknown> => {
		const { data } = await axios.post<{ errcode: unknown }>(`${stage.url}/topapi/v2/user/get?access_token=x`, {
			userid: 'x',
		});
		return data.errcode;
	};

	return {
		corpTokenRepeat: {
			observe: async () => (await stage.appToken()) === (await stage.appToken()),
			expected: [
				['same', true],
				['new', false],
			],
		},
		refreshTokenRotation: {
			observe: async () => {
				const old = `sim-refresh-${stage.person(0).userId}`;
				return { another: (await refreshed(old)) !== old, oldOne: await outcome(refreshed(old)) };
			},
			expected: [
				['rotate', { another: true, oldOne: 'done' }],
				['rotateAndForget', { another: true, oldOne: '400 invalidParameter.refreshToken.notFound' }],
				['keep', { another: false, oldOne: 'done' }],
			],
		},
		refusedLoginCode: {
			observe: async () => {
				const consent = { unionId: stage.person(0).unionId, withCorpId: true };
				const code = stage.world.use(TokenStore).newLoginCode('sim-internal', consent);
				const given = { clientId: 'sim-internal', clientSecret: SECRET, code, grantType: 'authorization_code' };
				const redeem = async () => await stage.sdk.oauth.getUserToken(new oauth.GetUserTokenRequest(given));
				return [await outcome(redeem()), await outcome(redeem())];
			},
			expected: [
				['notFound', ['done', '400 invalidParameter.authCode.notFound']],
				['reason', ['done', '400 invalidParameter.authCode.used']],
			],
		},
		refusedRefreshToken: {
			observe: async () => await outcome(refreshed('unknown')),
			expected: [
				['refreshToken', '400 invalidParameter.refreshToken.notFound'],
				['authCode', '400 invalidParameter.authCode.notFound'],
			],
		},
		invalidTokenStatus: {
			observe: async () => await outcome(stage.calendarOf(stage.person(0).unionId, 'none').list()),
			expected: [
				['400', '400 InvalidAuthentication'],
				['401', '401 InvalidAuthentication'],
			],
		},
		corpTokenOnOldApi: {
			observe: async () => {
				const { token } = await stage.user(0, 'sim-thirdparty');
				const { data } = await axios.post<{ errcode: unknown }>(
					`${stage.url}/topapi/v2/user/get?access_token=${token}`,
					{ userid: stage.person(0).userId },
				);
				return data.errcode;
			},
			expected: [
				['accepted', 0],
				['refused', 88],
			],
		},
		oldInvalidToken: {
			observe: oldErrcode,
			expected: [
				['40014', 40014],
				['42001', 42001],
				['88', 88],
			],
		},
		oldErrcodeType: {
			observe: oldErrcode,
			expected: [
				['number', 88],
				['string', '88'],
			],
		},
		searchOffset: {
			observe: async () => (await found(0, 20)).indexOf((await found(1, 2))[0]),
			expected: [
				['page', 2],
				['row', 1],
			],
		},
	};
}

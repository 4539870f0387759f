/** Explains why DingTalk issued no access token. */
import { regionName, type Account } from '../account';
import { storedSecrets } from '../signIn';
import type { ApiCall } from '../endpoints';
import { DingTalkError, type ErrorDetails, type ErrorKind } from './DingTalkError';
import { createRedactor } from '../utils/redact';
import { readError, readErrorFields } from '../client/parseResponse';
import { joinSentences, t } from '../../locale/t';

export interface TokenResponse {
	status: number;
	body: unknown;
}

/** Fields are camelCase or snake_case, depending on the endpoint. */
export interface TokenBody {
	accessToken?: unknown;
	access_token?: unknown;
	expireIn?: unknown;
	expires_in?: unknown;
	refreshToken?: unknown;
}

/** Used only for error messages. */
const TOKEN_CALL: ApiCall = {
	action: t`issue an access token`,
	method: 'POST',
	path: '/v1.0/oauth2',
	style: 'new',
	scope: 'qyapi_base',
	isRead: true,
	metered: false,
	responseBody: 'json',
};

/** Errors of DingTalk's gateway, which are not about the credential. */
const GATEWAY_ERRORS: readonly ErrorKind[] = ['throttle', 'address', 'banned'];

/** DingTalk has no documented names for these; both grants have been seen to fail with either name. */
const SIGN_IN_ERRORS = /authcode|refreshtoken/i;

/** Why DingTalk does not accept what the user brought back from signing in, or the refresh token of an earlier sign-in. */
function explainSignIn(account: Account, code: string, isExchange: boolean): Pick<ErrorDetails, 'message' | 'advice'> {
	const signInAgain = t`Have the user sign in again, enter the new code in 'Authorization Code' and save right away.`;
	if (!isExchange) {
		return {
			message: t`${regionName(account)} no longer accepts the 'Refresh Token'`,
			advice: joinSentences(t`A refresh token that is not used for 30 days expires.`, signInAgain),
		};
	}
	if (/expire/i.test(code)) {
		return {
			message: t`The 'Authorization Code' has expired`,
			advice: joinSentences(t`A code is valid for five minutes.`, signInAgain),
		};
	}
	if (/used/i.test(code)) {
		return {
			message: t`The 'Authorization Code' has already been used`,
			advice: joinSentences(
				t`A code can be used once.`,
				signInAgain,
				t`If this credential worked before, close it without saving and open it again.`,
			),
		};
	}
	return {
		message: t`${regionName(account)} does not accept this 'Authorization Code'`,
		advice: joinSentences(
			t`A code can be used once, is valid for five minutes, and only for the app of this 'Client ID'.`,
			signInAgain,
		),
	};
}

/** `sent` is the body of the request: a gateway may quote it, with a refresh token that is newer than the stored one. */
export function explainTokenError(
	account: Account,
	response: TokenResponse,
	sent: Record<string, string>,
): DingTalkError {
	const { status } = response;
	const isExchange = sent.grantType === 'authorization_code';
	const body = createRedactor([...storedSecrets(account), sent.refreshToken, sent.code])(response.body);
	const rawResponse = readErrorFields({ status, body });
	const { code } = rawResponse;
	if (status >= 500 && code === 'unknownError' && account.corpId !== '') {
		return new DingTalkError({
			kind: 'server',
			message: t`DingTalk does not recognize this 'Corp ID' or 'Client ID', or is temporarily unavailable`,
			advice: t`Check 'Corp ID' and 'Client ID' in the credential. If both are correct, try again in a few minutes.`,
			...rawResponse,
		});
	}
	if (status >= 500) {
		return new DingTalkError({
			kind: 'server',
			message: t`DingTalk could not issue an access token`,
			advice: t`Try again in a few minutes.`,
			...rawResponse,
		});
	}
	if (status < 400 || status === 404 || typeof body === 'string') {
		return new DingTalkError({
			kind: 'credentials',
			message: t`${account.hosts.api} did not respond like DingTalk`,
			advice: t`Check 'Region' (or 'API Base URL') in the credential.`,
			...rawResponse,
		});
	}
	const general = readError({ status, body }, TOKEN_CALL);
	if (general && GATEWAY_ERRORS.includes(general.kind)) return general;
	if (code === 'unauthorized.client') {
		return new DingTalkError({
			kind: 'credentials',
			message: t`The organization in 'Corp ID' has not authorized this DingTalk app`,
			advice: t`Check 'Corp ID', and that the organization's administrator has installed the app.`,
			...rawResponse,
		});
	}
	if (code !== undefined && SIGN_IN_ERRORS.test(code)) {
		return new DingTalkError({ kind: 'credentials', ...explainSignIn(account, code, isExchange), ...rawResponse });
	}
	const otherRegion =
		account.region === 'custom'
			? t`'API Base URL'`
			: t`'Region': an app created in mainland China works only with China, one created on dingtalk.io only with International`;
	return new DingTalkError({
		kind: 'credentials',
		message: t`${regionName(account)} does not accept the 'Client ID' or 'Client Secret'`,
		advice: t`Copy them again from the app's page in the DingTalk developer console, and check ${otherRegion}.`,
		...rawResponse,
	});
}

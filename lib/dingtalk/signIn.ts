/** Reads the code that a user brings back from DingTalk's sign-in page, alone or in the address that contains it. */
import type { Account } from './account';
import { DingTalkError } from './errors/DingTalkError';
import { t } from '../locale/t';

/** What the address shows after DingTalk has sent the user back; `code` is how other sign-in pages call it. */
const CODE_PARAMETERS = ['authCode', 'code'];

const SIGN_IN_PAGE = /^(https?:\/\/)?(login\.dingtalk\.(com|io)|[^/?#]+\/oauth2\/)/i;

/** DingTalk's own codes; anything else could be what someone else wrote into the address. */
const ERROR_NAME = /^[\w.-]{1,60}$/;

/** Codes are letters and digits; an address, or the end of one, names the code. */
const isAddress = (entered: string): boolean => entered.includes('://') || /[?&]|^\w+=/.test(entered);

const notSignedIn = (message: string, advice: string, code?: string): DingTalkError =>
	new DingTalkError({ kind: 'credentials', message, advice, code });

const parametersOf = (address: string): URLSearchParams =>
	new URLSearchParams(address.slice(address.indexOf('?') + 1).split('#', 1)[0]);

/** The code in what was entered, or an empty text. */
function findAuthorizationCode(entered: string): string {
	if (!isAddress(entered)) return entered;
	const parameters = parametersOf(entered);
	return CODE_PARAMETERS.map((name) => parameters.get(name) ?? '').find((code) => code !== '') ?? '';
}

/** The secrets that a credential has stored. */
export const storedSecrets = ({ clientSecret, authorizationCode, refreshToken }: Account): string[] => [
	clientSecret,
	authorizationCode,
	findAuthorizationCode(authorizationCode),
	refreshToken,
];

/** The code in what was entered; throws an error that says what to do if there is none. */
export function readAuthorizationCode(entered: string): string {
	const code = findAuthorizationCode(entered);
	if (code !== '') return code;
	const refusal = parametersOf(entered).get('error');
	if (refusal !== null) {
		throw notSignedIn(
			t`The user did not agree to the access`,
			t`Have the user open the sign-in page again and agree, then enter the code or address that the browser shows.`,
			ERROR_NAME.test(refusal) ? refusal : undefined,
		);
	}
	if (SIGN_IN_PAGE.test(entered)) {
		throw notSignedIn(
			t`The address in 'Authorization Code' is the one of DingTalk's sign-in page`,
			t`Enter the address that the browser shows after signing in. If DingTalk's page reports an error instead, add the exact redirect address to the app in the DingTalk developer console, under Security Settings, and sign in again.`,
		);
	}
	throw notSignedIn(
		t`The address in 'Authorization Code' contains no code`,
		t`Enter the address that the browser shows after signing in; it contains 'authCode='. It must not be shortened.`,
	);
}

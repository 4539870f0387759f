/** Removes tokens and secrets from logged requests and responses. */
import { isFields } from '../fields';

const SECRET_NAMES = new Set(
	[
		'x-acs-dingtalk-access-token',
		'authorization',
		'access_token',
		'accessToken',
		'refresh_token',
		'refreshToken',
		'appSecret',
		'clientSecret',
		'client_secret',
		'suiteSecret',
		'suiteTicket',
		'corpsecret',
		'signature',
		'authCode',
		'password',
		'ticket',
	].map((name) => name.toLowerCase()),
);

const REDACTED = '[redacted]';

/** Returns a copy without tokens and secrets. */
export function redacted(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(redacted);
	if (!isFields(value)) return value;
	return Object.fromEntries(
		Object.entries(value).map(([name, inner]) => [
			name,
			SECRET_NAMES.has(name.toLowerCase()) ? REDACTED : redacted(inner),
		]),
	);
}

/** In a request, `code` is a login code; in a response it is an error code. */
export function redactedRequestBody(value: unknown): unknown {
	const copy = redacted(value);
	return isFields(copy) && 'code' in copy && 'grantType' in copy ? { ...copy, code: REDACTED } : copy;
}

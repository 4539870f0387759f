/** The error class for everything that goes wrong with DingTalk: its kind, what happened, and what to do next. */
import type { Account } from '../account';
import type { ApiCall } from '../endpoints';
import { shorten } from '../utils/text';
import { joinSentences, joinWords, t } from '../../locale/t';

export type ErrorKind =
	| 'token'
	| 'credentials'
	| 'throttle'
	| 'dayLimit'
	| 'quota'
	| 'permission'
	| 'address'
	| 'input'
	| 'missing'
	| 'inProgress'
	| 'done'
	| 'unclear'
	| 'server'
	| 'network'
	| 'banned';

export interface ErrorDetails {
	kind: ErrorKind;
	/** What happened, for readers who do not know the API. */
	message: string;
	/** What to do next. */
	advice: string;
	status?: number;
	code?: string;
	/** DingTalk's own message, or that of the program that answered in its place. */
	text?: string;
	/** A program between n8n and DingTalk answered, such as a proxy or a gateway. */
	isForeign?: boolean;
	requestId?: string;
	/** Permissions that the app lacks. */
	scopes?: string[];
	/** When DingTalk accepts such calls again, as an ISO date-time. */
	resumeAt?: string;
	/** Nothing was sent, because DingTalk was known to reject the call. */
	notSent?: boolean;
	/** No response came, so the change may have been made all the same. */
	mayBeDone?: boolean;
}

/** Does not say whether the thing exists. */
const PERSON_IS_MISSING = 'user.not.employee';

/** DingTalk quotes what it was sent, and a proxy may send anything. */
const MAX_MESSAGE_LENGTH = 500;
const MAX_TEXT_LENGTH = 300;

export class DingTalkError extends Error {
	readonly kind: ErrorKind;

	readonly details: ErrorDetails;

	constructor({ message, text, ...details }: ErrorDetails) {
		super(shorten(message, MAX_MESSAGE_LENGTH));
		this.name = 'DingTalkError';
		this.kind = details.kind;
		this.details = {
			...details,
			message: this.message,
			...(text === undefined ? {} : { text: shorten(text, MAX_TEXT_LENGTH) }),
		};
	}

	/** The response was lost, now or to an earlier request for the same, so the call may or may not have been carried out. */
	get isOutcomeUnknown(): boolean {
		const { mayBeDone, code = '' } = this.details;
		return (
			mayBeDone === true || this.kind === 'server' || (this.kind === 'network' && !UNREACHABLE_CODES.includes(code))
		);
	}

	/** The thing that the call is about is missing, and not the person in whose name it is made. */
	get isThingMissing(): boolean {
		return this.kind === 'missing' && this.details.code !== PERSON_IS_MISSING;
	}

	/** The status, code, message and request ID of the response, which DingTalk's support asks for. */
	get rawResponse(): string {
		const { status, code, text, requestId, isForeign: isOther } = this.details;
		if (this.kind === 'network') return code ? t`Network code: ${code}` : '';
		const parts = [
			status === undefined ? '' : `HTTP ${status}`,
			code ? t`code ${code}` : '',
			text ? `"${text}"` : '',
			requestId ? t`request ID ${requestId}` : '',
		].filter((part) => part !== '');
		if (parts.length === 0) return '';
		return isOther ? t`Received: ${joinWords(parts)}` : t`DingTalk answered: ${joinWords(parts)}`;
	}
}

/** What Node says of a certificate that it does not trust; usually a proxy has put its own in place of DingTalk's. */
const CERTIFICATE_REASONS: Record<string, string> = {
	CERT_HAS_EXPIRED: t`its certificate has expired`,
	CERT_NOT_YET_VALID: t`its certificate is not valid yet`,
	DEPTH_ZERO_SELF_SIGNED_CERT: t`its certificate is self-signed`,
	SELF_SIGNED_CERT_IN_CHAIN: t`n8n does not trust who issued its certificate`,
	UNABLE_TO_GET_ISSUER_CERT: t`n8n does not trust who issued its certificate`,
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY: t`n8n does not trust who issued its certificate`,
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: t`n8n does not trust who issued its certificate`,
	ERR_TLS_CERT_ALTNAME_INVALID: t`its certificate is for another host`,
};

/** Network errors where the request never reached a server. */
const UNREACHABLE_CODES: readonly string[] = [
	'ECONNREFUSED',
	'ENOTFOUND',
	'EAI_AGAIN',
	...Object.keys(CERTIFICATE_REASONS),
];

/** The error for a call that DingTalk does not offer to this type of app. */
export const unsupportedAppError = (call: ApiCall): DingTalkError =>
	new DingTalkError({
		kind: 'permission',
		message: t`DingTalk does not allow this type of app to ${call.action}`,
		advice: t`Use a credential whose 'App Type' is Internal App.`,
	});

/** Something between n8n and DingTalk failed or responded, not DingTalk. */
export const isForeign = ({ kind, details: { status, code, isForeign: isOther } }: DingTalkError): boolean =>
	kind === 'network' || isOther === true || (status !== undefined && !code);

/** Only lookups need the old API. Where its host fails, the error says which host that is and what works without it. */
export function withOldHostAdvice(error: Error, call: ApiCall, { hosts }: Account): Error {
	if (call.style !== 'old' || hosts.oldApi === hosts.api) return error;
	if (!(error instanceof DingTalkError) || !isForeign(error)) return error;
	const advice = t`DingTalk looks up people by name, mobile number, e-mail address or user ID, and departments, only at ${new URL(hosts.oldApi).host}. Everything else works without it: use union IDs.`;
	return new DingTalkError({ ...error.details, advice: joinSentences(error.details.advice, advice) });
}

const NETWORK_REASONS: Record<string, string> = {
	ECONNREFUSED: t`the connection was refused`,
	ENOTFOUND: t`the host name does not exist`,
	EAI_AGAIN: t`the host name could not be resolved`,
	ECONNRESET: t`the connection was reset`,
	ECONNABORTED: t`the request timed out`,
	ETIMEDOUT: t`the request timed out`,
	ERR_CANCELED: t`the execution was canceled`,
	...CERTIFICATE_REASONS,
};

/** The error for a request that got no response. Only the code is kept: the raw error contains the request with its token. */
export function networkError(host: string, code: string): DingTalkError {
	return new DingTalkError({
		kind: 'network',
		message: t`Could not reach ${host}: ${NETWORK_REASONS[code] ?? t`the connection was lost`}`,
		advice:
			code in CERTIFICATE_REASONS
				? t`If your network inspects HTTPS, a proxy has put its own certificate in place of DingTalk's: save the proxy's root certificate as a file, and start n8n with NODE_EXTRA_CA_CERTS set to its path. Otherwise, check the clock of your n8n server and the base URLs in the credential.`
				: t`Check the internet connection of your n8n server, its proxy, and 'Region' (or the base URLs) in the credential.`,
		code,
	});
}

/** One error for everything that goes wrong with DingTalk: a class, a plain sentence and what to do next. */
import type { ApiCall } from '../endpoints';

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
	/** What happened, for somebody who does not know the API. */
	message: string;
	/** What to do next. */
	advice: string;
	status?: number;
	code?: string;
	/** DingTalk's own words. */
	text?: string;
	requestId?: string;
	/** Permissions that must be ticked for the app. */
	scopes?: string[];
	/** When DingTalk takes such calls again, as an ISO date-time. */
	resumeAt?: string;
	/** It was known beforehand that DingTalk would refuse, so nothing was sent. */
	notSent?: boolean;
}

export class DingTalkError extends Error {
	readonly kind: ErrorKind;

	constructor(readonly details: ErrorDetails) {
		super(details.message);
		this.name = 'DingTalkError';
		this.kind = details.kind;
	}

	/** The answer was lost, so nobody knows whether it was carried out. */
	get isOutcomeUnknown(): boolean {
		return this.kind === 'server' || (this.kind === 'network' && !UNREACHABLE_CODES.includes(this.details.code ?? ''));
	}

	/** DingTalk's own code, words and request id: what its support asks for. */
	get rawResponse(): string {
		const { status, code, text, requestId } = this.details;
		if (this.kind === 'network') return code ? `Network code: ${code}` : '';
		const parts = [
			status === undefined ? '' : `HTTP ${status}`,
			code ? `code ${code}` : '',
			text ? `"${text}"` : '',
			requestId ? `request ID ${requestId}` : '',
		].filter((part) => part !== '');
		return parts.length > 0 ? `DingTalk answered: ${parts.join(', ')}` : '';
	}
}

/** Nobody was reached. */
const UNREACHABLE_CODES: readonly string[] = [
	'ECONNREFUSED',
	'ENOTFOUND',
	'EAI_AGAIN',
	'CERT_HAS_EXPIRED',
	'DEPTH_ZERO_SELF_SIGNED_CERT',
];

/** DingTalk would refuse it anyway; this way it says why. */
export const unsupportedAppError = (call: ApiCall): DingTalkError =>
	new DingTalkError({
		kind: 'permission',
		message: `DingTalk does not let this kind of app ${call.action}`,
		advice: "Use a credential whose 'App Type' is Internal App.",
	});

const NETWORK_REASONS: Record<string, string> = {
	ECONNREFUSED: 'nothing is listening there',
	ENOTFOUND: 'the host name is not known',
	EAI_AGAIN: 'the host name could not be looked up',
	ECONNRESET: 'the connection was cut',
	ECONNABORTED: 'no answer came in time',
	ETIMEDOUT: 'no answer came in time',
	ERR_CANCELED: 'the execution was cancelled',
	CERT_HAS_EXPIRED: 'its certificate has expired',
	DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
};

/** The connection gave way before an answer came. Only the code is kept: the raw error holds the request with its token. */
export function networkError(host: string, code: string): DingTalkError {
	return new DingTalkError({
		kind: 'network',
		message: `Could not reach ${host}: ${NETWORK_REASONS[code] ?? 'the connection was lost'}`,
		advice:
			"Check the internet connection of your n8n server, its proxy, and 'Region' (or the base URLs) in the credential.",
		code,
	});
}

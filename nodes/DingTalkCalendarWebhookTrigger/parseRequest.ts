/** Parses an HTTP request that claims to come from DingTalk: decrypts and reads it, or rejects it. Never throws. */
import {
	decryptPush,
	MAX_ENCRYPTED_CHARACTERS,
	PushRejectedError,
	type DecryptedPush,
} from '../../lib/dingtalk/push/callbackEncryption';
import type { CallbackKeys } from '../../lib/dingtalk/push/callbackKeys';
import { isReportable, parseChange, type Change } from '../../lib/dingtalk/push/parseChange';
import { asText, isObject, parseJson } from '../../lib/dingtalk/utils/json';
import { createRedactor } from '../../lib/dingtalk/utils/redact';
import { t } from '../../lib/locale/t';

export interface PushRequest {
	contentType: unknown;
	query: Record<string, unknown>;
	/** As parsed by n8n. */
	body: unknown;
}

export type ParsedRequest =
	/** The sender only gets the HTTP status; `reason` is for the log. */
	| { rejectWith: number; reason: string }
	/** Starts no workflow. `reason` says why, if that is worth logging. */
	| { push: DecryptedPush; replyText: string; reason?: string }
	| ({ push: DecryptedPush; replyText: string } & IdentifiedChange);

const SUCCESS = 'success';

const reject = (status: number, reason: string): ParsedRequest => ({
	rejectWith: status,
	reason: t`A push was rejected: ${reason}`,
});

/** DingTalk expects the reply to these events to repeat their `Random`. */
const ECHOED_EVENT_TYPES = ['check_create_suite_url', 'check_update_suite_url'];

const withoutField = (fields: Record<string, unknown>, name: string): Record<string, unknown> =>
	Object.fromEntries(Object.entries(fields).filter(([key]) => key.toLowerCase() !== name));

/** A change and every key that it may have been seen with. */
export interface IdentifiedChange {
	change: Change;
	keys: string[];
}

/**
 * A change that is pushed as documented has an `eventId`; the same change in the list of failed pushes has none. So it is
 * reported with the key that it has without an `eventId`, and recognized by either.
 */
export function identifyChange(raw: Record<string, unknown>, change: Change): IdentifiedChange {
	const key = parseChange(withoutField(raw, 'eventid')).change?.key ?? change.key;
	return { change: { ...change, key }, keys: [...new Set([change.key, key])] };
}

function parseMessage(push: DecryptedPush, secrets: string[]): ParsedRequest {
	// A push that quotes a secret must not bring it into the items or the log.
	const fields = createRedactor(secrets)(parseJson(push.text));
	if (!isObject(fields)) return reject(400, t`its content is not a JSON object`);
	const byName = new Map(Object.entries(fields).map(([name, value]) => [name.toLowerCase(), value]));
	const type = byName.get('eventtype') || undefined;
	if (ECHOED_EVENT_TYPES.includes(asText(type))) return { push, replyText: asText(byName.get('random')) };
	if (type !== undefined && !isReportable(type)) return { push, replyText: SUCCESS };
	const { change, ...rest } = parseChange(fields);
	if (change) return { push, replyText: SUCCESS, ...identifyChange(fields, change) };
	return { push, replyText: SUCCESS, reason: 'reason' in rest ? rest.reason : undefined };
}

export function parseRequest(
	{ contentType, query, body }: PushRequest,
	keys: CallbackKeys,
	now: number,
): ParsedRequest {
	if (!/^application\/json\b/i.test(String(contentType))) return reject(415, t`its body is not JSON`);
	if (!isObject(body) || typeof body.encrypt !== 'string') return reject(400, t`its body has no encrypted text`);
	const { encrypt } = body;
	if (encrypt.length > MAX_ENCRYPTED_CHARACTERS) return reject(413, t`it is larger than any calendar change`);
	const { signature, msg_signature: msgSignature, timestamp, nonce } = query;
	try {
		return parseMessage(decryptPush({ signature, msgSignature, timestamp, nonce, encrypt }, keys, now), keys.secrets);
	} catch (error) {
		return error instanceof PushRejectedError
			? { rejectWith: 403, reason: error.message }
			: reject(403, t`it cannot be read`);
	}
}

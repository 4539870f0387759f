/** An HTTP request that says it comes from DingTalk: opened and read, or refused. Whatever it holds, nothing here throws. */
import { isObject } from '../../lib/dingtalk/utils/isObject';
import type { CallbackKeys } from '../../lib/dingtalk/push/callbackKeys';
import { CALENDAR_EVENT_CHANGE, parseChange, type Change } from '../../lib/dingtalk/push/parseChange';
import {
	MAX_ENCRYPTED_CHARACTERS,
	decryptPush,
	PushRejectedError,
	type DecryptedPush,
} from '../../lib/dingtalk/push/callbackEncryption';

export interface PushRequest {
	contentType: unknown;
	query: Record<string, unknown>;
	/** As n8n parsed it. */
	body: unknown;
}

export type PushReading =
	/** Outward the same for everybody; `reason` is for the log. */
	| { refuse: number; reason: string }
	/** DingTalk waits for this text. `reason` says why no workflow starts, where somebody should know. */
	| { opened: DecryptedPush; say: string; reason?: string }
	/** `names`: each of them tells this change from all others, however it is delivered. */
	| { opened: DecryptedPush; say: string; change: Change; names: string[] };

const SUCCESS = 'success';

/** For these DingTalk wants back what it sent. */
const ECHOED_CHECK = ['check_create_suite_url', 'check_update_suite_url'];

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}

const withoutField = (fields: Record<string, unknown>, key: string): Record<string, unknown> =>
	Object.fromEntries(Object.entries(fields).filter(([name]) => name.toLowerCase() !== key));

/**
 * A change that DingTalk pushes in the documented form has an `eventId`; the same change in the list of failed pushes
 * has not. So it also goes by the name it would have without.
 */
export function changeNames(raw: Record<string, unknown>, change: Change): string[] {
	const bare = parseChange(withoutField(raw, 'eventid')).change;
	return [...new Set([change.key, bare?.key ?? change.key])];
}

function readMessage(opened: DecryptedPush): PushReading {
	const fields = parseJson(opened.text);
	if (!isObject(fields)) return { refuse: 400, reason: 'what it contains is not a JSON object' };
	const byName = new Map(Object.entries(fields).map(([name, value]) => [name.toLowerCase(), value]));
	const type = String(byName.get('eventtype'));
	if (ECHOED_CHECK.includes(type)) return { opened, say: String(byName.get('random') ?? '') };
	if (type !== CALENDAR_EVENT_CHANGE) return { opened, say: SUCCESS };
	const { change, ...rest } = parseChange(fields);
	if (change) return { opened, say: SUCCESS, change, names: changeNames(fields, change) };
	return { opened, say: SUCCESS, reason: 'reason' in rest ? rest.reason : undefined };
}

export function parsePushRequest(
	{ contentType, query, body }: PushRequest,
	keys: CallbackKeys,
	now: number,
): PushReading {
	if (!/^application\/json\b/i.test(String(contentType))) return { refuse: 415, reason: 'its body is not JSON' };
	if (!isObject(body) || typeof body.encrypt !== 'string')
		return { refuse: 400, reason: 'its body has no encrypted text' };
	const { encrypt } = body;
	if (encrypt.length > MAX_ENCRYPTED_CHARACTERS)
		return { refuse: 413, reason: 'it is larger than any calendar change' };
	const { signature, msg_signature: msgSignature, timestamp, nonce } = query;
	try {
		return readMessage(decryptPush({ signature, msgSignature, timestamp, nonce, encrypt }, keys, now));
	} catch (error) {
		return { refuse: 403, reason: error instanceof PushRejectedError ? error.message : 'it cannot be read' };
	}
}

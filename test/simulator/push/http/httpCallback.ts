/** Encrypts a push, sends it to a callback URL and checks the reply. */
import { fieldsOf, type Fields } from '../../fields';
import type { World } from '../../world';
import { InvalidEnvelope, seal, unseal, type Keys, type SealedText } from '../envelope';
import { NoReply, CallbackClient, type CallbackRequest, type CallbackReply } from './callbackClient';

/** The callback URL of an app and its keys. */
export interface Callback {
	clientId: string;
	url: string;
	token: string;
	aesKey: string;
}

export const ACCEPTED = 'accepted';

/** The keys of a callback. The documentation is inconsistent about the owner key. */
export function keysOf({ clientId, token, aesKey }: Callback, world: World): Keys {
	const ownerKey = world.switches.callbackOwnerKey === 'clientId' ? clientId : world.company.corpId;
	return { token, aesKey, ownerKey };
}

export function encryptedRequest(data: Fields, callback: Callback, world: World): CallbackRequest {
	return requestOf(seal(JSON.stringify(data), keysOf(callback, world), String(world.clock.now())), callback, world);
}

export function requestOf(
	{ signature, timestamp, nonce, encrypt }: SealedText,
	{ url }: Callback,
	world: World,
): CallbackRequest {
	const { signatureParameter } = world.switches;
	return {
		url,
		query: {
			...(signatureParameter === 'msg_signature' ? {} : { signature }),
			...(signatureParameter === 'signature' ? {} : { msg_signature: signature }),
			timestamp,
			nonce,
		},
		body: JSON.stringify({ encrypt }),
	};
}

/** Sends a request and checks the reply as DingTalk does; returns "accepted" or what is wrong. */
export async function sendAndCheckReply(post: CallbackRequest, callback: Callback, world: World): Promise<string> {
	try {
		return checkReply(await world.use(CallbackClient).post(post), keysOf(callback, world));
	} catch (error) {
		if (error instanceof NoReply || error instanceof InvalidEnvelope) return error.message;
		throw error;
	}
}

function checkReply({ status, text }: CallbackReply, keys: Keys): string {
	if (status !== 200) return `HTTP ${status}`;
	const reply = fieldsOf(parsed(text));
	const { msg_signature: signature, timeStamp, nonce, encrypt } = reply;
	if (typeof signature !== 'string' || typeof nonce !== 'string' || typeof encrypt !== 'string')
		return 'not an encrypted reply';
	if (typeof timeStamp !== 'string' && typeof timeStamp !== 'number') return 'no timeStamp';
	const word = unseal({ signature, timestamp: String(timeStamp), nonce, encrypt }, keys);
	return word === 'success' ? ACCEPTED : `replied "${word.slice(0, 40)}" instead of "success"`;
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}

/** Malformed HTTP pushes and Stream frames for tests. */
import { fieldsOf, type Fields } from '../fields';
import type { World } from '../world';
import { randomText, seal, type SealedText } from './envelope';
import { keysOf, requestOf, type Callback } from './http/httpCallback';
import type { CallbackRequest } from './http/callbackClient';
import { eventFrame, newMessageId } from './stream/frames';
import type { Message } from './message';

type MalformedRequest = (data: Fields, callback: Callback, world: World) => CallbackRequest;

const HOUR_MS = 3_600_000;
const OVERSIZE_BYTES = 8 * 1024 * 1024;

const encrypted = (
	data: Fields,
	callback: Callback,
	world: World,
	wrong: Partial<Callback & { ownerKey: string }> = {},
): SealedText => seal(JSON.stringify(data), { ...keysOf(callback, world), ...wrong }, String(world.clock.now()));

const withChangedEnvelope =
	(spoil: (seal: SealedText) => SealedText): MalformedRequest =>
	(data, callback, world) =>
		requestOf(spoil(encrypted(data, callback, world)), callback, world);

const withWrongKeys =
	(wrong: Partial<Callback & { ownerKey: string }>): MalformedRequest =>
	(data, callback, world) =>
		requestOf(encrypted(data, callback, world, wrong), callback, world);

const withChangedBody =
	(spoil: (body: string) => string): MalformedRequest =>
	(data, callback, world) => {
		const post = requestOf(encrypted(data, callback, world), callback, world);
		return { ...post, body: spoil(post.body) };
	};

/** Replaces the character in the middle. */
function withChangedCharacter(text: string): string {
	const middle = Math.floor(text.length / 2);
	return `${text.slice(0, middle)}${text[middle] === 'A' ? 'B' : 'A'}${text.slice(middle + 1)}`;
}

/** HTTP pushes as a forger or a broken connection sends them. */
export const MALFORMED_REQUESTS = {
	wrongSignature: withChangedEnvelope((seal) => ({ ...seal, signature: withChangedCharacter(seal.signature) })),
	noSignature: (data, callback, world) => {
		const { query, ...post } = requestOf(encrypted(data, callback, world), callback, world);
		return { ...post, query: { timestamp: query.timestamp, nonce: query.nonce } };
	},
	wrongToken: withWrongKeys({ token: randomText() }),
	wrongKey: withWrongKeys({ aesKey: randomText(43) }),
	wrongOwner: withWrongKeys({ ownerKey: 'ding-another-owner' }),
	tampered: withChangedEnvelope((seal) => ({ ...seal, encrypt: withChangedCharacter(seal.encrypt) })),
	otherNonce: withChangedEnvelope((seal) => ({ ...seal, nonce: randomText() })),
	/** Valid in all respects, but an hour old. */
	stale: (data, callback, world) => {
		const stamp = String(world.clock.now() - HOUR_MS);
		return requestOf(seal(JSON.stringify(data), keysOf(callback, world), stamp), callback, world);
	},
	truncated: withChangedBody((body) => body.slice(0, Math.floor(body.length / 2))),
	notJson: withChangedBody(() => 'encrypt=not-json'),
	emptyBody: withChangedBody(() => ''),
	oversized: withChangedBody(() => JSON.stringify({ encrypt: 'A'.repeat(OVERSIZE_BYTES) })),
} as const satisfies Record<string, MalformedRequest>;

type MalformedFrame = (message: Message, clientId: string, world: World) => string;

const frameText: MalformedFrame = (message, clientId, world) =>
	JSON.stringify(eventFrame(message, clientId, newMessageId(), world));

const withChangedFrame =
	(change: (frame: Fields) => Fields): MalformedFrame =>
	(...about) =>
		JSON.stringify(change(fieldsOf(JSON.parse(frameText(...about)))));

/** Stream frames that differ from the documentation. */
export const MALFORMED_FRAMES = {
	truncated: (...about) => frameText(...about).slice(0, -20),
	notJson: () => 'not json',
	dataNotJson: withChangedFrame((frame) => ({ ...frame, data: '{"calendarEventId":' })),
	noHeaders: withChangedFrame(({ specVersion, type, data }) => ({ specVersion, type, data })),
	unknownType: withChangedFrame((frame) => ({ ...frame, type: 'NOVELTY' })),
} as const satisfies Record<string, MalformedFrame>;

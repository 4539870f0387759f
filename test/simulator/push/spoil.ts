/** Malformed HTTP pushes and Stream frames for tests. */
import { fieldsOf, type Fields } from '../fields';
import type { World } from '../world';
import { randomText, seal, type SealedText } from './envelope';
import { keysOf, postOf, type Callback } from './http/knock';
import type { Post } from './http/post';
import { eventFrame, newMessageId } from './stream/frames';
import type { Message } from './message';

type SpoiltPost = (data: Fields, callback: Callback, world: World) => Post;

const HOUR_MS = 3_600_000;
const OVERSIZE_BYTES = 8 * 1024 * 1024;

const sealed = (
	data: Fields,
	callback: Callback,
	world: World,
	wrong: Partial<Callback & { ownerKey: string }> = {},
): SealedText => seal(JSON.stringify(data), { ...keysOf(callback, world), ...wrong }, String(world.clock.now()));

const spoiltSeal =
	(spoil: (seal: SealedText) => SealedText): SpoiltPost =>
	(data, callback, world) =>
		postOf(spoil(sealed(data, callback, world)), callback, world);

const wronglyKeyed =
	(wrong: Partial<Callback & { ownerKey: string }>): SpoiltPost =>
	(data, callback, world) =>
		postOf(sealed(data, callback, world, wrong), callback, world);

const spoiltBody =
	(spoil: (body: string) => string): SpoiltPost =>
	(data, callback, world) => {
		const post = postOf(sealed(data, callback, world), callback, world);
		return { ...post, body: spoil(post.body) };
	};

/** Replaces the character in the middle. */
function flipped(text: string): string {
	const middle = Math.floor(text.length / 2);
	return `${text.slice(0, middle)}${text[middle] === 'A' ? 'B' : 'A'}${text.slice(middle + 1)}`;
}

/** HTTP pushes as a forger or a broken connection sends them. */
export const POST_SPOILS = {
	wrongSignature: spoiltSeal((seal) => ({ ...seal, signature: flipped(seal.signature) })),
	noSignature: (data, callback, world) => {
		const { query, ...post } = postOf(sealed(data, callback, world), callback, world);
		return { ...post, query: { timestamp: query.timestamp, nonce: query.nonce } };
	},
	wrongToken: wronglyKeyed({ token: randomText() }),
	wrongKey: wronglyKeyed({ aesKey: randomText(43) }),
	wrongOwner: wronglyKeyed({ ownerKey: 'ding-another-owner' }),
	tampered: spoiltSeal((seal) => ({ ...seal, encrypt: flipped(seal.encrypt) })),
	otherNonce: spoiltSeal((seal) => ({ ...seal, nonce: randomText() })),
	/** Valid in all respects, but an hour old. */
	stale: (data, callback, world) => {
		const stamp = String(world.clock.now() - HOUR_MS);
		return postOf(seal(JSON.stringify(data), keysOf(callback, world), stamp), callback, world);
	},
	truncated: spoiltBody((body) => body.slice(0, Math.floor(body.length / 2))),
	notJson: spoiltBody(() => 'encrypt=not-json'),
	emptyBody: spoiltBody(() => ''),
	oversized: spoiltBody(() => JSON.stringify({ encrypt: 'A'.repeat(OVERSIZE_BYTES) })),
} as const satisfies Record<string, SpoiltPost>;

type SpoiltFrame = (message: Message, clientId: string, world: World) => string;

const frameText: SpoiltFrame = (message, clientId, world) =>
	JSON.stringify(eventFrame(message, clientId, newMessageId(), world));

const changedFrame =
	(change: (frame: Fields) => Fields): SpoiltFrame =>
	(...about) =>
		JSON.stringify(change(fieldsOf(JSON.parse(frameText(...about)))));

/** Stream frames that differ from the documentation. */
export const FRAME_SPOILS = {
	truncated: (...about) => frameText(...about).slice(0, -20),
	notJson: () => 'not json',
	dataNotJson: changedFrame((frame) => ({ ...frame, data: '{"calendarEventId":' })),
	noHeaders: changedFrame(({ specVersion, type, data }) => ({ specVersion, type, data })),
	unknownType: changedFrame((frame) => ({ ...frame, type: 'NOVELTY' })),
} as const satisfies Record<string, SpoiltFrame>;

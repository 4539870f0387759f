/** Builds and parses Stream frames. */
import { createHash, randomUUID } from 'node:crypto';

import { fieldsOf, textOf } from '../../fields';
import type { World } from '../../world';
import { streamData, type Message } from '../message';

/** Header values are strings, also times; `data` is JSON in a string. */
export interface Frame {
	specVersion: '1.0';
	type: 'SYSTEM' | 'EVENT';
	headers: Record<string, string>;
	data: string;
}

export const newMessageId = (): string => randomUUID().replace(/-/g, '_').slice(0, 23);

const frame = (type: Frame['type'], headers: Record<string, string>, data: unknown, world: World): Frame => ({
	specVersion: '1.0',
	type,
	headers: { contentType: 'application/json', time: String(world.clock.now()), ...headers },
	data: JSON.stringify(data),
});

export const systemFrame = (topic: string, data: unknown, world: World): Frame =>
	frame('SYSTEM', { topic, messageId: newMessageId() }, data, world);

export function eventFrame(message: Message, clientId: string, messageId: string, world: World): Frame {
	const headers = {
		topic: '*',
		messageId,
		eventType: message.eventType,
		eventId: message.eventId,
		eventCorpId: message.corpId,
		eventBornTime: String(message.bornAt),
		eventUnifiedAppId: unifiedAppId(clientId),
	};
	return frame('EVENT', headers, streamData(message, world), world);
}

const unifiedAppId = (clientId: string): string =>
	createHash('sha1')
		.update(clientId)
		.digest('hex')
		.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');

/** The response of a client to a frame. */
export interface FrameResponse {
	messageId: string;
	code: unknown;
	/** The parsed data; empty if it is not a JSON object. */
	data: Record<string, unknown>;
}

export function parseResponse(text: string): FrameResponse | undefined {
	const answer = fieldsOf(parsed(text));
	const messageId = textOf(fieldsOf(answer.headers), 'messageId');
	if (messageId === undefined) return undefined;
	return { messageId, code: answer.code, data: fieldsOf(parsed(textOf(answer, 'data') ?? '')) };
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}

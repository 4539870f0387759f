/** What goes over a Stream connection: JSON texts whose `data` is JSON again. */
import type { Delivery } from './parseChange';

export interface Frame {
	type: string;
	topic: string;
	messageId: string;
	/** For events: what kind. */
	eventType?: string;
	delivery: Delivery;
	/** Parsed where it is JSON, else as it came. */
	data: unknown;
	/** As it came: DingTalk's ping wants it back untouched. */
	text: string;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

function parsed(text: unknown): unknown {
	if (typeof text !== 'string') return text;
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

const frameText = (value: unknown): string | undefined =>
	typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;

/** Undefined for what is no frame; without a message ID nobody waits for an answer either. */
export function parseFrame(text: unknown): Frame | undefined {
	const frame = typeof text === 'string' ? parsed(text) : undefined;
	if (!isRecord(frame)) return undefined;
	// One sample of the documentation leaves out the s.
	const headers = frame.headers ?? frame.header;
	if (!isRecord(headers)) return undefined;
	const messageId = frameText(headers.messageId);
	const type = frameText(frame.type);
	if (messageId === undefined || type === undefined) return undefined;
	return {
		type,
		messageId,
		topic: frameText(headers.topic) ?? '',
		eventType: frameText(headers.eventType),
		delivery: { eventId: frameText(headers.eventId), bornAt: frameText(headers.eventBornTime) },
		data: parsed(frame.data),
		text: typeof frame.data === 'string' ? frame.data : JSON.stringify(frame.data ?? {}),
	};
}

/** `LATER`: push it again. */
export type Acknowledgement = 'SUCCESS' | 'LATER';

const formatReply = (messageId: string, data: string): string =>
	JSON.stringify({ code: 200, headers: { contentType: 'application/json', messageId }, message: 'OK', data });

export const pong = ({ messageId, text }: Frame): string => formatReply(messageId, text);

export const acknowledge = ({ messageId }: Frame, status: Acknowledgement): string =>
	formatReply(messageId, JSON.stringify({ status, message: status === 'SUCCESS' ? 'success' : 'not taken yet' }));

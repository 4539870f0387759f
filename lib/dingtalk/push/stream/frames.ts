/** Frames of a Stream connection: JSON texts whose `data` field is JSON in turn. */
import { isObject, parseJson } from '../../utils/json';
import type { DeliveryHeaders } from '../parseChange';
import { t } from '../../../locale/t';

export interface Frame {
	type: string;
	topic: string;
	messageId: string;
	/** Only in event frames. */
	eventType?: string;
	deliveryHeaders: DeliveryHeaders;
	/** Parsed if it is JSON, otherwise as received. */
	data: unknown;
	/** `data` as received: DingTalk expects the reply to a ping to repeat it unchanged. */
	text: string;
}

/** A text that is not JSON stays a text. */
function parseData(data: unknown): unknown {
	const parsed = typeof data === 'string' ? parseJson(data) : undefined;
	return parsed === undefined ? data : parsed;
}

const readText = (value: unknown): string | undefined =>
	typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;

/** Returns undefined for anything that is not a frame. A frame without a message ID is ignored: it expects no reply. */
export function parseFrame(text: unknown): Frame | undefined {
	const frame = typeof text === 'string' ? parseJson(text) : undefined;
	if (!isObject(frame)) return undefined;
	// One sample in the documentation calls it `header`.
	const headers = frame.headers ?? frame.header;
	if (!isObject(headers)) return undefined;
	const messageId = readText(headers.messageId);
	const type = readText(frame.type);
	if (messageId === undefined || type === undefined) return undefined;
	return {
		type,
		messageId,
		topic: readText(headers.topic) ?? '',
		eventType: readText(headers.eventType),
		deliveryHeaders: {
			eventType: readText(headers.eventType),
			eventId: readText(headers.eventId),
			createdAt: readText(headers.eventBornTime),
			corpId: readText(headers.eventCorpId),
		},
		data: parseData(frame.data),
		text: typeof frame.data === 'string' ? frame.data : JSON.stringify(frame.data ?? {}),
	};
}

/** After `LATER`, DingTalk pushes the event again. */
export type AckStatus = 'SUCCESS' | 'LATER';

const formatReply = (messageId: string, data: string): string =>
	JSON.stringify({ code: 200, headers: { contentType: 'application/json', messageId }, message: 'OK', data });

export const createPong = ({ messageId, text }: Frame): string => formatReply(messageId, text);

export const createAck = ({ messageId }: Frame, status: AckStatus): string =>
	formatReply(messageId, JSON.stringify({ status, message: status === 'SUCCESS' ? 'success' : t`not accepted yet` }));

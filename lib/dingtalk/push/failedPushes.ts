/** Pushes that DingTalk has given up on: each was tried three times, and is listed some minutes later. */
import { api } from '../endpoints';
import type { Client } from '../client/types';

export interface FailedPush {
	type: string;
	/** What was inside the envelope: JSON, or what it means. */
	data: unknown;
	/** Milliseconds. */
	at: number;
}

export interface FailedPushPage {
	pushes: FailedPush[];
	hasMore: boolean;
}

interface Answer {
	failedList?: Array<{ callBackTag?: string; callBackData?: unknown; eventTime?: number | string }>;
	hasMore?: boolean;
}

function parsePush(data: unknown): unknown {
	if (typeof data !== 'string') return data;
	try {
		return JSON.parse(data) as unknown;
	} catch {
		return undefined;
	}
}

/** DingTalk discards what the call before gave out, so that must be in safe hands by now. */
export async function readFailedPushes(client: Client, from: number, to: number): Promise<FailedPushPage> {
	const answer = await client.request<Answer | undefined>(api.listFailedPushes, {
		query: { beginTime: from, endTime: to },
	});
	const pushes = (answer?.failedList ?? []).map(({ callBackTag, callBackData, eventTime }) => ({
		type: String(callBackTag ?? ''),
		data: parsePush(callBackData),
		at: Number(eventTime) || 0,
	}));
	return { pushes, hasMore: answer?.hasMore === true && pushes.length > 0 };
}

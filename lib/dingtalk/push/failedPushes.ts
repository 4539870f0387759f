/** Reads the pushes that DingTalk could not deliver: it makes three attempts and lists the push some minutes later. */
import { api } from '../endpoints';
import type { Client } from '../client/types';
import { parseJson } from '../utils/json';

export interface FailedPush {
	type: string;
	/** The decrypted content, parsed. */
	data: unknown;
	/** Milliseconds. */
	at: number;
	/** The organization in which the change was made. */
	corpId?: string;
}

export interface FailedPushPage {
	pushes: FailedPush[];
	hasMore: boolean;
}

interface FailedPushesResponse {
	failedList?: Array<{ callBackTag?: string; callBackData?: unknown; corpId?: string; eventTime?: number | string }>;
	hasMore?: boolean;
}

/** Each call makes DingTalk discard what the previous one returned, so that must be stored by now. */
export async function readFailedPushes(client: Client, from: number, to: number): Promise<FailedPushPage> {
	const response = await client.request<FailedPushesResponse | undefined>(api.listFailedPushes, {
		query: { beginTime: from, endTime: to },
	});
	const pushes = (response?.failedList ?? []).map(({ callBackTag, callBackData, corpId, eventTime }) => ({
		type: String(callBackTag ?? ''),
		data: typeof callBackData === 'string' ? parseJson(callBackData) : callBackData,
		at: Number(eventTime) || 0,
		corpId,
	}));
	return { pushes, hasMore: response?.hasMore === true && pushes.length > 0 };
}

/** The lists of pushes that could not be delivered over HTTP. */
import type { Message } from '../message';

export const FAILED_PER_CALL = 200;

export interface Range {
	fromMs: number;
	toMs: number;
}

/** Failed pushes by app. Each read discards the entries that the previous read returned. */
export class FailedPushes {
	private readonly lists = new Map<string, Message[]>();
	private readonly returned = new Map<string, Set<Message>>();

	add(clientId: string, message: Message): void {
		const list = this.listOf(clientId);
		list.push(message);
		this.lists.set(clientId, list);
	}

	read(clientId: string, { fromMs, toMs }: Range, discarding: boolean): { messages: Message[]; hasMore: boolean } {
		if (discarding) this.discard(clientId);
		const wanted = this.listOf(clientId).filter(({ bornAt }) => bornAt >= fromMs && bornAt <= toMs);
		const messages = wanted.slice(0, FAILED_PER_CALL);
		if (discarding) this.returned.set(clientId, new Set(messages));
		return { messages, hasMore: wanted.length > messages.length };
	}

	listOf(clientId: string): Message[] {
		return this.lists.get(clientId) ?? [];
	}

	private discard(clientId: string): void {
		const gone = this.returned.get(clientId);
		if (gone !== undefined)
			this.lists.set(
				clientId,
				this.listOf(clientId).filter((message) => !gone.has(message)),
			);
	}
}

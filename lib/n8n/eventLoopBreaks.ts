/** Breaks in long loops, in which the rest of n8n has its turn: other executions, the editor, and the Stop button. */
import { sleep } from 'n8n-workflow';
import { monotonicNow } from '../dingtalk/utils/time';

const MAX_STRETCH_MS = 50;
const MAX_STRETCH_ITEMS = 250;

export class EventLoopBreaks {
	private items = 0;
	private since = monotonicNow();
	private current: Promise<void> | undefined;

	/** Called after each item. */
	get isDue(): boolean {
		return (
			this.current !== undefined || ++this.items >= MAX_STRETCH_ITEMS || monotonicNow() - this.since >= MAX_STRETCH_MS
		);
	}

	/** Items that are processed at the same time share a break: with separate breaks, one item would use up the breaks of the others. */
	async take(): Promise<void> {
		this.current ??= this.pause();
		await this.current;
	}

	private async pause(): Promise<void> {
		await sleep(0);
		this.current = undefined;
		this.items = 0;
		this.since = monotonicNow();
	}
}

/** Breaks in long loops, in which the rest of n8n has its turn: other executions, the editor, and the Stop button. */
import { sleep } from 'n8n-workflow';
import { monotonicNow } from '../dingtalk/utils/time';

const MAX_STRETCH_MS = 50;
const MAX_STRETCH_ITEMS = 250;

export class Breaks {
	private items = 0;
	private since = monotonicNow();

	/** Called after each item. */
	get isDue(): boolean {
		return ++this.items >= MAX_STRETCH_ITEMS || monotonicNow() - this.since >= MAX_STRETCH_MS;
	}

	async take(): Promise<void> {
		this.items = 0;
		await sleep(0);
		this.since = monotonicNow();
	}
}

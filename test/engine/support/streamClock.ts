/** The clock of Stream connections, which a test can move forward: what waits for that time ends at once. */
import { onAbort } from '../../../lib/dingtalk/utils/abort';
import type { Clock } from '../../../lib/dingtalk/utils/clock';
import { loadedModule } from '../harness';

type Environment = typeof import('../../../lib/dingtalk/push/stream/sharedConnections');

interface Waiting {
	until: number;
	end: () => void;
}

/** Otherwise goes like the clock that it takes the place of. */
export class StreamClock implements Clock {
	private movedMs = 0;
	private readonly waiting = new Set<Waiting>();

	private constructor(private readonly real: Clock) {}

	/** To be called before the first workflow of the file is activated: connections keep the clock that they begin with. */
	static install(): StreamClock {
		const { STREAM_ENVIRONMENT } = loadedModule('lib/dingtalk/push/stream/sharedConnections') as Environment;
		const clock = new StreamClock(STREAM_ENVIRONMENT.clock);
		STREAM_ENVIRONMENT.clock = clock;
		return clock;
	}

	now(): number {
		return this.real.now() + this.movedMs;
	}

	async delay(ms: number, signal: AbortSignal): Promise<void> {
		const until = this.now() + ms;
		const ended = new AbortController();
		const removeListener = onAbort(signal, () => ended.abort());
		const entry = { until, end: () => ended.abort() };
		this.waiting.add(entry);
		if (signal.aborted) ended.abort();
		await this.real.delay(ms, ended.signal);
		this.waiting.delete(entry);
		removeListener();
	}

	advance(ms: number): void {
		this.movedMs += ms;
		for (const { until, end } of this.waiting) if (until <= this.now()) end();
	}
}

/** Start slots, shared by everything in the process: DingTalk counts calls per app and API, not per workflow. */
import { sleep } from 'n8n-workflow';

/** A hair slower than allowed, so that two starts that drift together on the network do not make one too many. */
const HEADROOM = 1.01;
const MAX_LANES = 2000;

/** When the next call of a lane may start. */
const lanes = new Map<string, number>();

function setLane(lane: string, at: number): void {
	if (!lanes.has(lane) && lanes.size >= MAX_LANES) {
		const now = Date.now();
		for (const [name, next] of lanes) if (next < now) lanes.delete(name);
	}
	lanes.set(lane, at);
}

/** A wait that ends, with the signal's reason, as soon as somebody stops the execution. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
	signal?.throwIfAborted();
	if (!signal) return await sleep(ms);
	let stop = (): void => undefined;
	const stopped = new Promise<never>((_, reject) => {
		stop = () => reject(signal.reason as Error);
		signal.addEventListener('abort', stop);
	});
	await Promise.race([sleep(ms), stopped]).finally(() => signal.removeEventListener('abort', stop));
}

/** Waits for the lane's next start slot; returns how long that took. */
export async function waitForSlot(lane: string, callsPerSecond: number, signal?: AbortSignal): Promise<number> {
	const now = Date.now();
	const start = Math.max(now, lanes.get(lane) ?? 0);
	setLane(lane, start + (1000 / callsPerSecond) * HEADROOM);
	if (start > now) await pause(start - now, signal);
	return start - now;
}

/** DingTalk said that this lane is too fast: nobody starts in it before then. */
export function holdLane(lane: string, ms: number): void {
	setLane(lane, Math.max(lanes.get(lane) ?? 0, Date.now() + ms));
}

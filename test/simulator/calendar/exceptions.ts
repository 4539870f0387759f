/** The stored changes of single occurrences. */
import type { EventView, Exception } from './model';

/** Returns the stored exception of an occurrence and creates it on first use. */
export function exceptionOf(view: EventView): Exception {
	const originMs = view.originMs ?? view.details.span.startMs;
	let exception = view.event.exceptions.get(originMs);
	if (!exception) {
		exception = {
			originMs,
			cancelled: false,
			changes: {},
			added: [],
			removed: new Set(),
			responses: new Map(),
			hiddenFrom: new Map(),
			updateTime: 0,
			seq: 0,
		};
		view.event.exceptions.set(originMs, exception);
	}
	return exception;
}

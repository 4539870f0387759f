/** Control plane calls for the simulator's clock. */
import type { Clock } from '../clock';
import { fieldsOf } from '../fields';
import { ControlError, type ControlRoute } from './controlRequest';

const describeClock = (clock: Clock): unknown => ({ now: new Date(clock.now()).toISOString(), ms: clock.now() });

function moveClock(body: unknown, clock: Clock): unknown {
	const { now, advanceMs } = fieldsOf(body);
	if (advanceMs !== undefined) {
		if (typeof advanceMs !== 'number' || !Number.isFinite(advanceMs)) {
			throw new ControlError('"advanceMs" must be a number of milliseconds.');
		}
		clock.advance(advanceMs);
	} else {
		const at = typeof now === 'string' ? Date.parse(now) : now;
		if (typeof at !== 'number' || !Number.isFinite(at)) {
			throw new ControlError('Send {"now": ISO text or milliseconds} or {"advanceMs": milliseconds}.');
		}
		clock.set(at);
	}
	return describeClock(clock);
}

export const clockRoutes: ControlRoute[] = [
	{
		method: 'GET',
		path: '/_simulator/clock',
		description: 'returns the time of the simulator',
		handle: (_body, { world }) => describeClock(world.clock),
	},
	{
		method: 'POST',
		path: '/_simulator/clock',
		description: '{now} or {advanceMs} moves the clock',
		handle: (body, { world }) => moveClock(body, world.clock),
	},
];

/** Control plane calls for the simulator's clock. */
import type { Clock } from '../clock';
import { fieldsOf } from '../fields';
import { ControlError, type ControlRoute } from './request';

const shown = (clock: Clock): unknown => ({ now: new Date(clock.now()).toISOString(), ms: clock.now() });

function move(body: unknown, clock: Clock): unknown {
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
	return shown(clock);
}

export const clockRoutes: ControlRoute[] = [
	{
		method: 'GET',
		path: '/_simulator/clock',
		does: 'returns the time of the simulator',
		answer: (_body, { world }) => shown(world.clock),
	},
	{
		method: 'POST',
		path: '/_simulator/clock',
		does: '{now} or {advanceMs} moves the clock',
		answer: (body, { world }) => move(body, world.clock),
	},
];

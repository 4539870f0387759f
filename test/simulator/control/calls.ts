import { CallLog } from '../gate/callLog';
import { Faults, InvalidRule, parseRules } from '../gate/faults';
import { ControlError, type ControlRoute, type Controlled } from './request';

function addFaults(body: unknown, { world }: Controlled): unknown {
	try {
		world.use(Faults).add(parseRules(body));
	} catch (error) {
		if (error instanceof InvalidRule) throw new ControlError(error.message);
		throw error;
	}
	return { rules: world.use(Faults).list() };
}

export const callRoutes: ControlRoute[] = [
	{
		method: 'GET',
		path: '/_simulator/calls',
		does: 'shows every call with its answer, and counts them',
		answer: (_body, { world }) => world.use(CallLog).summary(),
	},
	{
		method: 'DELETE',
		path: '/_simulator/calls',
		does: 'empties that log',
		answer: (_body, { world }) => {
			world.use(CallLog).clear();
			return { cleared: true };
		},
	},
	{
		method: 'GET',
		path: '/_simulator/faults',
		does: 'shows the fault rules and how often each has struck',
		answer: (_body, { world }) => ({ rules: world.use(Faults).list() }),
	},
	{
		method: 'POST',
		path: '/_simulator/faults',
		does: 'adds one rule or a list: {match: {method, path, nth, every, times}, do, …}',
		answer: addFaults,
	},
	{
		method: 'DELETE',
		path: '/_simulator/faults',
		does: 'removes every fault rule',
		answer: (_body, { world }) => {
			world.use(Faults).clear();
			return { cleared: true };
		},
	},
];

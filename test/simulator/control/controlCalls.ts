/** Control plane calls for the call log and for fault rules. */
import { CallLog } from '../gateway/callLog';
import { Faults, InvalidFaultRule, parseRules } from '../gateway/faults';
import { ControlError, type ControlRoute, type ControlContext } from './controlRequest';

function addFaults(body: unknown, { world }: ControlContext): unknown {
	try {
		world.use(Faults).add(parseRules(body));
	} catch (error) {
		if (error instanceof InvalidFaultRule) throw new ControlError(error.message);
		throw error;
	}
	return { rules: world.use(Faults).list() };
}

export const callRoutes: ControlRoute[] = [
	{
		method: 'GET',
		path: '/_simulator/calls',
		description: 'lists all calls with their responses and counts',
		handle: (_body, { world }) => world.use(CallLog).summary(),
	},
	{
		method: 'DELETE',
		path: '/_simulator/calls',
		description: 'clears the call log',
		handle: (_body, { world }) => {
			world.use(CallLog).clear();
			return { cleared: true };
		},
	},
	{
		method: 'GET',
		path: '/_simulator/faults',
		description: 'lists the fault rules with the number of hits',
		handle: (_body, { world }) => ({ rules: world.use(Faults).list() }),
	},
	{
		method: 'POST',
		path: '/_simulator/faults',
		description: 'adds one rule or a list: {match: {method, path, nth, every, times}, do, …}',
		handle: addFaults,
	},
	{
		method: 'DELETE',
		path: '/_simulator/faults',
		description: 'removes all fault rules',
		handle: (_body, { world }) => {
			world.use(Faults).clear();
			return { cleared: true };
		},
	},
];

/** Control plane calls for the call log and for fault rules. */
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
		does: 'lists all calls with their responses and counts',
		answer: (_body, { world }) => world.use(CallLog).summary(),
	},
	{
		method: 'DELETE',
		path: '/_simulator/calls',
		does: 'clears the call log',
		answer: (_body, { world }) => {
			world.use(CallLog).clear();
			return { cleared: true };
		},
	},
	{
		method: 'GET',
		path: '/_simulator/faults',
		does: 'lists the fault rules with the number of hits',
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
		does: 'removes all fault rules',
		answer: (_body, { world }) => {
			world.use(Faults).clear();
			return { cleared: true };
		},
	},
];

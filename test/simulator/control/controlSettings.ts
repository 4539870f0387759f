/** Control plane calls for limits and switches. */
import { isFields, type Fields } from '../fields';
import { Quota } from '../gateway/quota';
import { PushQuota } from '../push/pushQuota';
import { Limits, defaultLimits, type LimitValues } from '../limits';
import type { Switches } from '../switches';
import { switchValues } from '../switchValues';
import type { World } from '../world';
import { ControlError, type ControlRoute } from './controlRequest';

const describeLimits = (world: World): unknown => ({
	...world.use(Limits).values,
	monthlyUsed: world.use(Quota).used,
	monthlyPushed: world.use(PushQuota).used,
});

function setLimits(body: unknown, world: World): unknown {
	const wanted: Partial<LimitValues> = {};
	for (const [name, value] of entriesOf(body)) {
		if (!isLimit(name)) throw unknownName('limit', name, defaultLimits());
		if (value !== null && !(typeof value === 'number' && Number.isInteger(value) && value >= 0)) {
			throw new ControlError(`"${name}" must be a whole number from 0, or null for no limit.`);
		}
		wanted[name] = value;
	}
	world.use(Limits).change(wanted);
	return describeLimits(world);
}

const isLimit = (name: string): name is keyof LimitValues => name in defaultLimits();

/** Accepts `{attendeesInUpdate: 'merge'}` as well as `{name: 'attendeesInUpdate', value: 'merge'}`. */
function setSwitches(body: unknown, world: World): unknown {
	const named = isFields(body) && typeof body.name === 'string' ? { [body.name]: body.value } : body;
	const wanted: Partial<Record<keyof Switches, unknown>> = {};
	for (const [name, value] of entriesOf(named)) {
		if (!isSwitch(name)) throw unknownName('switch', name, switchValues);
		const positions: readonly unknown[] = switchValues[name];
		if (!positions.includes(value)) {
			throw new ControlError(
				`"${name}" must be one of: ${positions.map((position) => JSON.stringify(position)).join(', ')}.`,
			);
		}
		wanted[name] = value;
	}
	Object.assign(world.switches, wanted);
	return world.switches;
}

const isSwitch = (name: string): name is keyof Switches => name in switchValues;

const unknownName = (kind: string, name: string, known: object): ControlError =>
	new ControlError(`There is no ${kind} "${name}"; there are ${Object.keys(known).join(', ')}.`);

function entriesOf(body: unknown): Array<[string, Fields[string]]> {
	if (!isFields(body) || Object.keys(body).length === 0) throw new ControlError('Send an object of names and values.');
	return Object.entries(body);
}

export const settingRoutes: ControlRoute[] = [
	{
		method: 'GET',
		path: '/_simulator/limits',
		description: 'returns the limits in force and the metered calls and pushes of this month',
		handle: (_body, { world }) => describeLimits(world),
	},
	{
		method: 'POST',
		path: '/_simulator/limits',
		description: `{${Object.keys(defaultLimits()).join(', ')}} sets limits; null removes one`,
		handle: (body, { world }) => setLimits(body, world),
	},
	{
		method: 'DELETE',
		path: '/_simulator/limits',
		description: 'restores the initial limits',
		handle: (_body, { world }) => {
			world.use(Limits).restore();
			return describeLimits(world);
		},
	},
	{
		method: 'GET',
		path: '/_simulator/switches',
		description: 'returns the switches and their possible positions',
		handle: (_body, { world }) => ({ switches: world.switches, positions: switchValues }),
	},
	{
		method: 'POST',
		path: '/_simulator/switches',
		description: '{name: position} sets switches for undocumented behavior',
		handle: (body, { world }) => setSwitches(body, world),
	},
];

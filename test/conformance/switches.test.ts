/** Shows that each switch of the simulator has its effect in both positions. */
import type { Switches } from '../simulator/switches';
import { switchValues } from '../simulator/switchValues';
import { useStage } from './stage';
import { eventSwitches } from './switches/eventSwitches';
import { otherSwitches } from './switches/otherSwitches';
import { pushSwitches } from './switches/pushSwitches';
import type { SwitchCases } from './switches/switchCase';
import { tokenSwitches } from './switches/tokenSwitches';
import { wireSwitches } from './switches/gatewaySwitches';

const stage = useStage();

/** The type asks for every switch there is. */
const cases: SwitchCases = {
	...eventSwitches(stage),
	...tokenSwitches(stage),
	...otherSwitches(stage),
	...pushSwitches(stage),
	...wireSwitches(stage),
};

const rows = (Object.keys(cases) as Array<keyof Switches>).flatMap((name) =>
	cases[name].expected.map(([position, seen]) => ({ name, position, seen })),
);

it.each(rows)('The switch "$name" has its effect when set to $position', async ({ name, position, seen }) => {
	await stage.set({ [name]: position });
	expect(await cases[name].observe()).toEqual(seen);
});

it.each(Object.entries(switchValues))('Each position of the switch "%s" has a different effect', (name, positions) => {
	const { expected } = cases[name as keyof Switches];
	expect(expected.map(([position]) => position).sort()).toEqual([...positions].sort());
	expect(new Set(expected.map(([, seen]) => JSON.stringify(seen))).size).toBe(positions.length);
});

/** One operation, one fault, one of its calls: what comes of it, and whether that is good. */
import type { Engine } from '../engine/harness';
import { TokenStore } from '../simulator/tokens';
import type { Case } from './cases';
import { unclear } from './clear';
import { FOR_EVER, type Strike } from './faults';
import { difference, same } from './likeness';
import type { Call, Treatment } from './line';
import { isWrite, type Rehearsed } from './rehearsal';
import { Stage, type Ended } from './stage';

/** `right`: by itself. `retried`: a clear error, and right as soon as n8n tries the node again. `told`: a clear error. */
export type Outcome = 'right' | 'retried' | 'told';

export interface Verdict {
	/** When the call goes wrong once, and when it goes on going wrong. */
	once: Outcome;
	lasting: Outcome;
	/** What is not as it must be; empty for a good cell. */
	complaints: string[];
}

export interface Cell {
	given: Case;
	rehearsed: Rehearsed;
	strike: Strike;
	/** Which of the rehearsed calls goes wrong, from 1. */
	number: number;
}

/** Of the node by n8n, where Retry On Fail is switched on. */
const TRIES = 2;
/** So often a call that is still at work is asked for again before it ends. */
const ASKED_AGAIN = 2;

interface Scene {
	engine: Engine;
	cell: Cell;
	lasting: boolean;
	tries: number;
}

interface Played {
	ended: Ended;
	output: unknown;
	state: unknown;
	secrets: string[];
}

/** Calls whose answer is held back are given up after this. */
const PATIENCE_MS = 250;

const holdsBack = ({ do: deed }: Strike): boolean => deed !== 'refuse' && (/^(hang|delay)/.test(deed.do) || deed.delayMs === FOR_EVER);

/** On a machine so slow that a call was given up before it arrived, it is all done again with more patience. */
async function play(scene: Scene, patienceMs = PATIENCE_MS): Promise<Played> {
	return (await playOnce(scene, patienceMs)) ?? (await play(scene, patienceMs * 2));
}

async function playOnce({ engine, cell, lasting, tries }: Scene, patienceMs: number): Promise<Played | undefined> {
	const { strike, number, given, rehearsed } = cell;
	const stage = await Stage.set(engine, given);
	try {
		let struck: Call | undefined;
		let again = 0;
		let harmed = 0;
		let arrived = 0;
		const harm = (): Treatment | undefined => {
			harmed++;
			return strike.do === 'refuse' ? 'refuse' : holdsBack(strike) ? patienceMs : undefined;
		};
		const onCall = (call: Call): Treatment | undefined => {
			if (!struck) {
				if (call.number !== number) return undefined;
				struck = call;
				const match = { method: call.method, path: call.path, ...(lasting ? {} : { times: 1 }) };
				if (strike.do !== 'refuse') stage.arm({ ...strike.do, match });
				return harm();
			}
			if (call.path !== struck.path || call.method !== struck.method) return undefined;
			again++;
			if (strike.carried === 'running' && !lasting && again > ASKED_AGAIN) arrived += stage.lift();
			return lasting ? harm() : undefined;
		};
		const ended = await stage.run(tries, onCall);
		arrived += stage.lift();
		await stage.settle();
		if (!struck) throw new Error(`${given.operation} made ${number - 1} calls, ${rehearsed.calls.length} before`);
		if (holdsBack(strike) && arrived < harmed) return undefined;
		const tokens = stage.desk.simulator.world.use(TokenStore).values();
		return { ended, ...(await stage.outputAndState(ended.output)), secrets: ['sim-secret', ...tokens] };
	} finally {
		await stage.close();
	}
}

/** What DingTalk must have after a run that ended in an error: everything up to the struck call, or with it, and nothing besides. */
const allowedState = ({ rehearsed: { states }, strike, number }: Cell): unknown =>
	strike.carried === 'no' ? states[number - 1] : states[number];

/** A name that could not be looked up is left out; a list that is kept in step tells what the successful try still had to do. */
function acceptable({ given, rehearsed, number }: Cell, tries: number): unknown[] {
	const { output, calls } = rehearsed;
	const lookedUp = /^\/topapi\//.test(calls[number - 1].path) && NAMES_IN_PASSING.includes(given.operation);
	const inStep = tries > 1 && KEEPS_IN_STEP.includes(given.operation);
	return [output, ...(lookedUp ? [withoutNames(output)] : []), ...(inStep ? inStepAlready(output) : [])];
}

const tell = (complaint: string, difference: string | undefined): string[] =>
	difference === undefined ? [] : [`${complaint} (${difference})`];

function judge(cell: Cell, { ended, output, state, secrets }: Played, scene: string): { outcome: Outcome; complaints: string[] } {
	const { rehearsed, strike, number } = cell;
	const say = (complaint: string): string => `${scene}: ${complaint}`;
	if (!ended.error) {
		const wrong = acceptable(cell, tries).map((wanted) => difference(wanted, output));
		const complaints = [
			wrong.includes(undefined) ? [] : tell('the result is not the right one', wrong[0]),
			tell('DingTalk has something else than without the fault', difference(rehearsed.states.at(-1), state)),
		];
		return { outcome: 'right', complaints: complaints.flat().map(say) };
	}
	const { message, description } = ended.error;
	const changed = !same(rehearsed.states[number], rehearsed.states[number - 1]);
	const mayBeDone = isWrite(rehearsed.calls[number - 1]) && changed && strike.carried !== 'no';
	const complaints = unclear({ message, description, stored: ended.stored }, { secrets, mayBeDone });
	complaints.push(...tell('DingTalk has something lost or doubled', difference(allowedState(cell), state)));
	return { outcome: 'told', complaints: complaints.map((one) => say(`${one} («${message}» «${description}»)`)) };
}

export async function tryCell(engine: Engine, cell: Cell): Promise<Verdict> {
	const { strike } = cell;
	const alone = judge(cell, await play({ engine, cell, lasting: false, tries: 1 }), 'once');
	const complaints = [...alone.complaints];
	let once = alone.outcome;
	if (once === 'told') {
		const retried = judge(cell, await play({ engine, cell, lasting: false, tries: TRIES }), 'once, and n8n tries again');
		complaints.push(...retried.complaints);
		if (retried.outcome === 'right') once = 'retried';
		else if (strike.carried === 'no' && !strike.lasts) complaints.push('once: nothing was done, and trying again does not help');
	}
	const lasting = judge(cell, await play({ engine, cell, lasting: true, tries: TRIES }), 'for good');
	complaints.push(...lasting.complaints);
	if (strike.harmless && lasting.outcome !== 'right') complaints.push('an answer that arrives is not taken');
	const { method, path } = cell.rehearsed.calls[cell.number - 1];
	const place = [cell.given.way, method, path, JSON.stringify(strike.do)].join(' ').trim();
	return { once, lasting: lasting.outcome, complaints: complaints.map((one) => `${place}: ${one}`) };
}

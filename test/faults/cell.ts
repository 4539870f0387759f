/** One operation, one fault, one of its calls: what comes of it, and whether that is good. */
import type { IDataObject } from 'n8n-workflow';

import type { Engine } from '../engine/harness';
import { TokenStore } from '../simulator/tokens';
import { KEEP_IN_STEP, NAMES_IN_PASSING, takesBack, type Case } from './cases';
import { MAY_BE_DONE, unclear } from './clear';
import { FOR_EVER, type Strike } from './faults';
import { difference, same, type Seen } from './likeness';
import type { Call, Treatment } from './line';
import { isWrite, templateOf, type Rehearsed } from './rehearsal';
import { Stage, type Ended, type Looked } from './stage';

/** `right`: by itself. `retried`: a clear error, and right as soon as n8n tries the node again. `reported`: a clear error. */
export type Outcome = 'right' | 'retried' | 'reported';

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

interface Played extends Looked {
	ended: Ended;
	secrets: string[];
	tries: number;
}

/** Calls whose answer is held back are given up after this. */
const PATIENCE_MS = 400;

/** Without a body there is none to be slow. To give up on such a call would be to fail it whenever the machine is busy. */
function holdsBack({ strike: { do: deed }, rehearsed, number }: Cell): boolean {
	if (deed === 'refuse') return false;
	if (/^(hang|delay)/.test(deed.do)) return true;
	return deed.delayMs === FOR_EVER && rehearsed.calls[number - 1].hasBody;
}

const soon = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve));

/** On a machine so slow that a call was given up before it arrived, it is all done again with more patience. */
async function play(scene: Scene, patienceMs = PATIENCE_MS): Promise<Played> {
	return (await playOnce(scene, patienceMs)) ?? (await play(scene, patienceMs * 2));
}

async function playOnce({ engine, cell, lasting, tries }: Scene, patienceMs: number): Promise<Played | undefined> {
	const { strike, number, given, rehearsed } = cell;
	const isHeldBack = holdsBack(cell);
	const stage = await Stage.set(engine, given);
	try {
		let struck: Call | undefined;
		let again = 0;
		let harmed = 0;
		let tooSoon = false;
		const harm = (): Treatment | undefined => {
			harmed++;
			return strike.do === 'refuse' ? 'refuse' : isHeldBack ? patienceMs : undefined;
		};
		/** False where a call was given up before it got there. */
		const arrived = async (): Promise<boolean> => {
			const enough = Date.now() + patienceMs;
			while (stage.hits < harmed && Date.now() < enough) await soon();
			return stage.hits >= harmed;
		};
		const onCall = async (call: Call, underWay: () => number): Promise<Treatment | undefined> => {
			if (!struck) {
				if (call.number !== number) return undefined;
				struck = call;
				// Otherwise the fault might strike one that left before and has not arrived yet.
				while (underWay() > 0) await soon();
				const match = { method: call.method, path: templateOf(call), ...(lasting ? {} : { times: 1 }) };
				if (strike.do !== 'refuse') stage.arm({ ...strike.do, match });
				return harm();
			}
			if (templateOf(call) !== templateOf(struck) || call.method !== struck.method) return undefined;
			// Nor may it strike one that leaves together with it.
			while (harmed === 0) await soon();
			if (strike.do !== 'refuse' && !(await arrived())) tooSoon ||= isHeldBack;
			again++;
			if (strike.carried === 'running' && !lasting && again > ASKED_AGAIN) stage.lift();
			return lasting || tooSoon ? harm() : undefined;
		};
		const ended = await stage.run(tries, onCall);
		if (isHeldBack && !(await arrived())) tooSoon = true;
		stage.lift();
		await stage.settle();
		if (!struck) throw new Error(`${given.operation} made ${number - 1} calls, ${rehearsed.calls.length} before`);
		if (tooSoon) return undefined;
		const tokens = stage.desk.simulator.world.use(TokenStore).values();
		return { ended, ...(await stage.outputAndState(ended.output)), secrets: ['sim-secret', ...tokens], tries };
	} finally {
		await stage.close();
	}
}

/** What DingTalk must have after a run that ended in an error: everything up to the struck call, or with it, and nothing besides. */
const allowedState = ({ rehearsed: { states }, strike, number }: Cell): unknown =>
	strike.carried === 'no' ? states[number - 1] : states[number];

const only = (output: unknown, wanted: (field: string, value: unknown) => unknown): unknown =>
	(output as IDataObject[]).map((item) =>
		Object.fromEntries(Object.entries(item).map(([field, value]) => [field, wanted(field, value)])),
	);
/** What each try did, and a link that only some responses have. */
const withoutSteps = (output: unknown): unknown =>
	only(output, (field, value) => (['steps', 'link'].includes(field) ? 'reported' : value));
const onlyId = (output: unknown): unknown => only(output, (field, value) => (field === 'id' ? value : 'reported'));

/**
 * A name that is looked up in passing may be missing. What keeps a list in step tells what the
 * successful try still had to do. What takes its steps back tells of each how it went.
 */
function wrongOutput({ given, rehearsed, number }: Cell, { output, nameless, tries }: Played): string | undefined {
	const { operation } = given;
	const wanted = rehearsed.output;
	const inPassing = NAMES_IN_PASSING.includes(operation) && rehearsed.calls[number - 1].path.startsWith('/topapi/');
	if (inPassing && rehearsed.nameless === nameless) return undefined;
	if (tries > 1 && KEEP_IN_STEP.includes(operation) && same(onlyId(wanted), onlyId(output))) return undefined;
	if (takesBack(given)) return difference(withoutSteps(wanted), withoutSteps(output));
	return difference(wanted, output);
}

const tell = (complaint: string, difference: string | undefined): string[] =>
	difference === undefined ? [] : [`${complaint} (${difference})`];

/** What DingTalk has besides the last event, where there is one more than before. */
function withoutLast(before: unknown, state: unknown): unknown {
	const [{ events: earlier }, seen] = [before as Seen, state as Seen];
	return seen.events.length > earlier.length ? { ...seen, events: seen.events.slice(0, -1) } : seen;
}

interface Judged {
	outcome: Outcome;
	complaints: string[];
	/** DingTalk knows no name for this write, so it is unknown whether it was done, and n8n's next try is held back. */
	saysMayBeDone?: boolean;
}

function judge(cell: Cell, played: Played, scene: string): Judged {
	const { ended, state, secrets } = played;
	const { rehearsed, strike, number } = cell;
	const say = (complaint: string): string => `${scene}: ${complaint}`;
	if (!ended.error) {
		const complaints = [
			tell('the result is not the right one', wrongOutput(cell, played)),
			tell('DingTalk has something else than without the fault', difference(rehearsed.states.at(-1), state)),
		];
		return { outcome: 'right', complaints: complaints.flat().map(say) };
	}
	const { message, description } = ended.error;
	const changed = !same(rehearsed.states[number], rehearsed.states[number - 1]);
	const before = rehearsed.states[0];
	const saysLate = strike.carried === 'running' && description.includes('if it appears later');
	const takenBack = takesBack(cell.given) && same(before, saysLate ? withoutLast(before, state) : state);
	const mayBeDone = isWrite(rehearsed.calls[number - 1]) && changed && strike.carried !== 'no' && !takenBack;
	const complaints = unclear({ message, description, stored: ended.stored }, { secrets, mayBeDone });
	if (!takenBack)
		complaints.push(...tell('DingTalk has something lost or doubled', difference(allowedState(cell), state)));
	return {
		outcome: 'reported',
		saysMayBeDone: MAY_BE_DONE.test(`${message} ${description}`),
		complaints: complaints.map((one) => say(`${one} («${message}» «${description}»)`)),
	};
}

export async function tryCell(engine: Engine, cell: Cell): Promise<Verdict> {
	const { strike } = cell;
	const alone = judge(cell, await play({ engine, cell, lasting: false, tries: 1 }), 'once');
	const complaints = [...alone.complaints];
	let once = alone.outcome;
	if (once === 'reported') {
		const retried = judge(
			cell,
			await play({ engine, cell, lasting: false, tries: TRIES }),
			'once, and n8n tries again',
		);
		complaints.push(...retried.complaints);
		if (retried.outcome === 'right') once = 'retried';
		else if (strike.carried === 'no' && !strike.lasts && !retried.saysMayBeDone)
			complaints.push('once: nothing was done, and trying again does not help');
	}
	const lasting = judge(cell, await play({ engine, cell, lasting: true, tries: TRIES }), 'for good');
	complaints.push(...lasting.complaints);
	if (strike.harmless && lasting.outcome !== 'right') complaints.push('an answer that arrives is not taken');
	const { method, path } = cell.rehearsed.calls[cell.number - 1];
	const place = [cell.given.way, method, path, JSON.stringify(strike.do)].join(' ').trim();
	return { once, lasting: lasting.outcome, complaints: complaints.map((one) => `${place}: ${one}`) };
}

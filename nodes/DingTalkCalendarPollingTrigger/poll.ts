/** One poll: everybody's calendar is read first, and only then is anything remembered or told. */
import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import type { Item } from '../../lib/n8n/ItemContext';
import { Memory } from '../../lib/n8n/triggers/changeStore';
import { isManual, openItem } from '../../lib/n8n/triggers/context';
import { readChangeOutput, type Told } from '../../lib/n8n/triggers/changeOutput';
import { stateOf } from '../../lib/n8n/triggers/comparableEvent';
import { asPollError } from './pollError';
import { readPollSettings, type PollSettings } from './fields';
import { pollPerson, type Found, type PersonState } from './pollPerson';
import { sampleFor } from './sample';
import { Store, type Position } from './pollState';
import { tellAll } from './mergeChanges';
import { MINUTE } from '../../lib/dingtalk/utils/time';

/** Where n8n does not say how much time there is. */
const ENOUGH_MS = 4 * MINUTE;
/** One person's calendar may have many pages, so nobody is begun with in the last part of the time. */
const LAST_START = 0.5;
/** For each person: what was told lately, and what events were like before. */
const REMEMBERED = { keys: 100, characters: 2000 };

async function unionIdsOf({ people }: PollSettings, { ids }: Position): Promise<Map<string, string>> {
	const found = new Map<string, string>();
	for (const who of people) found.set(who.typed, ids[who.typed] ?? (await who.unionId()));
	return found;
}

interface Round {
	found: Array<[string, Found]>;
	/** Whose turn it is next time. */
	turn: number;
}

async function askEverybody(
	item: Item,
	unionIds: string[],
	before: Position,
	settings: PollSettings,
	time: { now: number; budgetMs: number },
): Promise<Round> {
	const found: Array<[string, Found]> = [];
	const first = before.turn % unionIds.length;
	const began = Date.now();
	for (const [turn, unionId] of [...unionIds.slice(first), ...unionIds.slice(0, first)].entries()) {
		if (turn > 0 && Date.now() - began > time.budgetMs * LAST_START) return { found, turn: first + turn };
		found.push([unionId, await pollPerson(item.client, unionId, before.people[unionId] ?? {}, settings, time.now)]);
	}
	return { found, turn: 0 };
}

/** What one person's poll told another person's poll does not tell again. */
function withoutRepetitions(all: Told[], memory: Memory, everybody: string[]): Told[] {
	const others = (told: Told): string[] => everybody.filter((id) => !told.unionIds.includes(id));
	return all.filter((told) => !others(told).some((id) => memory.hasSeen(`${id} ${told.key}`)));
}

function report(context: IPollFunctions, store: Store, found: Round['found'], before: Position): void {
	const name = context.getNode().name;
	if (store.isForeign) {
		context.logger.warn(
			`${name}: what was stored belongs to another workflow, app or choice of changes, so the watching begins anew`,
		);
	}
	for (const [unionId, { restarted }] of found) {
		if (restarted)
			context.logger.warn(
				`${name}: ${restarted} for ${unionId}, so the watching begins anew; changes since the last poll are not told`,
			);
		else if (!before.people[unionId]) context.logger.info(`${name}: the watching of ${unionId} begins`);
	}
}

async function pollAll(context: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	const now = Date.now();
	const item = await openItem(context);
	const settings = readPollSettings(item);
	const show = readChangeOutput(item);
	if (isManual(context)) {
		const userId = await settings.people[0].unionId();
		return [[{ json: show(await sampleFor(item.client, userId, settings, now)) }]];
	}
	const data = context.getWorkflowStaticData('node');
	const store = new Store(context, data, item.client.account, settings.kinds);
	const before = store.read(now);
	const ids = await unionIdsOf(settings, before);
	const everybody = [...new Set(ids.values())];
	const budgetMs = context.getPollBudgetMs?.() ?? ENOUGH_MS;
	const { found, turn } = await askEverybody(item, everybody, before, settings, { now, budgetMs });
	report(context, store, found, before);

	const states: Array<[string, PersonState]> = found.map(([unionId, { state }]) => [unionId, state]);
	const kept = Object.entries(before.people).filter(([unionId]) => everybody.includes(unionId));
	store.write({
		people: Object.fromEntries([...kept, ...states]),
		ids: Object.fromEntries(ids),
		idsAt: before.idsAt || now,
		turn,
	});
	const remembered = { keys: REMEMBERED.keys * everybody.length, characters: REMEMBERED.characters * everybody.length };
	const memory = new Memory(data, item.zone, remembered);
	const told = withoutRepetitions(tellAll(found, settings.wantsDetails, now), memory, everybody);
	for (const one of told) {
		if (one.event && one.at) compare(one, memory, item.zone);
		else if (one.details === 'gone') one.lastKnown = memory.lastKnown(one.eventId);
		if (everybody.length > 1) for (const unionId of one.unionIds) memory.see(`${unionId} ${one.key}`);
	}
	return told.length > 0 ? [told.map((one) => ({ json: show(one) }))] : null;
}

const COMPARED = ['created', 'updated', 'responded'];

function compare(told: Told, memory: Memory, zone: string): void {
	if (!told.event || !COMPARED.includes(told.kind)) return;
	const state = stateOf(told.event, zone);
	told.differences = told.kind === 'created' ? undefined : memory.compare(told.eventId, told.at, state);
	memory.remember(told.eventId, told.at, state);
}

export async function poll(context: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	const outcome = await pollAll(context).catch((error: unknown) => asPollError(context, error));
	if (outcome instanceof Error) throw outcome;
	return outcome;
}

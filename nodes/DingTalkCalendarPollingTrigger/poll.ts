/** One poll: everybody's calendar is read first, and only then is anything remembered or told. */
import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import type { Item } from '../../lib/n8n/ItemContext';
import { ChangeStore } from '../../lib/n8n/triggers/changeStore';
import { isManual, createItem } from '../../lib/n8n/triggers/context';
import { readChangeOutput, type ReportedChange } from '../../lib/n8n/triggers/changeOutput';
import { toComparableEvent } from '../../lib/n8n/triggers/comparableEvent';
import { asPollError } from './pollError';
import { readPollSettings, type PollSettings } from './fields';
import { pollPerson, type PersonPoll, type PersonState } from './pollPerson';
import { createPollSample } from './sample';
import { PollStateStore, type PollState } from './pollState';
import { mergeChanges } from './mergeChanges';
import { MINUTE } from '../../lib/dingtalk/utils/time';

/** Where n8n does not say how much time there is. */
const DEFAULT_BUDGET_MS = 4 * MINUTE;
/** One person's calendar may have many pages, so nobody is begun with in the last part of the time. */
const BUDGET_SHARE = 0.5;
/** For each person: what was told lately, and what events were like before. */
const STORE_LIMITS_PER_PERSON = { keys: 100, characters: 2000 };

async function unionIdsOf({ people }: PollSettings, { ids }: PollState): Promise<Map<string, string>> {
	const found = new Map<string, string>();
	for (const who of people) found.set(who.typed, ids[who.typed] ?? (await who.unionId()));
	return found;
}

interface PollRound {
	found: Array<[string, PersonPoll]>;
	/** Whose turn it is next time. */
	turn: number;
}

async function pollEveryone(
	item: Item,
	unionIds: string[],
	before: PollState,
	settings: PollSettings,
	time: { now: number; budgetMs: number },
): Promise<PollRound> {
	const found: Array<[string, PersonPoll]> = [];
	const first = before.turn % unionIds.length;
	const began = Date.now();
	for (const [turn, unionId] of [...unionIds.slice(first), ...unionIds.slice(0, first)].entries()) {
		if (turn > 0 && Date.now() - began > time.budgetMs * BUDGET_SHARE) return { found, turn: first + turn };
		found.push([unionId, await pollPerson(item.client, unionId, before.people[unionId] ?? {}, settings, time.now)]);
	}
	return { found, turn: 0 };
}

/** What one person's poll told another person's poll does not tell again. */
function removeReported(all: ReportedChange[], memory: ChangeStore, everybody: string[]): ReportedChange[] {
	const others = (told: ReportedChange): string[] => everybody.filter((id) => !told.unionIds.includes(id));
	return all.filter((told) => !others(told).some((id) => memory.hasSeen(`${id} ${told.key}`)));
}

function logRestarts(
	context: IPollFunctions,
	store: PollStateStore,
	found: PollRound['found'],
	before: PollState,
): void {
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
	const item = await createItem(context);
	const settings = readPollSettings(item);
	const show = readChangeOutput(item);
	if (isManual(context)) {
		const userId = await settings.people[0].unionId();
		return [[{ json: show(await createPollSample(item.client, userId, settings, now)) }]];
	}
	const data = context.getWorkflowStaticData('node');
	const store = new PollStateStore(context, data, item.client.account, settings.kinds);
	const before = store.read(now);
	const ids = await unionIdsOf(settings, before);
	const everybody = [...new Set(ids.values())];
	const budgetMs = context.getPollBudgetMs?.() ?? DEFAULT_BUDGET_MS;
	const { found, turn } = await pollEveryone(item, everybody, before, settings, { now, budgetMs });
	logRestarts(context, store, found, before);

	const states: Array<[string, PersonState]> = found.map(([unionId, { state }]) => [unionId, state]);
	const kept = Object.entries(before.people).filter(([unionId]) => everybody.includes(unionId));
	store.write({
		people: Object.fromEntries([...kept, ...states]),
		ids: Object.fromEntries(ids),
		idsAt: before.idsAt || now,
		turn,
	});
	const remembered = {
		keys: STORE_LIMITS_PER_PERSON.keys * everybody.length,
		characters: STORE_LIMITS_PER_PERSON.characters * everybody.length,
	};
	const memory = new ChangeStore(data, item.zone, remembered);
	const told = removeReported(mergeChanges(found, settings.wantsDetails, now), memory, everybody);
	for (const one of told) {
		if (one.event && one.at) addDifferences(one, memory, item.zone);
		else if (one.details === 'gone') one.lastKnown = memory.lastKnown(one.eventId);
		if (everybody.length > 1) for (const unionId of one.unionIds) memory.markSeen(`${unionId} ${one.key}`);
	}
	return told.length > 0 ? [told.map((one) => ({ json: show(one) }))] : null;
}

const COMPARED_KINDS = ['created', 'updated', 'responded'];

function addDifferences(told: ReportedChange, memory: ChangeStore, zone: string): void {
	if (!told.event || !COMPARED_KINDS.includes(told.kind)) return;
	const state = toComparableEvent(told.event, zone);
	told.differences = told.kind === 'created' ? undefined : memory.compare(told.eventId, told.at, state);
	memory.recordState(told.eventId, told.at, state);
}

export async function poll(context: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	const outcome = await pollAll(context).catch((error: unknown) => asPollError(context, error));
	if (outcome instanceof Error) throw outcome;
	return outcome;
}

/** Runs one poll: reads the calendars of all watched people first, and only then saves the state and emits changes. */
import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import { MINUTE } from '../../lib/dingtalk/utils/time';
import type { Item } from '../../lib/n8n/ItemContext';
import { readChangeOutput, type ReportedChange } from '../../lib/n8n/triggers/changeOutput';
import { ChangeStore } from '../../lib/n8n/triggers/changeStore';
import { toEventState } from '../../lib/n8n/triggers/comparableEvent';
import { createItem, isManual } from '../../lib/n8n/triggers/context';
import { readRememberValues } from '../../lib/n8n/triggers/fields';
import { readPollSettings, type PollSettings } from './fields';
import { mergeChanges } from './mergeChanges';
import { toPollError } from './pollError';
import { pollPerson, type PersonPollResult, type PersonState } from './pollPerson';
import { PollStateStore, type PollState } from './pollState';
import { createPollSample } from './sample';

/** If n8n does not say how much time a poll has. */
const DEFAULT_BUDGET_MS = 4 * MINUTE;
/** A calendar may have many pages, so after this share of the time the next person waits for the next poll. */
const STARTABLE_BUDGET_SHARE = 0.5;
/** The changes reported recently and the last states of events. */
const STORE_LIMITS_PER_PERSON = { keys: 100, characters: 2000 };

/** Returns the union IDs by what the user entered. */
async function resolvePeople({ people }: PollSettings, { ids }: PollState): Promise<Map<string, string>> {
	const unionIds = new Map<string, string>();
	for (const person of people) unionIds.set(person.typed, ids[person.typed] ?? (await person.unionId()));
	return unionIds;
}

interface PollRound {
	results: Array<[string, PersonPollResult]>;
	/** The position of the person with whom the next poll begins. */
	turn: number;
}

async function pollPeople(
	item: Item,
	unionIds: string[],
	before: PollState,
	settings: PollSettings,
	{ now, budgetMs }: { now: number; budgetMs: number },
): Promise<PollRound> {
	const results: PollRound['results'] = [];
	const first = before.turn % unionIds.length;
	const startedAt = Date.now();
	for (const [turn, unionId] of [...unionIds.slice(first), ...unionIds.slice(0, first)].entries()) {
		const isTimeUp = Date.now() - startedAt > budgetMs * STARTABLE_BUDGET_SHARE;
		if (turn > 0 && isTimeUp) return { results, turn: first + turn };
		results.push([unionId, await pollPerson(item.client, unionId, before.people[unionId] ?? {}, settings, now)]);
	}
	return { results, turn: 0 };
}

/** Drops changes that an earlier poll of another person's calendar has reported. */
function dropAlreadyReported(changes: ReportedChange[], store: ChangeStore, unionIds: string[]): ReportedChange[] {
	const listOthers = (change: ReportedChange): string[] => unionIds.filter((id) => !change.unionIds.includes(id));
	return changes.filter((change) => !listOthers(change).some((id) => store.hasSeen(`${id} ${change.key}`)));
}

function logRestarts(
	context: IPollFunctions,
	stateStore: PollStateStore,
	results: PollRound['results'],
	before: PollState,
): void {
	const name = context.getNode().name;
	if (stateStore.isForeign) {
		context.logger.warn(
			`${name}: the stored state belongs to another workflow, app or selection of changes, so polling starts over`,
		);
	}
	for (const [unionId, { restartReason }] of results) {
		if (restartReason)
			context.logger.warn(
				`${name}: ${restartReason} for ${unionId}, so polling starts over; changes since the last poll are not reported`,
			);
		else if (!before.people[unionId]) context.logger.info(`${name}: started polling the calendar of ${unionId}`);
	}
}

async function runPoll(context: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	const now = Date.now();
	const item = await createItem(context);
	const settings = readPollSettings(item);
	const toOutput = readChangeOutput(item);
	if (isManual(context)) {
		const userId = await settings.people[0].unionId();
		return [[{ json: toOutput(await createPollSample(item.client, userId, settings, { now, zone: item.zone })) }]];
	}
	const staticData = context.getWorkflowStaticData('node');
	const stateStore = new PollStateStore(context, staticData, item.client.account, settings.kinds);
	const before = stateStore.read(now);
	const ids = await resolvePeople(settings, before);
	const unionIds = [...new Set(ids.values())];
	const budgetMs = context.getPollBudgetMs?.() ?? DEFAULT_BUDGET_MS;
	const { results, turn } = await pollPeople(item, unionIds, before, settings, { now, budgetMs });
	logRestarts(context, stateStore, results, before);

	const polled: Array<[string, PersonState]> = results.map(([unionId, { state }]) => [unionId, state]);
	const kept = Object.entries(before.people).filter(([unionId]) => unionIds.includes(unionId));
	stateStore.write({
		people: Object.fromEntries([...kept, ...polled]),
		ids: Object.fromEntries(ids),
		idsAt: before.idsAt || now,
		turn,
	});
	const store = new ChangeStore(staticData, item.zone, {
		rememberValues: readRememberValues(item),
		keys: STORE_LIMITS_PER_PERSON.keys * unionIds.length,
		characters: STORE_LIMITS_PER_PERSON.characters * unionIds.length,
	});
	const changes = dropAlreadyReported(mergeChanges(results, settings.wantsDetails, now), store, unionIds);
	for (const change of changes) {
		if (change.event && change.at) addDifferences(change, store, item.zone);
		else if (change.details === 'gone') change.lastKnown = store.lastKnown(change.eventId);
		if (unionIds.length > 1) for (const unionId of change.unionIds) store.markSeen(`${unionId} ${change.key}`);
	}
	return changes.length > 0 ? [changes.map((change) => ({ json: toOutput(change) }))] : null;
}

const COMPARED_KINDS = ['created', 'updated', 'responded'];

function addDifferences(change: ReportedChange, store: ChangeStore, zone: string): void {
	if (!change.event || !COMPARED_KINDS.includes(change.kind)) return;
	const state = toEventState(change.event, zone);
	change.differences = change.kind === 'created' ? undefined : store.compare(change.eventId, change.at, state);
	store.recordState(change.eventId, change.at, state);
}

export async function poll(context: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	const outcome = await runPoll(context).catch((error: unknown) => toPollError(context, error));
	if (outcome instanceof Error) throw outcome;
	return outcome;
}

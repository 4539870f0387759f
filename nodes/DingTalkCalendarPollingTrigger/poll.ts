/** Runs one poll: reads the calendars of all watched people first, and only then saves the state and emits changes. */
import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import type { Item } from '../../lib/n8n/ItemContext';
import { maskNumbers } from '../../lib/dingtalk/people/parseIdentifier';
import { formatCount } from '../../lib/dingtalk/utils/text';
import { readChangeOutput, type ReportedChange } from '../../lib/n8n/triggers/changeOutput';
import { ChangeStore } from '../../lib/n8n/triggers/changeStore';
import { toEventState } from '../../lib/n8n/triggers/comparableEvent';
import { createItem, isManual, isUserActivation, triggerId } from '../../lib/n8n/triggers/context';
import { describeFailure, endWarning, listUnreadable, warnDaily } from '../../lib/n8n/triggers/dailyWarnings';
import { readRememberValues } from '../../lib/n8n/triggers/fields';
import type { ApiEvent } from '../../lib/n8n/fields/eventOutput';
import { readPollSettings, type PollSettings } from './fields';
import { mergeChanges, type FoundChange } from './mergeChanges';
import { toPollError } from './pollError';
import { pollPeople, type PollRound } from './pollPeople';
import { hashPerson } from './pollPerson';
import { PollStateStore } from './pollState';
import { createPollSample } from './sample';
import { resolveWatchedPeople, type WatchedPeople } from './resolvePeople';
import { t } from '../../lib/locale/t';

/** What 'Remember Values' may store. */
const VALUE_CHARACTERS_PER_PERSON = 12_000;

const listOthers = ({ typed }: WatchedPeople, unionIds: string[]): string[] =>
	[...typed.keys()].filter((unionId) => !unionIds.includes(unionId));

/**
 * One event may be removed from several calendars, one after the other, without a new time of change, and people may be
 * invited one after the other. Depends on what is stored only, so that a repeated poll gives the same keys.
 */
function addPersonToKeys(changes: FoundChange[], store: PollStateStore): void {
	for (const change of changes)
		if (store.mayHaveReportedKey(change)) change.key += `:${change.unionIds.map(hashPerson).sort()[0]}`;
}

function addValues(change: ReportedChange, store: ChangeStore, zone: string): void {
	if (change.event && change.at && ['created', 'updated', 'responded'].includes(change.kind)) {
		const state = toEventState(change.event, zone);
		if (change.kind !== 'created')
			change.differences = store.compare(change.eventId, change.at, state) ?? change.differences;
		store.recordState(change.eventId, change.at, state);
	} else if (change.details === 'gone') change.lastKnown = store.lastKnown(change.eventId);
}

function rememberKnown({ results }: PollRound, store: ChangeStore, zone: string): void {
	for (const { known = [] } of results.values())
		store.recordStates(
			known.map((event) => [
				event.id ?? '',
				Date.parse(event.updateTime ?? '') || 0,
				toEventState(event as ApiEvent, zone),
			]),
		);
}

function logStarts(context: IPollFunctions, store: PollStateStore, watched: WatchedPeople, round: PollRound): void {
	const { name } = context.getNode();
	if (store.isForeign)
		context.logger.warn(
			t`${name}: the stored state belongs to another workflow, app or selection of changes, so polling starts over`,
		);
	for (const [unionId, { hasLostPosition }] of round.results) {
		const typed = watched.typed.get(unionId) ?? '';
		if (!store.get(unionId)) context.logger.info(t`${name}: started polling the calendar of ${maskNumbers(typed)}`);
		else if (hasLostPosition)
			warnDaily(
				context,
				`sync ${typed}`,
				t`DingTalk no longer accepts the sync token for ${typed}, so all events were read and compared; an event that was removed since the last poll is reported only if DingTalk still lists it as deleted`,
				Date.now(),
			);
	}
}

/** What was reported before n8n was stopped is continued; what happened while the workflow was inactive is not reported. */
const startsFromNow = (context: IPollFunctions, store: PollStateStore, isFirst: boolean): boolean =>
	isFirst && context.getActivationMode() === 'activate' && !store.isEmpty;

function findFailure(
	{ failures: unresolved }: WatchedPeople,
	round: PollRound,
	hasChanges: boolean,
): Error | undefined {
	if (round.stoppedBy && !hasChanges) return round.stoppedBy;
	return round.results.size === 0 ? [...unresolved, ...round.failures][0]?.error : undefined;
}

async function pollAll(
	context: IPollFunctions,
	item: Item,
	settings: PollSettings,
	isFirst: boolean,
): Promise<ReportedChange[]> {
	const { zone } = item;
	const rememberValues = readRememberValues(item);
	const staticData = context.getWorkflowStaticData('node');
	const store = new PollStateStore(context, staticData, item.client.account, settings.kinds);
	const now = Date.now();
	const isActivation = isFirst && isUserActivation(context);
	const scope = `${triggerId(context)} ${store.owner}`;
	const watched = await resolveWatchedPeople(settings.people, {
		scope,
		now,
		requireAll: isActivation || store.isEmpty,
	});
	const budgetMs = context.getPollBudgetMs?.();
	const round = await pollPeople(item, watched.typed, store, settings, { now, budgetMs });
	logStarts(context, store, watched, round);

	const isReset = startsFromNow(context, store, isFirst);
	const found = mergeChanges(round.results, {
		wantsDetails: settings.wantsDetails,
		zone,
		now,
		wasInvitedLater: (change, unionId) => store.wasInvitedLater(change, unionId, listOthers(watched, [unionId])),
		wasReported: (change, unionId) => store.wasReported(change, listOthers(watched, [unionId])),
	});
	const changes = isReset ? [] : found;
	addPersonToKeys(changes, store);
	if (isReset)
		context.logger.info(
			t`${context.getNode().name}: polling starts from now; not reported: ${formatCount(found.length, 'change')} since the last poll`,
		);
	const error = findFailure(watched, round, changes.length > 0);
	if (error) throw error;
	const failures = [...watched.failures, ...round.failures];
	const readable = [...round.results.keys()].map((unionId) => watched.typed.get(unionId) ?? unionId);
	for (const typed of readable) endWarning(context, `unreadable ${typed}`);
	for (const failure of failures) {
		const text = t`the calendar of ${failure.typed} could not be read; the changes of the others are reported`;
		warnDaily(context, `unreadable ${failure.typed}`, t`${text}. ${describeFailure(context, failure)}`, now);
	}

	const before = [...watched.typed.keys()].flatMap((unionId) => {
		const state = store.get(unionId);
		return state ? [[unionId, state] as const] : [];
	});
	const readAt = store.orderedTime(now);
	const polled = [...round.results].map(([unionId, { state }]) => [unionId, { ...state, readAt }] as const);
	store.write(new Map([...before, ...polled]), {
		reported: changes,
		turn: round.turn,
		readAt,
		keepsValues: rememberValues,
		keepsOthers: watched.failures.length > 0,
	});
	if (rememberValues) {
		const characters = VALUE_CHARACTERS_PER_PERSON * watched.typed.size;
		const values = new ChangeStore(staticData, zone, { rememberValues, keys: 0, characters });
		rememberKnown(round, values, zone);
		for (const change of changes) addValues(change, values, zone);
	}
	const unreadable = listUnreadable(context, failures);
	for (const change of changes) change.unreadable = unreadable;
	return changes;
}

/** Contexts that have polled: n8n creates one with each activation. */
const activated = new WeakSet<IPollFunctions>();
/** By trigger. */
const running = new Map<string, Promise<unknown>>();

/** Two polls at once would report everything twice. The first one of an activation waits for the one before; others are left out. */
async function pollAlone(
	context: IPollFunctions,
	run: (isFirst: boolean) => Promise<ReportedChange[]>,
): Promise<ReportedChange[]> {
	const id = triggerId(context);
	const isFirst = !activated.has(context);
	const mayWait = isFirst && isUserActivation(context);
	if (running.has(id) && !mayWait) {
		context.logger.debug(t`${context.getNode().name}: skipped, because the previous poll has not finished`);
		return [];
	}
	while (running.has(id)) await running.get(id)?.catch(() => undefined);
	const poll = run(isFirst);
	running.set(id, poll);
	try {
		const changes = await poll;
		activated.add(context);
		return changes;
	} finally {
		if (running.get(id) === poll) running.delete(id);
	}
}

async function runPoll(context: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	const item = await createItem(context);
	const settings = readPollSettings(item);
	const toOutput = readChangeOutput(item);
	if (isManual(context)) {
		const userId = await settings.people[0].unionId();
		const options = { now: Date.now(), zone: item.zone, rememberValues: readRememberValues(item) };
		return [[{ json: toOutput(await createPollSample(item.client, userId, settings, options)) }]];
	}
	const changes = await pollAlone(context, async (isFirst) => await pollAll(context, item, settings, isFirst));
	return changes.length > 0 ? [changes.map((change) => ({ json: toOutput(change) }))] : null;
}

export async function poll(context: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	const outcome = await runPoll(context).catch((error: unknown) => toPollError(context, error));
	if (outcome instanceof Error) throw outcome;
	return outcome;
}

/** One poll of one person's calendar: what it costs, what it finds, and where the next one goes on. */
import type { Client } from '../../lib/dingtalk/client/types';
import { DingTalkError } from '../../lib/dingtalk/errors/DingTalkError';
import {
	detectChanges,
	readResponses,
	changeKey,
	findLatestChange,
	takeSnapshots,
	type PollHistory,
	type PolledChange,
} from '../../lib/dingtalk/polling/detectChanges';
import {
	startWatching,
	findDue,
	dateRange,
	type DueEvent,
	type StartEndState,
} from '../../lib/dingtalk/polling/startsAndEnds';
import { Snapshots } from '../../lib/dingtalk/polling/snapshots';
import { eventExists, readCalendar, readChanges, readDates } from '../../lib/dingtalk/polling/syncApi';
import type { PollSettings } from './fields';

/** As it is stored. */
export interface PersonState {
	calendar?: {
		syncToken: string;
		since: number;
		mark: number;
		notes: string[];
		/** How often in a row DingTalk did not take its own token. */
		refused: number;
	};
	watch?: StartEndState;
}

export interface PersonPoll {
	changes: PolledChange[];
	moments: DueEvent[];
	state: PersonState;
	/** Why everything so far counts as known; undefined where nothing was missed. */
	restarted?: string;
}

const MAX_REFUSED_TOKENS = 2;

const syncTokensRefusedError = (): DingTalkError =>
	new DingTalkError({
		kind: 'server',
		message: 'DingTalk does not take back the sync tokens that it gives out, so changes cannot be told',
		advice: 'Use DingTalk Calendar Trigger, which is told by DingTalk, or ask for starts and ends only.',
	});

async function startSync(
	client: Client,
	userId: string,
	now: number,
	refused = 0,
): Promise<NonNullable<PersonState['calendar']>> {
	const { events, syncToken } = await readCalendar(client, userId, now);
	const notebook = new Snapshots();
	takeSnapshots(notebook, events);
	return { syncToken, since: now, mark: findLatestChange(events), notes: notebook.lines(), refused };
}

/** Where nobody asked for updates, but for answers, an event of which nothing is known is told with all its answers. */
function asRequestedKind(change: PolledChange, kinds: Set<string>): PolledChange {
	if (!change.isUncertain || kinds.has('updated') || !kinds.has('responded')) return change;
	return {
		...change,
		kind: 'responded',
		key: changeKey('responded', change.event.id ?? '', change.at),
		answers: readResponses(change.event),
	};
}

/** That dates are gone may mean that the series has another rule now. */
async function resolveSeries(client: Client, userId: string, change: PolledChange): Promise<PolledChange> {
	if (change.checkSeriesId === undefined || !(await eventExists(client, userId, change.checkSeriesId))) return change;
	return { ...change, kind: 'updated', key: changeKey('updated', change.checkSeriesId, change.at) };
}

type ReadChanges = Pick<PersonPoll, 'changes' | 'restarted'> & {
	calendar: NonNullable<PersonState['calendar']>;
	busy: boolean;
};

async function findChanges(
	client: Client,
	userId: string,
	before: PersonState['calendar'],
	settings: PollSettings,
	now: number,
): Promise<ReadChanges> {
	if (!before) return { changes: [], calendar: await startSync(client, userId, now), busy: true };
	const reading = await readChanges(client, userId, before.syncToken);
	if (!reading) {
		if (before.refused + 1 >= MAX_REFUSED_TOKENS) throw syncTokensRefusedError();
		const calendar = await startSync(client, userId, now, before.refused + 1);
		return { changes: [], calendar, busy: true, restarted: 'DingTalk no longer takes the sync token' };
	}
	const past: PollHistory = {
		snapshots: new Snapshots(before.notes),
		since: before.since,
		latestChangeAt: before.mark,
	};
	const found = detectChanges(past, reading.events);
	const changes: PolledChange[] = [];
	for (const change of found)
		changes.push(asRequestedKind(await resolveSeries(client, userId, change), settings.kinds));
	const calendar = {
		syncToken: reading.syncToken,
		since: before.since,
		mark: past.latestChangeAt,
		notes: past.snapshots.lines(),
		refused: 0,
	};
	return { changes: changes.filter(({ kind }) => settings.kinds.has(kind)), calendar, busy: reading.events.length > 0 };
}

/** The dates ahead are read again only when something may be due, or may have become so. */
async function findStartsAndEnds(
	client: Client,
	userId: string,
	before: StartEndState | undefined,
	settings: PollSettings,
	{ now, busy }: { now: number; busy: boolean },
): Promise<{ moments: DueEvent[]; watch?: StartEndState }> {
	const { rules } = settings;
	if (!rules) return { moments: [] };
	if (before && !busy && now < before.next) return { moments: [], watch: before };
	const events = await readDates(client, userId, dateRange(before ?? { until: now }, now, rules));
	return before ? findDue(before, events, now, rules) : { moments: [], watch: startWatching(events, now, rules) };
}

export async function pollPerson(
	client: Client,
	userId: string,
	before: PersonState,
	settings: PollSettings,
	now: number,
): Promise<PersonPoll> {
	const read = settings.wantsChanges ? await findChanges(client, userId, before.calendar, settings, now) : undefined;
	// Without the list of changes nothing says that an event was moved, so the dates are read each time.
	const busy = read?.busy ?? true;
	const { moments, watch } = await findStartsAndEnds(client, userId, before.watch, settings, { now, busy });
	return {
		changes: read?.changes ?? [],
		moments,
		state: { calendar: read?.calendar, watch },
		restarted: read?.restarted,
	};
}

/** One poll of one person's calendar: what it costs, what it finds, and where the next one goes on. */
import type { Client } from '../../lib/dingtalk/client/types';
import { DingTalkError } from '../../lib/dingtalk/errors/DingTalkError';
import {
	changesIn,
	givenAnswers,
	keyed,
	latestIn,
	learn,
	type Past,
	type PolledChange,
} from '../../lib/dingtalk/polling/diff';
import { firstWatch, look, windowOf, type Moment, type Watch } from '../../lib/dingtalk/polling/startsAndEnds';
import { Notebook } from '../../lib/dingtalk/polling/snapshots';
import { isThere, readCalendar, readChanges, readDates } from '../../lib/dingtalk/polling/syncApi';
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
	watch?: Watch;
}

export interface Found {
	changes: PolledChange[];
	moments: Moment[];
	state: PersonState;
	/** Why everything so far counts as known; undefined where nothing was missed. */
	restarted?: string;
}

const MOST_REFUSALS = 2;

const tokensRefused = (): DingTalkError =>
	new DingTalkError({
		kind: 'server',
		message: 'DingTalk does not take back the sync tokens that it gives out, so changes cannot be told',
		advice: 'Use DingTalk Calendar Trigger, which is told by DingTalk, or ask for starts and ends only.',
	});

async function begin(
	client: Client,
	userId: string,
	now: number,
	refused = 0,
): Promise<NonNullable<PersonState['calendar']>> {
	const { events, syncToken } = await readCalendar(client, userId, now);
	const notebook = new Notebook();
	learn({ notebook }, events);
	return { syncToken, since: now, mark: latestIn(events), notes: notebook.lines(), refused };
}

/** Where nobody asked for updates, but for answers, an event of which nothing is known is told with all its answers. */
function asWanted(change: PolledChange, kinds: Set<string>): PolledChange {
	if (!change.unsure || kinds.has('updated') || !kinds.has('responded')) return change;
	return {
		...change,
		kind: 'responded',
		key: keyed('responded', change.event.id ?? '', change.at),
		answers: givenAnswers(change.event),
	};
}

/** That dates are gone may mean that the series has another rule now. */
async function settled(client: Client, userId: string, change: PolledChange): Promise<PolledChange> {
	if (change.askSeries === undefined || !(await isThere(client, userId, change.askSeries))) return change;
	return { ...change, kind: 'updated', key: keyed('updated', change.askSeries, change.at) };
}

type ReadChanges = Pick<Found, 'changes' | 'restarted'> & {
	calendar: NonNullable<PersonState['calendar']>;
	busy: boolean;
};

async function changesOf(
	client: Client,
	userId: string,
	before: PersonState['calendar'],
	settings: PollSettings,
	now: number,
): Promise<ReadChanges> {
	if (!before) return { changes: [], calendar: await begin(client, userId, now), busy: true };
	const reading = await readChanges(client, userId, before.syncToken);
	if (!reading) {
		if (before.refused + 1 >= MOST_REFUSALS) throw tokensRefused();
		const calendar = await begin(client, userId, now, before.refused + 1);
		return { changes: [], calendar, busy: true, restarted: 'DingTalk no longer takes the sync token' };
	}
	const past: Past = { notebook: new Notebook(before.notes), since: before.since, mark: before.mark };
	const found = changesIn(past, reading.events);
	const changes: PolledChange[] = [];
	for (const change of found) changes.push(asWanted(await settled(client, userId, change), settings.kinds));
	const calendar = {
		syncToken: reading.syncToken,
		since: before.since,
		mark: past.mark,
		notes: past.notebook.lines(),
		refused: 0,
	};
	return { changes: changes.filter(({ kind }) => settings.kinds.has(kind)), calendar, busy: reading.events.length > 0 };
}

/** The dates ahead are read again only when something may be due, or may have become so. */
async function momentsOf(
	client: Client,
	userId: string,
	before: Watch | undefined,
	settings: PollSettings,
	{ now, busy }: { now: number; busy: boolean },
): Promise<{ moments: Moment[]; watch?: Watch }> {
	const { rules } = settings;
	if (!rules) return { moments: [] };
	if (before && !busy && now < before.next) return { moments: [], watch: before };
	const events = await readDates(client, userId, windowOf(before ?? { until: now }, now, rules));
	return before ? look(before, events, now, rules) : { moments: [], watch: firstWatch(events, now, rules) };
}

export async function pollPerson(
	client: Client,
	userId: string,
	before: PersonState,
	settings: PollSettings,
	now: number,
): Promise<Found> {
	const read = settings.wantsChanges ? await changesOf(client, userId, before.calendar, settings, now) : undefined;
	// Without the list of changes nothing says that an event was moved, so the dates are read each time.
	const busy = read?.busy ?? true;
	const { moments, watch } = await momentsOf(client, userId, before.watch, settings, { now, busy });
	return {
		changes: read?.changes ?? [],
		moments,
		state: { calendar: read?.calendar, watch },
		restarted: read?.restarted,
	};
}

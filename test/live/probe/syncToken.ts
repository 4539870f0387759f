/** How long a sync token is accepted: one run of the probe keeps a token in a local file, later runs ask whether it still works. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

import { defaultSwitches, type Switches } from '../../simulator/switches';
import { DAY_MS, type ProbeCalendar } from './calendar';
import { listed } from './questions';
import type { Finding } from './report';

/** What the file holds. It stays with its owner: a sync token belongs to one person's calendar. */
interface KeptToken {
	syncToken: string;
	takenAt: number;
}

const QUESTION = {
	name: 'syncTokenLifetime',
	asks: 'How long is a sync token accepted?',
	assumption: defaultSwitches().syncTokenLifetime,
} as const;

/** What a report says of the question before it is answered. */
export const openFinding = (
	reason = 'takes a week: run it twice with -- --sync-token FILE --write REPORT',
): Finding => ({
	...QUESTION,
	reason,
});

export interface SyncTokenCheck {
	/** For the person at the terminal. */
	text: string;
	finding: Finding;
}

/** A token that is a week old tells the two positions of the switch apart. */
const DAYS_TO_WAIT = 7;

/** Takes a token and writes it to the file; if the file is there already, asks once whether the token still works. */
export async function checkSyncToken(calendar: ProbeCalendar, file: string, now = Date.now()): Promise<SyncTokenCheck> {
	if (!existsSync(file)) return { text: await keepToken(calendar, file, now), finding: openFinding() };
	const { syncToken, takenAt } = JSON.parse(readFileSync(file, 'utf8')) as KeptToken;
	const days = (now - takenAt) / DAY_MS;
	const age = `${days.toFixed(1)} days`;
	const reply = await calendar.api.call('GET', calendar.path('/events'), { query: { syncToken, maxResults: 100 } });
	if (reply.status !== 200) {
		const text = `A sync token is refused after ${age}: HTTP ${reply.status} ${reply.code}.`;
		// Any other failure says nothing about the token.
		const isRefused = reply.status >= 400 && reply.status < 500 && reply.status !== 429;
		return { text, finding: isRefused ? answered('sevenDays') : openFinding('the call failed') };
	}
	const text = `A sync token is still accepted after ${age}.`;
	return { text, finding: days > DAYS_TO_WAIT ? answered('unlimited') : openFinding(`accepted after ${age}`) };
}

const answered = (answer: Switches['syncTokenLifetime']): Finding => ({ ...QUESTION, answer });

async function keepToken(calendar: ProbeCalendar, file: string, now: number): Promise<string> {
	const timeMin = calendar.api.time(new Date(now - DAY_MS));
	const query = { timeMin, maxResults: 100 };
	const first = await calendar.api.call('GET', calendar.path('/events'), { query });
	const { syncToken, nextToken } = listed(first);
	if (!syncToken) {
		const problem = nextToken ? 'More than 100 events were listed' : `HTTP ${first.status} ${first.code}`.trim();
		return `DingTalk returned no sync token (${problem}). Use a test user with an emptier calendar.`;
	}
	const kept: KeptToken = { syncToken, takenAt: now };
	// Readable by its owner only.
	writeFileSync(file, JSON.stringify(kept), { mode: 0o600 });
	return `A sync token is in ${file}. Run the same command again after eight days; each run takes one metered call.`;
}

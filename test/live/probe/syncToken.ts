/** How long a sync token is accepted: one run of the probe keeps a token in a local file, later runs ask whether it still works. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

import { DAY_MS, type ProbeCalendar } from './calendar';
import { listed } from './questions';

/** What the file holds. It stays with its owner: a sync token belongs to one person's calendar. */
interface KeptToken {
	syncToken: string;
	takenAt: number;
}

/** Takes a token and writes it to the file; if the file is there already, asks once whether the token still works. */
export async function checkSyncToken(calendar: ProbeCalendar, file: string, now = Date.now()): Promise<string> {
	if (!existsSync(file)) {
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
		return `A sync token is in ${file}. Run the same command again after some days; each run takes one metered call.`;
	}
	const { syncToken, takenAt } = JSON.parse(readFileSync(file, 'utf8')) as KeptToken;
	const age = `${((now - takenAt) / DAY_MS).toFixed(1)} days`;
	const reply = await calendar.api.call('GET', calendar.path('/events'), { query: { syncToken, maxResults: 100 } });
	return reply.status === 200
		? `A sync token is still accepted after ${age}.`
		: `A sync token is refused after ${age}: HTTP ${reply.status} ${reply.code}.`;
}

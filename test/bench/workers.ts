/** Several n8n workers with one app (W10): how much of DingTalk's call rate they use together, with no setting. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { VERSION } from './n8n/servers';

const COUNTS = [1, 2, 3, 5];

export interface Workers {
	workers: number;
	/** Part of DingTalk's limit, from the first call to the last. */
	used: number;
	/** The same from the sixth second on. */
	usedOnceSettled: number;
	/** Part of the calls that DingTalk refused for their number; the monthly quota does not count them. */
	refused: number;
	/** Items. */
	failed: number;
	lost: number;
	doubled: number;
}

export async function measureWorkers(): Promise<Workers[]> {
	const child = spawn(process.execPath, [join(__dirname, 'workers.mjs'), VERSION, ...COUNTS.map(String)], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const found: Workers[] = [];
	for await (const line of createInterface({ input: child.stdout })) {
		if (line.startsWith('{')) found.push(JSON.parse(line) as Workers);
	}
	if (found.length !== COUNTS.length) throw new Error(`Only ${found.length} of ${COUNTS.length} runs ended`);
	return found;
}

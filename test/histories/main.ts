/** `npm run test:histories`: plays random histories, in several processes at once. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { readCommandLine } from '../../tools/report/commandLine.cjs';
import type { Checked, Share } from './check';
import { playTriggers } from './triggers/main';
import { TRIGGERS } from './triggers/run';

const DEFAULT_PROCESSES = 2;
const DEFAULT_RUNS = 1000;
const PROGRESS_MS = 30_000;
const root = join(__dirname, '../..');

const COMMAND = {
	script: 'test:histories',
	does: "Plays random histories on n8n's engine. A history that breaks a promise is shortened and printed, with its seed and path.",
	options: {
		runs: { is: 'number', least: 1, value: 'COUNT', says: `how many; ${DEFAULT_RUNS} by default` },
		seed: { is: 'number', value: 'SEED', says: 'plays the same ones again; a random seed by default' },
		path: { is: 'text', value: 'PATH', says: 'with --seed, only the one that failed, such as 12:0:3' },
		processes: {
			is: 'number',
			least: 1,
			value: 'COUNT',
			says: `share the histories, with the seeds SEED, SEED + 1, …; ${DEFAULT_PROCESSES} by default, 1 for triggers`,
		},
		suite: { is: 'text', among: ['writes', 'triggers'], value: 'NAME', says: 'writes (by default) or triggers' },
		trigger: {
			is: 'list',
			among: Object.keys(TRIGGERS),
			value: 'NAMES',
			says: `with --suite triggers, some of ${Object.keys(TRIGGERS).join(', ')}`,
		},
	},
} as const;

type Message = { played: number } | { checked: Checked };

/** Plays a share of the histories in a process of its own. */
function play(share: Share, onPlayed: (count: number) => void): Promise<Checked> {
	return new Promise((resolve, reject) => {
		const child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'worker.ts'), JSON.stringify(share)], {
			cwd: root,
			stdio: ['ignore', 'pipe', 'inherit'],
		});
		let checked: Checked | undefined;
		createInterface({ input: child.stdout }).on('line', (line) => {
			const message = JSON.parse(line) as Message;
			if ('played' in message) onPlayed(message.played);
			else ({ checked } = message);
		});
		child.once('error', reject);
		child.once('close', (code) =>
			checked ? resolve(checked) : reject(new Error(`A process ended with ${String(code)}`)),
		);
	});
}

function shares({ runs, seed, path, processes }: Share & { processes: number }): Share[] {
	if (path !== undefined) return [{ seed, runs, path }];
	return Array.from({ length: processes }, (_, index) => ({
		seed: seed + index,
		runs: Math.ceil((runs - index) / processes),
	})).filter((share) => share.runs > 0);
}

function report({ seed, failure }: Checked): void {
	if (!failure) return;
	const { history, path, broken } = failure;
	console.log(
		`\nBroken with --seed ${seed} --path ${path}\n${JSON.stringify(history, null, '  ')}\n${broken.join('\n')}`,
	);
}

async function main(): Promise<void> {
	const values = readCommandLine(COMMAND);
	if (values.suite === 'triggers') return await playTriggers(values);
	const { runs = DEFAULT_RUNS, processes = DEFAULT_PROCESSES } = values;
	const seed = values.seed ?? Math.floor(Math.random() * 1_000_000_000);
	const begun = Date.now();
	const seconds = (): number => Math.round((Date.now() - begun) / 1000);
	let played = 0;
	const progress = setInterval(() => console.log(`${played} histories, ${seconds()} s`), PROGRESS_MS);
	console.log(`${runs} histories with --seed ${seed}`);
	const checked = await Promise.all(
		shares({ runs, seed, path: values.path, processes }).map((share) =>
			play(share, (count) => {
				played += count;
			}),
		),
	).finally(() => clearInterval(progress));
	for (const one of checked) report(one);
	const failed = checked.filter(({ failure }) => failure).length;
	const passed = checked.reduce((sum, one) => sum + one.runs, 0) - failed;
	console.log(`\n${passed} passed, ${failed} failed, ${seconds()} s`);
	process.exitCode = failed === 0 ? 0 : 1;
}

void main();

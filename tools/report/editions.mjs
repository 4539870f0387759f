/**
 * How large both editions are, and how much processor time it takes to load all their nodes and credentials, side by side:
 * `node tools/report/editions.mjs`. The least of several runs counts, turn by turn, because other programs only add to it.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packInto } from '../pack.mjs';

const root = join(import.meta.dirname, '../..');
const FOLDERS = { en: root, zh: join(root, 'dist-zh') };
const RUNS = 15;

const load = (folder) => `
	require('n8n-workflow');
	const { n8n } = require(${JSON.stringify(join(folder, 'package.json'))});
	const before = process.cpuUsage();
	for (const file of [...n8n.nodes, ...n8n.credentials]) {
		const [Class] = Object.values(require(require('node:path').join(${JSON.stringify(folder)}, file)));
		new Class();
	}
	const { user, system } = process.cpuUsage(before);
	console.log((user + system) / 1000);`;

const loadTime = (language) =>
	Number(execFileSync(process.execPath, ['-e', load(FOLDERS[language])], { cwd: root, encoding: 'utf8' }));

const temporary = mkdtempSync(join(tmpdir(), 'editions-'));
const [english, chinese] = ['en', 'zh'].map((language) => statSync(packInto(temporary, language)).size);
rmSync(temporary, { recursive: true });
console.log(`Packed: ${english} and ${chinese} bytes, ${(chinese / english).toFixed(2)} to 1`);

const times = { en: [], zh: [] };
for (let run = 0; run < RUNS; run += 1) for (const language of ['en', 'zh']) times[language].push(loadTime(language));
const [least, leastChinese] = [Math.min(...times.en), Math.min(...times.zh)];
console.log(
	`Loaded: ${least.toFixed(0)} and ${leastChinese.toFixed(0)} ms of processor time, ${(leastChinese / least).toFixed(2)} to 1`,
);

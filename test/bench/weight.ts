/** How heavy the package is beside n8n's Google Calendar node: time to load the node, size on disk when packed. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { VERSION } from './n8n/servers';

export interface Weight {
	/** Median of several fresh processes, n8n-workflow being loaded already, as it is in n8n. */
	loadMs: number;
	/** Packed, compressed. */
	tarballKB: number;
}

const root = join(__dirname, '../..');
const google = join(root, `.cache/n8n-${VERSION}/node_modules/n8n-nodes-base/dist/nodes/Google/Calendar`);
const TIMES = 7;

function loadMs(file: string, from: string): number {
	const script = `require(require.resolve('n8n-workflow', { paths: [${JSON.stringify(from)}] }));
		const start = performance.now(); const all = require(${JSON.stringify(file)}); for (const node of Object.values(all)) if (typeof node === 'function') new node();
		console.log(performance.now() - start)`;
	const times = Array.from({ length: TIMES }, () =>
		Number(execFileSync(process.execPath, ['-e', script], { cwd: from, encoding: 'utf8' })),
	);
	return Math.round(times.sort((a, b) => a - b)[(TIMES - 1) / 2] * 10) / 10;
}

const sizeKB = (file: string): number => Math.round(statSync(file).size / 1024);

function inFolder<T>(use: (folder: string) => T): T {
	const folder = mkdtempSync(join(tmpdir(), 'weight-'));
	try {
		return use(folder);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

const ours = (): Weight => ({
	loadMs: loadMs(join(root, 'dist/nodes/DingTalkCalendar/DingTalkCalendar.node.js'), root),
	tarballKB: inFolder((folder) => {
		execFileSync('npm', ['pack', '--pack-destination', folder, '--loglevel=error'], { cwd: root, stdio: 'pipe' });
		return sizeKB(join(folder, readdirSync(folder)[0]));
	}),
});

/** n8n packs it together with hundreds of other nodes; here it is packed alone, without maps and types as they come along. */
const googleCalendar = (): Weight | undefined =>
	existsSync(google)
		? {
				loadMs: loadMs(join(google, 'GoogleCalendar.node.js'), google),
				tarballKB: inFolder((folder) => {
					const alone = join(folder, 'Calendar');
					cpSync(google, alone, { recursive: true, filter: (file) => !/\.(map|d\.ts)$/.test(file) });
					execFileSync('tar', ['-czf', join(folder, 'calendar.tgz'), '-C', folder, 'Calendar']);
					return sizeKB(join(folder, 'calendar.tgz'));
				}),
			}
		: undefined;

export const weigh = () => ({ ours: ours(), googleCalendar: googleCalendar() ?? null });

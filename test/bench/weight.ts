/** How heavy the package is beside n8n's Google Calendar node: time to load the node, size of its description, size on disk when packed. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { VERSION } from './n8n/servers';

export interface Weight {
	/** Processor time in a fresh process, n8n-workflow being loaded already, as it is in n8n; the least of several, because other work on the machine only adds. */
	loadMs: number;
	/** Of the description that the editor gets, as JSON. */
	descriptionKB: number;
}

const root = join(__dirname, '../..');
const base = join(root, `.cache/n8n-${VERSION}/node_modules/n8n-nodes-base/dist/nodes`);
const google = join(base, 'Google/Calendar');
const TIMES = 7;

const FILES = {
	ours: join(root, 'dist/nodes/DingTalkCalendar/DingTalkCalendar.node.js'),
	googleCalendar: join(google, 'GoogleCalendar.node.js'),
	outlook: join(base, 'Microsoft/Outlook/MicrosoftOutlook.node.js'),
};
type Name = keyof typeof FILES;

/** A node with several versions has the description of the newest. */
const script = (file: string): string => `require(require.resolve('n8n-workflow'));
	const start = process.cpuUsage();
	const nodes = Object.values(require(${JSON.stringify(file)})).filter((one) => typeof one === 'function').map((One) => new One());
	const { user, system } = process.cpuUsage(start);
	const newest = nodes[0].nodeVersions?.[nodes[0].currentVersion] ?? nodes[0];
	console.log(JSON.stringify([(user + system) / 1000, Buffer.byteLength(JSON.stringify(newest.description))]))`;

const loadOnce = (file: string): [number, number] =>
	JSON.parse(execFileSync(process.execPath, ['-e', script(file)], { cwd: dirname(file), encoding: 'utf8' }));

/** In turns, so that whatever else the machine does meets all of them. */
function loadAll(names: Name[]): Map<Name, Weight> {
	const runs = Array.from({ length: TIMES }, () => names.map((name) => loadOnce(FILES[name])));
	const least = (numbers: number[]): number => Math.min(...numbers);
	return new Map(
		names.map((name, i) => [
			name,
			{
				loadMs: Math.round(least(runs.map((run) => run[i][0])) * 10) / 10,
				descriptionKB: Math.round(runs[0][i][1] / 1024),
			},
		]),
	);
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

const packedKB = (): number =>
	inFolder((folder) => {
		execFileSync('npm', ['pack', '--pack-destination', folder, '--loglevel=error'], { cwd: root, stdio: 'pipe' });
		return sizeKB(join(folder, readdirSync(folder)[0]));
	});

/** n8n packs it together with hundreds of other nodes; here it is packed alone, without maps and types as they come along. */
const googlePackedKB = (): number =>
	inFolder((folder) => {
		const alone = join(folder, 'Calendar');
		cpSync(google, alone, { recursive: true, filter: (file) => !/\.(map|d\.ts)$/.test(file) });
		execFileSync('tar', ['-czf', join(folder, 'calendar.tgz'), '-C', folder, 'Calendar']);
		return sizeKB(join(folder, 'calendar.tgz'));
	});

export interface Weights {
	ours: Weight & { tarballKB: number };
	/** Where n8n has been installed. */
	googleCalendar: (Weight & { tarballKB: number }) | null;
	outlook: Weight | null;
}

export function weigh(): Weights {
	const isThere = existsSync(google);
	const loaded = loadAll(isThere ? ['ours', 'googleCalendar', 'outlook'] : ['ours']);
	const weightOf = (name: Name): Weight => loaded.get(name) ?? { loadMs: 0, descriptionKB: 0 };
	return {
		ours: { ...weightOf('ours'), tarballKB: packedKB() },
		googleCalendar: isThere ? { ...weightOf('googleCalendar'), tarballKB: googlePackedKB() } : null,
		outlook: isThere ? weightOf('outlook') : null,
	};
}

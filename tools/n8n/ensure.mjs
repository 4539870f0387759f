/**
 * Installs a pinned n8n into `.cache/n8n-<version>/` once and reuses it from then on.
 * `node tools/n8n/ensure.mjs 2.41.1` prints the folder. Takes minutes and about 2.5 GB the first time.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureNode, nodeEnvironment } from '../node/ensure.mjs';

const recipes = import.meta.dirname;
const cache = join(recipes, '../../.cache');

/** Every version there is a recipe (a folder with manifest and lockfile) for, newest first. */
export const versions = readdirSync(recipes, { withFileTypes: true })
	.filter((entry) => entry.isDirectory() && existsSync(join(recipes, entry.name, 'package-lock.json')))
	.map((entry) => entry.name)
	.sort((a, b) => b.localeCompare(a, undefined, { numeric: true }));

/** What is needed to run that n8n: its command and the environment with the Node it was built for. */
export function ensureN8n(version) {
	const recipe = join(recipes, version);
	const manifest = readFileSync(join(recipe, 'package.json'), 'utf8');
	const node = ensureNode(JSON.parse(manifest).engines.node);
	const environment = nodeEnvironment(node);

	const folder = join(cache, `n8n-${version}`);
	const marker = join(folder, 'installed');
	const wanted = createHash('sha256')
		.update(manifest)
		.update(readFileSync(join(recipe, 'package-lock.json')))
		.digest('hex');

	if (!existsSync(marker) || readFileSync(marker, 'utf8') !== wanted) {
		mkdirSync(folder, { recursive: true });
		rmSync(marker, { force: true });
		cpSync(recipe, folder, { recursive: true });
		const npm = (...args) =>
			execFileSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
				cwd: folder,
				env: environment,
				stdio: ['ignore', 2, 2],
			});
		step(`n8n ${version}: installing the packages (some minutes)`, () => npm('install'));
		step(`n8n ${version}: building its database driver`, () => npm('rebuild', 'sqlite3', '--ignore-scripts=false'));
		writeFileSync(marker, wanted);
	}
	return { folder, command: join(folder, 'node_modules/n8n/bin/n8n'), environment };
}

function step(label, work) {
	const start = Date.now();
	console.error(`${label} …`);
	work();
	console.error(`${label}: ${Math.round((Date.now() - start) / 1000)} s`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	console.log(ensureN8n(process.argv[2] ?? versions[0]).folder);
}

/**
 * Installs a pinned n8n into `.cache/n8n-<version>/` once and reuses it from then on.
 * `node tools/n8n/ensure.mjs 2.41.1` prints the folder. Takes minutes and 2 to 3 GB the first time.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from '../lock.mjs';
import { ensureNode, nodeEnvironment } from '../node/ensure.mjs';
import { step } from '../progress.mjs';

const recipes = import.meta.dirname;
const cache = join(recipes, '../../.cache');

/** Every version there is a recipe (a folder with manifest and lockfile) for, newest first. */
export const versions = readdirSync(recipes, { withFileTypes: true })
	.filter((entry) => entry.isDirectory() && existsSync(join(recipes, entry.name, 'package-lock.json')))
	.map((entry) => entry.name)
	.sort((a, b) => b.localeCompare(a, undefined, { numeric: true }));

/** What is needed to run that n8n: its command and the environment with the Node it was built for. */
export function ensureN8n(version) {
	// In a process of its own, which can say how far it is while this one waits.
	if (!isInstalled(version)) {
		const { status } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), version], {
			stdio: ['ignore', 'ignore', 'inherit'],
		});
		// It has said why.
		if (status !== 0) process.exit(1);
	}
	const folder = folderOf(version);
	return { folder, command: join(folder, 'node_modules/n8n/bin/n8n'), environment: environmentOf(version) };
}

const folderOf = (version) => join(cache, `n8n-${version}`);

const recipeOf = (version, file) => readFileSync(join(recipes, version, file), 'utf8');

/** Node keeps what it has compiled of n8n: each of its many starts takes a second of processor time less. */
const environmentOf = (version) =>
	nodeEnvironment(ensureNode(JSON.parse(recipeOf(version, 'package.json')).engines.node), {
		...process.env,
		NODE_COMPILE_CACHE: join(folderOf(version), 'compiled'),
	});

const markerOf = (version) => join(folderOf(version), 'installed');

/** Changes with the recipe, so that an n8n of an older recipe is installed again. */
const fingerprint = (version) =>
	createHash('sha256')
		.update(recipeOf(version, 'package.json'))
		.update(recipeOf(version, 'package-lock.json'))
		.digest('hex');

export function isInstalled(version) {
	const marker = markerOf(version);
	return existsSync(marker) && readFileSync(marker, 'utf8') === fingerprint(version);
}

async function install(version) {
	const folder = folderOf(version);
	const env = environmentOf(version);
	mkdirSync(folder, { recursive: true });
	rmSync(markerOf(version), { force: true });
	cpSync(join(recipes, version), folder, { recursive: true });

	const packages = packagesOf(version).map((path) => join(folder, path, 'package.json'));
	const howMany = () => `${packages.filter((file) => existsSync(file)).length} of ${packages.length} packages`;
	const label = `n8n ${version}: downloading and unpacking it, once (2 to 3 GB, some minutes)`;
	await step(label, () => npm(['ci'], folder, env), howMany);
	await step(`n8n ${version}: building its database driver, once (about a minute)`, () =>
		npm(['rebuild', 'sqlite3', '--ignore-scripts=false'], folder, env),
	);
	writeFileSync(markerOf(version), fingerprint(version));
}

/** The folders that npm fills on this platform. */
function packagesOf(version) {
	const { packages } = JSON.parse(recipeOf(version, 'package-lock.json'));
	return Object.entries(packages)
		.filter(([path, { os, cpu }]) => path && fits(os, process.platform) && fits(cpu, process.arch))
		.map(([path]) => path);
}

const fits = (list, here) => !list || list.includes(here) || list.some((one) => one[0] === '!' && one !== `!${here}`);

/** What npm prints matters only if it fails. */
function npm(args, cwd, env) {
	return new Promise((resolve, reject) => {
		const child = spawn('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd, env });
		let output = '';
		child.stdout.on('data', (chunk) => (output += chunk));
		child.stderr.on('data', (chunk) => (output += chunk));
		child.once('error', reject);
		process.once('exit', () => child.kill());
		child.once('close', (code) =>
			code === 0 ? resolve() : reject(new Error(`npm ${args.join(' ')} in ${cwd} failed:\n${output.slice(-5000)}`)),
		);
	});
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const version = process.argv[2] ?? versions[0];
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
	if (!isInstalled(version)) {
		const lock = join(cache, `n8n-${version}.lock`);
		const wait = () => console.error(`Another process is installing n8n ${version}; waiting for it …`);
		await withLock(lock, async () => isInstalled(version) || (await install(version)), wait).catch(({ message }) => {
			console.error(message);
			process.exit(1);
		});
	}
	console.log(folderOf(version));
}

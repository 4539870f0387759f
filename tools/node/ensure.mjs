/**
 * Makes a Node version available for one process tree, whatever the machine itself runs.
 * `node tools/node/ensure.mjs 24` prints the folder to put first on PATH.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The npm registry carries Node itself. A folder for each major version names the packages, and their hashes. */
const recipes = import.meta.dirname;
const cache = join(import.meta.dirname, '../../.cache');

/** Where a Node's binaries are, and its headers where they came with it (native modules must be built with those). */
export function ensureNode(major) {
	if (process.versions.node.split('.')[0] === String(major)) {
		const prefix = dirname(dirname(process.execPath));
		const hasHeaders = existsSync(join(prefix, 'include/node/node.h'));
		return { bin: dirname(process.execPath), headers: hasHeaders ? prefix : undefined };
	}
	const recipe = join(recipes, String(major));
	if (!existsSync(recipe)) throw new Error(`No pinned Node ${major}`);

	const { optionalDependencies: pinned } = JSON.parse(readFileSync(join(recipe, 'package.json'), 'utf8'));
	const nodePackage = `node-${process.platform}-${process.arch}`;
	if (!pinned[nodePackage])
		throw new Error(
			`This needs Node.js ${major}. Its lockfile names packages for Linux only, not for ${process.platform} ${process.arch}: install Node.js ${major} and start this with it.`,
		);
	const folder = join(cache, `node-${pinned[nodePackage]}`);
	const bin = join(folder, 'node_modules/.bin');
	if (!existsSync(join(bin, 'npm'))) {
		cpSync(recipe, folder, { recursive: true });
		execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
			cwd: folder,
			stdio: ['ignore', 2, 2],
		});
	}
	return { bin, headers: join(folder, 'node_modules', nodePackage) };
}

/** The environment in which `node`, `npm` and `npx` are that Node's own. */
export function nodeEnvironment({ bin, headers }, base = process.env) {
	return {
		...base,
		PATH: `${bin}${delimiter}${base.PATH}`,
		...(headers && { npm_config_nodedir: headers }),
	};
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	console.log(ensureNode(process.argv[2] ?? '24').bin);
}

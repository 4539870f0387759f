/**
 * Makes a Node version available for one process tree, whatever the machine itself runs.
 * `node tools/node/ensure.mjs 24` prints the folder to put first on PATH.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The npm registry carries Node itself, so nothing but that registry is needed. */
const PINNED = {
	20: { node: '20.20.2', npm: '10.9.4' },
	24: { node: '24.21.0', npm: '11.19.1' },
};
const cache = join(import.meta.dirname, '../../.cache');

/** Where a Node's binaries are, and its headers where they came with it (native modules must be built with those). */
export function ensureNode(major) {
	if (process.versions.node.split('.')[0] === String(major)) {
		const prefix = dirname(dirname(process.execPath));
		const hasHeaders = existsSync(join(prefix, 'include/node/node.h'));
		return { bin: dirname(process.execPath), headers: hasHeaders ? prefix : undefined };
	}
	const pinned = PINNED[major];
	if (!pinned) throw new Error(`No pinned Node ${major}; known: ${Object.keys(PINNED).join(', ')}`);

	const folder = join(cache, `node-${pinned.node}`);
	const nodePackage = `node-${process.platform}-${process.arch}`;
	const bin = join(folder, 'node_modules/.bin');
	if (!existsSync(join(bin, 'npm'))) {
		mkdirSync(folder, { recursive: true });
		writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
		execFileSync(
			'npm',
			['install', '--ignore-scripts', '--no-audit', '--no-fund', `${nodePackage}@${pinned.node}`, `npm@${pinned.npm}`],
			{ cwd: folder, stdio: ['ignore', 2, 2] },
		);
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

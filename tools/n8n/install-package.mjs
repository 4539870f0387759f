/**
 * Installs a tarball as n8n installs a community node: unpacks it, drops all dependencies but those at run time, installs
 * those.
 *
 * `node tools/n8n/install-package.mjs TARBALL USER_FOLDER`
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unpack } from '../pack.mjs';

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));
const writeJson = (file, value) => writeFileSync(file, JSON.stringify(value, null, 2));

export function installPackage(tarball, userFolder, env = process.env) {
	const nodes = join(userFolder, '.n8n/nodes');
	mkdirSync(nodes, { recursive: true });
	const list = join(nodes, 'package.json');
	if (!existsSync(list)) writeJson(list, { name: 'installed-nodes', private: true, dependencies: {} });

	const unpacked = join(nodes, 'unpacked');
	rmSync(unpacked, { recursive: true, force: true });
	const { name } = readJson(join(unpack(resolve(tarball), unpacked), 'package.json'));
	const folder = join(nodes, 'node_modules', name);
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(join(nodes, 'node_modules'), { recursive: true });
	renameSync(unpacked, folder);

	const manifest = join(folder, 'package.json');
	const { devDependencies, peerDependencies, optionalDependencies, ...kept } = readJson(manifest);
	writeJson(manifest, kept);
	const options = ['--audit=false', '--fund=false', '--bin-links=false', '--package-lock=false', '--loglevel=error'];
	execFileSync('npm', ['install', '--install-strategy=shallow', '--ignore-scripts=true', ...options], {
		cwd: folder,
		env,
		stdio: ['ignore', 'ignore', 2],
	});
	return folder;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const [tarball, userFolder] = process.argv.slice(2);
	if (!userFolder) throw new Error('Usage: install-package.mjs TARBALL USER_FOLDER');
	console.log(installPackage(tarball, userFolder));
}

/**
 * Installs what a tool folder's own package.json names, on first use and again when its lockfile has changed. These
 * tools are no devDependencies of the package: they are needed rarely, and the scanner needs `overrides`, which n8n's
 * verification forbids in a package.
 */
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';

export function installOnce(folder) {
	const changed = (file) => statSync(join(folder, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
	if (changed('node_modules/.package-lock.json') >= changed('package-lock.json')) return;

	console.error(`Installing ${folder} (once) …`);
	execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
		cwd: folder,
		stdio: ['ignore', 2, 2],
	});
}

import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Installs a private tool folder on first use, and again when its lockfile has changed.
 * The tools are no devDependencies of the package: they need `overrides`, which n8n's verification forbids there.
 */
export function installOnce(folder) {
	const changed = (file) => statSync(join(folder, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
	if (changed('node_modules/.package-lock.json') >= changed('package-lock.json')) return;

	console.error(`Installing ${folder} (once) …`);
	execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], {
		cwd: folder,
		stdio: ['ignore', 2, 2],
	});
}

/** Finds programs that tests need and npm does not have. On Debian, root installs a missing one; elsewhere the test names it. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const DEBIAN_POSTGRES = '/usr/lib/postgresql';

function find(name) {
	const versions = existsSync(DEBIAN_POSTGRES)
		? readdirSync(DEBIAN_POSTGRES).sort((a, b) => Number(b) - Number(a))
		: [];
	// Debian's own come first: a command of that name on the path may be a wrapper that insists on one user.
	const folders = [
		...versions.map((version) => join(DEBIAN_POSTGRES, version, 'bin')),
		...(process.env.PATH ?? '').split(delimiter),
	];
	return folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
}

/** Only as root on Debian; elsewhere this does nothing. */
export function installDebianPackage(name) {
	if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
	console.error(`Installing ${name} …`);
	const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
	execFileSync('apt-get', ['update', '-qq'], { env, stdio: ['ignore', 'ignore', 2] });
	execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], {
		env,
		stdio: ['ignore', 'ignore', 2],
	});
}

export function program(name, debianPackage) {
	const found = find(name);
	if (found) return found;
	installDebianPackage(debianPackage);
	const installed = find(name);
	if (!installed) throw new Error(`This needs ${name}; install ${debianPackage} and run it again.`);
	return installed;
}

/** The package as a tarball, and out of one. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** What it prints matters only if it fails. */
function quietly(command, args) {
	try {
		execFileSync(command, args, { cwd: root, stdio: 'pipe' });
	} catch ({ message, stdout, stderr }) {
		throw new Error(`${message}\n${stdout}${stderr}`);
	}
}

/** Where the package of each language is packed. */
const EDITIONS = { en: root, zh: join(root, 'dist-zh') };

/** Brings the build up to date and packs the package into a folder, as npm would publish it. Returns the tarball. */
export function packInto(folder, language = 'en') {
	mkdirSync(folder, { recursive: true });
	quietly(process.execPath, [join(import.meta.dirname, 'build/ensure.mjs')]);
	const [{ filename }] = JSON.parse(
		execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--loglevel=error', '--pack-destination', folder], {
			cwd: EDITIONS[language],
			encoding: 'utf8',
		}),
	);
	return join(folder, filename);
}

/** Unpacks a tarball; the folder then holds the package itself. */
export function unpack(tarball, folder) {
	mkdirSync(folder, { recursive: true });
	execFileSync('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
	return folder;
}

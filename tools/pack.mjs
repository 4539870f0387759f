import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** Builds the package and packs it into a folder, exactly as npm would publish it. Returns the tarball. */
export function packInto(folder) {
	mkdirSync(folder, { recursive: true });
	execFileSync('npm', ['run', 'build', '--silent'], { cwd: root, stdio: ['ignore', 2, 2] });
	const [{ filename }] = JSON.parse(
		execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--loglevel=error', '--pack-destination', folder], {
			cwd: root,
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

/** Builds and packs both editions a second time, from a copy in another folder, and fails if a byte differs from the first. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const EDITIONS = { English: '.', Chinese: 'dist-zh' };

const run = (folder, command, ...args) => execFileSync(command, args, { cwd: folder, encoding: 'utf8' });

/** The hash of the tarball that is published. */
function pack(folder) {
	const into = mkdtempSync(join(tmpdir(), 'pack-'));
	const options = ['pack', '--json', '--ignore-scripts', '--loglevel=error', '--pack-destination', into];
	const [{ integrity }] = JSON.parse(run(folder, 'npm', ...options));
	rmSync(into, { recursive: true });
	return integrity;
}

const copy = mkdtempSync(join(tmpdir(), 'build-'));
try {
	for (const file of run(root, 'git', 'ls-files').split('\n').filter(Boolean)) {
		cpSync(join(root, file), join(copy, file), { recursive: true });
	}
	symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
	run(root, process.execPath, 'tools/build/ensure.mjs');
	run(copy, process.execPath, join(root, 'node_modules/gulp/bin/gulp.js'), 'build');
	const differing = Object.entries(EDITIONS).filter(([name, folder]) => {
		const hashes = [root, copy].map((place) => pack(join(place, folder)));
		console.log(`${name}: ${hashes.join(' and ')}`);
		return hashes[0] !== hashes[1];
	});
	console.log(`${Object.keys(EDITIONS).length - differing.length} passed, ${differing.length} failed`);
	process.exitCode = differing.length > 0 ? 1 : 0;
} finally {
	rmSync(copy, { recursive: true, force: true });
}

/** `npm run release:check`: says what is missing before a version tag, and fails while something is. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { missingForRelease } from './missing.cjs';

const root = join(import.meta.dirname, '../..');
const read = (file) => readFileSync(join(root, file), 'utf8');
const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();

const DOCUMENTS = ['README.md', 'CHANGELOG.md', 'SECURITY.md', 'locales/zh-CN/README.md'];

const lockfiles = git('ls-files', '*package-lock.json').split('\n');
const missing = missingForRelease({
	manifest: JSON.parse(read('package.json')),
	chinese: existsSync(join(root, 'dist-zh/package.json')) ? JSON.parse(read('dist-zh/package.json')) : undefined,
	changelog: read('CHANGELOG.md'),
	tag: git('tag', '--points-at', 'HEAD', 'v*').split('\n')[0] || undefined,
	texts: Object.fromEntries(DOCUMENTS.map((file) => [file, read(file)])),
	lockfiles: Object.fromEntries(lockfiles.map((file) => [file, JSON.parse(read(file))])),
});
if (git('status', '--porcelain') !== '') missing.push('Commit or remove what git status shows.');

for (const sentence of missing) console.log(`- ${sentence}`);
console.log(missing.length === 0 ? 'Ready for a release.' : `\nNot ready for a release: ${missing.length} to do.`);
process.exitCode = missing.length === 0 ? 0 : 1;

/**
 * The gate of `npx @n8n/scan-community-package`, before anything is published: the scanner's own rules on the sources
 * and on what the packed tarball holds. The scanner ignores inline suppressions; here each one is a finding.
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installOnce } from '../install.mjs';
import { packInto, unpack } from '../pack.mjs';

const here = import.meta.dirname;
const root = join(here, '../..');

installOnce(here);
const { analyzePackage, SOURCE_FILE_PATTERNS } = await import('@n8n/scan-community-package/scanner/scanner.mjs');

const temporary = mkdtempSync(join(tmpdir(), 'scan-'));
let clean = true;
function report(what, findings) {
	console.log(`${what}: ${findings ? `findings\n${findings}` : 'no findings'}`);
	clean &&= !findings;
}

try {
	for (const [what, folder, patterns] of [
		['Sources', root, SOURCE_FILE_PATTERNS],
		...['en', 'zh'].map((language) => [
			`Packed tarball (${language})`,
			unpack(packInto(temporary, language), join(temporary, language)),
			['**/*.js', 'package.json'],
		]),
	]) {
		const { passed, message, details } = await analyzePackage(folder, patterns);
		report(what, passed ? '' : (details ?? message));
	}

	const suppressed = ['lib', 'nodes', 'credentials']
		.flatMap((folder) => readdirSync(join(root, folder), { recursive: true }).map((file) => join(folder, file)))
		.filter((file) => file.endsWith('.ts') && readFileSync(join(root, file), 'utf8').includes('eslint-disable'));
	report('Suppressed rules', suppressed.join('\n'));
} finally {
	rmSync(temporary, { recursive: true });
}
process.exitCode = clean ? 0 : 1;

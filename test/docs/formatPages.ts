/** Formats generated pages as `npm run format` would, so that they can be checked like all other files. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '../..');

/** One process for all of them: it takes about a second to start. */
export function formatPages(pages: ReadonlyMap<string, string>): Map<string, string> {
	const input = JSON.stringify([...pages]);
	const script = join(__dirname, 'prettier.mjs');
	const output = execFileSync(process.execPath, [script], { cwd: root, input, encoding: 'utf8', maxBuffer: 2 ** 26 });
	return new Map(JSON.parse(output) as Array<[string, string]>);
}

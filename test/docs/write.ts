/** Writes every page that is made from the code; `npm run docs` runs it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { formatPages } from './formatPages';
import { pages } from './pages';

for (const [path, text] of formatPages(pages())) {
	const file = join(__dirname, '../..', path);
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, text);
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pages } from './pages';

for (const [path, text] of pages()) {
	const file = join(__dirname, '../..', path);
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, text);
}

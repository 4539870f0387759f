/** `npm run texts`: prints which texts have no entry in the Chinese catalogue, and which entries have no text. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { listShownTexts } from './shownTexts';

async function main(): Promise<void> {
	const file = join(__dirname, '../../../locales/zh-CN.json');
	const entries = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : {};
	const texts = await listShownTexts();
	const missing = [...texts].filter(([key]) => !(key in entries));
	const unused = Object.keys(entries).filter((key) => !texts.has(key));
	console.log(JSON.stringify({ missing: Object.fromEntries(missing), unused }, null, '\t'));
}

void main();

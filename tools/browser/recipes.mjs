/**
 * Takes a picture of the workflow of each recipe, as n8n's editor shows it after the import.
 *
 * `node tools/browser/recipes.mjs [FOLDER] [--lang zh]`
 */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inEdition } from '../demo/parts.mjs';
import { ensureChineseFont } from './chineseFont.mjs';
import { inFreshN8n, takeLanguage } from './editor.mjs';
import { byTestId } from './shot.mjs';

const root = join(import.meta.dirname, '../..');
const options = process.argv.slice(2);
const language = takeLanguage(options);
const [folder = join(root, { en: 'docs', zh: 'locales/zh-CN' }[language], 'images/recipes')] = options;
const examples = join(root, { en: '', zh: 'locales/zh-CN' }[language], 'examples');
mkdirSync(folder, { recursive: true });
ensureChineseFont();

const pages = readdirSync(join(root, 'docs/recipes')).filter((name) => name.endsWith('.md') && name !== 'README.md');

const recipes = pages.map((page, index) => {
	const [, example] = /examples\/([\w-]+)\.json/.exec(readFileSync(join(root, 'docs/recipes', page), 'utf8'));
	const workflow = JSON.parse(inEdition(readFileSync(join(examples, `${example}.json`), 'utf8'), language));
	// The page says what the note says.
	const nodes = workflow.nodes.filter(({ type }) => type !== 'n8n-nodes-base.stickyNote');
	return {
		name: page.replace('.md', ''),
		workflow: { ...workflow, nodes, id: `recipe${String(index).padStart(10, '0')}` },
	};
});

const importAll = async (n8n) => await n8n.importWorkflows(recipes.map(({ workflow }) => workflow));

const shootAll = async ({ page, url }) => {
	for (const { name, workflow } of recipes) {
		await page.goto(`${url}/workflow/${workflow.id}`, { waitUntil: 'domcontentloaded' });
		await page.waitForSelector(byTestId('canvas-node'));
		await page.keyboard.press('1');
		await page.waitForTimeout(2500);
		const boxesOf = async (selector) =>
			await Promise.all((await page.locator(selector).all()).map((part) => part.boundingBox()));
		const boxes = await boxesOf(byTestId('canvas-node'));
		// A line that leads back to an earlier node runs below the nodes.
		const lines = await boxesOf('.vue-flow__edge-path');
		const left = Math.min(...boxes.map(({ x }) => x)) - 60;
		const top = Math.min(...boxes.map(({ y }) => y)) - 50;
		const right = Math.max(...boxes.map(({ x, width }) => x + width)) + 90;
		const bottom = Math.max(
			...boxes.map(({ y, height }) => y + height + 80),
			...lines.map(({ y, height }) => y + height + 30),
		);
		const clip = { x: left, y: top, width: right - left, height: bottom - top };
		await page.screenshot({ path: join(folder, `${name}.png`), clip });
		console.log(name);
	}
};

await inFreshN8n(shootAll, importAll, { language });

/**
 * Takes a picture of the workflow of each recipe, as n8n's editor shows it after the import.
 *
 * `node tools/browser/recipes.mjs`, or `node tools/browser/recipes.mjs FOLDER`
 */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureChineseFont } from './chineseFont.mjs';
import { inFreshN8n } from './editor.mjs';
import { byTestId } from './shot.mjs';

const root = join(import.meta.dirname, '../..');
const [folder = join(root, 'docs/images/recipes')] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
ensureChineseFont();

const pages = readdirSync(join(root, 'docs/recipes')).filter((name) => name.endsWith('.md') && name !== 'README.md');

const recipes = pages.map((page, index) => {
	const [, example] = /examples\/([\w-]+)\.json/.exec(readFileSync(join(root, 'docs/recipes', page), 'utf8'));
	const workflow = JSON.parse(readFileSync(join(root, 'examples', `${example}.json`), 'utf8'));
	// The page says what the note says.
	const nodes = workflow.nodes.filter(({ type }) => type !== 'n8n-nodes-base.stickyNote');
	return {
		name: page.replace('.md', ''),
		workflow: { ...workflow, nodes, id: `recipe${String(index).padStart(10, '0')}` },
	};
});

const importAll = async (n8n) => await n8n.importWorkflows(recipes.map(({ workflow }) => workflow));

await inFreshN8n(async ({ page, url }) => {
	for (const { name, workflow } of recipes) {
		await page.goto(`${url}/workflow/${workflow.id}`, { waitUntil: 'domcontentloaded' });
		await page.waitForSelector(byTestId('canvas-node'));
		await page.keyboard.press('1');
		await page.waitForTimeout(2500);
		const boxes = await Promise.all(
			(await page.locator(byTestId('canvas-node')).all()).map((node) => node.boundingBox()),
		);
		const left = Math.min(...boxes.map(({ x }) => x)) - 60;
		const top = Math.min(...boxes.map(({ y }) => y)) - 50;
		const right = Math.max(...boxes.map(({ x, width }) => x + width)) + 90;
		const bottom = Math.max(...boxes.map(({ y, height }) => y + height)) + 80;
		const clip = { x: left, y: top, width: right - left, height: bottom - top };
		await page.screenshot({ path: join(folder, `${name}.png`), clip });
		console.log(name);
	}
}, importAll);

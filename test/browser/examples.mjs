/**
 * Each example workflow as it opens on the canvas of n8n: no node with a problem, a note that is read without scrolling, and
 * nothing that covers something else. Pictures go to `.cache/browser/examples`, or `examples-zh`.
 * `npm run test:browser`, or `node test/browser/examples.mjs [--lang zh] [PART_OF_A_NAME]`.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureChineseFont } from '../../tools/browser/chineseFont.mjs';
import { inFreshN8n, takeLanguage } from '../../tools/browser/editor.mjs';
import { byTestId } from '../../tools/browser/shot.mjs';
import { addExamples } from '../../tools/demo/examples.mjs';

const options = process.argv.slice(2);
const language = takeLanguage(options);
const [part = ''] = options;
const pictures = join(import.meta.dirname, `../../.cache/browser/examples${language === 'en' ? '' : `-${language}`}`);
mkdirSync(pictures, { recursive: true });
ensureChineseFont();

let passed = 0;
let failed = 0;

/** Within the editor if it is there, as from the list of workflows: it loads for seconds. */
async function open(page, url, id) {
	const isThere = await page.evaluate((path) => {
		const router = document.querySelector('#app')?.__vue_app__?.config.globalProperties.$router;
		if (!router || !location.pathname.startsWith('/workflow/')) return false;
		router.push(path);
		return true;
	}, `/workflow/${id}`);
	if (!isThere) await page.goto(`${url}/workflow/${id}`, { waitUntil: 'domcontentloaded' });
}

/** n8n moves the canvas for a while after a workflow has opened, and once more to show all of it. */
async function showWhole(page, nodes) {
	const names = nodes.filter(({ type }) => !type.endsWith('stickyNote')).map(({ name }) => name);
	await page.waitForFunction(
		([node, sticky, wanted]) => {
			const shown = [...document.querySelectorAll(node)].map(({ dataset }) => dataset.nodeName);
			return (
				shown.length === wanted.length && wanted.every((name) => shown.includes(name)) && document.querySelector(sticky)
			);
		},
		[byTestId('canvas-node'), byTestId('sticky'), names],
	);
	await page.keyboard.press('1');
	await page.waitForFunction(async () => {
		const look = () => document.querySelector('.vue-flow__viewport')?.style.transform;
		const before = look();
		for (let frame = 0; frame < 15; frame += 1) await new Promise(requestAnimationFrame);
		return look() === before;
	});
}

/** What a person sees that is not as it should be. */
const findFaults = (page) =>
	page.evaluate(
		([node, sticky, issues]) => {
			const partsOf = (element) => [
				...element.querySelectorAll('[data-canvas-node-render-type], [class*="_description_"] > *'),
			];
			const things = [
				...[...document.querySelectorAll(node)].map((one) => ({ name: one.dataset.nodeName, parts: partsOf(one) })),
				...[...document.querySelectorAll(sticky)].map((one) => ({ name: 'the note', parts: [one] })),
			].map(({ name, parts }) => ({ name, boxes: parts.map((part) => part.getBoundingClientRect()) }));
			const overlap = (a, b) =>
				a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
			const covered = things.flatMap((one, index) =>
				things
					.slice(index + 1)
					.filter((other) => one.boxes.some((a) => other.boxes.some((b) => overlap(a, b))))
					.map((other) => `${one.name} and ${other.name} overlap`),
			);
			const marked = [...document.querySelectorAll(issues)].map(
				(mark) => `${mark.closest(node)?.dataset.nodeName} has a problem`,
			);
			const scrolled = [...document.querySelectorAll(`${sticky} *`)].some(
				({ scrollHeight, clientHeight }) => clientHeight > 0 && scrollHeight > clientHeight + 2,
			);
			return [...covered, ...marked, ...(scrolled ? ['the note is longer than its box'] : [])];
		},
		[byTestId('canvas-node'), byTestId('sticky'), byTestId('node-issues', 'node-not-installed')],
	);

await inFreshN8n(
	async ({ page, url, rest, simulator }) => {
		const examples = await addExamples(rest, { n8n: url, simulator }, language);
		for (const { file, id, nodes } of examples.filter((one) => one.file.includes(part))) {
			await open(page, url, id);
			await showWhole(page, nodes);
			await page.screenshot({ path: join(pictures, file.replace('.json', '.png')) });
			// The account of a language model is the reader's own; its note says so.
			const ownAccount = nodes.find(({ type }) => type.includes('.lmChat'))?.name;
			const faults = (await findFaults(page)).filter((fault) => fault !== `${ownAccount} has a problem`);
			if (faults.length === 0) passed += 1;
			else failed += 1;
			console.log(`${faults.length === 0 ? 'ok    ' : 'FAILED'} ${file} opens tidy`);
			for (const fault of faults) console.log(`         ${fault}`);
		}
	},
	undefined,
	{ language },
);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

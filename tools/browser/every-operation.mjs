/**
 * Takes pictures of the panel of every operation, trigger and credential, as it looks when it has just been chosen, and makes
 * one page of them all: `sheet.html`.
 *
 * `npm run panels`, or `npm run panels -- FOLDER [PART_OF_A_NAME] [--lang zh]`
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureChineseFont } from './chineseFont.mjs';
import { inEditor, NODE_TYPE, openNode, takeLanguage } from './editor.mjs';

const options = process.argv.slice(2);
const language = takeLanguage(options);
const [folder = language === 'en' ? '.cache/panels' : '.cache/panels-zh', part = ''] = options;
mkdirSync(folder, { recursive: true });
ensureChineseFont();

const PANELS_IN_A_ROW = 6;
const PANEL = { top: 60, height: 900 };

const built = createRequire(import.meta.url);

/** One node for each operation of the registry that was built. */
function operations() {
	const { resources } = built('../../dist/modules.js')('nodes/DingTalkCalendar/resources/index');
	return resources.flatMap(({ value: resource, operations: all }) =>
		all.map(({ value: operation }) => ({
			name: `${resource}.${operation}`,
			type: NODE_TYPE,
			parameters: { resource, operation },
		})),
	);
}

/** The nodes of the package that start a workflow. */
function triggers() {
	const { n8n: manifest, name: packageName } = built('../../package.json');
	return manifest.nodes
		.map((file) => basename(file, '.node.js'))
		.filter((name) => name.endsWith('Trigger'))
		.map((name) => ({ name, type: `${packageName}.${name[0].toLowerCase()}${name.slice(1)}`, parameters: {} }));
}

function workflowOfEverything(credentials) {
	const nodes = [...operations(), ...triggers()]
		.filter(({ name }) => name.includes(part))
		.map((node, index) => ({
			...node,
			id: `node-${index}`,
			typeVersion: 1,
			position: [(index % 8) * 200, Math.floor(index / 8) * 200],
			credentials,
		}));
	return { name: 'Every operation', nodes, connections: {}, settings: {} };
}

async function shootPanel(page, name) {
	await openNode(page, name);
	const { x, width } = await page.locator('[data-test-id="node-parameters"]').boundingBox();
	const clip = { x: x - 20, y: PANEL.top, width: width + 40, height: PANEL.height };
	await page.screenshot({ path: join(folder, `${name}.png`), clip });
	await page.keyboard.press('Escape');
	await page.waitForTimeout(400);
	console.log(name);
}

/** The credentials of the node that has both: the one that is set, and the one that is not. */
async function shootCredentials(page, name) {
	const dialog = page.locator('[data-test-id="editCredential-modal"]');
	const openers = {
		'credential.api': page.locator('[data-test-id="credential-edit-button"]').first(),
		'credential.callback': page.getByRole('button', { name: /^Connect to/ }).first(),
	};
	for (const [picture, opener] of Object.entries(openers)) {
		await openNode(page, name);
		await opener.click();
		await dialog.waitFor();
		await page.waitForTimeout(1500);
		await dialog.screenshot({ path: join(folder, `${picture}.png`) });
		// Closes the panel too.
		await page.keyboard.press('Escape');
		await dialog.waitFor({ state: 'hidden' });
		console.log(picture);
	}
	return Object.keys(openers);
}

/** All panels on one page, to be looked at together. */
async function shootSheet(browser, names) {
	const page = await browser.newPage({ viewport: { width: PANELS_IN_A_ROW * 340, height: 1000 } });
	const figures = names.map(
		(name) => `<figure style="margin:8px"><figcaption>${name}</figcaption><img src="${name}.png" width="320"></figure>`,
	);
	const sheet = join(folder, 'sheet.html');
	writeFileSync(sheet, `<body style="display:flex;flex-wrap:wrap;font:16px sans-serif">${figures.join('')}</body>`);
	await page.goto(pathToFileURL(resolve(sheet)).href);
	await page.screenshot({ path: join(folder, 'sheet.png'), fullPage: true });
}

await inEditor(
	workflowOfEverything,
	async ({ page, browser, workflow }) => {
		const names = workflow.nodes.map(({ name }) => name);
		for (const name of names) await shootPanel(page, name);
		const withCredentials = names.find((name) => name.includes('Webhook'));
		const credentials = withCredentials ? await shootCredentials(page, withCredentials) : [];
		await shootSheet(browser, [...names, ...credentials]);
	},
	language,
);

/**
 * Pictures of the panel of every operation, as somebody sees it who has just chosen it, and a sheet of all of them.
 * `node tools/browser/every-operation.mjs FOLDER [PART_OF_A_NAME]`
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { versions } from '../n8n/ensure.mjs';
import { N8n } from '../n8n/n8n.mjs';
import { packInto } from '../pack.mjs';
import { simulatorCredential, startSimulator } from '../simulator.mjs';
import { openBrowser, signIn } from './shot.mjs';

const [folder, part = ''] = process.argv.slice(2);
if (!folder) throw new Error('Usage: every-operation.mjs FOLDER [PART_OF_A_NAME]');

const TYPE = 'n8n-nodes-dingtalk-calendar.dingTalkCalendar';
const PANELS_IN_A_ROW = 5;

/** One node for each operation of the registry that was built. */
function workflowOfEverything(credential) {
	const { resources } = createRequire(import.meta.url)('../../dist/nodes/DingTalkCalendar/resources');
	const nodes = resources
		.flatMap(({ value: resource, operations }) => operations.map(({ value: operation }) => ({ resource, operation })))
		.filter(({ resource, operation }) => `${resource}.${operation}`.includes(part))
		.map(({ resource, operation }, index) => ({
			id: `node-${index}`,
			name: `${resource}.${operation}`,
			type: TYPE,
			typeVersion: 1,
			position: [(index % 8) * 200, Math.floor(index / 8) * 200],
			parameters: { resource, operation },
			credentials: { dingTalkCalendarApi: { id: credential.id, name: credential.name } },
		}));
	return { name: 'Every operation', nodes, connections: {}, settings: {} };
}

async function shootPanel(page, name, path) {
	await page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`).dblclick({ force: true });
	await page.waitForSelector('[data-test-id="node-execute-button"]');
	await page.waitForTimeout(900);
	await page.locator('[data-test-id="node-parameters"], [data-test-id="parameter-input-list"], .node-parameters-wrapper').first().waitFor();
	const { x, width } = await page.locator('[data-test-id="parameter-input-resource"]').first().boundingBox();
	await page.screenshot({ path, clip: { x: x - 20, y: 60, width: width + 40, height: 1300 } });
	await page.keyboard.press('Escape');
	await page.waitForTimeout(400);
}

/** All panels on one page, to be looked at together. */
async function shootSheet(browser, names) {
	const page = await browser.newPage({ viewport: { width: PANELS_IN_A_ROW * 440, height: 1000 } });
	const figures = names.map((name) => `<figure><figcaption>${name}</figcaption><img src="${name}.png" width="420"></figure>`);
	const sheet = join(folder, 'sheet.html');
	writeFileSync(sheet, `<body style="display:flex;flex-wrap:wrap;font:16px sans-serif">${figures.join('')}</body>`);
	await page.goto(pathToFileURL(resolve(sheet)).href);
	await page.screenshot({ path: join(folder, 'sheet.png'), fullPage: true });
}

const temporary = mkdtempSync(join(tmpdir(), 'editor-'));
mkdirSync(folder, { recursive: true });
const started = [];
try {
	const simulator = await startSimulator();
	started.push(simulator);
	const n8n = new N8n(versions[0], join(temporary, 'user'), packInto(temporary));
	const credential = simulatorCredential(simulator.value);
	await n8n.importCredential(credential);
	const workflow = workflowOfEverything(credential);
	const id = await n8n.importWorkflow('everyOperation1', workflow);
	const server = await n8n.start();
	started.push(server);
	const browser = await openBrowser();
	started.push({ stop: () => browser.close() });
	const page = await browser.newPage({ viewport: { width: 1600, height: 1400 } });
	await signIn(page, server.url);
	await page.goto(`${server.url}/workflow/${id}`, { waitUntil: 'domcontentloaded' });
	await page.waitForSelector('[data-test-id="canvas-node"]');
	const names = workflow.nodes.map(({ name }) => name);
	for (const name of names) {
		await shootPanel(page, name, join(folder, `${name}.png`));
		console.log(name);
	}
	await shootSheet(browser, names);
} finally {
	for (const { stop } of started.reverse()) await stop();
	rmSync(temporary, { recursive: true, force: true });
}

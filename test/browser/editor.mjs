/**
 * The editor as a person sees it: every label beside the declared one, an event created by keyboard alone, a narrow window,
 * the icons at their smallest, triggers before their first change, and how many clicks and keys the first event takes beside
 * n8n's own calendar nodes. Pictures and the table go to `.cache/browser/editor`.
 *
 * `node test/browser/editor.mjs [race] [keyboard] [triggers] [narrow] [labels] [icons]`
 */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { inFreshN8n, NODE_TYPE, openNode } from '../../tools/browser/editor.mjs';
import * as person from '../../tools/browser/person.mjs';
import { byTestId } from '../../tools/browser/shot.mjs';
import { controlOf, simulatorCredential } from '../../tools/simulator.mjs';

const pictures = join(import.meta.dirname, '../../.cache/browser/editor');
mkdirSync(pictures, { recursive: true });
const built = createRequire(import.meta.url);
const NODE = 'DingTalk Calendar';
const CREDENTIALS = { dingTalkCalendarApi: { id: '', name: '' } };
const HOST = '陈志远';

let passed = 0;
let failed = 0;

async function step(what, page, work) {
	const start = Date.now();
	const seconds = () => `${((Date.now() - start) / 1000).toFixed(1)} s`;
	try {
		await work();
		passed += 1;
		console.log(`ok     ${what} (${seconds()})`);
	} catch (error) {
		failed += 1;
		const path = join(pictures, `failed-${failed}.png`);
		await page.screenshot({ path });
		console.log(
			`FAILED ${what} (${seconds()})\n${String(error.message).replace(/^/gm, '         ')}\n         ${path}`,
		);
	}
}

const shoot = async (page, name) => {
	await page.waitForTimeout(800);
	await page.screenshot({ path: join(pictures, `${name}.png`) });
};

/** One node for each operation of the registry that was built, and one for each trigger. */
function everyNode() {
	const { resources } = built('../../dist/nodes/DingTalkCalendar/resources');
	const operations = resources.flatMap(({ value: resource, operations: all }) =>
		all.map(({ value: operation, properties }) => ({
			name: `${resource}.${operation}`,
			type: NODE_TYPE,
			parameters: { resource, operation },
			properties,
		})),
	);
	const triggers = ['', 'Polling', 'Webhook'].map((kind) => {
		const name = `DingTalkCalendar${kind}Trigger`;
		const { description } = new (built(`../../dist/nodes/${name}/${name}.node.js`)[name])();
		return { name, type: `${NODE_TYPE}${kind}Trigger`, parameters: {}, properties: description.properties };
	});
	return [...operations, ...triggers];
}

const nodes = everyNode();

const workflow = {
	id: 'everyOperation',
	name: 'Every operation',
	nodes: nodes.map(({ name, type, parameters }, index) => ({
		id: `node-${index}`,
		name,
		type,
		parameters,
		typeVersion: 1,
		position: [(index % 8) * 200, Math.floor(index / 8) * 200],
		credentials: CREDENTIALS,
	})),
	connections: {},
	settings: { timezone: 'Asia/Shanghai' },
};

/** n8n's labels of the modes that have its names; our own say the same, in title case. */
const MODES_OF_N8N = { list: 'From list', id: 'By ID', url: 'By URL' };

const panel = (page) => page.locator(byTestId('node-parameters'));

/** What is shown of a field that is always shown. */
const alwaysShown = ({ displayOptions, type }) => displayOptions === undefined && type !== 'hidden';

async function compareLabels(page, { name, properties }) {
	await openNode(page, name);
	const text = await panel(page).innerText();
	const fields = properties.filter(alwaysShown);
	const missing = fields
		.filter(({ type }) => type !== 'notice')
		.map(({ displayName }) => displayName)
		.filter((label) => !text.includes(label));
	assert.deepEqual([name, missing], [name, []]);
	for (const { name: field, modes } of fields.filter(({ type }) => type === 'resourceLocator')) {
		const key = JSON.stringify([field, modes]);
		if (seenLocators.has(key)) continue;
		seenLocators.add(key);
		const locator = page.locator(byTestId(`resource-locator-${field}`)).first();
		await locator.locator(byTestId('rlc-mode-selector')).click();
		await page.waitForTimeout(400);
		const shown = await page
			.locator('.el-select-dropdown:visible .el-select-dropdown__item, [role="listbox"]:visible [role="option"]')
			.allInnerTexts();
		await page.keyboard.press('Escape');
		const declared = modes.map((mode) => MODES_OF_N8N[mode.name] ?? mode.displayName);
		assert.deepEqual([name, field, shown.map((one) => one.trim())], [name, field, declared]);
	}
	for (const collection of fields.filter(({ type }) => type === 'collection')) {
		const key = JSON.stringify(collection.options.map(({ displayName }) => displayName));
		if (seenLocators.has(key)) continue;
		seenLocators.add(key);
		const adder = page
			.locator(byTestId('collection-parameter-add'))
			.filter({ hasText: collection.placeholder })
			.first();
		await adder.scrollIntoViewIfNeeded();
		await adder.click();
		await page.waitForTimeout(400);
		const shown = await page
			.locator(
				`${byTestId('collection-parameter-option')}:visible, .el-select-dropdown:visible .el-select-dropdown__item`,
			)
			.allInnerTexts();
		await page.keyboard.press('Escape');
		const declared = collection.options.map(({ displayName }) => displayName);
		const lost = declared.filter((label) => !shown.some((one) => one.trim() === label));
		assert.deepEqual([name, collection.displayName, lost], [name, collection.displayName, []]);
	}
	if (await panel(page).isVisible()) await person.closePanel(page);
}

const seenLocators = new Set();

/** Presses Tab until the focus is in the field. */
async function tabInto(page, selector, limit = 80) {
	for (let presses = 0; presses < limit; presses += 1) {
		if (await page.evaluate((where) => Boolean(document.activeElement?.closest(where)), selector)) return;
		await page.keyboard.press('Tab');
	}
	throw new Error(`${limit} times Tab do not reach ${selector}`);
}

async function byKeyboard(page, url, simulator) {
	await page.goto(`${url}/workflow/new`, { waitUntil: 'domcontentloaded' });
	await page.locator(byTestId('canvas-plus-button')).waitFor();
	await page.waitForTimeout(1500);
	const item = (name) => page.locator(byTestId('node-creator-item-name')).filter({ hasText: name });
	/** Enter takes the first entry, so it has to be the one that was searched. */
	const searchAndTake = async (words, name) => {
		await page.locator(byTestId('node-creator-search-bar')).first().waitFor();
		await page.waitForTimeout(700);
		await page.keyboard.type(words);
		await item(name).first().waitFor();
		await page.waitForFunction(
			([items, wanted]) => new RegExp(wanted).test(document.querySelector(items)?.innerText ?? ''),
			[byTestId('node-creator-item-name'), name.source],
		);
		await page.waitForTimeout(700);
		await page.keyboard.press('Enter');
	};
	await page.keyboard.press('n');
	await searchAndTake('manual', /^\s*Manual Trigger/);
	await page.locator(byTestId('canvas-node')).first().waitFor();
	await page.waitForTimeout(1500);
	await page.keyboard.press('n');
	await searchAndTake('dingtalk', /^\s*DingTalk Calendar/);
	// The list of actions has no search box in n8n; the arrow keys move in it.
	await item(/^\s*Create an event\s*$/)
		.first()
		.waitFor();
	const isSelected = () =>
		page.evaluate(() =>
			[...document.querySelectorAll('[class*="active"]')].some(
				({ innerText }) => innerText?.trim() === 'Create an event',
			),
		);
	for (let presses = 0; presses < 10 && !(await isSelected()); presses += 1) {
		await page.keyboard.press('ArrowDown');
		await page.waitForTimeout(400);
	}
	assert.ok(await isSelected(), 'the arrow keys do not reach the action');
	await page.keyboard.press('Enter');
	await page.locator(byTestId('node-execute-button')).first().waitFor();
	await page.waitForTimeout(1200);
	await tabInto(page, byTestId('resource-locator-user'));
	// The list opens as soon as its field has the focus; the search is in it.
	for (let presses = 0; presses < 4; presses += 1) {
		if (await page.locator(byTestId('rlc-item')).first().isVisible()) break;
		await page.keyboard.press('Tab');
		await page.waitForTimeout(900);
	}
	await page.locator(byTestId('rlc-item')).first().waitFor();
	await page.keyboard.type(HOST);
	await page.waitForTimeout(2000);
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('Enter');
	await page.waitForTimeout(800);
	await shoot(page, 'keyboard-organizer');
	await tabInto(page, byTestId('parameter-input-summary'));
	await page.keyboard.type('By keyboard');
	await shoot(page, 'keyboard-filled');
	await page.keyboard.press('Escape');
	if (await panel(page).isVisible()) await page.keyboard.press('Escape');
	await panel(page).waitFor({ state: 'hidden' });
	// n8n's key for running the workflow from the canvas.
	await page.keyboard.press('Control+Enter');
	const created = async () =>
		(await controlOf(simulator)('state')).events.filter(({ summary }) => summary === 'By keyboard').length;
	for (let seconds = 0; seconds < 30 && (await created()) === 0; seconds += 1) await page.waitForTimeout(1000);
	await shoot(page, 'keyboard-done');
	assert.equal(await created(), 1);
}

/** Texts that are wider than the box that shows them. */
const findCut = (page) =>
	page.evaluate((root) => {
		const all = [...document.querySelectorAll(`${root} label, ${root} button, ${root} .notice, ${root} small`)];
		return all
			.filter((element) => element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 2)
			.map((element) => element.innerText.trim())
			.filter(Boolean);
	}, byTestId('node-parameters'));

async function narrow(page) {
	for (const name of ['event.create', 'event.book', 'freeBusy.findSlots', 'attendee.add']) {
		await page.setViewportSize({ width: 1600, height: 1400 });
		await openNode(page, name);
		await page.setViewportSize({ width: 1100, height: 900 });
		await shoot(page, `narrow-${name}`);
		assert.deepEqual([name, await findCut(page)], [name, []]);
		await person.closePanel(page);
	}
	await page.setViewportSize({ width: 1600, height: 1400 });
}

async function icons(browser) {
	const page = await browser.newPage({ viewport: { width: 480, height: 120 }, deviceScaleFactor: 4 });
	const image = (file) =>
		`<img width="16" height="16" src="data:image/svg+xml;base64,${readFileSync(join(import.meta.dirname, '../../icons', file)).toString('base64')}">`;
	await page.setContent(
		`<body style="margin:0;display:flex"><div style="background:#fff;padding:32px">${image('dingtalk.svg')}</div><div style="background:#2d2e2e;padding:32px">${image('dingtalk.dark.svg')}</div></body>`,
	);
	await page.screenshot({ path: join(pictures, 'icons.png') });
	await page.close();
}

/** Clicks and keys as the page receives them. */
async function countInput(page) {
	await page.evaluate(() => {
		window.__input ??= { clicks: 0, keys: 0 };
		window.__input = { clicks: 0, keys: 0 };
		if (window.__counting) return;
		window.__counting = true;
		document.addEventListener('pointerdown', () => (window.__input.clicks += 1), true);
		document.addEventListener('keydown', () => (window.__input.keys += 1), true);
	});
}

/** A person needs about this long to point and click, and to press a key (keystroke-level model). */
const SECONDS_A_CLICK = 1.3;
const SECONDS_A_KEY = 0.28;

async function type(page, name, text) {
	await page
		.locator(byTestId(`parameter-input-${name}`))
		.first()
		.locator('input, textarea')
		.first()
		.click();
	await page.keyboard.type(text);
}

async function chooseMode(page, name, mode) {
	await page
		.locator(byTestId(`resource-locator-${name}`))
		.first()
		.locator(byTestId('rlc-mode-selector'))
		.click();
	await page.getByRole('option', { name: mode }).first().click();
}

/** From the plus behind the trigger to an event with a title that could be executed; choosing the credential is the same for all. */
const RACERS = [
	{
		search: 'dingtalk',
		node: NODE,
		action: 'Create an event',
		fill: async (page) => {
			await page.locator(byTestId('resource-locator-user')).first().locator('input').last().click();
			await page.locator(byTestId('rlc-item')).first().waitFor();
			await page.locator(byTestId('rlc-item')).first().click();
			await type(page, 'summary', 'Planning');
		},
	},
	{
		search: 'google cal',
		node: 'Google Calendar',
		action: 'Create an event',
		fill: async (page) => {
			// Its list needs a Google account; choosing from it takes two clicks as well.
			await chooseMode(page, 'calendar', 'ID');
			await type(page, 'calendar', 'a@b.co');
			await person.addField(page, 'Summary');
			await type(page, 'summary', 'Planning');
		},
	},
	{
		search: 'outlook',
		node: 'Microsoft Outlook',
		action: 'Create an event',
		fill: async (page) => {
			await chooseMode(page, 'calendarId', 'ID');
			await type(page, 'calendarId', 'A');
			await type(page, 'subject', 'Planning');
		},
	},
];

async function race(page, url) {
	const rows = [];
	for (const { search, node, action, fill } of RACERS) {
		await person.newWorkflow(page, url);
		await countInput(page);
		await person.addTrigger(page, 'manual', '(?:Trigger manually|Manual Trigger)');
		await person.addAction(page, search, node, action);
		await page.waitForTimeout(800);
		const dialog = page.locator(byTestId('editCredential-modal'));
		if (await dialog.isVisible()) await page.keyboard.press('Escape');
		const empty = await panel(page).locator('.has-issues, [class*="hasIssues"], .issues').count();
		await fill(page);
		await shoot(page, `first-event-${search.replace(' ', '-')}`);
		const { clicks, keys } = await page.evaluate(() => window.__input);
		rows.push({ node, clicks, keys, seconds: Math.round(clicks * SECONDS_A_CLICK + keys * SECONDS_A_KEY), empty });
		await person.closePanel(page);
	}
	const table = [
		'| Node | Clicks | Keys | Seconds (keystroke-level model) |',
		'| --- | --- | --- | --- |',
		...rows.map(({ node, clicks, keys, seconds }) => `| ${node} | ${clicks} | ${keys} | ${seconds} |`),
	].join('\n');
	writeFileSync(join(pictures, 'first-event.md'), `${table}\n`);
	console.log(table.replace(/^/gm, '       '));
	const [ours, ...others] = rows;
	for (const other of others)
		assert.ok(ours.clicks + ours.keys <= other.clicks + other.keys, `${NODE} takes more than ${other.node}`);
}

async function testTriggers(page) {
	for (const name of ['DingTalkCalendarTrigger', 'DingTalkCalendarPollingTrigger', 'DingTalkCalendarWebhookTrigger']) {
		await openNode(page, name);
		await shoot(page, `trigger-${name}`);
		await person.closePanel(page);
	}
	await openNode(page, 'DingTalkCalendarTrigger');
	const output = await person.execute(page);
	await shoot(page, 'trigger-sample');
	assert.match(output, /SAMPLE/);
	await person.closePanel(page);
}

const prepare = async (n8n, simulator) => {
	await n8n.importCredential(simulatorCredential(simulator));
	await n8n.importWorkflows([workflow]);
};

const parts = new Set(process.argv.slice(2));
const wanted = (part) => parts.size === 0 || parts.has(part);

await inFreshN8n(async ({ page, browser, url, simulator }) => {
	const openAll = async () => {
		await page.goto(`${url}/workflow/${workflow.id}`, { waitUntil: 'domcontentloaded' });
		await page.waitForSelector(byTestId('canvas-node'));
	};
	if (wanted('icons'))
		await step('the icons are drawn at 16 px, light and dark', page, async () => await icons(browser));
	if (wanted('race'))
		await step('the first event takes no more clicks and keys than elsewhere', page, async () => await race(page, url));
	if (wanted('keyboard'))
		await step('an event is created by keyboard alone', page, async () => await byKeyboard(page, url, simulator));
	await openAll();
	if (wanted('triggers')) await step('a trigger shows a sample at once', page, async () => await testTriggers(page));
	if (wanted('narrow')) await step('nothing is cut in a window of 1,100 px', page, async () => await narrow(page));
	if (wanted('labels'))
		for (const node of nodes)
			await step(`the labels are those declared: ${node.name}`, page, async () => {
				if (!(await page.locator(byTestId('canvas-node')).first().isVisible())) await openAll();
				await compareLabels(page, node).catch(async (error) => {
					await page.keyboard.press('Escape');
					await openAll();
					throw error;
				});
			});
}, prepare);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

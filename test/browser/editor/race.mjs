/** How many clicks and keys the first event takes, beside n8n's own calendar nodes, and the table of docs that says so. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitForField } from '../../../tools/browser/editorState.mjs';
import * as person from '../../../tools/browser/person.mjs';
import { byTestId } from '../../../tools/browser/shot.mjs';

const NODE = 'DingTalk Calendar';
const PAGE = join(import.meta.dirname, '../../../docs/project/decisions/editor.md');

/** A person needs about this long to point and click, and to press a key (keystroke-level model). */
const SECONDS_A_CLICK = 1.3;
const SECONDS_A_KEY = 0.28;

/** Counts clicks and keys as the page receives them. */
const countInput = (page) =>
	page.evaluate(() => {
		window.inputOfTest = { clicks: 0, keys: 0 };
		document.addEventListener('pointerdown', () => (window.inputOfTest.clicks += 1), true);
		document.addEventListener('keydown', () => (window.inputOfTest.keys += 1), true);
	});

async function type(page, name, text) {
	const field = page.locator(byTestId(`parameter-input-${name}`, `resource-locator-${name}`)).last();
	// The first input of a locator is its mode.
	const input = field.locator('input, textarea').last();
	await input.click();
	await page.waitForFunction((element) => element === document.activeElement, await input.elementHandle());
	await page.keyboard.type(text);
	await waitForField(page, name, text);
}

async function chooseMode(page, name, mode) {
	const locator = page.locator(byTestId(`resource-locator-${name}`)).first();
	await locator.locator(byTestId('rlc-mode-selector')).click();
	const option = page.getByRole('option', { name: mode }).first();
	await option.click();
	await option.waitFor({ state: 'hidden' });
}

/** From the plus behind the trigger to an event with a title that can be executed; the credential is there already. */
const RACERS = [
	{
		search: 'dingtalk',
		node: NODE,
		fill: async (page) => {
			await person.chooseFromList(page, 'user', '');
			await type(page, 'summary', 'Planning');
		},
	},
	{
		search: 'google cal',
		node: 'Google Calendar',
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
		fill: async (page) => {
			await chooseMode(page, 'calendarId', 'ID');
			await type(page, 'calendarId', 'A');
			await type(page, 'subject', 'Planning');
		},
	},
];

/** n8n opens a credential's dialog by itself where there is none yet. */
async function leaveDialog(page) {
	const dialog = page.locator(byTestId('editCredential-modal'));
	if (!(await dialog.isVisible())) return;
	await page.keyboard.press('Escape');
	await dialog.waitFor({ state: 'hidden' });
}

async function count(page, url, { search, node, fill }) {
	await person.newWorkflow(page, url);
	await countInput(page);
	await person.addTrigger(page, 'manual', '(?:Trigger manually|Manual Trigger)');
	await person.addAction(page, search, node, 'Create an event');
	await leaveDialog(page);
	await fill(page);
	const { clicks, keys } = await page.evaluate(() => window.inputOfTest);
	await person.closePanel(page);
	return { node, clicks, keys, seconds: Math.round(clicks * SECONDS_A_CLICK + keys * SECONDS_A_KEY) };
}

export async function compareFirstEvents({ page, url }) {
	const rows = [];
	for (const racer of RACERS) rows.push(await count(page, url, racer));
	const [ours, ...others] = rows;
	for (const { node, clicks, keys } of others)
		assert.ok(ours.clicks <= clicks && ours.clicks + ours.keys <= clicks + keys, `${NODE} takes more than ${node}`);
	const cells = (line) =>
		line
			.split('|')
			.map((cell) => cell.trim())
			.filter(Boolean)
			.join(' | ');
	const documented = readFileSync(PAGE, 'utf8').split('\n').map(cells);
	for (const row of rows) {
		const counted = Object.values(row).join(' | ');
		console.log(`       ${counted}`);
		assert.ok(documented.includes(counted), `docs/project/decisions/editor.md does not have this row: ${counted}`);
	}
}

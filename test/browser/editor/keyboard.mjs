/** The first event without a mouse: n8n's own keys, Tab and the arrows only. */
import assert from 'node:assert/strict';
import { waitForEnd, waitForField } from '../../../tools/browser/editorState.mjs';
import { newWorkflow, startRun } from '../../../tools/browser/person.mjs';
import { byTestId } from '../../../tools/browser/shot.mjs';
import { controlOf } from '../../../tools/simulator.mjs';

const HOST = '陈志远';
const TITLE = 'By keyboard';
const MOST_TABS = 80;
const MOST_ARROWS = 12;

const items = byTestId('node-creator-item-name');
const panel = byTestId('node-parameters');

/** Enter takes the first entry, so it has to be the one that was searched. */
async function searchAndTake(page, words, name) {
	await page.keyboard.press('n');
	const search = page.locator(byTestId('node-creator-search-bar')).first();
	await search.waitFor();
	await page.waitForFunction(() => document.activeElement instanceof HTMLInputElement);
	await page.keyboard.type(words);
	await page.waitForFunction(
		([selector, wanted]) => new RegExp(wanted).test(document.querySelector(selector)?.innerText ?? ''),
		[items, name.source],
	);
	await page.keyboard.press('Enter');
}

/** Presses the key until the page is as wanted. */
async function pressUntil(page, key, most, isThere, what) {
	for (let presses = 0; presses <= most; presses += 1) {
		if (await page.evaluate(isThere, what)) return;
		await page.keyboard.press(key);
		// The editor marks what is chosen in its next frame.
		await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
	}
	throw new Error(`${most} times ${key} do not reach ${what}`);
}

const tabInto = async (page, selector) =>
	await pressUntil(page, 'Tab', MOST_TABS, (where) => Boolean(document.activeElement?.closest(where)), selector);

/** n8n's list of actions has no search box; the arrow keys move in it. */
async function chooseAction(page, action) {
	await page.locator(items).filter({ hasText: action }).first().waitFor();
	await pressUntil(
		page,
		'ArrowDown',
		MOST_ARROWS,
		(wanted) =>
			[...document.querySelectorAll('[class*="active"]')].some(({ innerText }) => innerText?.trim() === wanted),
		action,
	);
	await page.keyboard.press('Enter');
	await page.locator(byTestId('node-execute-button')).first().waitFor();
}

export async function createByKeyboard({ page, url, simulator }) {
	await newWorkflow(page, url);
	await searchAndTake(page, 'manual', /^\s*(Manual Trigger|Trigger manually)/);
	await page.locator(byTestId('canvas-node')).first().waitFor();
	await page.locator(byTestId('node-creator-search-bar')).first().waitFor({ state: 'hidden' });
	await searchAndTake(page, 'dingtalk', /^\s*DingTalk Calendar/);
	await chooseAction(page, 'Create an event');

	await tabInto(page, byTestId('resource-locator-user'));
	const people = page.locator(byTestId('rlc-item'));
	// The list opens as soon as its field has the focus, with the focus in its search.
	await tabInto(page, byTestId('rlc-search'));
	await people.first().waitFor();
	await page.keyboard.type(HOST);
	await page.waitForFunction(
		([selector, name]) => {
			const shown = [...document.querySelectorAll(selector)];
			return shown.length > 0 && shown.every(({ innerText }) => innerText.includes(name));
		},
		[byTestId('rlc-item'), HOST],
	);
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('Enter');
	await people.first().waitFor({ state: 'hidden' });

	await tabInto(page, byTestId('parameter-input-summary'));
	await page.keyboard.type(TITLE);
	await waitForField(page, 'summary', TITLE);
	// Escape leaves the panel, but no text field; n8n's key for a run works on the canvas.
	await page.keyboard.press('Shift+Tab');
	await pressUntil(page, 'Escape', 3, (selector) => document.querySelector(selector) === null, panel);
	const executionId = await startRun(page, () => page.keyboard.press('Control+Enter'));
	await waitForEnd(page, executionId);
	const { events } = await controlOf(simulator)('state');
	assert.equal(events.filter(({ summary }) => summary === TITLE).length, 1);
}

/** The first try of each trigger in the editor: a sample at once, and what to do in DingTalk for a real change. */
import assert from 'node:assert/strict';
import { openNode } from '../../../tools/browser/editor.mjs';
import * as person from '../../../tools/browser/person.mjs';
import { byTestId } from '../../../tools/browser/shot.mjs';

const panel = byTestId('node-parameters');

const textOf = (page) => page.locator(panel).innerText();

export async function testStream({ page, name, shoot }) {
	await openNode(page, name);
	assert.match(await person.execute(page), /SAMPLE/);
	assert.match(await textOf(page), /To test with a real change, choose 'Wait for a Change'/);
	await person.choose(page, page, 'whenTesting', /^Wait for a Change/);
	await page.locator(panel).getByText('now waits for the next change').waitFor();
	assert.doesNotMatch(await textOf(page), /choose 'Wait for a Change'/);
	await page.click(byTestId('node-execute-button'));
	// n8n has another one in the middle of the output.
	const stop = page.getByRole('button', { name: 'Stop Listening' }).first();
	await stop.waitFor();
	assert.match(await textOf(page), /create or move an event in DingTalk, in the calendar of a watched person/);
	await shoot('trigger-waiting');
	await stop.click();
	await page.getByRole('button', { name: 'Execute step' }).first().waitFor();
	await person.closePanel(page);
}

/** It shows the next event of the person, or a sample if there is none. */
export async function testPolling({ page, name }) {
	await openNode(page, name);
	await person.write(page, 'people', '陈志远');
	const output = await person.execute(page);
	assert.match(output, /1 item\n[^]*confirmed/);
	assert.match(output, /Polling every 15 minutes uses 2,976 calls a month per person/);
	await person.closePanel(page);
}

/** Its test address would have to be known to DingTalk, so the panel says how to build with real data instead. */
export async function testWebhook({ page, name }) {
	await openNode(page, name);
	const text = await textOf(page);
	assert.match(text, /copy the production URL/);
	assert.match(text, /open a past execution and choose Copy to editor/);
	assert.match(text, /save the test URL in the developer console while n8n is listening/);
	await person.closePanel(page);
}

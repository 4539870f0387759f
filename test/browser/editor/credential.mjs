/** The credential's dialog: a wrong secret is named, and what an app needs is said before a run finds that it lacks it. */
import assert from 'node:assert/strict';
import { openNode } from '../../../tools/browser/editor.mjs';
import * as person from '../../../tools/browser/person.mjs';
import { byTestId } from '../../../tools/browser/shot.mjs';

export async function testCredential({ page, node, shoot }) {
	await openNode(page, node);
	await page.click(byTestId('credential-edit-button'));
	const dialog = page.locator(byTestId('editCredential-modal'));
	const tested = dialog.getByText('Connection tested successfully');
	await tested.waitFor();
	// The result of the test before stays on the screen until the next one has ended.
	const save = async () => {
		const answer = page.waitForResponse((response) => response.url().endsWith('/credentials/test'));
		await dialog.locator(byTestId('credential-save-button')).click();
		await answer;
		await dialog.getByText('Saved', { exact: true }).waitFor();
	};

	await person.writeInto(dialog, 'clientSecret', 'not-the-secret');
	await save();
	await dialog.getByText('More details').click();
	const refused = dialog.getByText("does not accept the 'Client ID' or 'Client Secret'").first();
	await refused.waitFor();
	assert.match(await dialog.innerText(), /check 'API Base URL'/);
	await shoot('credential-wrong-secret');

	// An app that may only read connects; which permissions a node needs stands above the fields.
	await person.writeInto(dialog, 'clientId', 'sim-readonly');
	await person.writeInto(dialog, 'clientSecret', 'sim-secret');
	await save();
	await tested.waitFor();
	assert.match(await dialog.innerText(), /tick Calendar\.Event\.Read and Calendar\.Event\.Write/);
	await shoot('credential-read-only');
	await person.writeInto(dialog, 'clientId', 'sim-internal');
	await save();
	await dialog.getByText('Connection tested successfully').waitFor();
	await page.keyboard.press('Escape');
	await dialog.waitFor({ state: 'hidden' });
}

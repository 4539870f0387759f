/**
 * A person's path through the editor: choose the organizer from the list, search, go on to the second page, run, make a
 * mistake and read the message, look at the credential. The pictures are those of the documentation.
 * `node tools/browser/walk.mjs FOLDER`
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { inEditor, NODE_TYPE, openNode } from './editor.mjs';

const [folder = 'docs/images'] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });

const NODE = 'DingTalk Calendar';

const workflow = (credentials) => ({
	name: 'Weekly planning',
	nodes: [
		{
			id: 'start',
			name: 'When clicking Execute',
			type: 'n8n-nodes-base.manualTrigger',
			typeVersion: 1,
			position: [0, 0],
			parameters: {},
		},
		{
			id: 'create',
			name: NODE,
			type: NODE_TYPE,
			typeVersion: 1,
			position: [260, 0],
			credentials,
			parameters: {
				resource: 'event',
				operation: 'create',
				summary: 'Weekly planning',
				start: '2027-01-04T10:00:00',
				end: '2027-01-04T11:00:00',
				additionalFields: {
					attendees: '林晓彤, 王建国',
					recurrence: {
						rule: { frequency: 'weekly', interval: 1, daysOfWeek: ['monday'], firstDayOfWeek: 'monday', ends: 'after', occurrences: 8 },
					},
				},
			},
		},
	],
	connections: { 'When clicking Execute': { main: [[{ node: NODE, type: 'main', index: 0 }]] } },
	settings: { executionOrder: 'v1', timezone: 'Asia/Shanghai' },
});

const listItems = '[data-test-id="rlc-item"]';

await inEditor(workflow, async ({ page }) => {
	const shoot = async (name) => {
		await page.waitForTimeout(1500);
		await page.screenshot({ path: join(folder, `${name}.png`), clip: { x: 20, y: 20, width: 1560, height: 1100 } });
		console.log(name);
	};
	const namesInList = async () => await page.locator(listItems).allInnerTexts();
	await openNode(page, NODE);
	const organizer = page.locator('[data-test-id="resource-locator-user"], [data-test-id="resource-locator"]').first();
	await organizer.locator('input').last().click();
	await page.waitForSelector(listItems);
	const firstPage = await namesInList();
	await shoot('people-list');

	await page.locator(listItems).last().scrollIntoViewIfNeeded();
	await page.locator(listItems).last().hover();
	await page.mouse.wheel(0, 4000);
	await page.waitForFunction(
		([selector, count]) => document.querySelectorAll(selector).length > count,
		[listItems, firstPage.length],
	);
	console.log(`first page ${firstPage.length}, with the second ${(await namesInList()).length}`);

	await page.locator('[data-test-id="rlc-search"] input, input[data-test-id="rlc-search"]').first().fill('chen');
	await page.waitForTimeout(2500);
	console.log(`searched: ${(await namesInList()).join(' | ')}`);
	await shoot('people-search');
	await page.locator(listItems).filter({ hasText: '陈志远' }).first().click();

	await page.click('[data-test-id="node-execute-button"]');
	await page.waitForSelector('[data-test-id="output-panel"] table td');
	await shoot('event-create');

	await page.locator('[data-test-id="parameter-input-end"] input').first().fill('2027-01-04 09:00:00');
	await page.keyboard.press('Tab');
	await page.click('[data-test-id="node-execute-button"]');
	await page.waitForSelector('[data-test-id="node-error-message"]');
	await shoot('error');

	await page.click('[data-test-id="credential-edit-button"]');
	await page.waitForSelector('[data-test-id="editCredential-modal"]');
	await shoot('credential');
});

/** Compares every label of every panel with the declared one: fields, notices, modes, what can be added, and choices. */
import assert from 'node:assert/strict';
import { openNode } from '../../../tools/browser/editor.mjs';
import { closePanel } from '../../../tools/browser/person.mjs';
import { byTestId } from '../../../tools/browser/shot.mjs';
import { lookOf, nodesWithEveryField } from './everyField.mjs';

/** n8n's own labels of the modes with these names; ours say the same, in title case. */
const MODES_OF_N8N = { list: 'From list', id: 'By ID', url: 'By URL' };

const nodes = nodesWithEveryField();

export const everyField = {
	id: 'everyField',
	name: 'Every field',
	nodes: nodes.map(({ name, type, parameters }, index) => ({
		id: `field-${index}`,
		name,
		type,
		parameters,
		typeVersion: 1,
		position: [(index % 10) * 200, Math.floor(index / 10) * 200],
		credentials: { dingTalkCalendarApi: { id: '', name: '' } },
	})),
	connections: {},
	settings: {},
};

const panel = byTestId('node-parameters');

/** Fields in several collections may have one name; n8n draws them in the declared order. */
const fieldOf = (page, { shown }, one) =>
	page
		.locator(`${panel} ${byTestId(`parameter-input-${one.name}`)}`)
		.nth(shown.filter(({ name }) => name === one.name).indexOf(one));

/** The text of a notice as the browser shows it. */
const plain = (html) => html.replace(/<[^>]+>/g, '');

const labelsOf = ({ shown }) =>
	shown.map(({ displayName, type }) => (type === 'notice' ? plain(displayName) : displayName));

/** Waits for the labels, and says which of them do not come. */
async function compareFields(page, node) {
	const missing = ([selector, wanted]) => {
		const lines =
			document
				.querySelector(selector)
				?.innerText.split('\n')
				.map((line) => line.trim()) ?? [];
		return wanted.filter((label) => !lines.includes(label));
	};
	const labels = labelsOf(node);
	await page
		.waitForFunction(
			([selector, wanted]) => {
				const lines =
					document
						.querySelector(selector)
						?.innerText.split('\n')
						.map((line) => line.trim()) ?? [];
				return wanted.every((label) => lines.includes(label));
			},
			[panel, labels],
			{ timeout: 15_000 },
		)
		.catch(async () => assert.deepEqual([node.name, await page.evaluate(missing, [panel, labels])], [node.name, []]));
}

/** What a drop-down shows, each entry without its description. */
async function readOptions(page, open) {
	const entries = page.locator(
		'.el-select-dropdown:visible .el-select-dropdown__item, [role="listbox"]:visible [role="option"]',
	);
	await open.scrollIntoViewIfNeeded();
	await open.click();
	await entries.first().waitFor();
	const shown = (await entries.allInnerTexts()).map((text) => text.trim().split('\n')[0]);
	await page.keyboard.press('Escape');
	await entries.first().waitFor({ state: 'hidden' });
	return shown;
}

async function compareChoices(page, node, one) {
	if (one.type === 'resourceLocator') {
		const opener = page.locator(
			`${panel} ${byTestId(`resource-locator-${one.name}`)} ${byTestId('rlc-mode-selector')}`,
		);
		const shown = await readOptions(page, opener.first());
		const declared = one.modes.map((mode) => MODES_OF_N8N[mode.name] ?? mode.displayName);
		assert.deepEqual([node.name, one.name, shown], [node.name, one.name, declared]);
	}
	const isList = one.type === 'options' || one.type === 'multiOptions';
	// Lists that are loaded from DingTalk are not declared.
	if (isList && one.options && !one.typeOptions?.loadOptionsMethod) {
		const shown = await readOptions(page, fieldOf(page, node, one));
		const declared = one.options.map(({ name }) => name);
		assert.deepEqual([node.name, one.name, shown], [node.name, one.name, declared]);
	}
}

/** Each panel once, and each choice where it is seen first. */
export async function compareLabels(page, step) {
	const seen = new Set();
	for (const node of nodes)
		await step(`the labels are those declared: ${node.name}`, page, async () => {
			await openNode(page, node.name);
			await compareFields(page, node);
			for (const one of node.shown.filter((each) => !seen.has(lookOf(each)))) {
				seen.add(lookOf(one));
				await compareChoices(page, node, one);
			}
			await closePanel(page);
		});
}

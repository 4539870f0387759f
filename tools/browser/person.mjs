/** What a person does in n8n's editor with mouse and keyboard. Nothing here knows a short cut. */
import { waitForEnd, waitForField } from './editorState.mjs';
import { byTestId } from './shot.mjs';

const items = byTestId('rlc-item');
const searchBox = byTestId('node-creator-search-bar');
const output = byTestId('output-panel');
const outputData = `${output} table td, ${output} ${byTestId('run-data-schema-item')}`;
const problem = byTestId('node-error-message');

/** Opens a new, empty workflow. */
export async function newWorkflow(page, url) {
	await page.goto(`${url}/workflow/new`, { waitUntil: 'domcontentloaded' });
	await page.locator(byTestId('canvas-plus-button')).waitFor();
}

async function searchNode(page, text) {
	await page.locator(searchBox).first().waitFor();
	await page.keyboard.type(text);
}

const found = (page, name) =>
	page.locator(byTestId('node-creator-item-name')).filter({ hasText: new RegExp(`^\\s*${name}\\s*$`) });

/** The first node of a workflow. */
export async function addTrigger(page, search, name) {
	await page.locator(byTestId('canvas-plus-button')).click();
	await searchNode(page, search);
	await found(page, name).first().click();
	await page.locator(byTestId('canvas-node')).waitFor();
}

/** The plus behind the last node: search, choose the node, choose one of its actions. Its panel is open then. */
export async function addAction(page, search, node, action) {
	await page.locator(byTestId('canvas-handle-plus')).last().click();
	await searchNode(page, search);
	await found(page, node).first().click();
	await found(page, action).first().click();
	await page.waitForSelector(byTestId('node-execute-button'));
}

const field = (scope, name) => scope.locator(byTestId(`parameter-input-${name}`)).first();

const textIn = (scope, name) => field(scope, name).locator('input, textarea, .cm-content').first();

/** Replaces what is in a text field of the open node, also if it is an expression; ends when the editor has taken it. */
export async function write(page, name, text) {
	const input = textIn(page, name);
	if (await input.evaluate((element) => element.isContentEditable)) {
		await replaceExpression(page, input, text);
		await leaveExpression(page);
	} else {
		await input.fill(text);
		await input.press('Tab');
	}
	await waitForField(page, name, text);
}

const MAX_ATTEMPTS = 10;

/** The expression editor may take over a selection too late, and then adds the text instead of replacing what is there. */
async function replaceExpression(page, input, text) {
	await input.click();
	for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
		await input.press('ControlOrMeta+a');
		await page.keyboard.insertText(text);
		if ((await input.innerText()).trim() === text) return;
	}
	throw new Error(`The expression editor does not take "${text}"`);
}

/** Replaces what is in a field of a dialog, which shows what it has taken. */
export async function writeInto(dialog, name, text) {
	const input = textIn(dialog, name);
	await input.fill(text);
	await input.press('Tab');
	await dialog
		.page()
		.waitForFunction(([element, written]) => element.value === written, [await input.elementHandle(), text]);
}

/** The preview of an expression covers the fields below until one clicks elsewhere. */
async function leaveExpression(page) {
	const preview = page.locator(byTestId('inline-expression-editor-output')).first();
	await preview.waitFor();
	await page.locator(output).click({ position: { x: 30, y: 20 } });
	await preview.waitFor({ state: 'hidden' });
}

/** One of the options of a drop-down field. */
export async function choose(page, scope, name, option) {
	await field(scope, name).click();
	await page.getByRole('option', { name: option }).first().click();
}

/** Opens a list, types into its search if asked to, waits for the entry and clicks it; returns the entry. */
export async function chooseFromList(page, name, entry, search = '') {
	await page
		.locator(byTestId(`resource-locator-${name}`))
		.first()
		.locator('input')
		.last()
		.click();
	const wanted = page.locator(items).filter({ hasText: entry }).first();
	await page.locator(items).first().waitFor();
	if (search)
		await page.locator('[data-test-id="rlc-search"] input, input[data-test-id="rlc-search"]').first().fill(search);
	await wanted.waitFor();
	const text = await wanted.innerText();
	await wanted.click();
	return text;
}

/** "Add Field" of a collection. */
export async function addField(page, name) {
	await page.locator(byTestId('collection-parameter-add')).first().click();
	await page
		.locator(byTestId('collection-parameter-option'))
		.filter({ hasText: new RegExp(`^\\s*${name}\\s*$`) })
		.first()
		.click();
}

/** Takes a value of the input on the left and drops it on a field. */
export async function dragInto(page, inputName, name) {
	const value = page
		.locator(`${byTestId('ndv-input-panel')} [data-target="mappable"][data-name="${inputName}"]`)
		.first();
	await value.waitFor();
	const from = middle(await value.boundingBox());
	const to = middle(
		await page
			.locator(byTestId(`resource-locator-${name}`))
			.first()
			.boundingBox(),
	);
	await page.mouse.move(from.x, from.y);
	await page.mouse.down();
	await page.mouse.move(to.x, to.y, { steps: 12 });
	await page.mouse.up();
	await leaveExpression(page);
}

const middle = ({ x, y, width, height }) => ({ x: x + width / 2, y: y + height / 2 });

/** Presses the button and reads what this run, and no earlier one, then shows on the right: the output, or the message. */
export async function execute(page) {
	const executionId = await startRun(page, () => page.click(byTestId('node-execute-button')));
	await waitForEnd(page, executionId);
	const shown = await page.waitForFunction(
		([panel, ends]) => document.querySelector(ends) && document.querySelector(panel)?.innerText,
		[output, `${outputData}, ${problem}`],
	);
	return await shown.jsonValue();
}

/** The ID of the run that starts by this. */
export async function startRun(page, start) {
	const isRun = (response) =>
		response.request().method() === 'POST' && /\/rest\/workflows\/[^/]+\/run$/.test(new URL(response.url()).pathname);
	const [response] = await Promise.all([page.waitForResponse(isRun), start()]);
	return (await response.json()).data.executionId;
}

export const hasProblem = (page) => page.locator(problem).isVisible();

export async function closePanel(page) {
	await page.click(byTestId('ndv-close-button'));
	await page.locator(byTestId('node-execute-button')).waitFor({ state: 'hidden' });
}

/**
 * Signs a user in as docs/sign-in.md describes it: the imported workflow, DingTalk's sign-in page, the credential, and the first
 * event in that user's calendar. `npm run test:browser`, or with a folder for pictures: `node test/browser/signIn.mjs [FOLDER] [--lang zh]`.
 */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { inFreshN8n, takeLanguage, wordsOf } from '../../tools/browser/editor.mjs';
import * as person from '../../tools/browser/person.mjs';
import { byTestId } from '../../tools/browser/shot.mjs';
import { readExamples } from '../../tools/demo/examples.mjs';
import { controlOf } from '../../tools/simulator.mjs';

const options = process.argv.slice(2);
const language = takeLanguage(options);
const [folder] = options;
const say = wordsOf(language);
const NODE = say('DingTalk Calendar');

const USER = '陈志远';
const SECRET = /^[0-9a-f]{32}$/;
const example = readExamples(language).find(({ file }) => file === 'sign-in-a-user.json');

/** What the pages of the example and of DingTalk say. */
const PAGES = {
	en: {
		otherRegion: 'Other',
		goToDingTalk: 'Sign In with DingTalk',
		signIn: 'Sign in',
		refuse: 'Refuse',
		refused: 'the user did not agree to the access',
		unknownAddress: 'Invalid redirect address',
		agree: 'Agree',
		signedIn: 'Signed in',
		copy: 'Copy Code',
		copied: 'Copied',
		firstEvent: 'My first event',
	},
	zh: {
		otherRegion: '其他',
		goToDingTalk: '用钉钉登录',
		signIn: '登录',
		refuse: '拒绝',
		refused: '用户未同意授权',
		unknownAddress: '回调地址无效',
		agree: '同意',
		signedIn: '登录成功',
		copy: '复制授权码',
		copied: '已复制',
		firstEvent: '我的第一个日程',
	},
}[language];

let passed = 0;
let failed = 0;

async function step(what, page, work) {
	try {
		await work();
	} catch (error) {
		failed += 1;
		const pictures = join(import.meta.dirname, '../../.cache/browser');
		mkdirSync(pictures, { recursive: true });
		await page.screenshot({ path: join(pictures, 'sign-in.png') });
		console.log(`FAILED ${what}\n${error.message}\nThe screen then: ${join(pictures, 'sign-in.png')}`);
		throw error;
	}
	passed += 1;
	console.log(`ok     ${what}`);
}

async function shoot(name, target) {
	if (!folder) return;
	mkdirSync(folder, { recursive: true });
	await target.page().evaluate(() => document.activeElement?.blur());
	await target.screenshot({ path: join(folder, `${name}.png`) });
	console.log(name);
}

/** n8n opens the address some moments after it has activated the workflow. */
async function waitForAddress(address) {
	while (!(await fetch(address)).ok) await new Promise((resolve) => setTimeout(resolve, 200));
}

/** Opens the page of the workflow and goes to DingTalk with this app. */
async function goToDingTalk(page, address, simulator) {
	await page.goto(address);
	await page.fill('#client', 'sim-personal');
	await page.selectOption('#region', { label: PAGES.otherRegion });
	await page.fill('#host', simulator);
	await page.getByRole('button', { name: PAGES.goToDingTalk }).click();
	await page.getByRole('heading', { name: PAGES.signIn, exact: true }).waitFor();
}

/** Returns the code that the page holds for the clipboard. */
async function getCode(page, address, simulator) {
	await step(
		'the page shows the redirect address, and nothing that must be changed in the workflow',
		page,
		async () => {
			await page.goto(address);
			assert.equal(await page.inputValue('#redirect'), address);
			await shoot('sign-in-page', page.locator('main'));
		},
	);
	await step('a refused consent comes back as such', page, async () => {
		await goToDingTalk(page, address, simulator);
		await page.getByRole('button', { name: PAGES.refuse }).click();
		await page.getByText(PAGES.refused).waitFor();
	});
	await step('DingTalk refuses an address that is not registered', page, async () => {
		await goToDingTalk(page, address, simulator);
		const unknown = page.url().replace(/redirect_uri=[^&]+/, 'redirect_uri=https%3A%2F%2Fn8n.example.com%2Fwebhook');
		await page.goto(unknown);
		await page.getByRole('heading', { name: PAGES.unknownAddress }).waitFor();
	});
	await step('an agreed consent comes back with a code, which is not readable on the page', page, async () => {
		await goToDingTalk(page, address, simulator);
		await page.locator('select[name=unionId]').selectOption({ index: 0 });
		await shoot('sign-in-consent', page.locator('main'));
		await page.getByRole('button', { name: PAGES.agree }).click();
		await page.getByRole('heading', { name: PAGES.signedIn }).waitFor();
		assert.equal(await page.getAttribute('#code', 'type'), 'password');
		await page.getByRole('button', { name: PAGES.copy }).click();
		await page.getByRole('button', { name: PAGES.copied }).waitFor();
		await shoot('sign-in-code', page.locator('main'));
	});
	return await page.inputValue('#code');
}

async function connect(page, simulator, code) {
	const dialog = page.locator(byTestId('editCredential-modal'));
	await step('the credential takes the code and is tested', page, async () => {
		await page.getByRole('button', { name: `Connect to ${NODE}` }).click();
		await dialog.waitFor();
		await person.choose(page, dialog, 'region', new RegExp(`^${say('Custom')}`));
		await person.writeInto(dialog, 'baseUrl', simulator);
		await person.choose(page, dialog, 'appType', new RegExp(`^${say('On Behalf of a User')}`));
		await person.writeInto(dialog, 'clientId', 'sim-personal');
		await person.writeInto(dialog, 'clientSecret', 'sim-secret');
		await shoot('sign-in-credential', dialog);
		await person.writeInto(dialog, 'authorizationCode', code);
		await dialog.locator(byTestId('credential-save-button')).click();
		await dialog.waitFor({ state: 'hidden' });
	});
}

async function firstEvent(page, simulator) {
	await step('the first event is in the calendar of the user who signed in', page, async () => {
		const organizer = page.locator(byTestId('resource-locator-user')).first();
		await organizer.locator(byTestId('rlc-mode-selector')).click();
		await page
			.getByRole('option', { name: say('By Name, Mobile or ID') })
			.first()
			.click();
		await organizer.locator('input').last().fill('me');
		await person.write(page, 'summary', PAGES.firstEvent);
		const output = await person.execute(page);
		assert.ok(!(await person.hasProblem(page)), output);
		const { events, people } = await controlOf(simulator)('state');
		const [event] = events.filter(({ summary }) => summary === PAGES.firstEvent);
		assert.equal(people.find(({ unionId }) => unionId === event?.organizer)?.name, USER);
	});
}

async function checkStored(rest, workflowId, page) {
	await step('n8n keeps the refresh token, an empty code, and no execution of the sign-in', page, async () => {
		const [{ id }] = await rest.credentials();
		const { data } = await rest.call('GET', `/rest/credentials/${id}?includeData=true`);
		assert.equal(data.authorizationCode, '');
		// n8n hides the value; that there is one shows.
		assert.match(data.refreshToken, /__n8n_BLANK_VALUE/);
		assert.doesNotMatch(JSON.stringify(data), SECRET);
		assert.deepEqual(await rest.executions(workflowId), []);
	});
}

await inFreshN8n(
	async ({ page, url, simulator, rest }) => {
		const { id } = await rest.createWorkflow(example);
		await rest.activate(id);
		const address = `${url}/webhook/dingtalk-sign-in`;
		await waitForAddress(address);
		const code = await getCode(page, address, simulator);
		await person.newWorkflow(page, url);
		await person.addTrigger(page, 'manual', 'Trigger manually');
		await person.addAction(page, language === 'en' ? 'dingtalk' : '日程', NODE, say('Create an event'));
		await connect(page, simulator, code);
		await checkStored(rest, id, page);
		await firstEvent(page, simulator);
	},
	undefined,
	{ language },
).catch((error) => {
	if (failed === 0) throw error;
});
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/**
 * The editor as a person sees it: every label beside the declared one, an event created by keyboard alone, the credential and
 * the triggers before their first use, a narrow window, the icons at their smallest, and the first event counted beside n8n's
 * own calendar nodes. Pictures go to `.cache/browser/editor`.
 *
 * `npm run test:browser`, or in part: `node test/browser/editor.mjs [--n8n=VERSION] [PART …]`
 */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inFreshN8n, openNode } from '../../tools/browser/editor.mjs';
import { closePanel } from '../../tools/browser/person.mjs';
import { byTestId } from '../../tools/browser/shot.mjs';
import { simulatorCredential } from '../../tools/simulator.mjs';
import { testCredential } from './editor/credential.mjs';
import { createByKeyboard } from './editor/keyboard.mjs';
import { compareLabels, everyField } from './editor/labels.mjs';
import { compareFirstEvents } from './editor/race.mjs';
import { testPolling, testStream, testWebhook } from './editor/triggers.mjs';

const PARTS = ['icons', 'race', 'keyboard', 'credential', 'triggers', 'narrow', 'labels'];
const NARROW = { width: 1100, height: 900 };

const given = process.argv.slice(2);
const version = given.find((one) => one.startsWith('--n8n='))?.slice('--n8n='.length);
const chosen = given.filter((one) => !one.startsWith('--'));
const unknown = chosen.filter((part) => !PARTS.includes(part));
if (unknown.length > 0) throw new Error(`No part ${unknown.join(', ')}; there are ${PARTS.join(', ')}`);
const isWanted = (part) => chosen.length === 0 || chosen.includes(part);

const pictures = join(import.meta.dirname, '../../.cache/browser/editor');
mkdirSync(pictures, { recursive: true });

let passed = 0;
let failed = 0;

/** A fault ends its part only: each begins with the workflow opened anew. */
async function step(what, page, work) {
	const start = Date.now();
	const seconds = () => `${((Date.now() - start) / 1000).toFixed(1)} s`;
	try {
		await work();
		passed += 1;
		console.log(`ok     ${what} (${seconds()})`);
		return true;
	} catch (error) {
		failed += 1;
		const path = join(pictures, `failed-${failed}.png`);
		await page.screenshot({ path });
		console.log(
			`FAILED ${what} (${seconds()})\n${String(error.message).replace(/^/gm, '         ')}\n         ${path}`,
		);
		return false;
	}
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

async function narrow(page, shoot) {
	const wide = page.viewportSize();
	for (const name of ['event.create', 'event.book', 'freeBusy.findSlots', 'attendee.add']) {
		await openNode(page, name);
		await page.setViewportSize(NARROW);
		await shoot(`narrow-${name}`);
		const cut = await findCut(page);
		await page.setViewportSize(wide);
		await closePanel(page);
		assert.deepEqual([name, cut], [name, []]);
	}
}

/** Drawn at 16 px and four times enlarged, to be looked at. */
async function drawIcons(browser) {
	const page = await browser.newPage({ viewport: { width: 160, height: 80 }, deviceScaleFactor: 4 });
	const image = (file, color) => {
		const svg = readFileSync(join(import.meta.dirname, '../../icons', file)).toString('base64');
		return `<div style="background:${color};padding:32px"><img width="16" height="16" src="data:image/svg+xml;base64,${svg}"></div>`;
	};
	await page.setContent(
		`<body style="margin:0;display:flex">${image('dingtalk.svg', '#fff')}${image('dingtalk.dark.svg', '#2d2e2e')}</body>`,
	);
	await page.screenshot({ path: join(pictures, 'icons.png') });
	await page.close();
}

const prepare = async (n8n, simulator) => {
	await n8n.importCredential(simulatorCredential(simulator));
	await n8n.importWorkflows([everyField]);
};

await inFreshN8n(
	async ({ page, browser, url, simulator }) => {
		const openAll = async () => {
			await page.goto(`${url}/workflow/${everyField.id}`, { waitUntil: 'domcontentloaded' });
			await page.waitForSelector(byTestId('canvas-node'));
		};
		const shoot = async (name) => await page.screenshot({ path: join(pictures, `${name}.png`) });
		const part = async (name, what, work) => {
			if (!isWanted(name)) return;
			await openAll();
			await step(what, page, work);
		};
		// First, because n8n saves by itself what the other parts choose, and the labels are those of new nodes.
		if (isWanted('labels')) {
			await openAll();
			await compareLabels(page, async (...one) => {
				if (!(await step(...one))) await openAll();
			});
		}
		await part('icons', 'the icons are drawn at 16 px', async () => await drawIcons(browser));
		await part('race', 'the first event takes no more clicks and keys than elsewhere, as the docs say', async () => {
			await compareFirstEvents({ page, url });
		});
		await part('keyboard', 'an event is created by keyboard alone', async () => {
			await createByKeyboard({ page, url, simulator });
		});
		await part('credential', 'the credential names a wrong secret, and what an app needs', async () => {
			await testCredential({ page, node: 'event.get', shoot });
		});
		for (const [what, kind, test] of [
			['a sample at once, and how to wait for a change', '', testStream],
			['an event at once when polled', 'Polling', testPolling],
			['how to test over HTTP', 'Webhook', testWebhook],
		])
			await part('triggers', `a trigger shows ${what}`, async () => {
				await test({ page, name: `dingTalkCalendar${kind}Trigger`, shoot });
			});
		await part('narrow', 'nothing is cut in a window of 1,100 px', async () => await narrow(page, shoot));
	},
	prepare,
	{ version },
);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** Pictures of a node's panel in a running n8n: its parameters (scrolled to the end), and its output after a run. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { installOnce } from '../install.mjs';
import { OWNER } from '../n8n/rest.mjs';
import { program } from '../services/program.mjs';

export const byTestId = (...ids) => ids.map((id) => `[data-test-id="${id}"]`).join(', ');

/** Debian's Chromium, installed where we may. */
export async function openBrowser() {
	installOnce(import.meta.dirname);
	const { chromium } = await import('playwright-core');
	return await chromium.launch({
		executablePath: program('chromium', 'chromium'),
		args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
	});
}

export async function shootNode(page, nodeName, folder) {
	mkdirSync(folder, { recursive: true });
	const shoot = async (name) => {
		// Let animations finish, and no button look pressed.
		await page.mouse.move(0, 0);
		await page.waitForTimeout(2000);
		const path = join(folder, `${name}.png`);
		await page.screenshot({ path });
		console.log(path);
	};
	await shoot('canvas');
	await page.locator(`[data-test-id="canvas-node"][data-node-name="${nodeName}"]`).dblclick();
	await page.waitForSelector(byTestId('node-execute-button'));
	await shootParameters(page, shoot);
	await page.click(byTestId('node-execute-button'));
	await page.waitForSelector(byTestId('ndv-items-count', 'node-error-message', 'ndv-data-container'));
	await shoot('after');
}

export async function signIn(page, url) {
	await page.goto(`${url}/signin`, { waitUntil: 'domcontentloaded' });
	await page.fill('input[name=emailOrLdapLoginId]', OWNER.email);
	await page.fill('input[type=password]', OWNER.password);
	await page.click(byTestId('form-submit-button'));
	await page.waitForURL((address) => !address.pathname.includes('signin'));
}

async function shootParameters(page, shoot) {
	await shoot('before-1');
	for (let number = 2; await scrollOn(page); number += 1) await shoot(`before-${number}`);
}

/** Scrolls the parameter list one view further; false at its end. */
const scrollOn = (page) =>
	page.evaluate(() => {
		let list = document.querySelector('[data-test-id^="parameter-input"]');
		while (list && !(/auto|scroll/.test(getComputedStyle(list).overflowY) && list.scrollHeight > list.clientHeight)) {
			list = list.parentElement;
		}
		if (!list) return false;
		const before = list.scrollTop;
		list.scrollTop += list.clientHeight * 0.9;
		return list.scrollTop > before;
	});

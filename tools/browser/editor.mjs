/** The packed package in the newest n8n, connected to the simulator, with a browser signed in. Leaves nothing running. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { versions } from '../n8n/ensure.mjs';
import { N8n } from '../n8n/n8n.mjs';
import { packInto } from '../pack.mjs';
import { simulatorCredential, startSimulator } from '../simulator.mjs';
import { openBrowser, signIn } from './shot.mjs';

export const NODE_TYPE = 'n8n-nodes-dingtalk-calendar.dingTalkCalendar';

const VIEWPORT = { width: 1600, height: 1400 };

/** `makeWorkflow` is given the credential that its nodes refer to; `work` gets the open workflow. */
export async function inEditor(makeWorkflow, work) {
	const temporary = mkdtempSync(join(tmpdir(), 'editor-'));
	const started = [];
	try {
		const simulator = await startSimulator();
		started.push(simulator);
		const n8n = new N8n(versions[0], join(temporary, 'user'), packInto(temporary));
		const credential = simulatorCredential(simulator.value);
		await n8n.importCredential(credential);
		const workflow = makeWorkflow({ dingTalkCalendarApi: { id: credential.id, name: credential.name } });
		const id = await n8n.importWorkflow('shownWorkflow1', workflow);
		const server = await n8n.start();
		started.push(server);
		const browser = await openBrowser();
		started.push({ stop: () => browser.close() });
		const page = await browser.newPage({ viewport: VIEWPORT });
		page.setDefaultTimeout(60_000);
		await signIn(page, server.url);
		await page.goto(`${server.url}/workflow/${id}`, { waitUntil: 'domcontentloaded' });
		await page.waitForSelector('[data-test-id="canvas-node"]');
		await work({ page, browser, workflow, simulator: simulator.value });
	} finally {
		for (const { stop } of started.reverse()) await stop();
		rmSync(temporary, { recursive: true, force: true });
	}
}

export async function openNode(page, name) {
	await page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`).dblclick({ force: true });
	await page.waitForSelector('[data-test-id="node-execute-button"]');
	await page.waitForTimeout(900);
}

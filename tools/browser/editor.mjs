/** The packed package in the newest n8n, the simulator, and a browser that is signed in. Leaves nothing running. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { versions } from '../n8n/ensure.mjs';
import { N8n } from '../n8n/n8n.mjs';
import { inEdition } from '../demo/parts.mjs';
import { packInto } from '../pack.mjs';
import { simulatorCredential, startSimulator } from '../simulator.mjs';
import { openBrowser, signIn } from './shot.mjs';

export const NODE_TYPE = 'n8n-nodes-dingtalk-calendar.dingTalkCalendar';

/** The import puts the simulator's credential in its place. */
const CREDENTIALS = { dingTalkCalendarApi: { id: '', name: '' } };

const VIEWPORT = { width: 1600, height: 1400 };

/** Where the people in the pictures work; "10:00" in a field means their morning. */
const TIME_ZONE = 'Asia/Shanghai';

/** The edition that a script was started for: `--lang zh` for the Chinese one. Takes it off the arguments. */
export function takeLanguage(args) {
	const place = args.indexOf('--lang');
	const [language] = place < 0 ? ['en'] : args.splice(place, 2).slice(1);
	if (!['en', 'zh'].includes(language)) throw new Error('--lang is en or zh');
	return language;
}

/** What the edition of a language says for an English text. */
export function wordsOf(language) {
	if (language === 'en') return (text) => text;
	const texts = JSON.parse(readFileSync(join(import.meta.dirname, '../../locales/zh-CN.json'), 'utf8'));
	return (text) => {
		if (!Object.hasOwn(texts, text)) throw new Error(`locales/zh-CN.json has no '${text}'`);
		return texts[text];
	};
}

/** What a browser asks for whose user reads this language. */
const LOCALES = { en: 'en-US', zh: 'zh-CN' };

/**
 * A new n8n with the edition of a language and nothing else. `prepare` may import into it before it starts; its result goes
 * to `work`.
 */
export async function inFreshN8n(
	work,
	prepare = async () => undefined,
	{ version = versions[0], language = 'en' } = {},
) {
	const temporary = mkdtempSync(join(tmpdir(), 'editor-'));
	const started = [];
	try {
		const simulator = await startSimulator();
		started.push(simulator);
		const n8n = new N8n(version, join(temporary, 'user'), packInto(temporary, language), {
			GENERIC_TIMEZONE: TIME_ZONE,
		});
		const prepared = await prepare(n8n, simulator.value);
		const server = await n8n.start();
		started.push(server);
		const browser = await openBrowser();
		started.push({ stop: () => browser.close() });
		const page = await browser.newPage({ viewport: VIEWPORT, locale: LOCALES[language] });
		page.setDefaultTimeout(60_000);
		await signIn(page, server.url);
		await work({ page, browser, url: server.url, rest: server.rest, simulator: simulator.value, prepared });
	} finally {
		for (const { stop } of started.reverse()) await stop();
		rmSync(temporary, { recursive: true, force: true });
	}
}

/** `makeWorkflow` is given what its nodes refer to as their credential; `work` gets the open workflow. */
export async function inEditor(makeWorkflow, work, language = 'en') {
	const prepare = async (n8n, simulator) => {
		await n8n.importCredential(simulatorCredential(simulator));
		const workflow = JSON.parse(inEdition(JSON.stringify(makeWorkflow(CREDENTIALS)), language));
		const id = 'shownWorkflow1';
		await n8n.importWorkflows([{ ...workflow, id }]);
		return { workflow, id };
	};
	await inFreshN8n(
		async ({ page, prepared, url, ...others }) => {
			await page.goto(`${url}/workflow/${prepared.id}`, { waitUntil: 'domcontentloaded' });
			await page.waitForSelector('[data-test-id="canvas-node"]');
			await work({ page, workflow: prepared.workflow, url, ...others });
		},
		prepare,
		{ language },
	);
}

export async function openNode(page, name) {
	await page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`).dblclick({ force: true });
	const panel = '[data-test-id="node-parameters"]';
	await page.waitForSelector(panel);
	// It slides in, and n8n draws its fields in several steps.
	await page.waitForFunction(async (selector) => {
		const look = () => {
			const shown = document.querySelector(selector);
			if (!shown) return undefined;
			const { x, y, width } = shown.getBoundingClientRect();
			return [x, y, width, shown.scrollHeight, shown.querySelectorAll('*').length].join();
		};
		const before = look();
		for (let frame = 0; frame < 10; frame += 1) {
			await new Promise(requestAnimationFrame);
			if (look() !== before) return false;
		}
		return before !== undefined;
	}, panel);
}

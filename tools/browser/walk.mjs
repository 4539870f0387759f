/**
 * Takes the pictures of the documentation on a walk through the editor: searches the organizer in the list, runs, makes a
 * mistake and reads the message, looks at the credential, finds a free time, looks at the trigger.
 *
 * `npm run screenshots`, or `node tools/browser/walk.mjs [FOLDER] [--lang zh]`
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureChineseFont } from './chineseFont.mjs';
import { inEditor, NODE_TYPE, openNode, takeLanguage, wordsOf } from './editor.mjs';
import { chooseFromList, closePanel, execute, write } from './person.mjs';
import { byTestId } from './shot.mjs';

const options = process.argv.slice(2);
const language = takeLanguage(options);
const [folder = { en: 'docs/images', zh: 'locales/zh-CN/images' }[language]] = options;
const say = wordsOf(language);
mkdirSync(folder, { recursive: true });
ensureChineseFont();

/** What the person who walks here writes. */
const TEXTS = {
	en: {
		workflow: 'Meetings',
		start: 'When clicking Execute',
		planning: 'Weekly planning',
		book: 'Book a room',
		find: 'Find a time',
		create: 'Create the meeting',
		review: 'Review',
		answers: 'Who has answered',
	},
	zh: {
		workflow: '会议',
		start: '点击执行时',
		planning: '每周例会',
		book: '预订会议室',
		find: '查找时间',
		create: '创建会议',
		review: '评审会',
		answers: '谁已答复',
	},
}[language];

const HOST = { mode: 'mobile', value: '13857130207', __rl: true };
const WHOLE_PANEL = { x: 20, y: 20, width: 1560, height: 1100 };
const UPPER_PANEL = { ...WHOLE_PANEL, height: 780 };

const RULE = {
	frequency: 'weekly',
	interval: 1,
	daysOfWeek: ['monday'],
	firstDayOfWeek: 'monday',
	ends: 'onDate',
	until: '2027-02-01T00:00:00',
};

const STEPS = {
	[TEXTS.planning]: {
		at: [300, 0],
		parameters: {
			resource: 'event',
			operation: 'create',
			summary: TEXTS.planning,
			start: '2026-12-14T10:00:00',
			end: '2026-12-14T11:00:00',
			additionalFields: { attendees: '林晓彤, 王建国', recurrence: { rule: RULE } },
		},
	},
	[TEXTS.book]: {
		at: [600, 0],
		parameters: {
			resource: 'meetingRoom',
			operation: 'book',
			user: HOST,
			eventId: { mode: 'id', value: '={{ $json.id }}', __rl: true },
		},
	},
	[TEXTS.find]: {
		at: [300, 220],
		parameters: {
			resource: 'freeBusy',
			operation: 'findSlots',
			user: HOST,
			attendees: '林晓彤, 王建国, 李文博',
			timeMin: '2026-12-14T00:00:00',
			timeMax: '2026-12-19T00:00:00',
			roomChoice: 'any',
			results: 1,
		},
	},
	[TEXTS.create]: {
		at: [600, 220],
		parameters: {
			resource: 'event',
			operation: 'create',
			user: HOST,
			summary: TEXTS.review,
			start: '={{ $json.start }}',
			end: '={{ $json.end }}',
		},
	},
	[TEXTS.answers]: {
		at: [300, 440],
		parameters: {
			resource: 'response',
			operation: 'getSummary',
			user: HOST,
			eventId: { mode: 'id', value: '={{ $json.event.id }}', __rl: true },
		},
	},
};

const START = {
	name: TEXTS.start,
	type: 'n8n-nodes-base.manualTrigger',
	position: [0, 110],
	parameters: {},
};
const STREAM = {
	name: say('DingTalk Calendar Trigger'),
	type: `${NODE_TYPE}Trigger`,
	position: [0, 440],
	parameters: { whenTesting: 'sample' },
};

const CONNECTIONS = {
	[START.name]: [TEXTS.planning, TEXTS.find],
	[TEXTS.planning]: [TEXTS.book],
	[TEXTS.find]: [TEXTS.create],
	[STREAM.name]: [TEXTS.answers],
};

const workflow = (credentials) => ({
	name: TEXTS.workflow,
	nodes: [
		{ ...START, id: 'start', typeVersion: 1 },
		{ ...STREAM, id: 'stream', typeVersion: 1, credentials },
		...Object.entries(STEPS).map(([name, { at, parameters }]) => ({
			id: name,
			name,
			type: NODE_TYPE,
			typeVersion: 1,
			position: at,
			parameters,
			credentials,
		})),
	],
	connections: Object.fromEntries(
		Object.entries(CONNECTIONS).map(([from, to]) => [
			from,
			{ main: [to.map((node) => ({ node, type: 'main', index: 0 }))] },
		]),
	),
	settings: { executionOrder: 'v1', timezone: 'Asia/Shanghai' },
});

const listItems = byTestId('rlc-item');

const walk = async ({ page }) => {
	const shoot = async (name, clip = WHOLE_PANEL) => {
		// Let animations finish, and no button look pressed.
		await page.mouse.move(0, 0);
		await page.waitForTimeout(1500);
		await page.screenshot({ path: join(folder, `${name}.png`), clip });
		console.log(name);
	};

	const shootPeople = async () => {
		await page.locator(byTestId('resource-locator-user')).first().locator('input').last().click();
		await page.waitForSelector(listItems);
		const namesInList = async () => (await page.locator(listItems).allInnerTexts()).join();
		const before = await namesInList();
		await page.locator('[data-test-id="rlc-search"] input, input[data-test-id="rlc-search"]').first().fill('chen');
		await page.waitForFunction(
			([items, text]) => {
				const shown = [...document.querySelectorAll(items)].map((item) => item.innerText).join();
				return shown.includes('陈志远') && shown !== text;
			},
			[listItems, before],
		);
		await shoot('people-search');
		await page.locator(listItems).filter({ hasText: '陈志远' }).first().click();
	};

	const shootMistake = async () => {
		await write(page, 'end', '2026-12-14 09:00:00');
		await execute(page);
		await shoot('error');
		await write(page, 'end', '2026-12-14 11:00:00');
	};

	const shootCredential = async () => {
		await page.click(byTestId('credential-edit-button'));
		const dialog = page.locator(byTestId('editCredential-modal'));
		await dialog.waitFor();
		await dialog.getByText('Connection tested successfully').waitFor();
		await shoot('credential', await dialog.boundingBox());
	};

	await openNode(page, TEXTS.planning);
	await shootPeople();
	await execute(page);
	await page.locator(byTestId('output-panel')).getByText('Schema').click();
	await shoot('event-create');
	await shootMistake();
	await closePanel(page);

	await openNode(page, TEXTS.book);
	await chooseFromList(page, 'rooms', say('{1} seats').replace('{1} ', ''));
	await execute(page);
	await shoot('room-booked', UPPER_PANEL);
	await closePanel(page);

	await openNode(page, TEXTS.find);
	await execute(page);
	await shoot('find-slots', UPPER_PANEL);
	await closePanel(page);

	await openNode(page, STREAM.name);
	await execute(page);
	await shoot('stream-trigger', UPPER_PANEL);
	await shootCredential();
};

await inEditor(workflow, walk, language);

// The pictures of the sign-in are made on the walk that tests it.
const signIn = join(import.meta.dirname, '../../test/browser/signIn.mjs');
process.exitCode = spawnSync(process.execPath, [signIn, folder, '--lang', language], { stdio: 'inherit' }).status ?? 1;

/**
 * A newcomer's path, as README describes it: a new n8n, nothing imported, everything done with mouse and keyboard.
 * What has come of it is read on the screen and in the simulator. `npm run test:browser`; the Chinese edition with `--lang zh`.
 */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { inFreshN8n, openNode, takeLanguage, wordsOf } from '../../tools/browser/editor.mjs';
import * as person from '../../tools/browser/person.mjs';
import { byTestId } from '../../tools/browser/shot.mjs';
import { controlOf } from '../../tools/simulator.mjs';

const HOST = '陈志远';
const COLLEAGUES = ['林晓彤', '王建国'];
const language = takeLanguage(process.argv.slice(2));
const say = wordsOf(language);
const NODE = say('DingTalk Calendar');
const TITLE = language === 'en' ? 'Weekly planning' : '每周例会';
const CHANGED_TITLE = language === 'en' ? 'Weekly planning and lunch' : '每周例会和午餐';
/** A Monday, and the last day of the series; far enough ahead that it never lies in the past, near enough for the list. */
const monday = mondayAfter(new Date());
const until = daysLater(monday, 49);

const MINUTES_OF_A_PERSON = 5;
const pictures = join(import.meta.dirname, '../../.cache/browser');

let passed = 0;
let failed = 0;

function mondayAfter(day) {
	const days = ((8 - day.getUTCDay()) % 7 || 7) + 7;
	return daysLater(day.toISOString().slice(0, 10), days);
}

function daysLater(date, days) {
	return new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Later steps stand on earlier ones, so the first fault ends the path. */
async function step(what, page, work) {
	const start = Date.now();
	try {
		await work();
	} catch (error) {
		failed += 1;
		mkdirSync(pictures, { recursive: true });
		const path = join(pictures, 'newcomer.png');
		await page.screenshot({ path });
		console.log(
			`FAILED ${what} (${seconds(start)})\n${error.message.replace(/^/gm, '         ')}\n         The screen then: ${path}`,
		);
		throw error;
	}
	passed += 1;
	console.log(`ok     ${what} (${seconds(start)})`);
}

const seconds = (start) => `${((Date.now() - start) / 1000).toFixed(1)} s`;

async function stateOf(simulator) {
	const { events, roomBookings, people } = await controlOf(simulator)('state');
	const own = events.filter(({ summary }) => summary.startsWith(TITLE));
	const nameOf = (unionId) => people.find((one) => one.unionId === unionId)?.name;
	return { own, roomBookings, nameOf };
}

async function connect(page, simulator) {
	const dialog = page.locator(byTestId('editCredential-modal'));
	await step('the credential dialog opens from the node', page, async () => {
		await page.getByRole('button', { name: `Connect to ${NODE}` }).click();
		await dialog.waitFor();
	});
	const save = dialog.locator(byTestId('credential-save-button'));
	await step('a wrong secret is refused in words that name the field', page, async () => {
		await person.choose(page, dialog, 'region', new RegExp(`^${say('Custom')}`));
		await person.writeInto(dialog, 'baseUrl', simulator);
		await person.writeInto(dialog, 'clientId', 'sim-internal');
		await person.writeInto(dialog, 'clientSecret', 'not-the-secret');
		await save.click();
		await dialog.getByText('More details').click();
		await page
			.getByText(say("{1} does not accept the 'Client ID' or 'Client Secret'").replace('{1}', '').trim())
			.first()
			.waitFor();
	});
	await step('the right secret is accepted', page, async () => {
		await person.writeInto(dialog, 'clientSecret', 'sim-secret');
		await save.click();
		await dialog.waitFor({ state: 'hidden' });
	});
}

async function createWeekly(page, simulator) {
	await step('the organizer is found in the list by a part of the name', page, async () => {
		await person.chooseFromList(page, 'user', HOST, HOST.slice(0, 2));
	});
	await step('title, times, two people by name and a weekly rule with a last day are filled in', page, async () => {
		await person.write(page, 'summary', TITLE);
		await person.write(page, 'start', `${monday} 10:00:00`);
		await person.write(page, 'end', `${monday} 11:00:00`);
		await person.addField(page, say('Attendees'));
		await person.write(page, 'attendees', COLLEAGUES.join(', '));
		await person.addField(page, say('Repeat'));
		await page.getByRole('button', { name: say('Add Rule') }).click();
		await person.choose(page, page, 'ends', say('On a Date'));
		await person.write(page, 'until', `${until} 00:00:00`);
	});
	await step('the output shows the event with its people', page, async () => {
		const output = await person.execute(page);
		for (const text of [TITLE, `${monday}T10:00:00+08:00`, HOST, ...COLLEAGUES])
			assert.ok(output.includes(text), output);
		assert.match(
			output,
			language === 'en' ? /This run used 1 call of your monthly DingTalk quota/ : /本次运行用了 ?1 ?次/,
		);
	});
	await step('DingTalk has one weekly series with both people', page, async () => {
		const { own, nameOf } = await stateOf(simulator);
		assert.equal(own.length, 1);
		const [{ attendees, recurrence }] = own;
		assert.deepEqual([recurrence.pattern.type, recurrence.pattern.daysOfWeek], ['weekly', 'monday']);
		assert.ok(recurrence.range.endDate.startsWith(until), JSON.stringify(recurrence));
		const names = attendees.map(({ unionId }) => nameOf(unionId));
		assert.deepEqual(
			COLLEAGUES.filter((name) => !names.includes(name)),
			[],
		);
	});
	await person.closePanel(page);
}

async function bookRoom(page, simulator) {
	await step('a second node, found by 日程, offers to book rooms', page, async () => {
		await person.addAction(page, '日程', NODE, say('Book meeting rooms for an event'));
		await person.chooseFromList(page, 'user', HOST, HOST.slice(0, 2));
	});
	await step('the list offers the series as a whole', page, async () => {
		const chosen = await person.chooseFromList(page, 'eventId', say('Whole series'));
		assert.match(chosen, new RegExp(TITLE));
	});
	await step('a room is chosen from the list and booked', page, async () => {
		await person.chooseFromList(page, 'rooms', say('{1} seats').replace('{1} ', ''));
		const output = await person.execute(page);
		assert.ok(!(await person.hasProblem(page)), output);
		assert.match(output, /accepted/);
	});
	await step('DingTalk has the room on the series', page, async () => {
		const { own, roomBookings } = await stateOf(simulator);
		const booked = roomBookings.filter(({ eventId }) => eventId === own[0].id);
		assert.deepEqual(
			booked.map(({ responseStatus }) => responseStatus),
			['accepted'],
		);
	});
	await person.closePanel(page);
}

async function changeTitle(page, simulator) {
	await step('a third node changes the title; its event is dragged from the input', page, async () => {
		await person.addAction(page, 'dingtalk', NODE, say('Update an event'));
		await person.chooseFromList(page, 'user', HOST, HOST.slice(0, 2));
		await person.dragInto(page, 'id', 'eventId');
		await person.addField(page, say('Title'));
		await person.write(page, 'summary', CHANGED_TITLE);
		const output = await person.execute(page);
		assert.match(output, new RegExp(CHANGED_TITLE));
	});
	await step('DingTalk has the new title, and still one event with its room', page, async () => {
		const { own, roomBookings } = await stateOf(simulator);
		assert.deepEqual(
			own.map(({ summary }) => summary),
			[CHANGED_TITLE],
		);
		assert.equal(roomBookings.filter(({ eventId }) => eventId === own[0].id).length, 1);
	});
	await person.closePanel(page);
}

async function makeMistake(page, simulator) {
	await step('an end before the start is refused in the words of the panel, and nothing is created', page, async () => {
		await openNode(page, say('Create an event'));
		await person.write(page, 'end', `${monday} 09:00:00`);
		const output = await person.execute(page);
		assert.ok(await person.hasProblem(page), output);
		assert.match(output, language === 'en' ? /'End' .*'Start'/ : /“结束时间”.*“开始时间”/);
		assert.equal((await stateOf(simulator)).own.length, 1);
	});
}

const begin = Date.now();
await inFreshN8n(
	async ({ page, url, simulator }) => {
		console.log(`       n8n, the package and a browser are ready (${seconds(begin)})`);
		const start = Date.now();
		await step('an empty workflow gets its first two nodes; ours is found by 钉钉', page, async () => {
			await person.newWorkflow(page, url);
			await person.addTrigger(page, 'manual', 'Trigger manually');
			await person.addAction(page, '钉钉', NODE, say('Create an event'));
		});
		await connect(page, simulator);
		await createWeekly(page, simulator);
		await bookRoom(page, simulator);
		console.log(
			`       a weekly meeting with two colleagues and a room after ${seconds(start)}; a person has ${MINUTES_OF_A_PERSON} minutes for it`,
		);
		await changeTitle(page, simulator);
		await makeMistake(page, simulator);
		console.log(`       the whole path took ${seconds(start)}`);
	},
	undefined,
	{ language },
).catch((error) => {
	if (failed === 0) throw error;
});
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

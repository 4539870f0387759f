/** Tests that the Chinese edition says everything in Chinese and does the same as the English one. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INodeParameters } from 'n8n-workflow';

import { findEnglish, stringsIn } from '../unit/locale/chineseTexts';
import { errorOf, hintsOf } from './harness';
import { CASES } from './support/cases';
import { ROWS, create, person } from './support/invalidRows';
import { useDesk } from './support/setup';
import { meteredBy } from './support/state';
import { readMeteredCalls } from '../../tools/report/meteredCalls.cjs';

const root = join(__dirname, '../..');
const catalogue = JSON.parse(readFileSync(join(root, 'locales/zh-CN.json'), 'utf8')) as Record<string, string>;
const NODE = 'n8n-nodes-dingtalk-calendar-zh.dingTalkCalendar';

const desk = useDesk({ packages: [join(root, 'dist-zh')] });
const run = async (parameters: INodeParameters) => await desk().runNode({ type: NODE, parameters });

describe('invalid input', () => {
	it.each(ROWS)('is explained in Chinese when given $says', async ({ parameters, field }) => {
		const error = errorOf((await run(parameters)).run);
		expect(error?.message.startsWith(`“${catalogue[field]}”`)).toBe(true);
		const entered = stringsIn(parameters).flatMap((text) => [text, text.replace(/^=\{\{ "?|"? \}\}$/g, '')]);
		expect([findEnglish(error?.message ?? '', entered), findEnglish(error?.description ?? '', entered)]).toEqual([
			undefined,
			undefined,
		]);
	});
});

/** What the events of these tests say, and values that workflows compare. */
const DATA = ['Holidays', 'Text', 'attendees', 'busy', 'subscribed'];

describe('a run', () => {
	it.each(Object.keys(CASES))('of %s says what it did and used in Chinese', async (name) => {
		const [resource, operation] = name.split('.');
		const [host] = desk().people;
		const parameters = { resource, operation, user: host.unionId, ...CASES[name](desk()) };
		const { items, run: done } = await run(parameters);
		expect(errorOf(done)).toBeUndefined();
		const hints = hintsOf(done, 'DingTalk Calendar').map(({ message }) => message);
		// What the demo adds up.
		expect(hints.reduce((sum, hint) => sum + readMeteredCalls(hint), 0)).toBe(await meteredBy(desk()));
		const shown = [...hints, ...stringsIn(items)];
		expect(shown.filter((text) => findEnglish(text))).toEqual([]);
		const parts = shown.flatMap((text) => text.split(/[\n;(),·]|<[^>]*>/).map((part) => part.trim()));
		expect(parts.filter((part) => part in catalogue && catalogue[part] !== part && !DATA.includes(part))).toEqual([]);
		for (const hint of hints) expect(hint).toMatch(/\p{Script=Han}/u);
	});
});

describe('an error of DingTalk', () => {
	it.each([
		['a lost connection', { do: 'dropBeforeCommit' }],
		['a page of a proxy', { do: 'html' }],
		['a used-up quota', { do: 'status', status: 403, code: 'Forbidden.AccessDenied.ApiCountLimitForOrg' }],
		['a missing permission', { do: 'status', status: 403, code: 'Forbidden.AccessDenied.AccessTokenPermissionDenied' }],
		['an unknown value', { do: 'status', status: 400, code: 'invalidParameter', message: '参数错误' }],
	])('is explained in Chinese: %s', async (_, fault) => {
		await desk().control('faults', { match: { path: '*/events' }, ...fault });
		const error = errorOf((await run(create({ user: person }))).run);
		expect(error?.message).toMatch(/\p{Script=Han}/u);
		expect([error?.message, error?.description].filter((text) => findEnglish(text ?? ''))).toEqual([]);
	});
});

/** n8n has one credential type of a name, that of the package it loads last; the node may be of the other one. */
describe.each([
	['the English credential', [join(root, 'dist-zh'), root]],
	['the Chinese credential', [root, join(root, 'dist-zh')]],
])('both editions in one n8n, with %s', (_, packages) => {
	const both = useDesk({ packages });
	const ENGLISH = 'n8n-nodes-dingtalk-calendar.dingTalkCalendar';

	it.each([
		['English', ENGLISH],
		['Chinese', NODE],
	])('run the same workflow: %s', async (_language, type) => {
		const { run: done, items } = await both().runNode({ type, parameters: create({ user: both().people[0].unionId }) });
		expect(errorOf(done)).toBeUndefined();
		expect(items[0]).toMatchObject({ summary: 'Meeting' });
		expect((await both().recorder.calls()).filter(({ metered }) => metered)).toHaveLength(1);
	});
});

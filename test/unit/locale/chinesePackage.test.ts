/** Holds that the Chinese package, as built, shows no English where the English one shows text. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NodeHelpers, type INodeType } from 'n8n-workflow';

import { api } from '../../../lib/dingtalk/endpoints';
import type { DingTalkError } from '../../../lib/dingtalk/errors/DingTalkError';
import type { explainRefusal as Explain } from '../../../lib/dingtalk/errors/catalog';
import type { createSampleChange as CreateSample } from '../../../lib/n8n/triggers/sampleChange';
import type { Catalogue } from '../../../lib/locale/catalogue';
import { withHome } from '../../../tools/build/home.cjs';
import { CODES } from '../../docs/errorsPage';
import { findEnglish, stringsIn } from './chineseTexts';

const HAN = /\p{Script=Han}/u;
const root = join(__dirname, '../../..');

const CLASSES = [
	'nodes/DingTalkCalendar/DingTalkCalendar.node',
	'nodes/DingTalkCalendarTrigger/DingTalkCalendarTrigger.node',
	'nodes/DingTalkCalendarPollingTrigger/DingTalkCalendarPollingTrigger.node',
	'nodes/DingTalkCalendarWebhookTrigger/DingTalkCalendarWebhookTrigger.node',
	'credentials/DingTalkCalendarApi.credentials',
	'credentials/DingTalkCalendarCallbackApi.credentials',
];

/** The texts with their links as the build fills them in. */
const withHomeOf = (json: string): Record<string, string> => JSON.parse(withHome(json)) as Record<string, string>;

/** Gives the modules of a built package by their paths. */
const modulesOf = (place: string): ((path: string) => object) => jest.requireActual(join(root, place, 'modules.js'));

describe('The Chinese package', () => {
	const load = <T extends object>(path: string): T => modulesOf('dist-zh/dist')(path) as T;

	it.each(CODES)("explains DingTalk's code %s %s in Chinese", (status, code) => {
		const { explainRefusal } = load<{ explainRefusal: typeof Explain }>('lib/dingtalk/errors/catalog');
		const { message, details } = explainRefusal({ status, code, text: '', scopes: [] }, api.getEvent);
		for (const text of [message, details.advice]) expect(text).toMatch(HAN);
		expect(findEnglish(`${message} ${details.advice}`.replace(api.getEvent.action, ''))).toBeUndefined();
	});

	it.each([
		['input', { status: 400, code: 'x', requestId: 'R-1' }],
		['input', { status: 502, isForeign: true }],
		['network', { code: 'ECONNRESET' }],
	] as const)(
		'ends the evidence of an error of the kind %s with a stop, as Chinese has no space there',
		(kind, answer) => {
			const { DingTalkError: Built } = load<{ DingTalkError: typeof DingTalkError }>(
				'lib/dingtalk/errors/DingTalkError',
			);
			expect(new Built({ kind, message: '', advice: '', ...answer }).rawResponse).toMatch(/^\p{Script=Han}.*。$/u);
		},
	);

	it.each(['created', 'updated', 'cancelled', 'responded', 'roomBooked', 'roomCancelled'])(
		'has a sample of the kind %s in which only IDs are English',
		(kind) => {
			const { createSampleChange } = load<{ createSampleChange: typeof CreateSample }>('lib/n8n/triggers/sampleChange');
			const options = { withEvent: true, rememberValues: true, zone: 'Asia/Shanghai', now: Date.parse('2026-03-02') };
			const texts = stringsIn(createSampleChange(kind, options));
			expect(texts.length).toBeGreaterThan(3);
			expect(texts.filter((text) => /sample /i.test(text))).toEqual([]);
		},
	);

	it.each(CLASSES)('shows exactly the texts of the catalogue in %s', (path) => {
		const shown = (modules: (path: string) => object): unknown => {
			const [Class] = Object.values(modules(path) as Record<string, new () => object>);
			// Links lead to the guide in the own language.
			return JSON.parse(JSON.stringify(new Class()).replace(/https:\/\/[^'"\\\s]+/g, ''));
		};
		jest.isolateModules(() => {
			// The English package, with all texts of the catalogue, before any other module has read them.
			const english = modulesOf('dist');
			const { catalogue } = english('lib/locale/catalogue') as { catalogue: Catalogue };
			const texts = new Map(Object.entries(withHomeOf(readFileSync(join(root, 'locales/zh-CN.json'), 'utf8'))));
			Object.assign(catalogue, { language: 'zh-CN', texts });
			expect(shown(modulesOf('dist-zh/dist'))).toEqual(shown(english));
		});
	});

	it.each(CLASSES)('shows no English in %s', (file) => {
		const [Class] = Object.values(load<Record<string, new () => object>>(file));
		const shown = stringsIn(new Class()).filter((text) => !/^=|^file:|^https:/.test(text));
		expect(shown.some((text) => HAN.test(text))).toBe(true);
		expect(shown.filter((text) => findEnglish(text))).toEqual([]);
	});

	it('says where the node is a tool that its name needs Latin letters, as the English one does not', () => {
		jest.resetModules();
		const noticesOf = (place: string, name: string): string[] => {
			const [Class] = Object.values(modulesOf(place)(CLASSES[0]) as Record<string, new () => INodeType>);
			const description = { ...new Class().description, name };
			return description.properties
				.filter(({ type }) => type === 'notice')
				.filter((notice) => NodeHelpers.displayParameter({}, notice, { typeVersion: 1 }, description))
				.map(({ displayName }) => displayName);
		};
		expect(noticesOf('dist-zh/dist', 'dingTalkCalendarTool')).toEqual([expect.stringContaining('加上英文')]);
		expect(noticesOf('dist-zh/dist', 'dingTalkCalendar')).toEqual([]);
		expect(noticesOf('dist', 'dingTalkCalendarTool')).toEqual([]);
	});
});

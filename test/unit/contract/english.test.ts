/** Holds that the package shows its users English only, while it still reads what they type in Chinese. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

import { DingTalkCalendarApi } from '../../../credentials/DingTalkCalendarApi.credentials';
import { DingTalkCalendarCallbackApi } from '../../../credentials/DingTalkCalendarCallbackApi.credentials';
import { DingTalkCalendar } from '../../../nodes/DingTalkCalendar/DingTalkCalendar.node';
import { DingTalkCalendarPollingTrigger } from '../../../nodes/DingTalkCalendarPollingTrigger/DingTalkCalendarPollingTrigger.node';
import { DingTalkCalendarTrigger } from '../../../nodes/DingTalkCalendarTrigger/DingTalkCalendarTrigger.node';
import { DingTalkCalendarWebhookTrigger } from '../../../nodes/DingTalkCalendarWebhookTrigger/DingTalkCalendarWebhookTrigger.node';
import { readBoolean } from '../../../lib/n8n/fields/primitives';

const root = join(__dirname, '../../..');
const HAN = /\p{Script=Han}/u;

/** Every text inside a value, with the way to it. */
function textsIn(value: unknown, path = ''): string[] {
	if (typeof value === 'string') return [`${path}: ${value}`];
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([key, inner]) => textsIn(inner, `${path}.${key}`));
}

describe('What the editor shows', () => {
	it.each([
		new DingTalkCalendar().description,
		new DingTalkCalendarTrigger().description,
		new DingTalkCalendarPollingTrigger().description,
		new DingTalkCalendarWebhookTrigger().description,
		new DingTalkCalendarApi(),
		new DingTalkCalendarCallbackApi(),
	])('of $displayName is in English', (shown) => {
		const texts = textsIn(shown);
		expect(texts.length).toBeGreaterThan(10);
		expect(texts.filter((text) => HAN.test(text))).toEqual([]);
	});
});

/** The texts of a source file that could become a message: those in quotes, not comments or patterns of what is read. */
function quotedIn(source: string): string[] {
	const found: string[] = [];
	const visit = (node: ts.Node): void => {
		if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
			found.push(node.text);
		ts.forEachChild(node, visit);
	};
	visit(ts.createSourceFile('source.ts', source, ts.ScriptTarget.ES2022, true));
	return found;
}

function chineseIn(file: string): string[] {
	const source = readFileSync(join(root, file), 'utf8');
	return HAN.test(source) ? quotedIn(source).filter((text) => HAN.test(text)) : [];
}

describe('The texts of the sources', () => {
	const sources = ['lib', 'nodes', 'credentials'].flatMap((folder) =>
		readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
			.filter((name) => name.endsWith('.ts'))
			.map((name) => `${folder}/${name}`),
	);

	it('are Chinese only in agendas and dates whose language is Chinese, and in the words that are read', () => {
		expect(sources.length).toBeGreaterThan(100);
		expect(sources.filter((file) => chineseIn(file).length > 0).sort()).toEqual([
			'lib/dingtalk/agenda/render.ts',
			'lib/locale/dates.ts',
			'lib/n8n/fields/primitives.ts',
		]);
		expect(chineseIn('lib/n8n/fields/primitives.ts')).toEqual(['是', '否']);
	});

	it.each(["throw new Error('会议');", 'const text = `${count} 个会议`;', 'const text = `会议 ${a} b`;'])(
		'are found in %s',
		(source) => expect(quotedIn(source).some((text) => HAN.test(text))).toBe(true),
	);
});

it.each([
	['是', true],
	['否', false],
])('reads %s as %p', (typed, expected) => expect(readBoolean(typed, 'All Day')).toBe(expected));

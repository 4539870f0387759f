/** Checks the pages of the Chinese edition: links, emphasis, labels, and recipes that say what the English ones say. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { anchorOf } from '../../docs/anchor';
import { resources } from '../../../nodes/DingTalkCalendar/resources';
import { labels } from './labels';

const root = join(__dirname, '../../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const chinese = JSON.parse(read('locales/zh-CN.json')) as Record<string, string>;

const FOLDER = 'locales/zh-CN';
const pages = readdirSync(join(root, FOLDER), { recursive: true, encoding: 'utf8' })
	.filter((name) => name.endsWith('.md'))
	.map((name) => join(FOLDER, name));

interface Example {
	name: string;
	nodes: Array<{ name: string; type: string; parameters: { content?: string } }>;
}
const exampleOf = (file: string): Example => JSON.parse(read(join(FOLDER, 'examples', file))) as Example;
const examples = readdirSync(join(root, FOLDER, 'examples')).map((file) => ({ file, ...exampleOf(file) }));
const isNote = ({ type }: { type: string }): boolean => type === 'n8n-nodes-base.stickyNote';

const withoutCode = (text: string): string => text.replace(/^ {4}.*$/gm, '').replace(/`[^`]*`/g, '``');

/** Addresses outside are left alone: a test must not depend on them. */
const linksOf = (text: string): string[] =>
	[...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target).filter((target) => !/^[a-z]+:/.test(target));

function isThere(page: string, link: string): boolean {
	const [path, anchor] = link.split('#');
	const file = path === '' ? page : join(dirname(page), decodeURI(path));
	if (!existsSync(join(root, file))) return false;
	if (anchor === undefined) return true;
	const text = read(file);
	const headlines = [...text.matchAll(/^#+ (.+)$/gm)].map(([, headline]) => anchorOf(headline));
	return headlines.includes(decodeURI(anchor)) || text.includes(`<a id="${anchor}">`);
}

/** Markdown takes no `**` for emphasis that has punctuation inside and a letter outside, as Chinese without spaces may. */
const unshown = (text: string): string[] => {
	const parts = withoutCode(text).split('**');
	return parts.filter((part, index) => {
		if (index % 2 === 0) return false;
		const [before, after] = [parts[index - 1], parts[index + 1] ?? ''];
		return (
			(/^\p{P}/u.test(part) && /[\p{L}\p{N}]$/u.test(before)) || (/\p{P}$/u.test(part) && /^[\p{L}\p{N}]/u.test(after))
		);
	});
};

describe('The Chinese documentation', () => {
	it.each(pages)('links in %s only to existing files and headings', (page) => {
		expect(linksOf(read(page)).filter((link) => !isThere(page, link))).toEqual([]);
	});

	it.each(pages)('has no asterisks in %s that Markdown would show', (page) => {
		expect(unshown(read(page))).toEqual([]);
	});

	it('mentions each example by its name', () => {
		const text = pages.map(read).join('\n');
		expect(examples.filter(({ file }) => !text.includes(`examples/${file})`)).map(({ file }) => file)).toEqual([]);
	});

	it('would notice a wrong link and asterisks that are shown', () => {
		expect(isThere(pages[0], '#不存在')).toBe(false);
		expect(unshown('**上方：**在钉钉中。**好。** 与**“引号”**、**好**。')).toEqual(['上方：', '“引号”']);
	});
});

it.each(examples)('The note of the Chinese example $file has no asterisks that n8n would show', ({ nodes }) => {
	expect(nodes.filter(isNote).flatMap(({ parameters }) => unshown(parameters.content ?? ''))).toEqual([]);
});

const RECIPES = { english: 'docs/recipes', chinese: join(FOLDER, 'docs/recipes') };
const recipesIn = (folder: string): string[] => readdirSync(join(root, folder)).filter((name) => name !== 'README.md');
const recipes = recipesIn(RECIPES.english);

/** Only the English page of the sync says in words how its workflow works; the others leave that to the picture. */
const HOW = /^## (How it works|怎么做)\n/;
const sectionsOf = (text: string): string[] => text.split(/^(?=## )/m).filter((section) => !HOW.test(section));

const figuresOf = (text: string): string[] =>
	(text.replace(/\]\([^)]*\)/g, ']').match(/(?<![a-z])\d+(?:,\d{3})*(?:\.\d+)?/gi) ?? []).sort();

const linkedExample = (text: string): string | undefined => /examples\/([\w-]+\.json)\)/.exec(text)?.[1];

/** The words in bold, without those that begin a sentence, whole sentences and amounts. */
const boldOf = (text: string): string[] =>
	[
		...withoutCode(text)
			.replace(/\*\*(导入|解决什么问题|费用)\*\*/g, '')
			.matchAll(/\*\*([^*]+)\*\*/g),
	]
		.map(([, words]) => words)
		.filter((words) => !/。$|^[\d,]+( 次)?$/.test(words));

/** The words in quotes below the problem, in which people may be quoted. */
const quotedOf = (text: string): string[] =>
	[...withoutCode(text.replace(/^\*\*解决什么问题.*$/m, '')).matchAll(/“([^”]+)”/g)].map(([, words]) => words);

/** What n8n's editor, which has no Chinese, and its own nodes call things. */
const N8N = [
	...['+', 'Always Output Data', 'Authentication', 'Bearer Auth', 'Continue', 'Execute step', 'Executions'],
	...['Import from File', 'Install', 'Max Iterations', 'On Error', 'Production URL', 'Retry On Fail', 'Save', '⋯'],
	...['Settings', 'Community nodes', 'Set Manually', 'Tool Description', 'Trigger manually', 'Workflow settings'],
	...['AI Agent', 'Convert to File', 'Crypto', 'Extract From File', 'Filter', 'Form', 'Form Ending', 'If'],
	...['Loop Over Items', 'MCP Server Trigger', 'Page Type', 'Read/Write Files from Disk', 'Remove Duplicates'],
	...['Respond to Webhook', 'Schedule Trigger', 'Webhook', 'Google Sheets: Append Row', 'Google Sheets: Get Row(s)'],
];
/** What DingTalk's developer console and its groups call things. */
const DINGTALK = [
	...['Stream 模式', 'HTTP 推送', '事件订阅', '事件与回调', '保存', '凭证与基础信息', '加密 aes_key', '签名 token'],
	...['可见范围', '安全设置', '推送方式', '日程变更', '权限管理', '版本管理与发布', '请求网址', '验证连接通道'],
	...['加签', '自定义关键词', '自定义机器人'],
];
/** On the page of the example "Sign in a user". */
const SIGN_IN = ['用钉钉登录', '复制授权码'];
const EMPHASIS = ['添加的字段', '没有添加的字段', '最后一天包含在内', '发布工作流'];
/** Names that a user makes up, names of other editors, and what the node writes. */
const QUOTED = ['预览会议', '激活', '每月第一个星期一和星期二', '12月3日 周四 10:00'];

const known = new Set([
	...[...labels()].map((label) => chinese[label] ?? label),
	...examples.flatMap(({ nodes }) => nodes.map(({ name }) => name)),
	...[...N8N, ...DINGTALK, ...SIGN_IN, ...EMPHASIS, ...QUOTED],
]);
/** Of `日程 → 查询多个`, the operation must be one of that resource. */
function isKnown(words: string): boolean {
	const [first, second, ...rest] = words.split(/ → |：/);
	const resource = resources.find(({ name }) => chinese[name] === first);
	const ofResource = resource?.operations.map(({ name }) => chinese[name]);
	if (ofResource && second !== undefined) return rest.length === 0 && ofResource.includes(second);
	return [first, second ?? first, ...rest].every((part) => known.has(part));
}

const unknownIn = (text: string): string[] => [...boldOf(text), ...quotedOf(text)].filter((words) => !isKnown(words));

describe('The Chinese documentation', () => {
	it.each(pages)('names in %s only labels and operations that exist', (page) => {
		expect(unknownIn(read(page))).toEqual([]);
	});

	it('would notice one that does not', () => {
		const text = '**导入**：选择**日程 → 创建**、**日程 → 同步**、**编造**和“查询多个”、“编造一个”，**全部都要。**';
		expect(unknownIn(text)).toEqual(['日程 → 同步', '编造', '编造一个']);
	});
});

describe('A Chinese recipe', () => {
	it('exists for each English one, and no other', () => expect(recipesIn(RECIPES.chinese)).toEqual(recipes));

	it.each(recipes)('is in the list of recipes (%s)', (page) => {
		const [title] = read(join(RECIPES.chinese, page)).split('\n');
		expect(read(join(RECIPES.chinese, 'README.md'))).toContain(`| [${title.replace('# ', '')}](${page}) `);
	});

	it.each(recipes)(
		'fits on a screen: the problem, a picture, the example to import, and what it costs (%s)',
		(page) => {
			const text = read(join(RECIPES.chinese, page));
			const lines = text.split('\n');
			const file = linkedExample(read(join(RECIPES.english, page))) ?? '';
			const { name } = exampleOf(file);
			expect(lines.length).toBeLessThanOrEqual(70);
			expect(lines[0]).toBe(`# ${name}`);
			expect(lines[2]).toMatch(/^\*\*解决什么问题\*\*：.+/);
			expect(lines[4]).toBe(`![工作流](../../images/recipes/${page.replace('.md', '.png')})`);
			expect(lines[6]).toContain(`**导入** [${name}](../../examples/${file})`);
			expect(text.match(/^## .+$/gm)).toEqual(['## 怎么做', '## 要修改什么', '## 消耗多少额度', '## 注意事项']);
		},
	);

	it.each(recipes)('has in each section the figures of the English one, costs and all others (%s)', (page) => {
		const [english, translated] = [RECIPES.english, RECIPES.chinese].map((folder) =>
			sectionsOf(read(join(folder, page))).map(figuresOf),
		);
		expect(english.flat().length).toBeGreaterThan(5);
		expect(translated).toEqual(english);
	});

	it.each(recipes)('states the measured calls of the English one (%s)', (page) => {
		const english = read(join(RECIPES.english, page)).replace(/\s+/g, ' ');
		const [, ...measured] =
			/Measured with the example: (\d+) calls?(?:.*?, and (\d+) when it runs)?/.exec(english) ?? [];
		const [, ...stated] =
			/示例实测：(\d+) 次(?:（[^）]*）)?(?:，再次运行 (\d+) 次)?/.exec(read(join(RECIPES.chinese, page))) ?? [];
		expect(stated).toEqual(measured);
	});

	it.each(recipes)('names each node of its example (%s)', (page) => {
		const text = read(join(RECIPES.chinese, page));
		const { nodes } = exampleOf(linkedExample(text) ?? '');
		const names = nodes.filter((node) => !isNote(node)).map(({ name }) => name);
		expect(names.filter((name) => !boldOf(text).includes(name))).toEqual([]);
	});

	it('would notice a figure that differs', () => {
		expect(figuresOf('每月 1,550 次，8 × 4.3 [5](a6.md)')).toEqual(['1,550', '4.3', '5', '8']);
		expect(sectionsOf('# A\n\n## 怎么做\n\n3\n\n## 消耗多少额度\n\n4\n').flatMap(figuresOf)).toEqual(['4']);
	});
});

const tablesOf = (text: string): string[][] =>
	(text.match(/(?:^\|.*\n)+/gm) ?? []).map((table) => table.split('\n').slice(2, -1).flatMap(figuresOf));

const sectionOf = (page: string, headline: string): string =>
	read(page)
		.split(/^#+ /m)
		.find((section) => section.startsWith(`${headline}\n`)) ?? '';

describe('The Chinese pages on costs', () => {
	it.each([
		['docs/quota.md', 'What it costs in money', 'quota.md', '价格'],
		['docs/triggers.md', 'What polling costs', 'triggers.md', '轮询的费用'],
	])('have the table of %s, %s', (page, headline, chinesePage, chineseHeadline) => {
		const [expected] = tablesOf(sectionOf(page, headline));
		expect(expected.length).toBeGreaterThan(5);
		expect(tablesOf(sectionOf(join(FOLDER, 'docs', chinesePage), chineseHeadline))[0]).toEqual(expected);
	});

	const rows = [
		...read(join(FOLDER, 'docs/quota.md')).matchAll(
			/^\| .*\]\((recipes\/[\w-]+\.md)\).* \| +([\d,]+) \| +(\d+)% \|$/gm,
		),
	].map(([, page, calls, share]) => ({ page, calls, share: Number(share) }));

	it('have figures of recipes', () => expect(rows.length).toBeGreaterThan(3));

	it.each(rows)('have the $calls calls of $page, and their share of the quota', ({ page, calls, share }) => {
		expect(figuresOf(sectionOf(join(FOLDER, 'docs', page), '消耗多少额度'))).toContain(calls);
		expect(share).toBe(Math.round(Number(calls.replace(',', '')) / 50));
	});
});

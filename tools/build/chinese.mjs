/**
 * Makes the Chinese edition in `dist-zh`, a package of its own: the same build with other texts, name and front page.
 * The English package knows nothing of it.
 */
import { execFileSync } from 'node:child_process';
import {
	cpSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { BUNDLE } from './bundle.cjs';
import { homeOf, withHome } from './home.cjs';

const LANGUAGE = 'zh-CN';

/** What the npm page says of it. */
const ABOUT = {
	description:
		'n8n 的钉钉日程节点（中文版）：日程、忙闲、会议室、日程表和三种触发器；附带钉钉模拟器，没有企业账号也能试用',
	keywords: ['n8n-community-node-package', 'n8n', 'dingtalk', '钉钉', '日程', '日历', '会议室', '忙闲', '签到'],
};

const INHERITED = ['version', 'license', 'author', 'repository', 'main', 'engines', 'n8n', 'peerDependencies'];

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));
const filesIn = (folder) =>
	readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name));

/** Whether this checkout has a Chinese edition at all; copies of the build for tests may have none. */
const exists = (root) => existsSync(join(root, 'locales', `${LANGUAGE}.json`));

/** What `dist-zh` is made of, besides `dist`. */
const sourcesIn = (root) => [
	...filesIn(join(root, 'locales')),
	...['package.json', 'index.js', 'LICENSE', 'tools/build/chinese.mjs', 'tools/build/translateFile.mjs'].map((file) =>
		join(root, file),
	),
];

export function isChineseUpToDate(root) {
	if (!exists(root)) return true;
	const made = statSync(join(root, 'dist-zh/package.json'), { throwIfNoEntry: false })?.mtimeMs;
	if (made === undefined) return false;
	return [...sourcesIn(root), ...filesIn(join(root, 'dist'))].every((file) => statSync(file).mtimeMs <= made);
}

/** The name of the package in its files, and links to its documentation. */
function rewrite(text, { name }, home) {
	const guide = `${home}/blob/main/locales/${LANGUAGE}/README.md`;
	return text
		.replaceAll(`"${name}.`, `"${name}-zh.`)
		.replaceAll(`${home}/blob/main/docs/triggers.md`, `${guide}#triggers`)
		.replaceAll(`${home}/blob/main/docs/sign-in.md`, `${home}/blob/main/locales/${LANGUAGE}/docs/sign-in.md`)
		.replaceAll(`${home}#`, `${guide}#`);
}

/** The front page on npm, where links into the repository have to be complete. */
function frontPage(root, home) {
	const folder = new URL(`locales/${LANGUAGE}/`, 'https://repository.invalid/');
	return readFileSync(join(root, 'locales', LANGUAGE, 'README.md'), 'utf8').replace(
		/(!?)\[([^\]]*)\]\((?!https?:|#)([^)]+)\)/g,
		(_, image, label, link) => {
			const { pathname, hash } = new URL(link, folder);
			return `${image}[${label}](${home}/${image ? 'raw' : 'blob'}/main${pathname}${hash})`;
		},
	);
}

/** Made aside and put in place when it is whole: n8n and tests may be reading it. */
export async function buildChinese(root) {
	if (!exists(root)) return;
	const manifest = readJson(join(root, 'package.json'));
	const home = homeOf(manifest.repository);
	const unfinished = join(root, '.cache/dist-zh');
	rmSync(unfinished, { recursive: true, force: true });
	mkdirSync(unfinished, { recursive: true });
	cpSync(join(root, 'dist'), join(unfinished, 'dist'), { recursive: true });
	const texts = new Map(
		Object.entries(JSON.parse(withHome(readFileSync(join(root, 'locales', `${LANGUAGE}.json`), 'utf8')))),
	);
	await translateFiles(join(unfinished, 'dist'), texts, (text) => rewrite(text, manifest, home));
	const inherited = Object.fromEntries(INHERITED.map((field) => [field, manifest[field]]));
	const own = {
		name: `${manifest.name}-zh`,
		...ABOUT,
		...inherited,
		homepage: `${home}/blob/main/locales/${LANGUAGE}/README.md`,
		files: ['dist', 'index.js'],
	};
	writeFileSync(join(unfinished, 'README.md'), frontPage(root, home));
	for (const file of ['index.js', 'LICENSE']) cpSync(join(root, file), join(unfinished, file));
	writeFileSync(join(unfinished, 'package.json'), `${JSON.stringify(own, null, 2)}\n`);
	const target = join(root, 'dist-zh');
	const replaced = join(root, '.cache/dist-zh-before');
	rmSync(replaced, { recursive: true, force: true });
	if (existsSync(target)) renameSync(target, replaced);
	renameSync(unfinished, target);
	rmSync(replaced, { recursive: true, force: true });
}

/** The fields of the poll times are n8n's. Asked of another process, because Jest loads modules in its own way. */
function textsOfPollTimes() {
	const print = "console.log(JSON.stringify(require('n8n-workflow').cronNodeOptions))";
	return stringsIn(JSON.parse(execFileSync(process.execPath, ['-e', print], { cwd: import.meta.dirname })));
}

const stringsIn = (value) => (typeof value === 'object' ? Object.values(value).flatMap(stringsIn) : [value]);

/** Translates each file, and leaves the texts that are put together only later in the catalogue. */
async function translateFiles(dist, texts, rewriteNames) {
	// Slow to load, and not needed where nothing has changed.
	const { translateFile } = await import('./translateFile.mjs');
	const { isShown } = createRequire(import.meta.url)(join(dist, BUNDLE))('lib/n8n/translateDescription');
	const written = new Set();
	const left = new Set(textsOfPollTimes());
	for (const file of filesIn(dist).filter((name) => /\.(js|node\.json)$/.test(name))) {
		const english = readFileSync(file, 'utf8');
		const translated = file.endsWith('.js') ? translateFile(english, { texts, isShown, written, left }) : english;
		const text = rewriteNames(translated);
		if (text !== english) writeFileSync(file, text);
	}
	const later = [...texts].filter(([text]) => left.has(text) || !written.has(text));
	writeCatalogue(join(dist, BUNDLE), later);
}

/** The file of the English edition, with the language and its texts. */
function writeCatalogue(file, texts) {
	const english = readFileSync(file, 'utf8');
	const entries = texts.map((entry) => `\t${JSON.stringify(entry)},\n`).join('');
	const catalogue = `exports.catalogue = { language: '${LANGUAGE}', texts: new Map([\n${entries}]) };`;
	const chinese = english.replace("exports.catalogue = { language: 'en', texts: new Map() };", () => catalogue);
	if (chinese === english) throw new Error(`There is no empty catalogue in ${file}`);
	writeFileSync(file, chinese);
}

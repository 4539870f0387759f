/** `gulp build` makes the package in `dist` and the Chinese one in `dist-zh`, `gulp watch` keeps making them. */
const { spawn } = require('node:child_process');
const { mkdir, readdir, readFile, rename, rm, utimes, writeFile } = require('node:fs/promises');
const { join } = require('node:path');
const { dest, parallel, series, src, watch } = require('gulp');
const { PLACEHOLDER, withHome } = require('./tools/build/home.cjs');

/** What `dist` is made of. */
const SOURCES = ['{credentials,icons,lib,nodes}/**/*', 'locales/**/*', 'package.json', 'tsconfig.json'];

/** What tsc leaves behind. The icons keep their place: `file:../../icons/…` must hold in the sources and in dist. */
const ASSETS = ['icons/*.{svg,png}', 'nodes/**/*.{svg,png}', 'nodes/**/__schema__/**/*.json'];

/** Made aside and put in place when it is whole: tests and n8n may be reading `dist`. */
const UNFINISHED = '.cache/dist';
const REPLACED = '.cache/dist-before';

let started;

async function prepare() {
	started = new Date();
	for (const folder of [UNFINISHED, REPLACED]) await rm(folder, { recursive: true, force: true });
	await mkdir(UNFINISHED, { recursive: true });
}

function tsc(...options) {
	return spawn(process.execPath, [require.resolve('typescript/bin/tsc'), '--pretty', ...options], {
		stdio: ['ignore', 'inherit', 'inherit'],
	});
}

const compile = (done) =>
	tsc('--outDir', UNFINISHED).once('close', (code) => done(code === 0 ? undefined : new Error('tsc found errors')));

// Without the encoding gulp reads images as UTF-8 and damages them.
const copyAssets = (folder) => src(ASSETS, { base: '.', encoding: false }).pipe(dest(folder));

/** Links to the documentation lead to the home that package.json names. */
async function fillInHome() {
	for (const entry of await readdir(UNFINISHED, { recursive: true })) {
		if (!/\.(js|node\.json)$/.test(entry)) continue;
		const text = await readFile(join(UNFINISHED, entry), 'utf8');
		if (text.includes(PLACEHOLDER)) await writeFile(join(UNFINISHED, entry), withHome(text));
	}
}

/** A source that was saved during the build counts as newer than what was made of it. */
async function putInPlace() {
	for (const entry of await readdir(UNFINISHED, { recursive: true })) {
		await utimes(join(UNFINISHED, entry), started, started);
	}
	await rename('dist', REPLACED).catch(() => {});
	await rename(UNFINISHED, 'dist');
	await rm(REPLACED, { recursive: true, force: true });
}

/** The Chinese edition, which is made of what was built. */
const translate = async () => (await import('./tools/build/chinese.mjs')).buildChinese(__dirname);

exports.build = series(
	prepare,
	parallel(compile, function assets() {
		return copyAssets(UNFINISHED);
	}),
	fillInHome,
	putInPlace,
	translate,
);

/** Ends with Ctrl-C. What is saved is built as tests and tools build it; tsc says what is wrong with the types, and goes on. */
exports.watch = function watchSources() {
	const rebuild = async () => await (await import('./tools/build/ensure.mjs')).ensureBuilt();
	watch(SOURCES, { ignoreInitial: false }, rebuild);
	return tsc('--noEmit', '--watch', '--preserveWatchOutput');
};

exports.default = exports.build;

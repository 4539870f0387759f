/** `gulp build` makes the package in `dist` and the Chinese one in `dist-zh`, `gulp watch` keeps making them. */
const { spawn } = require('node:child_process');
const { series, watch } = require('gulp');

/** What `dist` is made of. */
const SOURCES = ['{credentials,icons,lib,nodes}/**/*', 'locales/**/*', 'package.json', 'tsconfig.json'];

function tsc(...options) {
	return spawn(process.execPath, [require.resolve('typescript/bin/tsc'), '--noEmit', '--pretty', ...options], {
		stdio: ['ignore', 'inherit', 'inherit'],
	});
}

const checkTypes = (done) =>
	tsc().once('close', (code) => done(code === 0 ? undefined : new Error('tsc found errors')));

const ensureBuilt = async (options) => await (await import('./tools/build/ensure.mjs')).ensureBuilt(options);

exports.build = series(checkTypes, async function packages() {
	await ensureBuilt({ anew: true });
});

/** Ends with Ctrl-C. What is saved is built as tests and tools build it; tsc says what is wrong with the types, and goes on. */
exports.watch = function watchSources() {
	watch(SOURCES, { ignoreInitial: false }, () => ensureBuilt());
	return tsc('--watch', '--preserveWatchOutput');
};

exports.default = exports.build;

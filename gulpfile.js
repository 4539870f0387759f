const { execFile } = require('node:child_process');
const { rm } = require('node:fs/promises');
const { dest, parallel, series, src } = require('gulp');

const clean = () => rm('dist', { recursive: true, force: true });

function compile(done) {
	const tsc = execFile(process.execPath, [require.resolve('typescript/bin/tsc'), '--pretty'], (error) =>
		done(error && new Error('tsc found errors')),
	);
	tsc.stdout.pipe(process.stdout);
	tsc.stderr.pipe(process.stderr);
}

/** What tsc leaves behind. The icons keep their place: `file:../../icons/…` must hold in the sources and in dist. */
const copyAssets = () =>
	src(['icons/*.{svg,png}', 'nodes/**/*.{svg,png}', 'nodes/**/__schema__/**/*.json'], {
		base: '.',
		// Without this gulp reads images as UTF-8 and damages them.
		encoding: false,
	}).pipe(dest('dist'));

exports.build = series(clean, parallel(compile, copyAssets));
exports.default = exports.build;

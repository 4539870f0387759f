/**
 * Brings `dist` up to date with the sources, file by file, so that tests and tools that load the built package need no
 * build of their own before them. Takes milliseconds when nothing has changed. What it writes is what `npm run build`
 * writes, without the check of types. Jest runs it before the first test; `node tools/build/ensure.mjs` does it by hand.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from '../lock.mjs';
import { buildChinese, isChineseUpToDate } from './chinese.mjs';
import { withHome } from './home.cjs';

const root = join(import.meta.dirname, '../..');
const dist = join(root, 'dist');

/** Builds what is missing or older than its source, and removes what has no source any more. */
export async function ensureBuilt({ quiet = false } = {}) {
	if (isUpToDate(compare()) && isChineseUpToDate(root)) return;
	const say = quiet ? () => {} : console.error;
	await withLock(
		join(root, '.cache/build.lock'),
		() => update(say),
		() => say('Another process is building dist …'),
	);
}

/** For Jest, which hands over its own configuration. */
export default () => ensureBuilt();

async function update(say) {
	const start = Date.now();
	// Again, for another process may have done it meanwhile.
	const { stale, orphans } = compare();
	if (!isUpToDate({ stale, orphans })) updateEnglish({ stale, orphans }, start, say);
	if (orphans.length > 0 || !isChineseUpToDate(root)) await buildChinese(root);
}

function updateEnglish({ stale, orphans }, start, say) {
	const count = stale.length === 1 ? '1 file is' : `${stale.length} files are`;
	if (stale.length > 0) say(`Building dist: ${count} missing or older than the source …`);
	for (const file of orphans) rmSync(join(dist, file));
	const built = stale.map(({ source, output }) => ({ output, content: contentOf(source) }));
	for (const { output, content } of built) write(join(dist, output), content, start);
	if (stale.length > 0) say(`Building dist: done in ${((Date.now() - start) / 1000).toFixed(1)} s`);
}

const isUpToDate = ({ stale, orphans }) => stale.length + orphans.length === 0;

function compare() {
	// package.json names the project's home, which goes into what is built.
	const options = Math.max(modified(join(root, 'tsconfig.json')), modified(join(root, 'package.json')));
	const pairs = ['credentials', 'icons', 'lib', 'nodes']
		.flatMap((folder) => filesUnder(join(root, folder)).map((file) => join(folder, file)))
		.map((source) => ({ source, output: outputOf(source) }))
		.filter(({ output }) => output);
	const outputs = new Set(pairs.map(({ output }) => output));
	return {
		stale: pairs.filter(
			({ source, output }) => !(modified(join(dist, output)) >= Math.max(options, modified(join(root, source)))),
		),
		orphans: filesUnder(dist).filter((file) => !outputs.has(file)),
	};
}

/** Where in `dist` the build puts what it makes of a source; gulpfile.js and tsconfig.json say the same. */
function outputOf(source) {
	if (source.endsWith('.ts')) return source.replace(/\.ts$/, '.js');
	if (/\.(svg|png|node\.json)$/.test(source)) return source;
	return source.endsWith('.json') && source.includes(`${sep}__schema__${sep}`) ? source : undefined;
}

function filesUnder(folder) {
	const exists = statSync(folder, { throwIfNoEntry: false });
	if (!exists) return [];
	return readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

/** NaN for a file that is not there. */
const modified = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? NaN;

let compiler;

function contentOf(source) {
	const file = join(root, source);
	if (source.endsWith('.node.json')) return withHome(readFileSync(file, 'utf8'));
	if (!source.endsWith('.ts')) return readFileSync(file);

	// Slow to load, and not needed where nothing has changed.
	compiler ??= loadCompiler();
	const { outputText, diagnostics } = compiler.transpile(readFileSync(file, 'utf8'), file);
	if (diagnostics.length > 0) {
		throw new Error(`The package cannot be built:\n\n${compiler.print(diagnostics)}`);
	}
	return withHome(outputText);
}

function loadCompiler() {
	const ts = createRequire(import.meta.url)('typescript');
	const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
	const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
	const host = { getCurrentDirectory: () => root, getCanonicalFileName: (name) => name, getNewLine: () => '\n' };
	return {
		transpile: (text, fileName) =>
			ts.transpileModule(text, { compilerOptions: options, fileName, reportDiagnostics: true }),
		print: (diagnostics) => ts.formatDiagnostics(diagnostics, host),
	};
}

/** Whole or not at all, for another process may be reading. Dated from before its source was read: that may change again. */
function write(file, content, start) {
	const unfinished = `${file}.${process.pid}`;
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(unfinished, content);
	utimesSync(unfinished, start / 1000, start / 1000);
	renameSync(unfinished, file);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	await ensureBuilt().catch(({ message }) => {
		console.error(message);
		process.exitCode = 1;
	});
}

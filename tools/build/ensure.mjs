/**
 * Brings `dist` up to date with the sources, so that tests and tools that load the built package need no build of their own
 * before them. Takes milliseconds when nothing has changed: what has been compiled is kept in `.cache/compiled`, one file for
 * each source. `npm run build` does the same from nothing, after a check of types. Jest runs it before the first test;
 * `node tools/build/ensure.mjs` does it by hand.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from '../lock.mjs';
import { bundle, BUNDLE, entry } from './bundle.cjs';
import { buildChinese, isChineseUpToDate } from './chinese.mjs';
import { withHome } from './home.cjs';

const root = join(import.meta.dirname, '../..');
const dist = join(root, 'dist');
const compiled = join(root, '.cache/compiled');

/** Builds what is missing or older than its source, and removes what has no source any more; everything if asked to. */
export async function ensureBuilt({ quiet = false, anew = false } = {}) {
	if (!anew && !compare().isStale && isChineseUpToDate(root)) return;
	const say = quiet ? () => {} : console.error;
	await withLock(
		join(root, '.cache/build.lock'),
		() => update(say, anew),
		() => say('Another process is building dist …'),
	);
}

/** For Jest, which hands over its own configuration. */
export default () => ensureBuilt();

async function update(say, anew) {
	const start = Date.now();
	if (anew) rmSync(compiled, { recursive: true, force: true });
	// Again, for another process may have done it meanwhile.
	const state = compare();
	if (state.isStale) updateEnglish(state, start, say);
	if (state.isStale || !isChineseUpToDate(root)) await buildChinese(root);
}

function updateEnglish({ sources, changed, leftovers }, start, say) {
	const files = changed.length === 1 ? '1 file' : `${changed.length} files`;
	say(`Building dist: ${files} to compile …`);
	const code = changed.map((source) => ({ source, text: compile(source) }));
	for (const { source, text } of code) write(join(compiled, inJavaScript(source)), text, start);
	for (const file of leftovers) rmSync(file);
	for (const [output, content] of contents(sources)) write(join(dist, output), content, start);
	say(`Building dist: done in ${((Date.now() - start) / 1000).toFixed(1)} s`);
}

/** What has to be compiled, what is left of sources that are gone, and whether `dist` is older than anything that it is made of. */
function compare() {
	const sources = ['credentials', 'icons', 'lib', 'nodes']
		.flatMap((folder) => filesUnder(join(root, folder)).map((file) => join(folder, file)))
		.filter((file) => isCode(file) || isAsset(file));
	const outputs = new Set(outputsOf(sources));
	const modules = new Set(sources.filter(isCode).map(inJavaScript));
	const changed = sources.filter(isCode).filter((source) => {
		const made = modified(join(compiled, inJavaScript(source)));
		return !(made >= newest('tsconfig.json', 'package.json', source));
	});
	const leftovers = [...leftIn(dist, outputs), ...leftIn(compiled, modules)];
	const latest = newest('tsconfig.json', 'package.json', 'tools/build/bundle.cjs', ...sources);
	const isOld = [...outputs].some((output) => !(modified(join(dist, output)) >= latest));
	return { sources, changed, leftovers, isStale: isOld || changed.length + leftovers.length > 0 };
}

const leftIn = (folder, known) =>
	filesUnder(folder)
		.filter((file) => !known.has(file))
		.map((file) => join(folder, file));

const isCode = (file) => file.endsWith('.ts');
/** The icons keep their place: `file:../../icons/…` must hold in the sources and in dist. */
const isAsset = (file) =>
	/\.(svg|png|node\.json)$/.test(file) || (file.endsWith('.json') && file.includes(`${sep}__schema__${sep}`));
/** What package.json lists, and n8n loads. */
const isEntry = (file) => /\.(node|credentials)\.ts$/.test(file);

const inJavaScript = (source) => source.replace(/\.ts$/, '.js');
/** A module by the path that imports lead to. */
const nameOf = (source) => source.replace(/\.ts$/, '').replaceAll(sep, '/');

const outputsOf = (sources) => [BUNDLE, ...sources.filter((file) => isEntry(file) || isAsset(file)).map(inJavaScript)];

/** Each file of `dist` with its content. */
function contents(sources) {
	const read = (source) => readFileSync(join(compiled, inJavaScript(source)), 'utf8');
	const modules = new Map(sources.filter(isCode).map((source) => [nameOf(source), read(source)]));
	return [
		[BUNDLE, withHome(bundle(modules))],
		...sources.filter(isEntry).map((source) => [inJavaScript(source), entry(nameOf(source))]),
		...sources.filter(isAsset).map((file) => [file, contentOf(file)]),
	];
}

function contentOf(asset) {
	const file = join(root, asset);
	return asset.endsWith('.node.json') ? withHome(readFileSync(file, 'utf8')) : readFileSync(file);
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

const newest = (...files) => Math.max(...files.map((file) => modified(join(root, file))));

let compiler;

function compile(source) {
	// Slow to load, and not needed where nothing has changed.
	compiler ??= loadCompiler();
	const file = join(root, source);
	const { outputText, diagnostics } = compiler.transpile(readFileSync(file, 'utf8'), file);
	if (diagnostics.length > 0) {
		throw new Error(`The package cannot be built:\n\n${compiler.print(diagnostics)}`);
	}
	return outputText;
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

/** Tests the one file that the build makes of all modules. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

import { bundle, entry } from '../../../tools/build/bundle.cjs';

type Load = (path: string) => Record<string, unknown>;

/** What Node passes to a module. */
type Run = (module: { exports: Load }, require: (name: string) => unknown) => void;

function run(code: string, require: (name: string) => unknown = jest.requireActual): Load {
	const module = { exports: (() => ({})) as Load };
	// As Node does with the text of a file.
	(new Function('module', 'require', code) as Run)(module, require);
	return module.exports;
}

const compile = (source: string): string =>
	ts.transpileModule(source, {
		compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2021, esModuleInterop: true },
	}).outputText;

const bundleOf = (sources: Record<string, string>): string =>
	bundle(new Map(Object.entries(sources).map(([path, source]) => [path, compile(source)])));

describe('The bundle', () => {
	const log: unknown[] = [];
	const logged = (path: string): unknown => (path === 'log' ? { log: (text: string) => log.push(text) } : undefined);
	const noisy = (name: string): string => `import { log } from 'log';\nlog('${name}');\n`;

	beforeEach(() => (log.length = 0));

	it('runs a module when something of it is used for the first time, and only once', () => {
		const load = run(
			bundleOf({
				'a/index': `${noisy('a')}import { b } from '../b'; export const useB = () => b;`,
				b: `${noisy('b')}export const b = 'of b';`,
				c: `${noisy('c')}import { useB } from './a'; export const now = useB; export const later = () => useB();`,
			}),
			logged,
		);
		expect(log).toEqual([]);
		const { later } = load('c') as { later: () => string };
		expect(log).toEqual(['c', 'a']);
		expect([later(), later()]).toEqual(['of b', 'of b']);
		expect(log).toEqual(['c', 'a', 'b']);
	});

	it('makes objects of imported classes, and classes from them', () => {
		const load = run(
			bundleOf({
				base: 'export class Base { constructor(readonly name: string) {} } export const kinds = { Inner: Base };',
				made: `import { Base, kinds } from './base';
					export class Own extends Base {}
					export const made = [new Base('plain'), new kinds.Inner('inner'), new Own('own')];
					export const areBases = made.every((one) => one instanceof Base);`,
			}),
		);
		const { made, areBases } = load('made') as { made: Array<{ name: string }>; areBases: boolean };
		expect(made.map(({ name }) => name)).toEqual(['plain', 'inner', 'own']);
		expect(areBases).toBe(true);
	});

	it('runs a module that has failed again, instead of giving out a part of it', () => {
		let fails = true;
		const load = run(bundleOf({ a: "import { check } from 'check'; export const early = 1; check();" }), () => ({
			check: () => {
				if (fails) throw new Error('Not yet');
			},
		}));
		expect(() => load('a')).toThrow('Not yet');
		fails = false;
		expect(load('a')).toEqual({ early: 1 });
	});

	it.each([
		['an import for its effect alone', "import './b';"],
		['an import of all that a module has', "import * as b from './b'; export const all = b;"],
		['a module that is not there', "import { c } from './c'; export const d = c;"],
	])('refuses %s', (_, source) => {
		expect(() => bundleOf({ a: source, b: 'export const b = 1;' })).toThrow(/^a imports /);
	});

	it('leaves n8n a file for each class', () => {
		const code = entry('nodes/Some/Some.node');
		const exported = {};
		(new Function('exports', 'require', code) as (exports: object, require: (file: string) => Load) => void)(
			exported,
			(file) => (path) => ({ Some: `${file} ${path}` }),
		);
		expect(exported).toEqual({ Some: '../../modules.js nodes/Some/Some.node' });
	});
});

describe('dist/modules.js', () => {
	const text = readFileSync(join(__dirname, '../../../dist/modules.js'), 'utf8');
	const paths = [...text.matchAll(/^"(.+)": define\(/gm)].map(([, path]) => path);

	it('holds no module that cannot be run', () => {
		const load = run(text);
		expect(paths.length).toBeGreaterThan(200);
		for (const path of paths) expect(() => load(path)).not.toThrow();
	});

	it('runs less than half of its modules to create the main node', () => {
		const ran: string[] = [];
		const counted = text.replace(/^"(.+)": define\(\(exports\) => \{$/gm, (line, path) => `${line} ran("${path}");`);
		const load = run(`const ran = require('ran'); ${counted}`, (name) =>
			name === 'ran' ? (path: string) => ran.push(path) : (jest.requireActual(name) as unknown),
		);
		const { DingTalkCalendar } = load('nodes/DingTalkCalendar/DingTalkCalendar.node') as Record<
			string,
			new () => object
		>;
		expect(new DingTalkCalendar()).toHaveProperty('description');
		expect(ran).toContain('nodes/DingTalkCalendar/resources/event/create');
		expect(ran).not.toContain('lib/icalendar/read');
		expect(ran.length).toBeLessThan(paths.length / 2);
	});
});

/** Checks which files the published package contains. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import ts from 'typescript';

import { changeModule } from '../../histories/bundledModule';

const root = join(__dirname, '../../..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const filesUnder = (folder: string): string[] =>
	readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));

/** The file of its own that the build makes of a source; the other modules are in one file. */
const built = (file: string): string[] => {
	if (/\.(node|credentials)\.ts$/.test(file)) return [`dist/${file.slice(0, -3)}.js`];
	return file.endsWith('.ts') ? [] : [`dist/${file}`];
};

let sizeOfEnglish: number;

describe('The packed package', () => {
	let packed: string[];

	beforeAll(() => {
		const answer = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts', '--loglevel=error'], {
			cwd: root,
			encoding: 'utf8',
		});
		const [{ files, size }] = JSON.parse(answer);
		packed = files.map((file: { path: string }) => file.path);
		sizeOfEnglish = size;
	});

	it('is the same byte by byte when it is packed again, at another time', () => {
		const folder = mkdtempSync(join(tmpdir(), 'packed-'));
		const pack = (name: string): Buffer => {
			const target = join(folder, name);
			mkdirSync(target);
			const options = ['pack', '--ignore-scripts', '--loglevel=error', '--pack-destination', target];
			execFileSync('npm', options, { cwd: root });
			return readFileSync(join(target, readdirSync(target)[0]));
		};
		const first = pack('first');
		const { atime, mtime } = statSync(join(root, 'LICENSE'));
		utimesSync(join(root, 'LICENSE'), atime, new Date(mtime.getTime() - 86_400_000));
		const second = pack('second');
		utimesSync(join(root, 'LICENSE'), atime, mtime);
		rmSync(folder, { recursive: true });
		expect(first.length).toBeGreaterThan(10_000);
		expect(second.equals(first)).toBe(true);
	});

	it('contains the build of each source file, the documents and nothing else', () => {
		const sources = ['credentials', 'lib', 'nodes', 'icons'].flatMap(filesUnder);
		const expected = [
			...['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'index.js', 'dist/modules.js'],
			...sources.flatMap(built),
		];
		expect([...packed].sort()).toEqual(expected.sort());
	});

	it('contains a codex file for each node', () => {
		for (const node of manifest.n8n.nodes as string[]) {
			expect(packed).toContain(node.replace(/\.js$/, '.json'));
		}
	});
});

describe('The Chinese package', () => {
	const folder = join(root, 'dist-zh');
	const pack = (into: string): { size: number; entryCount: number; integrity: string } =>
		JSON.parse(
			execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--loglevel=error', '--pack-destination', into], {
				cwd: folder,
				encoding: 'utf8',
			}),
		)[0];

	/** The catalogue, whose texts are the only code that differs. */
	const CATALOGUE = 'lib/locale/catalogue';

	/** The code of a file without its texts; languages order the values in a text differently. */
	const codeOf = (file: string): string[] => {
		const text = readFileSync(file, 'utf8');
		const code = file.endsWith('modules.js') ? changeModule(text, CATALOGUE, () => '') : text;
		const found: string[] = [];
		const visit = (node: ts.Node): void => {
			if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) return;
			found.push(ts.isIdentifier(node) ? node.text : String(node.kind));
			ts.forEachChild(node, visit);
		};
		visit(ts.createSourceFile(file, code, ts.ScriptTarget.ES2022));
		return found.sort();
	};

	it('is the same code with other texts', () => {
		const files = (place: string): string[] =>
			readdirSync(join(root, place), { recursive: true, encoding: 'utf8' })
				.filter((file) => file.endsWith('.js'))
				.sort();
		expect(files('dist-zh/dist')).toEqual(files('dist'));
		const differing = files('dist').filter(
			(file) => codeOf(join(root, 'dist', file)).join() !== codeOf(join(root, 'dist-zh/dist', file)).join(),
		);
		expect(files('dist')).toContain('modules.js');
		expect(differing).toEqual([]);
		changeModule(readFileSync(join(root, 'dist/modules.js'), 'utf8'), CATALOGUE, (module) => {
			expect(module).toContain('texts: new Map() }');
			return module;
		});
	});

	it('has a manifest of its own, with the version and the nodes of the English one', () => {
		const { name, version, n8n, scripts, dependencies } = JSON.parse(
			readFileSync(join(folder, 'package.json'), 'utf8'),
		);
		expect({ name, version, n8n }).toEqual({
			name: `${manifest.name}-zh`,
			version: manifest.version,
			n8n: manifest.n8n,
		});
		expect([scripts, dependencies]).toEqual([undefined, undefined]);
	});

	it('is packed to the same bytes each time, and as many as the English one within a tenth', () => {
		const packs = [1, 2].map(() => {
			const into = mkdtempSync(join(tmpdir(), 'pack-'));
			const { integrity, size } = pack(into);
			rmSync(into, { recursive: true });
			return { integrity, size };
		});
		expect(packs[0]).toEqual(packs[1]);
		const ratio = packs[0].size / sizeOfEnglish;
		expect(ratio).toBeGreaterThan(0.9);
		expect(ratio).toBeLessThan(1.1);
	});
});

describe('index.js', () => {
	it('exports the classes of the files that n8n loads', () => {
		const files = [...manifest.n8n.credentials, ...manifest.n8n.nodes] as string[];
		const classes = files.map((file) => basename(file).split('.')[0]);
		expect(Object.keys(jest.requireActual(root)).sort()).toEqual(classes.sort());
	});
});

describe('package.json', () => {
	it('has no run-time dependency other than n8n', () => {
		expect(manifest.peerDependencies).toEqual({ 'n8n-workflow': '*' });
		for (const field of [
			'dependencies',
			'optionalDependencies',
			'bundleDependencies',
			'bundledDependencies',
			'overrides',
		]) {
			expect(manifest).not.toHaveProperty(field);
		}
	});

	it('registers all nodes and credentials', () => {
		const compiled = (folder: string, ending: string): string[] =>
			filesUnder(folder)
				.filter((file) => file.endsWith(ending))
				.map((file) => `dist/${file.replace(/\.ts$/, '.js')}`)
				.sort();
		expect([...manifest.n8n.nodes].sort()).toEqual(compiled('nodes', '.node.ts'));
		expect([...manifest.n8n.credentials].sort()).toEqual(compiled('credentials', '.credentials.ts'));
		expect(manifest.n8n).toMatchObject({ n8nNodesApiVersion: 1, strict: true });
	});

	it('runs no install scripts', () => {
		const forbidden = /^(pre|post)?(install|prepare|publish|pack)$|^(pre|post)?uninstall$|^prepublishOnly$/;
		expect(Object.keys(manifest.scripts).filter((script) => forbidden.test(script))).toEqual([]);
	});
});

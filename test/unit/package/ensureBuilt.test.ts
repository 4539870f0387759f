/** Tests that tests and tools find an up-to-date `dist`, whichever starts first. */
import { execFile } from 'node:child_process';
import {
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	symlinkSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(__dirname, '../../..');

describe('tools/build/ensure.mjs', () => {
	let clone: string;
	const inClone = (file: string): string => join(clone, file);

	const built = (): string => readFileSync(inClone('dist/modules.js'), 'utf8');

	/** What it says; each run is a process, as Jest and the tools start it. */
	const ensureBuilt = async (): Promise<string> =>
		(await promisify(execFile)(process.execPath, [inClone('tools/build/ensure.mjs')])).stderr;

	beforeAll(() => {
		clone = mkdtempSync(join(tmpdir(), 'ensure-built-'));
		for (const path of ['tools/build', 'tools/lock.mjs', 'tsconfig.json', 'icons']) {
			cpSync(join(root, path), inClone(path), { recursive: true });
		}
		writeFileSync(inClone('package.json'), '{ "repository": { "url": "git+https://github.com/acme/x.git" } }');
		symlinkSync(join(root, 'node_modules'), inClone('node_modules'), 'junction');
		mkdirSync(inClone('lib'));
		writeFileSync(inClone('lib/one.ts'), 'export const one: number = 1;\n');
		writeFileSync(inClone('lib/two.ts'), "export const two = 'https://home.invalid/docs';\n");
	});
	afterAll(() => rmSync(clone, { recursive: true }));

	it('builds everything once where there is no dist, also when two processes start together', async () => {
		const said = await Promise.all([ensureBuilt(), ensureBuilt()]);
		expect(said.join('').match(/done in/g)).toHaveLength(1);
		expect(built()).toContain('exports.one = 1;');
		expect(existsSync(inClone('dist/icons/dingtalk.svg'))).toBe(true);
	});

	it('fills in the home that package.json names', () => expect(built()).toContain("'https://github.com/acme/x/docs'"));

	it('says and builds nothing when no source is newer', async () => expect(await ensureBuilt()).toBe(''));

	it('builds what is newer and removes what has lost its source', async () => {
		writeFileSync(inClone('lib/one.ts'), 'export const one: number = 11;\n');
		const soon = Date.now() / 1000 + 1;
		utimesSync(inClone('lib/one.ts'), soon, soon);
		rmSync(inClone('lib/two.ts'));
		expect(await ensureBuilt()).toContain('1 file to compile');
		expect(built()).toContain('exports.one = 11;');
		expect(built()).not.toContain('exports.two');
	});

	it('builds without a module whose source is gone, though nothing else has changed', async () => {
		writeFileSync(inClone('lib/four.ts'), 'export const four = 4;\n');
		await ensureBuilt();
		expect(built()).toContain('exports.four = 4;');
		rmSync(inClone('lib/four.ts'));
		await ensureBuilt();
		expect(built()).not.toContain('exports.four');
	});

	it('builds again what is missing in dist', async () => {
		rmSync(inClone('dist/icons/dingtalk.svg'));
		await ensureBuilt();
		expect(existsSync(inClone('dist/icons/dingtalk.svg'))).toBe(true);
	});

	it('names the file and the line that cannot be built', async () => {
		writeFileSync(inClone('lib/three.ts'), '\nexport const three = ;\n');
		await expect(ensureBuilt()).rejects.toThrow(/lib\/three\.ts\(2,22\): error TS1109: Expression expected/);
	});
});

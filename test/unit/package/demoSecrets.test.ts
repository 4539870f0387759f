/** Holds that each home of the demo has a random password and encryption key of its own, which are printed once. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const tools = join(__dirname, '../../../tools/demo');
const SCRIPT = `
	import { homeSecrets } from ${JSON.stringify(join(tools, 'homeSecrets.mjs'))};
	import { welcome } from ${JSON.stringify(join(tools, 'welcome.mjs'))};
	const homes = process.argv.slice(1).map((folder) => {
		const secrets = homeSecrets(folder);
		return { ...secrets, printed: welcome('n8n', 'simulator', 1, secrets) };
	});
	console.log(JSON.stringify(homes));
`;

interface Home {
	password: string;
	encryptionKey: string;
	isNew: boolean;
	printed: string;
}

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'demo-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const open = (...homes: string[]): Home[] =>
	JSON.parse(
		execFileSync(process.execPath, ['--input-type=module', '-e', SCRIPT, ...homes], {
			encoding: 'utf8',
			stdio: 'pipe',
		}),
	) as Home[];

it('makes other secrets for each home, keeps them, and prints them once', () => {
	const [a, b] = [join(folder, 'a'), join(folder, 'b')];
	const [first, again, other] = open(a, a, b);
	expect(first.password).toMatch(/^(?=.*[A-Z])(?=.*\d).{16,64}$/);
	expect(first.encryptionKey).toMatch(/^[0-9a-f]{48}$/);
	expect(again).toMatchObject({ password: first.password, encryptionKey: first.encryptionKey, isNew: false });
	expect([other.password, other.encryptionKey]).not.toEqual([first.password, first.encryptionKey]);
	expect(statSync(join(a, 'demo-secrets.json')).mode & 0o077).toBe(0);
	for (const secret of [first.password, first.encryptionKey]) {
		expect(first.printed).toContain(secret);
		expect(again.printed).not.toContain(secret);
	}
});

it('refuses a home of an earlier demo, whose key it does not know', () => {
	mkdirSync(join(folder, '.n8n'));
	writeFileSync(join(folder, '.n8n/config'), '{}');
	expect(() => open(folder)).toThrow('has no key of its own');
});

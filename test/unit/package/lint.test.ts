/** Holds that what is shipped is linted by n8n's own rules, as strict mode asks, whatever is added for tests. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../../..');

// The real one loads every plugin, and nothing here depends on its rules.
const template = [{ files: ['**/*.ts'], rules: { '@n8n/community-nodes/no-restricted-globals': 'error' } }, {}];
jest.mock('@n8n/node-cli/eslint', () => ({ config: template }), { virtual: true });

describe('The lint configuration', () => {
	it("keeps n8n's template unchanged", () => {
		const cli = 'node_modules/@n8n/node-cli/dist/template/templates/shared/default/eslint.config.mjs';
		const words = (file: string): string => readFileSync(join(root, file), 'utf8').replaceAll(/\s+/g, ' ').trim();
		expect(words('eslint.config.mjs')).toBe(words(cli));
	});

	it('leaves out the AI SDK in exactly the version that the rules would install', () => {
		const read = (file: string) => JSON.parse(readFileSync(join(root, file), 'utf8'));
		const { dependencies } = read('node_modules/@n8n/node-cli/package.json');
		const { name, version } = read('tools/ai-node-sdk/package.json');
		expect(dependencies[name]).toBe(version);
	});

	it('adds only settings for tests and for third-party files', () => {
		const config: Array<{ files?: string[]; ignores?: string[] }> = jest.requireActual(join(root, 'eslint.config.js'));
		expect(config.slice(0, template.length)).toEqual(template);
		const added = config.slice(template.length);
		expect(added.flatMap(({ files = [] }) => files)).toEqual(['test/**/*.ts']);
		expect(added.filter(({ files }) => !files)).toEqual([{ ignores: ['.cache', 'coverage', 'dist-zh'] }]);
	});
});

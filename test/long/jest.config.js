/** The tests that have a long form, in that form; `npm run test:long` runs them. */
const { readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const common = require('../../jest.config.js');

process.env.TEST_LENGTH = 'long';

const root = join(__dirname, '../..');
const hasLongForm = (file) => /from '(\.\.\/)+long\/amount'/.test(readFileSync(join(root, file), 'utf8'));
const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
	.filter((name) => name.endsWith('.test.ts'))
	.map((name) => join('test', name))
	.filter(hasLongForm);

module.exports = {
	...common,
	rootDir: '../..',
	testMatch: files.map((file) => `<rootDir>/${file}`),
	testTimeout: 1_800_000,
	// A process ends after a test file that leaves more than this, so that the memory of many long files does not add up.
	workerIdleMemoryLimit: '1GB',
};

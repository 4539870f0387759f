/** The tests that have a long form, in that form; `npm run test:long` runs them. */
const { join } = require('node:path');
const common = require('../../jest.config.js');
const { hasLongForm, testFiles } = require('./files');

process.env.TEST_LENGTH = 'long';

module.exports = {
	...common,
	rootDir: join(__dirname, '../..'),
	testMatch: testFiles().filter(hasLongForm),
	testTimeout: 1_800_000,
	// A process ends after a test file that leaves more than this, so that the memory of many long files does not add up.
	workerIdleMemoryLimit: '1GB',
};

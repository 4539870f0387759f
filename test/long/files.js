/** Which test files have a long form. */
const { readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const tests = join(__dirname, '..');

const testFiles = () =>
	readdirSync(tests, { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.test.ts'))
		.map((name) => join(tests, name));

const hasLongForm = (path) => /from '(\.\.\/)+long\/amount'/.test(readFileSync(path, 'utf8'));

module.exports = { hasLongForm, testFiles };

/**
 * Runs test files in the same order everywhere, so that none is left alone at the end: the random histories first, then those
 * that run in a long form, then the largest. Jest's own order depends on how long they took before.
 */
const { statSync } = require('node:fs');
const { sep } = require('node:path');
const { default: Sequencer } = require('@jest/test-sequencer');
const { hasLongForm } = require('../long/files');

/** More than the size of any file. */
const LONG_FORM = 1e9;

function weightOf({ path }) {
	if (path.includes(`${sep}histories${sep}`)) return Infinity;
	const isLong = process.env.TEST_LENGTH === 'long' && hasLongForm(path);
	return statSync(path).size + (isLong ? LONG_FORM : 0);
}

module.exports = class extends Sequencer {
	sort(tests) {
		const weights = new Map(tests.map((test) => [test, weightOf(test)]));
		const heavier = (a, b) => (weights.get(a) === weights.get(b) ? 0 : weights.get(b) - weights.get(a));
		return [...tests].sort((a, b) => heavier(a, b) || a.path.localeCompare(b.path));
	}
};

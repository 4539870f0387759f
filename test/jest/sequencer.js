/** Runs test files in the same order everywhere, the largest first: Jest's own order depends on how long they took before. */
const { statSync } = require('node:fs');
const { default: Sequencer } = require('@jest/test-sequencer');

const sizeOf = ({ path }) => statSync(path).size;

module.exports = class extends Sequencer {
	sort(tests) {
		return [...tests].sort((a, b) => sizeOf(b) - sizeOf(a));
	}
};

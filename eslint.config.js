/**
 * What ESLint runs with: n8n's template (`eslint.config.mjs`, which n8n's strict mode wants untouched) for everything
 * that is shipped, and the same without the rules of n8n Cloud for tests, which never run there. ESLint takes this file
 * before the template, so `npx eslint .`, `npm run lint`, `npx n8n-node lint` and every editor say the same.
 */
const { config } = require('@n8n/node-cli/eslint');

/** No timers, no node:fs, no console and the like; and what nodes and credentials must have to be verified. */
const rulesForNodes = config
	.flatMap(({ rules = {} }) => Object.keys(rules))
	.filter((rule) => rule.startsWith('@n8n/community-nodes/') || rule === 'no-console');

module.exports = [
	...config,
	// What was downloaded to be tested with, and what tests write.
	{ ignores: ['.cache', 'coverage', 'dist-zh'] },
	{ files: ['test/**/*.ts'], rules: Object.fromEntries(rulesForNodes.map((rule) => [rule, 'off'])) },
];

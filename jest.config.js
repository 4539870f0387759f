/** Packages that Node loads, once for all test files of a worker; Jest would load them anew for each file. */
const NATIVE = '(n8n-|@n8n/|@alicloud/|axios/|dingtalk-stream/|ical\\.js/|luxon/|reflect-metadata/|rrule/|tsx/|ws/)';

/** @type {import('jest').Config} */
module.exports = {
	// Where packages can be shared between test files.
	testEnvironment: '<rootDir>/test/jest/environment.js',
	// The sources too: `npm run test:watch` finds the tests of what was changed in them.
	roots: ['credentials', 'lib', 'nodes', 'test'].map((folder) => `<rootDir>/${folder}`),
	// Needs a real DingTalk; `npm run test:live` runs it.
	testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/live/'],
	testMatch: ['**/*.test.ts'],
	testSequencer: '<rootDir>/test/jest/sequencer.js',
	// Builds the package where a source is newer: some tests load it as n8n does.
	globalSetup: '<rootDir>/tools/build/ensure.mjs',
	setupFiles: ['<rootDir>/test/engine/environment.js'],
	transformIgnorePatterns: [`/node_modules/(?!${NATIVE})`],
	transform: {
		[`/node_modules/${NATIVE}.*\\.c?js$|<rootDir>/dist(-zh)?/.*\\.js$`]: '<rootDir>/test/jest/nativePackage.js',
		// Types are checked by `npm run typecheck`; here they are only taken out.
		'^.+\\.ts$': [
			'@swc/jest',
			{
				jsc: {
					target: 'es2022',
					parser: { syntax: 'typescript', decorators: true },
					transform: { legacyDecorator: true, decoratorMetadata: true },
				},
				module: { type: 'commonjs' },
			},
		],
	},
	// A test that hangs must fail; how fast the machine is and what else it does must not matter.
	testTimeout: 300_000,
	// One more than the two cores that the tests are meant for: some tests wait for timers of their own.
	maxWorkers: 3,
};

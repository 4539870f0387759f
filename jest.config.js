/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: 'node',
	roots: ['<rootDir>/test'],
	// Needs a real DingTalk; `npm run test:live` runs it.
	testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/live/'],
	testMatch: ['**/*.test.ts'],
	setupFiles: ['<rootDir>/test/engine/environment.js'],
	transform: {
		'^.+\\.ts$': ['ts-jest', { tsconfig: '<rootDir>/test/tsconfig.json', diagnostics: false }],
	},
	// The SDK and the engine leave nothing open on purpose; a test that does must fail, not hang.
	testTimeout: 60_000,
	maxWorkers: 2,
};

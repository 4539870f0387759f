/** The settings of the tests that need a real DingTalk account. */
const { testPathIgnorePatterns, ...common } = require('../../jest.config.js');

module.exports = { ...common, rootDir: '../..', roots: ['<rootDir>/test/live'] };

const { testPathIgnorePatterns, ...common } = require('../../jest.config.js');

module.exports = { ...common, rootDir: '../..', roots: ['<rootDir>/test/live'] };

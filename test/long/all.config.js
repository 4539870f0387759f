/** All tests, each in its long form if it has one: `npm run test:all`, for CI, which need not run the short forms too. */
const { testMatch } = require('../../jest.config.js');
const long = require('./jest.config.js');

module.exports = { ...long, testMatch };

/** Modules that Node loads and keeps for all test files of a worker, unlike those that Jest loads anew for each file. */
const { join, sep } = require('node:path');

/** The package as built; n8n loads it. */
const PACKAGE = join(__dirname, '../../dist') + sep;

/** Makes Node load the package anew, as a process that starts does: what it remembers in memory is gone. */
function forgetPackage() {
	for (const path of Object.keys(require.cache)) if (path.startsWith(PACKAGE)) delete require.cache[path];
}

module.exports = { require, forgetPackage };
/** Through Jest's `require`, this file would be loaded anew as well. */
globalThis[Symbol.for('nativeModules')] = module.exports;

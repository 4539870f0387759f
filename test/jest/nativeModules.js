/** Modules that Node loads and keeps for all test files of a worker, unlike those that Jest loads anew for each file. */
const { join, sep } = require('node:path');

/** The package as built; n8n loads it. */
const PACKAGE = join(__dirname, '../../dist') + sep;

/** Makes Node load the package anew, as a process that starts does: what it remembers in memory is gone. */
function forgetPackage() {
	const isOurs = ({ filename }) => filename.startsWith(PACKAGE);
	for (const [path, module] of Object.entries(require.cache)) {
		if (isOurs(module)) delete require.cache[path];
		// Node lists there what a module has required first, and so would keep every copy of the package in memory.
		else if (module.children.some(isOurs)) module.children = module.children.filter((child) => !isOurs(child));
	}
}

module.exports = { require, forgetPackage };
/** Through Jest's `require`, this file would be loaded anew as well. */
globalThis[Symbol.for('nativeModules')] = module.exports;

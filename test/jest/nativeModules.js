/** Modules that Node loads and keeps for all test files of a worker, unlike those that Jest loads anew for each file. */
const Module = require('node:module');
const { dirname, join, sep } = require('node:path');
const { compileOnce } = require('./compileOnce');

/** The package and its Chinese edition as built; n8n loads them. */
const PACKAGES = ['dist', 'dist-zh'].map((folder) => join(__dirname, '../..', folder) + sep);
const isInPackage = (filename) => PACKAGES.some((folder) => filename?.startsWith(folder));

/** What Node passes to the function around a module. */
const PARAMETERS = ['exports', 'require', 'module', '__filename', '__dirname'];

const { _compile: compile } = Module.prototype;
Module.prototype._compile = function (code, filename, ...more) {
	if (!isInPackage(filename) || code.includes('import(')) return compile.call(this, code, filename, ...more);
	const run = compileOnce(code, PARAMETERS, filename);
	return run.call(this.exports, this.exports, Module.createRequire(filename), this, filename, dirname(filename));
};

/** Makes Node load the package anew, as a process that starts does: what it remembers in memory is gone. */
function forgetPackage() {
	const isOurs = ({ filename }) => isInPackage(filename);
	for (const [path, module] of Object.entries(require.cache)) {
		if (isOurs(module)) delete require.cache[path];
		// Node lists there what a module has required first, and so would keep every copy of the package in memory.
		else if (module.children.some(isOurs)) module.children = module.children.filter((child) => !isOurs(child));
	}
}

module.exports = { require, forgetPackage };
/** Through Jest's `require`, this file would be loaded anew as well. */
globalThis[Symbol.for('nativeModules')] = module.exports;

/** Modules that Node loads and keeps for all test files of a worker, unlike those that Jest loads anew for each file. */
const Module = require('node:module');
const { dirname, join, sep } = require('node:path');
const { compileOnce } = require('./compileOnce');

/** The package as built; n8n loads it. */
const PACKAGE = join(__dirname, '../../dist') + sep;

/** What Node passes to the function around a module. */
const PARAMETERS = ['exports', 'require', 'module', '__filename', '__dirname'];

const { _compile: compile } = Module.prototype;
Module.prototype._compile = function (code, filename, ...more) {
	if (!filename.startsWith(PACKAGE) || code.includes('import(')) return compile.call(this, code, filename, ...more);
	const run = compileOnce(code, PARAMETERS, filename);
	return run.call(this.exports, this.exports, Module.createRequire(filename), this, filename, dirname(filename));
};

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

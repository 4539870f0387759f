/** Compiles the sources that are loaded anew for each test file only once in a worker; running them anew costs little. */
const vm = require('node:vm');

const compiled = new Map();

/** A function with these parameters whose body is the code, as `vm.compileFunction` makes it. */
function compileOnce(code, parameters, filename) {
	const head = `(function (${parameters.join()}) {`;
	// Node and Jest pass the same things in another order.
	const key = head + filename;
	const known = compiled.get(key);
	if (known?.code === code) return known.script.runInThisContext();
	const script = new vm.Script(`${head}${code}\n})`, { filename, columnOffset: -head.length });
	compiled.set(key, { code, script });
	return script.runInThisContext();
}

module.exports = { compileOnce };

/**
 * Puts the compiled modules into one file, `dist/modules.js`, each as a function that runs when something of it is used for
 * the first time. One file because n8n forgets a package file by file when it updates it: modules that a running node loads
 * later are so always those of its own version. The code stays as tsc has written it, for reviewers and stack traces.
 */
const { posix } = require('node:path');

const BUNDLE = 'modules.js';

const HEAD = `"use strict";
/**
 * All modules of the package by their paths in its repository. Each runs when something of it is used for the first time:
 * n8n loads every node when it starts, and most of them are not needed then.
 */
const modules = {
`;

const TAIL = `};
/** Runs the module at the first call only; one that fails is run again, as \`require\` does it. */
function define(run) {
    let exports;
    return () => {
        if (exports === undefined) {
            const made = {};
            run(made);
            exports = made;
        }
        return exports;
    };
}
/** The exports of a module. */
module.exports = (path) => modules[path]();
`;

const IMPORT = /^const (\w+) = require\("(\.[^"]*)"\);\n/gm;

/** What each module begins with, and the whole file begins with or does not need. */
const PREAMBLE = /^"use strict";\n(Object\.defineProperty\(exports, "__esModule", \{ value: true \}\);\n)?/;

/** `modules`: what tsc makes of each source, by its path without ending. */
function bundle(modules) {
	const paths = [...modules.keys()].sort();
	return HEAD + paths.map((path) => define(path, modules)).join('') + TAIL;
}

function define(path, modules) {
	const compiled = modules.get(path).replace(PREAMBLE, '');
	const imports = [...compiled.matchAll(IMPORT)].map(([, name, target]) => ({ name, target }));
	// tsc gives each import a name that the module has nowhere else.
	const code = imports.reduce((text, { name }) => callName(text, name), compiled.replace(IMPORT, ''));
	if (/\brequire\("\./.test(code))
		throw new Error(`${path} imports in a way that tools/build/bundle.cjs does not know`);
	const lines = imports.map(
		({ name, target }) => `const ${name} = modules[${JSON.stringify(find(target, path, modules))}];\n`,
	);
	return `${JSON.stringify(path)}: define((exports) => {\n${lines.join('')}${code}}),\n`;
}

/** `new a().B` would make an `a`. */
const callName = (code, name) =>
	code
		.replace(new RegExp(`\\bnew ${name}((?:\\.\\w+)+)`, 'g'), `new (${name}()$1)`)
		.replace(new RegExp(`\\b${name}\\b(?!\\()`, 'g'), `${name}()`);

/** The path of an imported module; a folder stands for its index. */
function find(target, from, modules) {
	const path = posix.join(posix.dirname(from), target);
	const found = [path, `${path}/index`].find((candidate) => modules.has(candidate));
	if (found === undefined) throw new Error(`${from} imports ${target}, which is not there`);
	return found;
}

/** The file in which n8n looks for a class. */
function entry(path) {
	const name = posix.basename(path).split('.')[0];
	const bundled = posix.relative(posix.dirname(path), BUNDLE);
	return `"use strict";
/** What n8n loads; the code is in ${BUNDLE}. */
exports.${name} = require(${JSON.stringify(bundled)})(${JSON.stringify(path)}).${name};
`;
}

module.exports = { BUNDLE, bundle, entry };

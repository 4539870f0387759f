/** A Jest transformer that lets Node load a file instead of Jest. */
module.exports = {
	process: (_, path) => ({
		code: `module.exports = globalThis[Symbol.for('nativeModules')].require(${JSON.stringify(path)});`,
	}),
};

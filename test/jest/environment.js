/**
 * A test environment in which test files run in Node's own context, not in a context of their own, so that packages can be
 * loaded by Node once for all test files of a worker (see nativePackage.js). Loading n8n-core through Jest takes over two
 * seconds of processor time in each file. Project files are still loaded anew for each test file.
 */
const { AsyncLocalStorage } = require('node:async_hooks');
const vm = require('node:vm');
const { TestEnvironment } = require('jest-environment-node');
const { compileOnce } = require('./compileOnce');
const nativeModules = require('./nativeModules');
const { rememberOffsets } = require('./rememberOffsets');

/** Stands for Node's own context: Jest wants one from an environment, and only vm can make one that vm takes. */
const MAIN_CONTEXT = Object.freeze({});
const { compileFunction } = vm;
vm.compileFunction = (code, parameters, options) => {
	if (options?.parsingContext !== MAIN_CONTEXT) return compileFunction(code, parameters, options);
	// A test file comes once, the others with almost every test file. Jest resolves what `import()` names for one file only.
	return options.filename.includes('.test.') || code.includes('import(')
		? compileFunction(code, parameters, { ...options, parsingContext: undefined })
		: compileOnce(code, parameters, options.filename);
};

/**
 * The storages in use since the last test file. Jest's runner makes one for each file and leaves it switched on; Node 20
 * carries every one of them along with every promise, which would make the last test files twice as slow as the first.
 */
const storages = new Set();
const { run, enterWith } = AsyncLocalStorage.prototype;
for (const [name, method] of Object.entries({ run, enterWith })) {
	AsyncLocalStorage.prototype[name] = function (...parameters) {
		storages.add(this);
		return Reflect.apply(method, this, parameters);
	};
}

/** Switches them off; one that is used again comes back by itself. */
function disableStorages() {
	for (const storage of storages) storage.disable();
	storages.clear();
}

/** What Jest's runner leaves on the global object: the tests of the file, and handlers that would be called for the next. */
const LEFTOVERS = ['JEST_STATE_SYMBOL', 'EVENT_HANDLERS', 'TEST_TIMEOUT_SYMBOL', 'RETRY_TIMES'];

const { exit } = process;
const { now } = Date;
const { now: monotonicNow } = performance;
const { setTimeout, clearTimeout, setInterval, clearInterval } = globalThis;
const { timeout } = AbortSignal;
const hasTemporal = 'Temporal' in globalThis;

/** Clocks and timers that a test has replaced and, because it failed, not put back. */
function restoreClocks() {
	Date.now = now;
	performance.now = monotonicNow;
	AbortSignal.timeout = timeout;
	Object.assign(globalThis, { setTimeout, clearTimeout, setInterval, clearInterval });
}

function forgetTestFile() {
	// node-ical brings a polyfill, which Jest's timers take for Node's own and cannot replace.
	if (!hasTemporal) delete globalThis.Temporal;
	// Jest wraps it for each file, in what the file before has left.
	process.exit = exit;
	for (const symbol of Object.getOwnPropertySymbols(globalThis)) {
		if (LEFTOVERS.includes(symbol.description)) delete globalThis[symbol];
	}
}

module.exports = class SharedEnvironment extends TestEnvironment {
	constructor(config, context) {
		super(config, context);
		const { moduleMocker, fakeTimersModern } = this;
		this.global = globalThis;
		this.moduleMocker = new moduleMocker.constructor(globalThis);
		this.fakeTimers = null;
		this.fakeTimersModern = new fakeTimersModern.constructor({ config: config.projectConfig, global: globalThis });
		rememberOffsets(nativeModules.require('luxon'));
		nativeModules.forgetPackage();
	}

	async teardown() {
		forgetTestFile();
		await super.teardown();
		restoreClocks();
		disableStorages();
	}

	getVmContext() {
		return MAIN_CONTEXT;
	}
};

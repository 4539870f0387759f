/** Faults that are put into the package on purpose, to show that the histories find them. */
import { join } from 'node:path';

export interface Mutant {
	name: string;
	/** Below `dist`. */
	file: string;
	/** Texts of the built file, and what they become. */
	changes: Array<[from: string, to: string]>;
}

export const MUTANTS: Mutant[] = [
	{
		name: 'a dropped ledger entry',
		file: 'lib/dingtalk/client/writeLedger.js',
		changes: [['this.writes.byName.set(this.name, this.entry);', 'this.writes.byName.delete(this.name);']],
	},
	{
		name: 'the run index in the key',
		file: 'lib/n8n/retries/workIdentity.js',
		changes: [
			['this.runIndex = this.isTool ? 0 : Number(proxy.$runIndex);', 'this.runIndex = Number(proxy.$runIndex);'],
			['const { name: run } = this;', 'const run = `${this.name} ${this.runIndex}`;'],
		],
	},
	{
		name: 'a deletion that any refusal confirms',
		file: 'lib/dingtalk/client/client.js',
		changes: [
			['isDeletion && (await (0, retryPolicy_1.isGone)(this, outcome, lost, call, input))', "call.method === 'DELETE'"],
		],
	},
];

interface NativeModules {
	require: NodeJS.Require;
}

interface CompilingModule {
	prototype: { _compile(content: string, file: string): unknown };
}

const DIST = join(__dirname, '../../dist');

/** Until the returned function is called, the package is loaded with this fault. */
export function infect({ file, changes }: Mutant): () => void {
	const native = (globalThis as unknown as Record<symbol, NativeModules>)[Symbol.for('nativeModules')];
	const { prototype } = native.require('node:module') as unknown as CompilingModule;
	const { _compile: compile } = prototype;
	prototype._compile = function (content, path) {
		if (path !== join(DIST, file)) return compile.call(this, content, path);
		const infected = changes.reduce((text, [from, to]) => {
			if (!text.includes(from)) throw new Error(`${file} has no «${from}» any more: adapt the mutant`);
			return text.replace(from, to);
		}, content);
		return compile.call(this, infected, path);
	};
	return () => {
		prototype._compile = compile;
	};
}
